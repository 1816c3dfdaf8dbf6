"""A list of OpenAI messages as the history of a conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import UsageError
from chatbot_app.core.messages import MessageStatus, Role
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}
_SEAM = "\n\n"


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One message of a list; pinned ones are always sent, excluded ones never."""

    role: Role
    text: str
    pinned: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class PastConversation:
    """`system_prompt` is None where the list has none; questions and answers follow each other in turn."""

    system_prompt: str | None
    messages: Sequence[PastMessage]


def read_history(path: Path) -> PastConversation:
    """Read a JSON file: a list of messages, or an object with such a list under "messages". Raises UsageError."""
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as exc:
        raise UsageError(detail=f"{path} cannot be read: {exc.strerror}.") from exc
    except (ValueError, RecursionError) as exc:
        raise UsageError(detail=f"{path} is no JSON file.") from exc
    if isinstance(value, dict):
        value = value.get("messages")
    if not isinstance(value, list):
        raise UsageError(
            detail=f'{path} is no history. One is a list like [{{"role": "user", "content": "…"}}, …].'
        )
    messages = [_message(item, f"{path}, message {number}") for number, item in enumerate(value, 1)]
    start = next((n for n, found in enumerate(messages) if found.role is not Role.SYSTEM), len(messages))
    system, rest = messages[:start], messages[start:]
    for number, found in enumerate(rest, start + 1):
        if found.role is Role.SYSTEM:
            raise UsageError(
                detail=f"{path}, message {number}: a system message has to stand at the beginning."
            )
    if rest and rest[0].role is Role.ASSISTANT:
        raise UsageError(detail=f"{path} begins with an answer: a question has to come before it.")
    return PastConversation(_SEAM.join(found.text for found in system) if system else None, _in_turn(rest))


def store_history(
    store: ConversationStore, database: Database, conversation_id: str, messages: Sequence[PastMessage]
) -> str | None:
    """Store a history in an empty conversation, all of it or nothing; return its last message's id.

    Raises StoreError.
    """
    leaf: str | None = None
    with database.write():
        for place, message in enumerate(messages):
            if message.role is not Role.USER:
                continue
            answer = messages[place + 1] if place + 1 < len(messages) else None
            question, stored = store.begin_exchange(conversation_id, leaf, message.text)
            store.finish_message(
                stored.id,
                status=MessageStatus.COMPLETE if answer else MessageStatus.INTERRUPTED,
                text=answer.text if answer else "",
                finish_reason="imported" if answer else None,
            )
            for past, message_id in ((message, question.id), (answer, stored.id)):
                if past is not None and past.pinned:
                    store.set_pinned(message_id, True)
                if past is not None and past.excluded:
                    store.set_excluded(message_id, True)
            leaf = stored.id
    return leaf


def _message(item: Any, place: str) -> PastMessage:
    if not isinstance(item, dict) or item.get("role") not in _ROLES:
        raise UsageError(detail=f"{place} has no role; it is one of system, user and assistant.")
    content = item.get("content")
    if isinstance(content, list):
        texts = [part.get("text") if isinstance(part, dict) else part for part in content]
        known = [text for text in texts if isinstance(text, str)]
        content = "\n".join(known) if len(known) == len(texts) else None
    if not isinstance(content, str):
        raise UsageError(detail=f"{place} has no text as its content.")
    return PastMessage(
        _ROLES[item["role"]], content, item.get("pinned") is True, item.get("excluded") is True
    )


def _in_turn(messages: Sequence[PastMessage]) -> list[PastMessage]:
    """Join neighbours of one role: many chat templates refuse two questions in a row."""
    joined: list[PastMessage] = []
    for message in messages:
        if joined and joined[-1].role is message.role:
            last = joined.pop()
            message = PastMessage(
                message.role,
                _SEAM.join((last.text, message.text)),
                last.pinned or message.pinned,
                last.excluded and message.excluded,
            )
        joined.append(message)
    return joined
