"""Walks through the tree of messages, each one statement over the indices."""

from __future__ import annotations

import sqlite3

from chatbot_app.core.messages import Message
from chatbot_app.storage.rows import message_from

# A parent is always older than its child: the comparison of sequences ends the walk even in a file where
# someone tied a knot.
_PATH = """
    WITH RECURSIVE walk(sequence, parent_id) AS (
        SELECT sequence, parent_id FROM messages WHERE id = ?
        UNION ALL
        SELECT above.sequence, above.parent_id FROM walk JOIN messages AS above ON above.id = walk.parent_id
        WHERE above.sequence < walk.sequence
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


def find_message(connection: sqlite3.Connection, message_id: str) -> Message | None:
    """Return the message, None where it is gone."""
    row = connection.execute("SELECT * FROM messages WHERE id = ?", [message_id]).fetchone()
    return None if row is None else message_from(row)


def path_to(connection: sqlite3.Connection, leaf_id: str, limit: int | None) -> list[Message]:
    """Return the newest `limit` messages from the root to `leaf_id`, oldest first."""
    rows = connection.execute(_PATH, [leaf_id, -1 if limit is None else limit])
    return [message_from(row) for row in rows]


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
    return [row["id"] for row in rows]


def sibling_ids(connection: sqlite3.Connection, message: Message) -> list[str]:
    """Return the ids of all variants of a message, itself among them, in the order of sending."""
    if message.parent_id is not None:
        return child_ids(connection, message.parent_id)
    rows = connection.execute(
        "SELECT id FROM messages WHERE parent_id IS NULL AND conversation_id = ? ORDER BY sequence",
        [message.conversation_id],
    )
    return [row["id"] for row in rows]
