"""Reads the whole tree of a conversation for its map."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.message_forest import BRANCH_NAME, MapMessage, Run, lay_out
from chatbot_app.core.messages import Message
from chatbot_app.core.text import first_words
from chatbot_app.storage.conversations import ConversationStore

_WORDS = 120  # characters of a message that the map keeps


@dataclass(frozen=True, slots=True)
class BranchMap:
    """The branches of a conversation; `message_count` is over all of them."""

    conversation_id: str
    title: str
    runs: tuple[Run, ...]
    message_count: int


def read_map(store: ConversationStore, conversation_id: str) -> BranchMap:
    """Return the map of a conversation as it is stored now. Raises ConversationGone; blocking."""
    conversation = store.conversation(conversation_id)
    messages = [map_message(message) for message in store.tree(conversation_id)]
    return BranchMap(
        conversation_id, conversation.title, lay_out(messages, conversation.leaf_id), len(messages)
    )


def map_message(message: Message) -> MapMessage:
    """Return what the map shows of a message."""
    name = message.metadata.get(BRANCH_NAME)
    return MapMessage(
        message.id,
        message.parent_id,
        message.role,
        first_words(message.text, _WORDS),
        name if isinstance(name, str) else "",
        message.model or "",
    )
