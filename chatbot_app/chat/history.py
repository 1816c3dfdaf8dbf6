"""The part of a conversation that a window shows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatbot_app.core.messages import Conversation, Message, Role
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage.conversations import ConversationStore

PAGE = 80  # messages opened at once: DESIGN measured 58 to 88 ms for 60 to 100
ABOVE = 10  # messages shown above one that was searched for
PLANS_LOOKED_FOR = 5  # answers that failed before a prompt was made have none


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Messages of the shown branch, oldest first, and where each stands among its siblings.

    `siblings` maps a message's id to (its place, how many), counted from 1, where there is more than one.
    """

    conversation: Conversation
    messages: Sequence[Message]
    has_older: bool
    siblings: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    plan: PromptPlan | None = None


def newest_page(store: ConversationStore, conversation_id: str, *, limit: int = PAGE) -> HistoryPage:
    """Return the end of the branch that is shown. Raises ConversationGone."""
    conversation = store.conversation(conversation_id)
    messages = (
        store.path(conversation_id, conversation.leaf_id, limit=limit + 1) if conversation.leaf_id else []
    )
    has_older, messages = len(messages) > limit, messages[-limit:]
    return HistoryPage(
        conversation, messages, has_older, store.places(messages), _newest_plan(store, messages)
    )


def older_page(
    store: ConversationStore, conversation_id: str, before_id: str, *, limit: int = PAGE // 2
) -> HistoryPage:
    """Return the messages above one that is shown. Raises ConversationGone."""
    conversation = store.conversation(conversation_id)
    messages = store.path_before(before_id, limit + 1)
    has_older, messages = len(messages) > limit, messages[-limit:]
    return HistoryPage(conversation, messages, has_older, store.places(messages))


def page_around(store: ConversationStore, conversation_id: str, message_id: str) -> HistoryPage:
    """Return the branch of a message from a little above it to its end, which becomes the shown branch.

    Raises ConversationGone.
    """
    conversation = store.conversation(conversation_id)
    messages = store.path(conversation_id, conversation.leaf_id) if conversation.leaf_id else []
    if all(message.id != message_id for message in messages):
        store.set_leaf(conversation_id, store.leaf_below(message_id))
        conversation = store.conversation(conversation_id)
        messages = store.path(conversation_id, conversation.leaf_id)
    place = next(index for index, message in enumerate(messages) if message.id == message_id)
    start = max(0, min(place - ABOVE, len(messages) - PAGE))
    shown = messages[start:]
    return HistoryPage(conversation, shown, start > 0, store.places(shown), _newest_plan(store, shown))


def _newest_plan(store: ConversationStore, messages: Sequence[Message]) -> PromptPlan | None:
    """Return what was sent last, also to servers that do not count: then it is the estimate of then."""
    answers = [message for message in reversed(messages) if message.role is Role.ASSISTANT]
    plans = (store.plan(answer.id) for answer in answers[:PLANS_LOOKED_FOR])
    return next((plan for plan in plans if plan is not None), None)
