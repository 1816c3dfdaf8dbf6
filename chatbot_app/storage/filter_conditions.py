"""Filters of a search over conversations as conditions of SQL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, time

from chatbot_app.core.conversation_filter import NO_FOLDER, Condition, Field
from chatbot_app.storage.lookups import known_models, utc_text

Clause = tuple[str, list[object]]  # " AND …", and what stands for its question marks

_ANSWERED_WITH = "conversations.id IN (SELECT conversation_id FROM messages WHERE {condition})"
_WHAT = {
    "sources": _ANSWERED_WITH.format(
        condition="""instr(metadata, '"sources":[{') OR instr(metadata, '"quotes":[{')"""
    ),
    "code": _ANSWERED_WITH.format(condition="instr(text, '```')"),
    # By the index of parents alone, then the few that have several answers.
    "branches": "conversations.id IN (SELECT conversation_id FROM messages WHERE id IN (SELECT parent_id FROM messages"
    " WHERE parent_id IS NOT NULL GROUP BY parent_id HAVING count(*) > 1) UNION ALL SELECT conversation_id FROM messages"
    " WHERE parent_id IS NULL GROUP BY conversation_id HAVING count(*) > 1)",
    "pinned": "conversations.pinned",
    "archived": "conversations.archived",
}
_ANY_OF = {Field.FOLDER, Field.MODEL}


def conditions_on_conversations(connection: sqlite3.Connection, conditions: Iterable[Condition]) -> Clause:
    """Return what holds of a conversation, wherever its words are found; dates are for `conditions_on_time`."""
    alternatives: dict[Field, list[Clause]] = {}
    clauses: list[Clause] = []
    for condition in conditions:
        if condition.field in (Field.BEFORE, Field.AFTER):
            continue
        words, values = _part(connection, condition)
        if condition.is_negated:
            clauses.append((f"NOT ({words})", values))
        elif condition.field in _ANY_OF:
            alternatives.setdefault(condition.field, []).append((words, values))
        else:
            clauses.append((f"({words})", values))
    for some in alternatives.values():
        words = " OR ".join(words for words, _ in some)
        clauses.append((f"({words})", [value for _, values in some for value in values]))
    return "".join(f" AND {words}" for words, _ in clauses), [v for _, values in clauses for v in values]


def conditions_on_time(column: str, conditions: Iterable[Condition]) -> Clause:
    """Return what holds of a moment: days begin at midnight of this computer's zone; the first day of `after` is in."""
    parts = ""
    values: list[object] = []
    for condition in conditions:
        if condition.field in (Field.BEFORE, Field.AFTER):
            is_before = (condition.field is Field.BEFORE) != condition.is_negated
            parts += f" AND {column} {'<' if is_before else '>='} ?"
            values.append(_midnight(condition.value))
    return parts, values


def _midnight(day: str) -> str:
    moment = datetime.combine(date.fromisoformat(day), time())
    try:
        return utc_text(moment.astimezone())
    except (OverflowError, OSError, ValueError):  # the first and the last year have no other zones
        return moment.isoformat()


def _part(connection: sqlite3.Connection, condition: Condition) -> Clause:
    value = condition.value
    match condition.field:
        case Field.FOLDER if value.casefold() == NO_FOLDER:
            return "conversations.folder_id IS NULL", []
        case Field.FOLDER:
            known = "SELECT id FROM folders WHERE name LIKE ? ESCAPE '~'"
            return f"coalesce(conversations.folder_id IN ({known}), 0)", ["%" + like_pattern(value) + "%"]
        case Field.TAG:
            known = "SELECT conversation_id FROM conversation_tags WHERE tag LIKE ? ESCAPE '~'"
            return f"conversations.id IN ({known})", [like_pattern(value.removeprefix("#"))]
        case Field.MODEL:
            names = [name for name in known_models(connection) if value.casefold() in name.casefold()]
            # By the index of both, for each conversation that is looked at: a model may have answered in all of them.
            return (
                "EXISTS (SELECT 1 FROM messages AS answer WHERE answer.model IN"
                f" ({', '.join('?' * len(names))}) AND answer.conversation_id = conversations.id)",
                list(names),
            )
        case _:
            return _WHAT[value], []


def like_pattern(text: str) -> str:
    """Return a pattern of `LIKE … ESCAPE '~'` for a text in any case."""
    return re.sub(r"([%_~])", r"~\1", text)
