"""A conversation under other ids: everything of it that names a part of it names that part still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from chatbot_app.core.carried import CarriedConversation
from chatbot_app.core.messages import Message
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.temporary import is_temporary, lasting_id


def with_ids(carried: CarriedConversation, name: Callable[[str], str]) -> CarriedConversation:
    """Return the conversation with the ids that `name` makes of its own and of those of its parts; always the same of one."""
    own = {message.id for message in carried.messages}

    def name_or_none(message_id: str | None) -> str | None:
        return None if message_id is None else name(message_id)

    def within(value: Any) -> Any:
        """What is kept with an answer may name another message, as `edited_from` does."""
        if isinstance(value, str):
            return name(value) if value in own else value
        if isinstance(value, dict):
            return {key: within(inner) for key, inner in value.items()}
        return [within(inner) for inner in value] if isinstance(value, list | tuple) else value

    def named(message: Message) -> Message:
        return replace(
            message,
            id=name(message.id),
            conversation_id=name(message.conversation_id),
            parent_id=name_or_none(message.parent_id),
            metadata=within(dict(message.metadata)),
        )

    def plans() -> Iterator[tuple[str, PromptPlan]]:
        for message_id, plan in carried.plans():
            parts = tuple(replace(part, message_id=name_or_none(part.message_id)) for part in plan.parts)
            yield name(message_id), replace(plan, parts=parts)

    conversation = carried.conversation
    return replace(
        carried,
        conversation=replace(
            conversation, id=name(conversation.id), leaf_id=name_or_none(conversation.leaf_id)
        ),
        messages=tuple(named(message) for message in carried.messages),
        summaries=tuple(
            replace(
                summary,
                id=name(summary.id),
                conversation_id=name(summary.conversation_id),
                through_id=name(summary.through_id),
            )
            for summary in carried.summaries
        ),
        plans=plans,
        pictures={name(message_id): pictures for message_id, pictures in carried.pictures.items()},
    )


def lasting(carried: CarriedConversation) -> CarriedConversation:
    """Return the conversation with ids under which it can be kept, whatever it was where it comes from."""
    ids = [carried.conversation.id, *(message.id for message in carried.messages)]
    return with_ids(carried, lasting_id) if any(map(is_temporary, ids)) else carried
