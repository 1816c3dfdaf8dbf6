"""Names of branches: kept with the message where each begins, whoever wrote it."""

from __future__ import annotations

from chatbot_app.core.message_forest import BRANCH_NAME
from chatbot_app.core.text import clean_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.lookups import require_message

LONGEST_NAME = 80  # characters


def name_branch(database: Database, message_id: str, name: str) -> None:
    """Name the branch that begins with a message; "" takes its name away. Raises ConversationGone, else StoreError."""
    words = " ".join(clean_text(name).split())[:LONGEST_NAME].rstrip()
    with database.of(message_id).write() as connection:
        message = require_message(connection, message_id)
        kept = {key: value for key, value in message.metadata.items() if key != BRANCH_NAME}
        if words:
            kept[BRANCH_NAME] = words
        connection.execute("UPDATE messages SET metadata = ? WHERE id = ?", [dump_json(kept), message_id])
