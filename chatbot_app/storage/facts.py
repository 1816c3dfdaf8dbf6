"""What can be told about a store without telling what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.storage.database import Database
from chatbot_app.storage.migrations import applied_migrations


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """Counts of rows, the trash included, and the last step of the schema that was taken ("" for none)."""

    schema: str
    conversations: int
    messages: int
    documents: int
    passages: int


def store_facts(database: Database) -> StoreFacts:
    """Count what the store holds. Raises StoreError where it cannot be read."""
    with database.read() as connection:
        steps = applied_migrations(connection)
        counts = [
            int(connection.execute(statement).fetchone()[0])
            for statement in (
                "SELECT count(*) FROM conversations",
                "SELECT count(*) FROM messages",
                "SELECT count(*) FROM documents",
                "SELECT count(*) FROM passages",
            )
        ]
    return StoreFacts(steps[-1] if steps else "", *counts)
