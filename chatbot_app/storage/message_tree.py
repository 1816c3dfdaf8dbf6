"""Walks through the tree of messages, each one statement over the indices."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from chatbot_app.core.messages import Message
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.rows import DAMAGED_MESSAGE, message_from, sequence_of

# A parent is always older than its child: the comparison of sequences ends the walk even in a file where
# someone tied a knot.
_PATH = """
    WITH RECURSIVE walk(sequence, parent_id, conversation_id) AS (
        SELECT sequence, parent_id, conversation_id FROM messages WHERE sequence = ?
        UNION ALL
        SELECT above.sequence, above.parent_id, above.conversation_id
        FROM walk JOIN messages AS above ON above.id = walk.parent_id
        WHERE above.sequence < walk.sequence AND (
            above.conversation_id = walk.conversation_id
            -- A damaged name of no conversation; but a stranger's messages are never read into this one.
            OR NOT EXISTS (SELECT 1 FROM conversations WHERE id = above.conversation_id)
            OR NOT EXISTS (SELECT 1 FROM conversations WHERE id = walk.conversation_id)
        )
        LIMIT ?
    )
    SELECT messages.* FROM walk JOIN messages ON messages.sequence = walk.sequence
    ORDER BY walk.sequence
"""

_NEWEST_BELOW = """
    WITH RECURSIVE below(sequence, id) AS (
        SELECT sequence, id FROM messages WHERE id = ?
        UNION ALL
        SELECT child.sequence, child.id FROM below JOIN messages AS child ON child.parent_id = below.id
        WHERE child.sequence > below.sequence
    )
    SELECT id FROM below ORDER BY sequence DESC LIMIT 1
"""


# Variants of a question that begins a conversation have no parent in common.
_VARIANTS = """CASE WHEN one.parent_id IS NULL
    THEN (SELECT count(*) FROM messages AS other
          WHERE other.conversation_id = one.conversation_id AND other.parent_id IS NULL {condition})
    ELSE (SELECT count(*) FROM messages AS other WHERE other.parent_id = one.parent_id {condition}) END"""
_PLACES = f"""
    SELECT one.sequence, {_VARIANTS.format(condition="AND other.sequence <= one.sequence")} AS place,
        {_VARIANTS.format(condition="")} AS variants
    FROM json_each(?) AS wanted CROSS JOIN messages AS one ON one.sequence = wanted.value
"""


def places_of(connection: sqlite3.Connection, sequences: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (its place, how many) among its variants of each message that has any, by sequence; counted from 1."""
    rows = connection.execute(_PLACES, [json.dumps(list(sequences))])
    return {row["sequence"]: (row["place"], row["variants"]) for row in rows if row["variants"] > 1}


def find_message(connection: sqlite3.Connection, message_id: str) -> Message | None:
    """Return the message, None where it is gone."""
    row = connection.execute("SELECT * FROM messages WHERE id = ?", [message_id]).fetchone()
    sequence = sequence_of(message_id) if row is None else None
    if sequence is not None:
        row = connection.execute("SELECT * FROM messages WHERE sequence = ?", [sequence]).fetchone()
    return None if row is None else message_from(row)


def path_to(connection: sqlite3.Connection, leaf_id: str, limit: int | None) -> list[Message]:
    """Return the newest `limit` messages from the root to `leaf_id`, oldest first.

    Where a damaged file broke the chain it goes on with the message sent before, and the lower one says so.
    """
    leaf = find_message(connection, leaf_id)
    messages = [] if leaf is None else _walk(connection, leaf.sequence, limit)
    while messages and messages[0].parent_id is not None and (limit is None or len(messages) < limit):
        above = _sent_before(connection, messages[0], messages[-1].conversation_id)
        if above is None:
            break
        messages[0] = _marked(messages[0])
        left = None if limit is None else limit - len(messages)
        messages = [*_walk(connection, above, left), *messages]
    return messages


def path_above(connection: sqlite3.Connection, message_id: str, limit: int) -> list[Message]:
    """Return up to `limit` messages above a message, oldest first, as `path_to` does."""
    return path_to(connection, message_id, limit + 1)[:-1]


def newest_of(connection: sqlite3.Connection, conversation_id: str) -> str | None:
    """Return the id of the message of a conversation that was sent last; None where it has none."""
    row = connection.execute(
        "SELECT * FROM messages WHERE conversation_id = ? ORDER BY sequence DESC LIMIT 1", [conversation_id]
    ).fetchone()
    return None if row is None else message_from(row).id


def _walk(connection: sqlite3.Connection, sequence: int, limit: int | None) -> list[Message]:
    rows = connection.execute(_PATH, [sequence, -1 if limit is None else limit])
    return [message_from(row) for row in rows]


def _sent_before(connection: sqlite3.Connection, message: Message, conversation_id: str) -> int | None:
    row = connection.execute(
        "SELECT sequence FROM messages WHERE conversation_id IN (?, ?) AND sequence < ? AND role <> ?"
        " ORDER BY sequence DESC LIMIT 1",
        [conversation_id, message.conversation_id, message.sequence, message.role.value],
    ).fetchone()
    return None if row is None else int(row["sequence"])


def _marked(message: Message) -> Message:
    if DAMAGED_MESSAGE in message.notices:
        return message
    return replace(message, notices=(DAMAGED_MESSAGE, *message.notices))


def page_of(connection: sqlite3.Connection, conversation_id: str, after: int, limit: int) -> list[Message]:
    """Return messages of a conversation whose sequence is above `after`, in the order of sending."""
    rows = connection.execute(
        "SELECT * FROM messages WHERE conversation_id = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        [conversation_id, after, limit],
    )
    return [message_from(row) for row in rows]


def newest_below(connection: sqlite3.Connection, message_id: str) -> str:
    """Return the id of the newest message at or below `message_id`; it is always a leaf."""
    row = connection.execute(_NEWEST_BELOW, [message_id]).fetchone()
    return message_id if row is None else str(row["id"])


def child_ids(connection: sqlite3.Connection, message_id: str) -> list[str]:
    """Return the ids of the direct answers to a message, in the order of sending."""
    rows = connection.execute("SELECT id FROM messages WHERE parent_id = ? ORDER BY sequence", [message_id])
    return [as_text(row["id"]) for row in rows]


def sibling_ids(connection: sqlite3.Connection, message: Message) -> list[str]:
    """Return the ids of all variants of a message, itself among them, in the order of sending."""
    if message.parent_id is not None:
        ids = child_ids(connection, message.parent_id)
        return ids if message.id in ids else [message.id]
    rows = connection.execute(
        "SELECT id FROM messages WHERE parent_id IS NULL AND conversation_id = ? ORDER BY sequence",
        [message.conversation_id],
    )
    ids = [as_text(row["id"]) for row in rows]
    return ids if message.id in ids else [message.id]
