"""Backups: checked before they get a name, rotated by kind, restored in one step."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot_app.core.errors import StoreDamaged, StoreError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.storage.backup_files import BackupReason, verify
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database, StoreMode
from tests.unit.storage.support import Clock, contents, exchange, full_text_is_sound


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backups(database: Database, clock: Clock) -> BackupStore:
    return BackupStore(database, now=clock)


def add_history(store: ConversationStore, words: str = "walrus") -> str:
    conversation = store.create_conversation(GenerationSettings())
    exchange(store, conversation.id, None, f"{words} question", f"{words} answer")
    return conversation.id


def test_a_backup_is_one_sound_file_with_date_and_counts(
    backups: BackupStore, store: ConversationStore
) -> None:
    add_history(store)
    backup = backups.create()
    assert verify(backup.path) == []
    assert (backup.conversations, backup.messages, backup.reason) == (1, 2, BackupReason.MANUAL)
    assert backup.created_at == "2026-03-01T12:00:01+00:00"
    assert backup.size_bytes == backup.path.stat().st_size > 0
    assert [path.name for path in backup.path.parent.iterdir()] == [
        "chatbot-000001-20260301T120001Z-manual.sqlite3"
    ]
    assert backups.list() == [backup]
    assert "2026-03-01 12:00 UTC with 1 conversation and 2 messages" in backup.describe()


def test_writers_go_on_during_a_backup(
    backups: BackupStore, store: ConversationStore, database: Database
) -> None:
    conversation_id = add_history(store)
    made = []
    with database.write() as connection:
        connection.execute("UPDATE conversations SET title = 'not committed'")
        thread = threading.Thread(target=lambda: made.append(backups.create()))
        thread.start()
        thread.join()
    assert made[0].messages == 2
    with closing(sqlite3.connect(made[0].path)) as copy:
        assert copy.execute("SELECT title FROM conversations").fetchone()[0] == "walrus question"
    assert store.conversation(conversation_id).title == "not committed"


def test_daily_backups_are_made_when_due_and_rotated(
    backups: BackupStore, store: ConversationStore, clock: Clock
) -> None:
    assert backups.create_if_due() is None  # there is nothing to lose yet
    add_history(store)
    manual = backups.create()
    made = []
    for _day in range(7):
        made.append(backups.create_if_due())
        assert backups.create_if_due() is None
        clock.moment += timedelta(days=1)
    clock.moment -= timedelta(days=400)  # the clock was wrong: a backup from the future is no reason to wait
    made.append(backups.create_if_due())
    assert None not in made
    assert backups.list() == [*reversed(made[-5:]), manual]


def test_no_backup_goes_while_a_damaged_file_waits(
    backups: BackupStore, store: ConversationStore, data_dir: Path
) -> None:
    add_history(store)
    (data_dir / "chatbot.damaged-1.sqlite3").write_bytes(b"x")
    for _ in range(7):
        backups.create(BackupReason.DAILY)
    assert len(backups.list()) == 7


def test_the_newest_good_backup_is_found_behind_damaged_ones(
    backups: BackupStore, store: ConversationStore
) -> None:
    assert backups.newest_good() is None
    add_history(store)
    good, flipped, emptied = (backups.create() for _ in range(3))
    data = bytearray(flipped.path.read_bytes())
    data[4096:8192] = bytes(byte ^ 0xFF for byte in data[4096:8192])
    flipped.path.write_bytes(data)
    emptied.path.write_bytes(b"")
    (good.path.parent / "chatbot-9-note.txt").write_text("not ours")
    assert backups.newest_good() == good


def test_restore_backs_up_the_present_and_brings_back_the_past(
    backups: BackupStore, store: ConversationStore, database: Database
) -> None:
    conversation_id = add_history(store, "walrus")
    past = contents(database)
    backup = backups.create()
    add_history(store, "narwhal")
    store.delete(conversation_id)
    present = contents(database)

    before = backups.restore(backup.path)
    assert contents(database) == past
    assert database.mode is StoreMode.READ_WRITE
    assert len(store.search("walrus")) == 3  # title and both messages
    assert store.search("narwhal") == []
    assert full_text_is_sound(database)
    assert before is not None
    assert before.reason is BackupReason.BEFORE_RESTORE
    backups.restore(before.path)
    assert contents(database) == present
    with database.read() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_damaged_or_foreign_backup_is_refused_and_nothing_changes(
    backups: BackupStore, store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    add_history(store)
    present = contents(database)
    foreign = tmp_path / "foreign.sqlite3"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (x)")
    text = tmp_path / "text.sqlite3"
    text.write_text("no database " * 100)
    for path in (foreign, text):
        with pytest.raises(StoreDamaged, match=path.name):
            backups.restore(path)
    with pytest.raises(StoreError):
        backups.restore(tmp_path / "absent.sqlite3")
    assert contents(database) == present
    assert backups.list() == []
