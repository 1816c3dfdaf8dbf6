"""Rows that must be there: found, or ConversationGone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Conversation, Message
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.message_tree import find_message
from chatbot_app.storage.rows import conversation_from

_HIGHEST_ACTIVITY = 1 << 60

WITH_COUNT = """
    SELECT conversations.*,
        (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS message_count,
        (SELECT group_concat(tag, char(31)) FROM conversation_tags WHERE conversation_id = conversations.id) AS tags
    FROM conversations
"""


def next_activity(connection: sqlite3.Connection) -> int:
    """Return a number greater than that of any conversation, the trash included; damaged ones do not count."""
    newest = [
        connection.execute(
            f"SELECT activity FROM conversations WHERE deleted_at {place} NULL AND typeof(activity) = 'integer'"
            " AND activity < ? ORDER BY activity DESC LIMIT 1",
            [_HIGHEST_ACTIVITY],
        ).fetchone()
        for place in ("IS", "IS NOT")
    ]
    return 1 + max((int(row[0]) for row in newest if row is not None), default=0)


def known_models(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the models that ever answered: one look at the index for each, however many answers there are."""
    rows = connection.execute(
        "WITH RECURSIVE known(model) AS (SELECT min(model) FROM messages WHERE model IS NOT NULL UNION ALL"
        " SELECT (SELECT min(model) FROM messages WHERE model IS NOT NULL AND model > known.model) FROM known"
        " WHERE known.model IS NOT NULL) SELECT model FROM known WHERE model IS NOT NULL"
    )
    return [as_text(row[0]) for row in rows]


def conversation_row(connection: sqlite3.Connection, conversation_id: str) -> sqlite3.Row:
    """Return the row of a conversation that is not in the trash. Raises ConversationGone."""
    row: sqlite3.Row | None = connection.execute(
        WITH_COUNT + "WHERE id = ? AND deleted_at IS NULL", [conversation_id]
    ).fetchone()
    if row is None:
        raise ConversationGone()
    return row


def require_conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    """Return a conversation that is not in the trash. Raises ConversationGone."""
    return conversation_from(conversation_row(connection, conversation_id))


def require_message(connection: sqlite3.Connection, message_id: str) -> Message:
    """Return a message. Raises ConversationGone."""
    message = find_message(connection, message_id)
    if message is None:
        raise ConversationGone()
    return message


def require_message_of(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> None:
    """Raise ConversationGone where the message is gone, ValueError where it is of another conversation."""
    if require_message(connection, message_id).conversation_id != conversation_id:
        raise ValueError(f"message {message_id} is of another conversation")


def utc_text(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, to the millisecond; one without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
