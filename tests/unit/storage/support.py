"""Stores with a clock and ids of their own, and connections that fail on demand."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Access, Database
from chatbot_app.storage.documents import DocumentStore, Source

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """Ticks one second at each look."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def numbered_ids(prefix: str = "id") -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers)}"


def open_database(folder: Path, access: Access = Access.OWNER, **options: Any) -> Database:
    return Database(DataPaths(folder), access=access, now=Clock(), **options)


def open_store(database: Database, prefix: str = "id") -> ConversationStore:
    return ConversationStore(database, now=Clock(), new_id=numbered_ids(prefix))


def exchange(
    store: ConversationStore, conversation_id: str, parent_id: str | None, question: str, answer: str
) -> Message:
    """Store a question with its complete answer; return the answer."""
    _question, streaming = store.begin_exchange(conversation_id, parent_id, question)
    return store.finish_message(
        streaming.id, status=MessageStatus.COMPLETE, text=answer, finish_reason="stop"
    )


def store_text(documents: DocumentStore, title: str, text: str) -> str:
    """Store a text as a document of one passage, without a parser; return its id."""
    document = documents.register(Source(f"/x/{title}.txt", title, len(text), f"sha-{title}")).document
    draft = PassageDraft(0, 0, len(text), text, None, (), "")
    documents.store_passages(document.id, ParsedDocument(title, text, (), "text/plain"), [draft])
    return document.id


TABLES = ("conversations", "messages", "prompt_plans", "servers", "presets", "settings")


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, full text included."""
    indices = ("message_index_data", "title_index_data")
    with database.read() as connection:
        return {
            table: sorted(map(tuple, connection.execute(f"SELECT * FROM {table}")), key=repr)
            for table in (*TABLES, "plan_parts", "plan_texts", *indices)
        }


def full_text_is_sound(database: Database) -> bool:
    """Whether the full-text indices hold exactly the texts; FTS5 raises where they do not."""
    with database.write() as connection:
        for index in ("message_index", "title_index"):
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
    return True


@dataclass
class Statements:
    """Counts statements; the `fail_at`th fails before it runs, and with `go_on` all after it.

    `at_each` is called with the number before each statement.
    """

    fail_at: int = 0
    go_on: bool = False
    code: int = sqlite3.SQLITE_IOERR
    seen: int = 0
    at_each: Callable[[int], object] | None = None
    failed: list[str] = field(default_factory=list)

    def step(self, sql: str) -> None:
        self.seen += 1
        if self.at_each is not None:
            self.at_each(self.seen)
        if self.fail_at and (self.seen == self.fail_at or (self.go_on and self.seen > self.fail_at)):
            self.failed.append(sql)
            error = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = self.code
            raise error

    def restart(self, fail_at: int = 0) -> None:
        self.fail_at, self.seen = fail_at, 0
        self.failed.clear()


def failing_connection(statements: Statements) -> type[sqlite3.Connection]:
    """Return a connection class each of whose statements is counted and may fail."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
            statements.step(sql)
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any]) -> sqlite3.Cursor:
            statements.step(sql)
            return super().executemany(sql, parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
            return self.cursor().execute(sql, parameters)  # type: ignore[no-any-return]

        def executemany(self, sql: str, parameters: Iterable[Any]) -> sqlite3.Cursor:
            return self.cursor().executemany(sql, parameters)  # type: ignore[no-any-return]

    return Connection


def dump_release(database: Database) -> str:
    """Return schema and rows as SQL text from which the same file can be built again."""
    kinds = "CASE type WHEN 'table' THEN 0 WHEN 'view' THEN 1 WHEN 'index' THEN 2 ELSE 3 END"
    shadows = "name GLOB '*_index_*' AND type = 'table'"
    lines = []
    with database.read() as connection:
        schema = connection.execute(
            f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND NOT ({shadows})"
            f" AND name NOT GLOB 'sqlite_*' ORDER BY {kinds}, sql LIKE 'CREATE VIRTUAL%', rowid"
        )
        lines += [f"{row['sql']};" for row in schema]
        for table in (*TABLES, "_sqlite_migrations"):
            for row in connection.execute(f"SELECT * FROM {table}"):
                values = [connection.execute("SELECT quote(?)", [value]).fetchone()[0] for value in row]
                lines.append(f"INSERT INTO {table} VALUES ({', '.join(values)});")
    return "\n".join(lines) + "\n"
