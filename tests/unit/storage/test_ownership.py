"""A file that is not ours is never written to: neither it nor what its program keeps beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatbot_app.core.errors import DataFolderUnusable, StoreNotOurs
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.storage.database import Access, StoreMode
from tests.unit.storage.support import exchange, open_database, open_store

NAME = "chatbot.sqlite3"


def with_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('theirs');")


def with_names_like_ours(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE conversations (id TEXT); CREATE TABLE messages (id TEXT);"
            "CREATE TABLE settings (key TEXT, value TEXT);"
        )


def with_migrations_of_its_own(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT);"
            "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('shop', 'm001');"
            "CREATE TABLE goods (id TEXT);"
        )


def with_application_id(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1234567")
        connection.execute("PRAGMA user_version = 3")


def with_user_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7")


def with_everything_in_its_log(path: Path) -> None:
    """As a killed program leaves it: file, log and wal-index."""
    other = path.with_name("origin.sqlite3")
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute("INSERT INTO notes VALUES ('theirs')")
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).write_bytes(other.with_name(other.name + suffix).read_bytes())
    for file in path.parent.glob("origin*"):
        file.unlink()


MAKERS: list[Callable[[Path], None]] = [
    with_tables,
    with_names_like_ours,
    with_migrations_of_its_own,
    with_application_id,
    with_user_version,
    with_everything_in_its_log,
]


def contents_of(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.iterdir() if path.is_file() and path.stat().st_size)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_66_a_strangers_file_is_set_aside_unchanged_and_said(
    data_dir: Path, make: Callable[[Path], None]
) -> None:
    data_dir.mkdir()
    make(data_dir / NAME)
    before = {path.name: path.read_bytes() for path in data_dir.iterdir()}
    for access in (Access.GUEST, Access.READER):
        with pytest.raises(DataFolderUnusable, match="another program"):
            open_database(data_dir, access)
        assert {name: (data_dir / name).read_bytes() for name in before} == before
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreNotOurs)
        assert database.mode is StoreMode.READ_WRITE
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings())
        exchange(store, conversation.id, None, "q", "a")
        assert "chatbot.other-program-1.sqlite3" in str(database.notice)
    for name, content in before.items():
        kept = data_dir / name.replace("chatbot.sqlite3", "chatbot.other-program-1.sqlite3")
        assert kept.read_bytes() == content
    with open_database(data_dir) as database:
        assert database.notice is None
        assert len(open_store(database).list_conversations()) == 1


def test_66_a_link_to_a_strangers_file_leaves_the_file_where_it_is(data_dir: Path, tmp_path: Path) -> None:
    data_dir.mkdir()
    theirs = tmp_path / "theirs.db"
    with_tables(theirs)
    before = theirs.read_bytes()
    (data_dir / NAME).symlink_to(theirs)
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreNotOurs)
    assert theirs.read_bytes() == before
    assert not (data_dir / NAME).is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "theirs.db"]


def test_a_link_to_our_own_file_works(data_dir: Path, tmp_path: Path) -> None:
    with open_database(tmp_path / "elsewhere"):
        pass
    data_dir.mkdir()
    (data_dir / NAME).symlink_to(tmp_path / "elsewhere" / NAME)
    with open_database(data_dir) as database:
        assert database.notice is None


def test_a_folder_or_a_pipe_in_our_place_is_refused_in_words(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / NAME).mkdir()
    with pytest.raises(DataFolderUnusable, match="no file"):
        open_database(data_dir)
    (data_dir / NAME).rmdir()
    os.mkfifo(data_dir / NAME)
    with pytest.raises(DataFolderUnusable, match="no file"):
        open_database(data_dir)


def test_our_own_files_are_ours_from_their_first_byte(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / NAME).touch()
    with open_database(data_dir) as database:
        assert database.notice is None
    # Killed between the first write and the first step of the schema.
    young = data_dir.with_name("young")
    young.mkdir()
    with closing(sqlite3.connect(young / NAME)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    with open_database(young) as database:
        assert database.notice is None
    # With everything still in its log.
    killed = data_dir.with_name("killed")
    killed.mkdir()
    with open_database(data_dir) as database:
        open_store(database).create_conversation(GenerationSettings())
        for suffix in ("", "-wal"):
            content = database.paths.database.with_name(NAME + suffix).read_bytes()
            (killed / (NAME + suffix)).write_bytes(content)
    with open_database(killed) as database:
        assert database.notice is None
        assert len(open_store(database).list_conversations()) == 1


def test_a_file_of_the_first_release_is_ours(data_dir: Path) -> None:
    data_dir.mkdir()
    release = Path(__file__).with_name("first_release.sql").read_text()
    with closing(sqlite3.connect(data_dir / NAME)) as connection:
        connection.executescript(release)
    with open_database(data_dir) as database:
        assert database.notice is None
        assert open_store(database).list_conversations()
