"""Plans as they are stored, read: runs of numbered messages and single texts as parts of a prompt."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan, was_excluded, was_recalled
from chatbot_app.core.sight import PlannedPicture
from chatbot_app.core.token_cache import text_digest
from chatbot_app.core.written_text import text_as_written
from chatbot_app.storage.damaged_text import as_number, as_text, as_text_or_none
from chatbot_app.storage.json_columns import load_mapping

FORMAT = 2  # 1 was a copy of everything
WITH_PICTURES = 3  # the same with a list of pictures behind it, each with the place of its part

# In the place of "over budget": the one is a kind of it, the other is none, and earlier versions read them so.
RECALLED, EXCLUDED = "recalled", None

TEXT_GONE = "its text is no longer there"

ROLES = tuple(Role)  # as they are stored, by place

_Entry = tuple[Role, str | None, int, str | None]  # role, text (None: gone), tokens, message id


def decode_plan(
    connection: sqlite3.Connection, conversation_number: int, stored: Sequence[Any]
) -> PromptPlan | None:
    """Return the plan that `plans.PlanStore` encoded; None where a later version did.

    Raises KeyError, ValueError, TypeError or IndexError where it is none.
    """
    if stored[0] not in (FORMAT, WITH_PICTURES):
        return None
    _, window, window_source, reply_reserve, overhead_tokens, exact, kinds, parts, *rest = stored
    pictures = _read_pictures(rest[0]) if rest else {}
    entries = _read_entries(connection, conversation_number, parts)
    decoded: list[PlanPart] = []
    for part in parts:
        name, included, reason, over_budget = kinds[part[0]]
        kind = PartKind(name)
        recalled = over_budget == RECALLED or (bool(over_budget) and was_recalled(reason))
        excluded = over_budget is EXCLUDED or (not over_budget and was_excluded(reason))
        found: Iterator[_Entry | None]
        if len(part) == 3:
            found = (entries.get(number) for number in range(part[1], part[1] + part[2]))
        else:
            text = _read_alone(connection, conversation_number, part[3], part[4])
            found = iter(((ROLES[part[1]], text, part[2], part[4]),))
        for entry in found:
            role, text, tokens, message_id = entry or (Role.USER, None, 0, None)
            why = reason if text is not None else f"{reason}; {TEXT_GONE}"
            decoded.append(
                PlanPart(
                    kind,
                    role,
                    text or "",
                    tokens,
                    included,
                    why,
                    message_id,
                    bool(over_budget),
                    recalled,
                    excluded,
                    tuple(pictures.get(len(decoded), ())),
                )
            )
    return PromptPlan(
        tuple(decoded), int(window), int(reply_reserve), int(overhead_tokens), bool(exact), window_source
    )


def _read_pictures(stored: Sequence[Sequence[Any]]) -> dict[int, list[PlannedPicture]]:
    """Return the pictures of a plan by the places of their parts."""
    found: dict[int, list[PlannedPicture]] = {}
    for place, ordinal, name, width, height, tokens, why_not in stored:
        numbers = (int(width), int(height), int(tokens))
        found.setdefault(int(place), []).append(
            PlannedPicture(int(ordinal), str(name), *numbers, str(why_not))
        )
    return found


def _read_entries(
    connection: sqlite3.Connection, conversation_number: int, parts: Sequence[Sequence[Any]]
) -> dict[int, _Entry]:
    runs = [part for part in parts if len(part) == 3]
    if not runs:
        return {}
    rows = connection.execute(
        "SELECT plan_parts.number, plan_parts.role, tokens, digest, id, text, metadata FROM plan_parts"
        " LEFT JOIN messages ON sequence = message_sequence"
        " WHERE conversation_number = ? AND plan_parts.number BETWEEN ? AND ?",
        [
            conversation_number,
            min(first for _, first, _ in runs),
            max(first + count - 1 for _, first, count in runs),
        ],
    )
    wanted = {number for _, first, count in runs for number in range(first, first + count)}
    return dict(_entries(connection, conversation_number, rows, wanted))


def _entries(
    connection: sqlite3.Connection, conversation_number: int, rows: sqlite3.Cursor, wanted: set[int]
) -> Iterator[tuple[int, _Entry]]:
    for row in rows:
        if row["number"] not in wanted:
            continue
        text: str | None = None
        if row["id"] is not None:
            text = text_as_written(as_text(row["text"]), load_mapping(row["metadata"]))
        if text is None or text_digest(text) != row["digest"]:
            text = _read_text(connection, conversation_number, row["digest"])
        yield row["number"], (ROLES[row["role"]], text, as_number(row["tokens"]), as_text_or_none(row["id"]))


def _read_alone(
    connection: sqlite3.Connection, conversation_number: int, digest: str | None, message_id: str | None
) -> str | None:
    if digest is not None:
        return _read_text(connection, conversation_number, bytes.fromhex(digest))
    row = connection.execute("SELECT text FROM messages WHERE id = ?", [message_id]).fetchone()
    return None if row is None else as_text(row["text"])


def _read_text(connection: sqlite3.Connection, conversation_number: int, digest: bytes) -> str | None:
    row = connection.execute(
        "SELECT text FROM plan_texts WHERE conversation_number = ? AND digest = ?",
        [conversation_number, digest],
    ).fetchone()
    return None if row is None else zlib.decompress(row["text"]).decode("utf-8", "surrogatepass")
