"""The schema, as an append-only list of steps: a released step never changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite_utils

Migration = Callable[["sqlite_utils.Database"], None]

_SET_NAME = "chatbot"


def m001_conversations(database: sqlite_utils.Database) -> None:
    """Conversations as trees of messages, what was sent for each answer, servers, settings, full text."""
    database.executescript(
        """
        CREATE TABLE conversations (
            number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the row of the full-text index
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '',
            title_is_automatic INTEGER NOT NULL DEFAULT 1,
            settings TEXT NOT NULL DEFAULT '{}',
            leaf_id TEXT REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            activity INTEGER NOT NULL,  -- orders the list; a counter, because clocks are set back
            deleted_at TEXT
        );
        CREATE INDEX conversations_by_activity ON conversations(activity) WHERE deleted_at IS NULL;
        CREATE INDEX conversations_in_trash ON conversations(activity) WHERE deleted_at IS NOT NULL;
        CREATE INDEX conversations_by_leaf ON conversations(leaf_id);

        CREATE TABLE messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of sending, never used twice
            id TEXT NOT NULL UNIQUE,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) DEFERRABLE INITIALLY DEFERRED,
            parent_id TEXT REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            text TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            status TEXT NOT NULL
                CHECK (status IN ('streaming', 'complete', 'stopped', 'failed', 'interrupted')),
            created_at TEXT NOT NULL,
            server_id TEXT,
            model TEXT,
            settings TEXT,
            usage TEXT,
            timings TEXT,
            finish_reason TEXT,
            notices TEXT NOT NULL DEFAULT '[]',
            pinned INTEGER NOT NULL DEFAULT 0,
            excluded INTEGER NOT NULL DEFAULT 0,
            metadata TEXT NOT NULL DEFAULT '{}'
        );
        CREATE INDEX messages_by_conversation ON messages(conversation_id, sequence);
        CREATE INDEX messages_by_parent ON messages(parent_id, sequence);
        CREATE INDEX messages_streaming ON messages(status) WHERE status = 'streaming';

        CREATE TABLE prompt_plans (
            message_id TEXT PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
            plan BLOB NOT NULL  -- JSON, compressed by zlib
        ) WITHOUT ROWID;

        CREATE TABLE servers (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            base_url TEXT NOT NULL,
            kind TEXT NOT NULL,
            default_model TEXT NOT NULL DEFAULT '',
            model_path TEXT NOT NULL DEFAULT '',
            has_key INTEGER NOT NULL DEFAULT 0,
            traits TEXT NOT NULL DEFAULT '{}',
            position INTEGER NOT NULL
        );

        CREATE TABLE presets (
            name TEXT PRIMARY KEY,
            parameters TEXT NOT NULL,
            position INTEGER NOT NULL
        );

        CREATE TABLE settings (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) WITHOUT ROWID;

        -- A streamed text changes every second and is indexed once, when it has ended.
        CREATE VIEW settled_messages AS SELECT sequence, text FROM messages WHERE status <> 'streaming';
        CREATE VIRTUAL TABLE message_index USING fts5(
            text, content = 'settled_messages', content_rowid = 'sequence',
            tokenize = "unicode61 remove_diacritics 2"
        );
        CREATE TRIGGER messages_inserted AFTER INSERT ON messages WHEN new.status <> 'streaming' BEGIN
            INSERT INTO message_index (rowid, text) VALUES (new.sequence, new.text);
        END;
        CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.status <> 'streaming' BEGIN
            INSERT INTO message_index (message_index, rowid, text)
                VALUES ('delete', old.sequence, old.text);
        END;
        CREATE TRIGGER messages_unsettled AFTER UPDATE OF text, status ON messages
        WHEN old.status <> 'streaming' BEGIN
            INSERT INTO message_index (message_index, rowid, text)
                VALUES ('delete', old.sequence, old.text);
            INSERT INTO message_index (rowid, text)
                SELECT new.sequence, new.text WHERE new.status <> 'streaming';
        END;
        CREATE TRIGGER messages_settled AFTER UPDATE OF text, status ON messages
        WHEN old.status = 'streaming' AND new.status <> 'streaming' BEGIN
            INSERT INTO message_index (rowid, text) VALUES (new.sequence, new.text);
        END;

        CREATE VIRTUAL TABLE title_index USING fts5(
            title, content = 'conversations', content_rowid = 'number',
            tokenize = "unicode61 remove_diacritics 2"
        );
        CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
            INSERT INTO title_index (rowid, title) VALUES (new.number, new.title);
        END;
        CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
            INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.number, old.title);
        END;
        CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations BEGIN
            INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.number, old.title);
            INSERT INTO title_index (rowid, title) VALUES (new.number, new.title);
        END;
        """
    )


# Append only. Each runs in one transaction together with the record that it ran.
MIGRATIONS: tuple[Migration, ...] = (m001_conversations,)


def migration_names(migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """Return the names under which the steps are recorded."""
    return tuple(_name(migration) for migration in migrations)


def applied_migrations(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the steps that the file has taken, in order; empty for a new file."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if found is None:
        return ()
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", [_SET_NAME]
    )
    return tuple(row[0] for row in rows)


def apply_migrations(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take every step that the file has not taken; an error undoes the step it came from.

    Raises sqlite3.Error.
    """
    # sqlite-utils imports numpy: 0.2 s that only a launch with something to migrate pays.
    import sqlite_utils

    database = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
    steps: Any = sqlite_utils.Migrations(_SET_NAME)
    for migration in migrations:
        steps(name=_name(migration))(migration)
    with database.atomic():  # the table and its index together, or neither
        steps.ensure_migrations_table(database)
    steps.apply(database)


def _name(migration: Migration) -> str:
    return str(getattr(migration, "__name__", ""))
