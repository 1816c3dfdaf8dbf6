"""What the map of branches needs of every message of a conversation: no whole text, and no metadata, is read."""

from __future__ import annotations

from chatbot_app.core.message_forest import BRANCH_NAME, MapMessage
from chatbot_app.core.messages import Role
from chatbot_app.core.text import first_words
from chatbot_app.storage.damaged_text import as_text, as_text_or_none
from chatbot_app.storage.database import Database

_WORDS = 120  # characters of a message that the map keeps
_LOOKED_AT = 300  # of its text
_ROLES = {role.value: role for role in Role}
_ROWS = f"""
    SELECT id, parent_id, role, model, substr(text, 1, {_LOOKED_AT}) AS beginning,
        CASE WHEN instr(metadata, ?) AND json_valid(metadata) THEN json_extract(metadata, ?) END AS name
    FROM messages WHERE conversation_id = ? ORDER BY sequence
"""


def map_messages(database: Database, conversation_id: str) -> list[MapMessage]:
    """Return all messages of a conversation in the order of sending. Raises StoreError; blocking."""
    with database.of(conversation_id).read() as connection:
        rows = connection.execute(_ROWS, [f'"{BRANCH_NAME}"', f"$.{BRANCH_NAME}", conversation_id]).fetchall()
    return [
        MapMessage(
            as_text(row["id"]),
            as_text_or_none(row["parent_id"]),
            _ROLES.get(row["role"], Role.USER),
            first_words(as_text(row["beginning"]), _WORDS),
            row["name"] if isinstance(row["name"], str) else "",
            as_text(row["model"] or ""),
        )
        for row in rows
    ]
