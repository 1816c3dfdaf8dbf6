"""Rows of the store as values, and back. What a damaged cell held is left out, never raised over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any, TypeVar

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.storage.damaged_text import DamagedText, as_text, as_text_or_none
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping

_Value = TypeVar("_Value", Usage, Timings)

DAMAGED_MESSAGE = Notice(
    "DamagedMessage",
    "This message is damaged in the history file. What can be read of it is shown.",
    "A backup may hold it whole.",
)

TAG_SEPARATOR = "\x1f"  # no tag holds it

_LONGEST_KEPT = 10_000  # characters of settings that are remembered
_DAMAGED = "damaged-"
_ROLES = frozenset(role.value for role in Role)
_STATUSES = frozenset(status.value for status in MessageStatus)
_TEXTS = ("id", "conversation_id", "text", "reasoning", "created_at")
_TEXTS_OR_NULL = ("parent_id", "server_id", "model", "finish_reason")
_OBJECTS = ("settings", "usage", "timings", "metadata")


def dump_settings(settings: GenerationSettings | None) -> str | None:
    """Return every setting, defaults too: an answer keeps what made it when a default changes."""
    return None if settings is None else dump_json(asdict(settings))


@lru_cache(maxsize=256)  # most conversations and answers have the same few
def _settings_of(text: str) -> GenerationSettings:
    return GenerationSettings.from_dict(load_mapping(text))


def settings_from(cell: Any) -> GenerationSettings:
    """Return the settings that a cell holds, as far as they can be read."""
    if type(cell) is str and len(cell) < _LONGEST_KEPT:
        return _settings_of(cell)
    return GenerationSettings.from_dict(load_mapping(cell))


def dump_value(value: Usage | Timings | None) -> str | None:
    """Return usage or timings as JSON."""
    return None if value is None else dump_json(asdict(value))


def dump_notices(notices: Iterable[Notice]) -> str:
    """Return notices as JSON."""
    return dump_json([asdict(notice) for notice in notices])


def conversation_from(row: sqlite3.Row) -> Conversation:
    """Return the conversation of a row that also has `message_count` and `tags`."""
    return Conversation(
        id=as_text(row["id"]),
        title=as_text(row["title"]),
        settings=settings_from(row["settings"]),
        leaf_id=as_text_or_none(row["leaf_id"]),
        title_is_automatic=bool(row["title_is_automatic"]),
        created_at=as_text(row["created_at"]),
        updated_at=as_text(row["updated_at"]),
        message_count=row["message_count"],
        activity=row["activity"] if isinstance(row["activity"], int) else 0,  # else damaged
        folder_id=as_text_or_none(row["folder_id"]),
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        tags=tuple(sorted(filter(None, as_text(row["tags"]).split(TAG_SEPARATOR)), key=str.casefold)),
    )


def message_from(row: sqlite3.Row) -> Message:
    """Return the message of a row; a damaged one says so as a notice, and holds what can be read."""
    settings = row["settings"]
    notices = _notices_from(row["notices"])
    role, status = _role_of(row), _status_of(row)
    if is_damaged(row):
        notices = (DAMAGED_MESSAGE, *notices)
    return Message(
        id=damaged_id(row["sequence"]) if is_unreadable(row["id"]) else row["id"],
        conversation_id=as_text(row["conversation_id"]),
        parent_id=as_text_or_none(row["parent_id"]),
        sequence=row["sequence"],
        role=role,
        text=as_text(row["text"]),
        status=status,
        created_at=as_text(row["created_at"]),
        reasoning=as_text(row["reasoning"]),
        server_id=as_text_or_none(row["server_id"]),
        model=as_text_or_none(row["model"]),
        settings=None if settings is None else settings_from(settings),
        usage=_value_from(Usage, row["usage"]),
        timings=_value_from(Timings, row["timings"]),
        finish_reason=as_text_or_none(row["finish_reason"]),
        notices=notices,
        pinned=bool(row["pinned"]),
        excluded=bool(row["excluded"]),
        metadata=load_mapping(row["metadata"]),
    )


def damaged_id(sequence: int) -> str:
    """Return the id of a message whose own cannot be read; `sequence_of` is the way back."""
    return f"{_DAMAGED}{sequence}"


def sequence_of(message_id: str) -> int | None:
    """Return the sequence in an id that `damaged_id` made; None for another."""
    number = message_id.removeprefix(_DAMAGED)
    return int(number) if number != message_id and number.isdecimal() else None


def is_unreadable(value: Any) -> bool:
    """Whether a cell that must hold text holds something else, or bytes that are no text."""
    return isinstance(value, DamagedText) or not isinstance(value, str)


def is_damaged(row: sqlite3.Row) -> bool:
    """Whether any cell of a row of messages does not hold what is stored there."""
    if any(is_unreadable(row[name]) for name in _TEXTS):
        return True
    if any(row[name] is not None and is_unreadable(row[name]) for name in _TEXTS_OR_NULL):
        return True
    if any(row[name] is not None and not isinstance(load_json(row[name]), dict) for name in _OBJECTS):
        return True
    return (
        not isinstance(load_json(row["notices"]), list)
        or row["role"] not in _ROLES
        or row["status"] not in _STATUSES
    )


def _role_of(row: sqlite3.Row) -> Role:
    if row["role"] in _ROLES:
        return Role(row["role"])
    # Only answers carry settings.
    return Role.USER if row["settings"] is None else Role.ASSISTANT


def _status_of(row: sqlite3.Row) -> MessageStatus:
    if row["status"] in _STATUSES:
        return MessageStatus(row["status"])
    return MessageStatus.COMPLETE if _role_of(row) is Role.USER else MessageStatus.INTERRUPTED


def _value_from(kind: type[_Value], text: str | None) -> _Value | None:
    value = load_json(text)
    if not isinstance(value, dict):
        return None
    known = {field.name for field in fields(kind)}
    return kind(**{name: number for name, number in value.items() if name in known and _is_number(number)})


def _notices_from(text: str | None) -> tuple[Notice, ...]:
    value = load_json(text)
    return (
        tuple(_notice_from(item) for item in value if isinstance(item, dict))
        if isinstance(value, list)
        else ()
    )


def _notice_from(mapping: Mapping[str, Any]) -> Notice:
    return Notice(*(str(mapping.get(name, "")) for name in ("kind", "summary", "next_step", "action")))


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
