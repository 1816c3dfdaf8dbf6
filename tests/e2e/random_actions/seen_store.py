"""The store as another program sees it: with SQL alone and none of our code."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SeenMessage:
    id: str
    parent: str | None
    role: str
    text: str
    status: str
    pinned: bool
    excluded: bool


@dataclass(frozen=True)
class SeenConversation:
    title: str
    leaf: str | None
    is_deleted: bool
    temperature: float | None
    messages: tuple[SeenMessage, ...]  # in the order of sending


@dataclass(frozen=True)
class SeenDocument:
    id: str
    path: str
    state: str
    is_deleted: bool


@dataclass(frozen=True)
class SeenStore:
    """`conversations` are in the order of their activity, the newest first."""

    conversations: dict[str, SeenConversation]
    documents: tuple[SeenDocument, ...]
    order: tuple[str, ...]  # the ids of all messages, in the order of sending
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def open_conversation(self) -> str:
        """The conversation that was open when this was last kept; "" for none."""
        return str(json.loads(self.settings.get("ui.open_conversation", '""')))


def see(database: Path) -> SeenStore:
    """Read the store beside the program that writes it."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        return _read(connection)


def see_dead(database: Path, scratch: Path) -> tuple[SeenStore, list[str]]:
    """Read a copy of what a dead program left, and say what is wrong with the file and its indices."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    copy = scratch / database.name
    for suffix in ("", "-wal", "-journal"):
        part = database.with_name(database.name + suffix)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + suffix))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        problems += _index_problems(connection)
        return _read(connection), problems


def found_passages(database: Path, words: Iterable[str]) -> dict[str, list[int]]:
    """Return for each word the documents (by number) whose passages the index finds."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        return {
            word: [
                row[0]
                for row in connection.execute(
                    "SELECT document_number FROM passage_index JOIN passages ON passages.id = passage_index.rowid"
                    " WHERE passage_index MATCH ?",
                    [f'"{word}"'],
                )
            ]
            for word in words
        }


def _index_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare each full-text index with the texts that it stands for (FTS5's own check, with rank 1)."""
    indices = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall()
    problems = []
    for (name,) in indices:
        try:
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            problems.append(f"{name}: {error}")
    return problems


def _read(connection: sqlite3.Connection) -> SeenStore:
    connection.row_factory = sqlite3.Row
    connection.execute("BEGIN")
    rows = connection.execute("SELECT * FROM messages ORDER BY sequence").fetchall()
    messages: dict[str, list[SeenMessage]] = {}
    for row in rows:
        messages.setdefault(row["conversation_id"], []).append(
            SeenMessage(
                row["id"],
                row["parent_id"],
                row["role"],
                row["text"],
                row["status"],
                bool(row["pinned"]),
                bool(row["excluded"]),
            )
        )
    conversations = {
        row["id"]: SeenConversation(
            row["title"],
            row["leaf_id"],
            row["deleted_at"] is not None,
            json.loads(row["settings"]).get("temperature"),
            tuple(messages.pop(row["id"], ())),
        )
        for row in connection.execute("SELECT * FROM conversations ORDER BY activity DESC")
    }
    assert not messages, f"messages of no conversation: {messages}"
    documents = tuple(
        SeenDocument(row["id"], row["path"], row["state"], row["deleted_at"] is not None)
        for row in connection.execute("SELECT * FROM documents ORDER BY number")
    )
    settings = {row["key"]: row["value"] for row in connection.execute("SELECT * FROM settings")}
    return SeenStore(conversations, documents, tuple(row["id"] for row in rows), settings)
