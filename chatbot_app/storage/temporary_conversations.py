"""Temporary conversations: begun, listed and closed. In between they are conversations like all others."""

from __future__ import annotations

from collections.abc import Callable

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation
from chatbot_app.core.temporary import temporary_id
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.lookups import WITH_COUNT
from chatbot_app.storage.purging import delete_conversation
from chatbot_app.storage.rows import conversation_from


class TemporaryConversations:
    """Nothing of them is in the file: see `storage.temporary_database`. Methods raise StoreError."""

    def __init__(self, database: Database, store: ConversationStore, *, new_id: Callable[[], str]) -> None:
        self._database = database
        self._store = store
        self._new_id = new_id

    def begin(self, settings: GenerationSettings | None = None) -> Conversation:
        """Add an empty one."""
        return self._store.create_conversation(settings, temporary_id(self._new_id()))

    def list(self) -> list[Conversation]:
        """Return those that are open, in the order in which they were begun."""
        with self._database.temporary.read() as connection:
            rows = connection.execute(WITH_COUNT + "ORDER BY number")
            return [conversation_from(row) for row in rows]

    def close(self, conversation_id: str) -> None:
        """Forget one, with everything that is of it. What is still on its way into it is lost."""
        with self._database.temporary.write() as connection:
            delete_conversation(connection, conversation_id)
            left = connection.execute("SELECT count(*) FROM conversations").fetchone()[0]
        if not left:
            self._database.temporary.forget()  # what is deleted may still stand in its pages
