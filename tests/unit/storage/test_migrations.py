"""Steps of the schema are scripts, and each is taken as a whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from chatbot_app.storage.migrations import MIGRATIONS, applied_migrations, apply_migrations

SCRIPT = """
    -- what a script may hold; also in a comment
    CREATE TABLE notes (
        text TEXT NOT NULL DEFAULT 'one;
two',  -- a semicolon; at the end of a line of a text
        length INTEGER
    );
    CREATE TRIGGER measured AFTER INSERT ON notes BEGIN
        UPDATE notes SET length = length(new.text) WHERE rowid = new.rowid;
        DELETE FROM notes WHERE text = '';
    END;

    INSERT INTO notes DEFAULT VALUES; DELETE FROM notes WHERE text = 'x';  -- two of a line
    INSERT INTO notes (text) VALUES ('')
"""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def schema(connection: sqlite3.Connection) -> list[Any]:
    return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_every_statement_of_a_script_is_run(connection: sqlite3.Connection) -> None:
    def m901_notes(database: Any) -> None:
        database.executescript(SCRIPT)

    apply_migrations(connection, [m901_notes])
    assert connection.execute("SELECT * FROM notes").fetchall() == [("one;\ntwo", 8)]
    assert applied_migrations(connection) == ("m901_notes",)


def test_a_script_that_fails_leaves_nothing(connection: sqlite3.Connection) -> None:
    def m901_notes(database: Any) -> None:
        database.executescript(SCRIPT.replace("DEFAULT VALUES", "(nothing) VALUES (1)"))

    with pytest.raises(sqlite3.OperationalError):
        apply_migrations(connection, [m901_notes])
    assert not {"notes", "measured"} & {name for _, name, _ in schema(connection)}
    assert applied_migrations(connection) == ()


def test_the_schema_is_what_sqlite_itself_makes_of_the_scripts(connection: sqlite3.Connection) -> None:
    class Plain:
        """A database of which steps use no more than this."""

        def __init__(self, connection: sqlite3.Connection) -> None:
            self.conn = connection
            self.execute = connection.execute
            self.executescript = connection.executescript

    apply_migrations(connection)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
        for migration in MIGRATIONS:
            migration(Plain(other))  # type: ignore[arg-type]
        ours = [row for row in schema(connection) if "_sqlite_migrations" not in row[1]]
        assert ours == schema(other)
