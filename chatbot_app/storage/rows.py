"""Rows of the store as values, and back. What a damaged cell held is left out, never raised over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping

_Value = TypeVar("_Value", Usage, Timings)


def dump_settings(settings: GenerationSettings | None) -> str | None:
    """Return every setting, defaults too: an answer keeps what made it when a default changes."""
    return None if settings is None else dump_json(asdict(settings))


def dump_value(value: Usage | Timings | None) -> str | None:
    """Return usage or timings as JSON."""
    return None if value is None else dump_json(asdict(value))


def dump_notices(notices: Iterable[Notice]) -> str:
    """Return notices as JSON."""
    return dump_json([asdict(notice) for notice in notices])


def conversation_from(row: sqlite3.Row) -> Conversation:
    """Return the conversation of a row that also has `message_count`."""
    return Conversation(
        id=row["id"],
        title=row["title"],
        settings=GenerationSettings.from_dict(load_mapping(row["settings"])),
        leaf_id=row["leaf_id"],
        title_is_automatic=bool(row["title_is_automatic"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        message_count=row["message_count"],
    )


def message_from(row: sqlite3.Row) -> Message:
    """Return the message of a row."""
    settings = row["settings"]
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        sequence=row["sequence"],
        role=Role(row["role"]),
        text=row["text"],
        status=MessageStatus(row["status"]),
        created_at=row["created_at"],
        reasoning=row["reasoning"],
        server_id=row["server_id"],
        model=row["model"],
        settings=None if settings is None else GenerationSettings.from_dict(load_mapping(settings)),
        usage=_value_from(Usage, row["usage"]),
        timings=_value_from(Timings, row["timings"]),
        finish_reason=row["finish_reason"],
        notices=_notices_from(row["notices"]),
        pinned=bool(row["pinned"]),
        excluded=bool(row["excluded"]),
        metadata=load_mapping(row["metadata"]),
    )


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
