"""Opening: locks, read-only folders, full disks, damage, newer schemas."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from chatbot_app.core.errors import (
    AlreadyRunning,
    DataFolderUnusable,
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
)
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.database import Access, Database, StoreMode
from chatbot_app.storage.migrations import MIGRATIONS
from chatbot_app.storage.settings import SettingsStore
from tests.unit.storage.conftest import fill
from tests.unit.storage.support import Clock, contents, exchange, open_database, open_store

ROOT = Path(__file__).resolve().parents[3]


def m999_of_the_future(database: object) -> None:
    database.executescript("CREATE TABLE future (id INTEGER PRIMARY KEY)")  # type: ignore[attr-defined]


def write_history(folder: Path, exchanges: int = 3) -> str:
    """Store a conversation and return its id."""
    with open_database(folder) as database:
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings())
        parent: str | None = None
        with database.write():
            for number in range(exchanges):
                parent = exchange(store, conversation.id, parent, f"q{number}", f"answer {number} " * 50).id
    return conversation.id


def file_state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# --- transactions ------------------------------------------------------------------------------------


def test_settings_of_the_file_are_those_of_the_design(database: Database) -> None:
    with database.read() as connection:
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "secure_delete": 1,
    }
    assert stat.S_IMODE(database.paths.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(database.paths.database.stat().st_mode) == 0o600


def fail_after_writing(database: Database) -> None:
    with database.write():
        SettingsStore(database).set("ui.theme", "light")
        raise ZeroDivisionError


def test_a_nested_write_joins_and_undoes_only_itself(database: Database) -> None:
    settings = SettingsStore(database)
    with database.write():
        settings.set("ui.theme", "dark")
        with pytest.raises(ZeroDivisionError):
            fail_after_writing(database)
        settings.set("ui.font_scale", 1.5)
    assert (settings.get("ui.theme"), settings.get("ui.font_scale")) == ("dark", 1.5)
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(database)
    assert settings.get("ui.theme") == "dark"
    with database.read(), pytest.raises(RuntimeError, match="inside read"), database.write():
        pass


def test_readers_see_the_old_state_until_the_commit(database: Database) -> None:
    settings = SettingsStore(database)
    seen: list[str] = []
    with database.write():
        settings.set("ui.theme", "dark")
        reader = threading.Thread(target=lambda: seen.append(settings.get("ui.theme")))
        reader.start()
        reader.join()
    assert seen == ["system"]


def test_closing_waits_for_a_transaction_and_refuses_what_comes_later(data_dir: Path) -> None:
    database = open_database(data_dir)
    settings = SettingsStore(database)
    in_transaction, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with database.write():
            settings.set("ui.theme", "dark")
            in_transaction.set()
            go_on.wait(60)

    writer = threading.Thread(target=write)
    writer.start()
    assert in_transaction.wait(60)
    closer = threading.Thread(target=database.close)
    closer.start()
    go_on.set()
    closer.join()
    writer.join()
    with pytest.raises(StoreError, match="closed"):
        settings.set("ui.theme", "light")
    with pytest.raises(StoreError, match="closed"):
        settings.get("ui.theme")
    database.close()
    with open_database(data_dir) as again:
        assert SettingsStore(again).get("ui.theme") == "dark"


# --- one owner ---------------------------------------------------------------------------------------


def test_a_second_owner_is_refused_and_guests_may_write(data_dir: Path) -> None:
    with open_database(data_dir) as owner:
        with pytest.raises(AlreadyRunning) as refused:
            open_database(data_dir)
        assert str(data_dir) not in str(refused.value)
        with open_database(data_dir, Access.GUEST) as guest:
            SettingsStore(guest).set("ui.theme", "dark")
            assert SettingsStore(owner).get("ui.theme") == "dark"
            with open_database(data_dir, Access.READER) as reader:
                assert SettingsStore(reader).get("ui.theme") == "dark"
                with pytest.raises(StoreReadOnly):
                    SettingsStore(reader).set("ui.theme", "light")
    with open_database(data_dir) as owner:
        assert owner.mode is StoreMode.READ_WRITE


def test_the_lock_of_a_killed_owner_is_taken_over(data_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from chatbot_app.core.paths import DataPaths;"
        "from chatbot_app.storage.database import Database;"
        "held = Database(DataPaths(Path(sys.argv[1]))); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning):
            open_database(data_dir)
        child.kill()
        child.wait()
        with open_database(data_dir) as database:
            assert database.mode is StoreMode.READ_WRITE


def test_a_guest_waits_for_another_writer_and_says_so(data_dir: Path) -> None:
    with (
        open_database(data_dir) as owner,
        open_database(data_dir, Access.GUEST, busy_timeout_seconds=0.05) as guest,
    ):
        with owner.write(), pytest.raises(StoreError, match="another process"):
            SettingsStore(guest).set("ui.theme", "dark")
        SettingsStore(guest).set("ui.theme", "dark")


def test_folders_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderUnusable, match="file"):
        open_database(tmp_path / "file")
    with pytest.raises(DataFolderUnusable, match="no history"):
        open_database(tmp_path / "absent", Access.READER)
    assert not (tmp_path / "absent").exists()


# --- read-only and full ------------------------------------------------------------------------------


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "with a log"])
def test_a_read_only_folder_opens_for_reading(small_disk: Path, tmp_path: Path, closed: bool) -> None:
    folder = small_disk / "data"
    if closed:
        conversation_id = write_history(folder)
    else:  # what kill -9 leaves: a log without its index
        with open_database(tmp_path / "live") as database:
            store = open_store(database)
            conversation_id = store.create_conversation(GenerationSettings()).id
            exchange(store, conversation_id, None, "q0", "a0")
            folder.mkdir()
            for suffix in ("", "-wal"):
                shutil.copy(f"{database.paths.database}{suffix}", folder)
    before = file_state(folder)
    _remount(small_disk, "ro")
    with open_database(folder) as database:
        assert database.mode is StoreMode.READ_ONLY
        assert isinstance(database.notice, StoreReadOnly)
        assert str(folder) in str(database.notice)
        store = open_store(database)
        assert store.path(conversation_id)[0].text == "q0"
        with pytest.raises(StoreReadOnly):
            store.create_conversation(GenerationSettings())
        _remount(small_disk, "rw")
        assert file_state(folder) == before
        assert database.reopen() is StoreMode.READ_WRITE
        assert database.notice is None
        store.create_conversation(GenerationSettings())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_opens_for_reading(data_dir: Path) -> None:
    conversation_id = write_history(data_dir)
    data_dir.chmod(0o500)
    for path in data_dir.iterdir():
        path.chmod(0o400)
    try:
        with open_database(data_dir) as database:
            assert isinstance(database.notice, StoreReadOnly)
            assert len(open_store(database).path(conversation_id)) == 6
    finally:
        data_dir.chmod(0o700)


def test_an_empty_read_only_folder_is_refused(small_disk: Path) -> None:
    _remount(small_disk, "ro")
    with pytest.raises(StoreReadOnly):
        open_database(small_disk)


def test_a_disk_that_fills_up_loses_nothing_and_needs_no_restart(small_disk: Path) -> None:
    conversation_id = write_history(small_disk)
    with open_database(small_disk) as database:
        store = open_store(database, "later")
        ballast = fill(small_disk)
        before = contents(database)
        with pytest.raises(DiskFull) as full:
            store.begin_exchange(conversation_id, None, "x" * 200_000)
        assert "nothing was deleted" in str(full.value)
        assert contents(database) == before
        with pytest.raises(DiskFull):
            BackupStore(database, now=Clock()).create()
        assert list((small_disk / "backups").iterdir()) == []
        ballast.unlink()
        store.begin_exchange(conversation_id, None, "x" * 200_000)
        assert database.integrity_check() == []


def test_a_disk_that_is_full_at_launch_opens_for_reading(small_disk: Path) -> None:
    conversation_id = write_history(small_disk)
    ballast = fill(small_disk)
    with open_database(small_disk) as database:
        assert database.mode is StoreMode.READ_ONLY
        assert isinstance(database.notice, DiskFull)
        assert len(open_store(database).path(conversation_id)) == 6
        with pytest.raises(DiskFull):
            open_store(database).delete(conversation_id)
        ballast.unlink()
        assert database.reopen() is StoreMode.READ_WRITE


def test_a_file_that_cannot_grow_keeps_the_old_state(data_dir: Path) -> None:
    conversation_id = write_history(data_dir)
    pages = DataPaths(data_dir).database.stat().st_size // 4096 + 3

    class Limited(sqlite3.Connection):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            self.execute(f"PRAGMA max_page_count = {pages}")

    with open_database(data_dir, connection_class=Limited) as database:
        store = open_store(database, "later")
        before = contents(database)
        with pytest.raises(DiskFull):
            store.begin_exchange(conversation_id, None, "word " * 20_000)
        assert contents(database) == before
    with open_database(data_dir) as database:
        open_store(database, "last").begin_exchange(conversation_id, None, "word " * 20_000)


# --- damage ------------------------------------------------------------------------------------------


def _garble_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\x00garbage" * 16)


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def _cut_to_a_few_bytes(path: Path) -> None:
    os.truncate(path, 50)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _overwrite_by_text(path: Path) -> None:
    path.write_text("this is no database\n" * 400)


DAMAGES = [_garble_header, _truncate, _cut_to_a_few_bytes, _empty, _overwrite_by_text]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_a_damaged_file_is_set_aside_and_the_newest_good_backup_offered(
    data_dir: Path, damage: object
) -> None:
    conversation_id = write_history(data_dir)
    with open_database(data_dir) as database:
        backups = BackupStore(database, now=Clock())
        good = backups.create()
        newer_but_bad = backups.create()
    _garble_header(newer_but_bad.path)
    path = DataPaths(data_dir).database
    damage(path)  # type: ignore[operator]
    damaged = path.read_bytes()

    with pytest.raises(StoreDamaged):
        open_database(data_dir, Access.GUEST)
    assert path.read_bytes() == damaged
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreDamaged)
        assert database.damage is not None
        assert database.damage.kept_as == data_dir / "chatbot.damaged-1.sqlite3"
        assert database.damage.kept_as.read_bytes() == damaged
        assert database.damage.backup == good
        assert "2026-03-01 12:00 UTC with 1 conversation and 6 messages" in database.notice.next_step
        assert open_store(database).list_conversations() == []
        assert BackupStore(database, now=Clock()).restore(good.path) is None
        assert len(open_store(database).path(conversation_id)) == 6


def test_damage_without_a_backup_deletes_nothing(data_dir: Path) -> None:
    write_history(data_dir)
    for number in (1, 2):
        _garble_header(DataPaths(data_dir).database)
        with open_database(data_dir) as database:
            assert "no backup" in str(database.notice)
            assert database.damage is not None
            assert database.damage.kept_as.name == f"chatbot.damaged-{number}.sqlite3"
    with open_database(data_dir) as database:
        assert database.notice is None


def test_any_flipped_page_is_noticed(data_dir: Path, tmp_path: Path) -> None:
    write_history(data_dir, exchanges=20)
    sound = DataPaths(data_dir).database.read_bytes()
    pages = len(sound) // 4096
    assert pages > 15
    noticed = 0
    for page in range(pages):
        folder = tmp_path / f"flipped-{page}"
        folder.mkdir()
        start = page * 4096
        flipped = bytes(byte ^ 0xFF for byte in sound[start : start + 4096])
        DataPaths(folder).database.write_bytes(sound[:start] + flipped + sound[start + 4096 :])
        with open_database(folder) as database:
            noticed += isinstance(database.notice, StoreDamaged)
    assert noticed == pages


def damage_root_page(data_dir: Path, table: str) -> None:
    """Turn the bits of the page that the tree of a table begins with."""
    path = DataPaths(data_dir).database
    with closing(sqlite3.connect(path)) as other:
        row = other.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    start = (row[0] - 1) * 4096
    sound = path.read_bytes()
    flipped = bytes(byte ^ 0xFF for byte in sound[start : start + 4096])
    path.write_bytes(sound[:start] + flipped + sound[start + 4096 :])


@pytest.mark.parametrize(
    ("table", "at_launch", "afterwards"),
    [
        ("conversations", True, True),
        ("documents", True, True),
        ("messages", False, True),
        ("message_index_data", False, True),
        ("prompt_plans", False, True),
        ("vectors", False, False),
    ],
)
def test_of_a_large_file_a_launch_does_not_read_what_grows(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, table: str, at_launch: bool, afterwards: bool
) -> None:
    """SQLite walks a tree in one step: 0.3 s for 300,000 messages, 12 s for a million passages on a busy disk."""
    write_history(data_dir, exchanges=5)
    monkeypatch.setattr("chatbot_app.storage.examination.LARGE_BYTES", 0)
    monkeypatch.setattr("chatbot_app.storage.launch.EXAMINATION_SECONDS", 60.0)
    open_database(data_dir).close()
    damage_root_page(data_dir, table)
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreDamaged) == at_launch
        told: list[str] = []
        database.on_damaged_value = lambda: told.append(table)
        database.look_for_damage()
        assert (at_launch or told == [table]) == afterwards
    if afterwards and not at_launch:
        with open_database(data_dir) as database:
            assert isinstance(database.notice, StoreDamaged)
            assert list(data_dir.glob("*.damaged-*"))


def test_a_sound_file_is_not_called_damaged_afterwards(data_dir: Path) -> None:
    write_history(data_dir, exchanges=5)
    with open_database(data_dir) as database:
        told: list[bool] = []
        database.on_damaged_value = lambda: told.append(True)
        database.look_for_damage()
        assert not told
    assert not (data_dir / "examine-database").exists()


def test_damage_met_later_is_remembered_for_the_next_launch(data_dir: Path) -> None:
    conversation_id = write_history(data_dir, exchanges=20)
    path = DataPaths(data_dir).database
    with open_database(data_dir) as database:
        with closing(sqlite3.connect(path)) as other:
            page = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()[0]
        with path.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
        assert database.integrity_check() != []
        with pytest.raises(StoreDamaged):
            open_store(database).path(conversation_id)
    assert (data_dir / "examine-database").exists()
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreDamaged)
    assert not (data_dir / "examine-database").exists()


# --- schemas -----------------------------------------------------------------------------------------


def test_a_newer_schema_opens_for_reading_and_the_file_is_unchanged(data_dir: Path) -> None:
    conversation_id = write_history(data_dir)
    open_database(data_dir, migrations=(*MIGRATIONS, m999_of_the_future)).close()
    before = DataPaths(data_dir).database.read_bytes()
    with open_database(data_dir) as database:
        assert database.mode is StoreMode.READ_ONLY
        assert len(open_store(database).path(conversation_id)) == 6
        for _ in range(2):
            with pytest.raises(StoreTooNew):
                open_store(database).create_conversation(GenerationSettings())
    assert DataPaths(data_dir).database.read_bytes() == before


def test_a_guest_does_not_migrate_under_an_open_window(data_dir: Path) -> None:
    with open_database(data_dir), pytest.raises(AlreadyRunning):
        open_database(data_dir, Access.GUEST, migrations=(*MIGRATIONS, m999_of_the_future))
    open_database(data_dir, Access.GUEST, migrations=(*MIGRATIONS, m999_of_the_future)).close()
    with open_database(data_dir) as database:
        assert isinstance(database.notice, StoreTooNew)


def test_a_rollback_journal_left_by_a_killed_process_is_rolled_back(data_dir: Path, tmp_path: Path) -> None:
    """Such a file is what a kill leaves while the log is switched on, or while a copied file was written."""
    conversation_id = write_history(data_dir, exchanges=40)
    path = DataPaths(data_dir).database
    left = DataPaths(tmp_path / "left").database
    left.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute("PRAGMA cache_size = 2")  # pages reach the file before the commit
        connection.execute("BEGIN")
        connection.execute("UPDATE messages SET reasoning = 'half ' || text")
        for suffix in ("", "-journal"):
            shutil.copy(f"{path}{suffix}", f"{left}{suffix}")
        connection.execute("ROLLBACK")
    assert b"half answer" in left.read_bytes()
    with open_database(left.parent) as database:
        assert database.notice is None
        assert database.mode is StoreMode.READ_WRITE
        messages = open_store(database).path(conversation_id)
        assert len(messages) == 80
        assert {message.reasoning for message in messages} == {""}
        assert database.integrity_check() == []
