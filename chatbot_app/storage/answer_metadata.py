"""What is learnt of an answer after it ended: kept beside what was kept with it."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.lookups import require_message


def keep_with_answer(database: Database, message_id: str, text: str, name: str, value: Any) -> Message:
    """Keep a JSON-ready value under a name in an answer's metadata; return the answer as it is stored then.

    None forgets what is kept there. It is about `text`: an answer that says something else by now, or goes on, stays as it is. Raises ConversationGone
    where it is gone, else StoreError.
    """
    with database.of(message_id).write() as connection:
        answer = require_message(connection, message_id)
        if answer.text != text or answer.status is MessageStatus.STREAMING:
            return answer
        metadata = {key: kept for key, kept in answer.metadata.items() if key != name}
        if value is not None:
            metadata[name] = value
        connection.execute("UPDATE messages SET metadata = ? WHERE id = ?", [dump_json(metadata), message_id])
        return require_message(connection, message_id)
