"""Killed at any moment, failing at any statement: the old state or the new one, never half of it."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatbot_app.core.errors import DiskFull, StoreError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role, Usage
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.presets import Preset
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import Server
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.migrations import MIGRATIONS, applied_migrations, migration_names
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from tests.unit.storage.support import (
    Statements,
    contents,
    exchange,
    failing_connection,
    full_text_is_sound,
    open_database,
    open_store,
)

ROOT = Path(__file__).resolve().parents[3]


def test_killed_while_it_streams(data_dir: Path) -> None:
    moments = random.Random(22)
    for _run in range(10):
        acknowledged = _stream_and_kill(data_dir, moments.uniform(0.0, 0.08))
        with open_database(data_dir) as database:
            store = open_store(database)
            assert database.notice is None
            assert database.integrity_check() == []
            store.interrupt_streaming()
            assert full_text_is_sound(database)
            for kind, message_id, length in acknowledged:
                message = store.message(message_id)
                assert message.role is (Role.USER if kind == "question" else Role.ASSISTANT)
                assert len(message.text) >= length
                assert message.status is not MessageStatus.STREAMING
                if kind == "finished":
                    assert message.status is MessageStatus.COMPLETE
            conversation = store.list_conversations()[0]
            path = store.path(conversation.id)
            assert len(path) == conversation.message_count
            assert [m.role for m in path] == [Role.USER, Role.ASSISTANT] * (len(path) // 2)
            assert [m.sequence for m in path] == sorted(m.sequence for m in path)
    assert len(path) >= 10


def _stream_and_kill(folder: Path, seconds: float) -> list[tuple[str, str, int]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.storage.streaming_child", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        assert child.stdout.readline().startswith("question")
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=seconds)
        child.kill()
        lines = [
            line.split() for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")
        ]
    return [(kind, message_id, int(length)) for kind, message_id, length in lines]


@dataclass
class Scene:
    """A store with some history, for an operation to happen to."""

    database: Database
    store: ConversationStore
    settings: SettingsStore
    servers: ServerStore
    answer: Message
    trashed: str


PLAN = PromptPlan((PlanPart(PartKind.QUESTION, Role.USER, "q", 1, True, "newest"),), 100, 10)

OPERATIONS: dict[str, Callable[[Scene], object]] = {
    "create": lambda s: s.store.create_conversation(GenerationSettings()),
    "rename": lambda s: s.store.rename(s.answer.conversation_id, "new"),
    "set_settings": lambda s: s.store.set_settings(s.answer.conversation_id, GenerationSettings(seed=3)),
    "set_leaf": lambda s: s.store.set_leaf(s.answer.conversation_id, s.answer.parent_id),
    "begin_exchange": lambda s: s.store.begin_exchange(s.answer.conversation_id, s.answer.id, "more"),
    "begin_answer": lambda s: s.store.begin_answer(s.answer.conversation_id, str(s.answer.parent_id)),
    "reopen": lambda s: s.store.reopen(s.answer.id),
    "finish": lambda s: s.store.finish_message(
        s.answer.id, status=MessageStatus.STOPPED, text="other words", usage=Usage(1, 2)
    ),
    "save_plan": lambda s: s.store.save_plan(s.answer.id, PLAN),
    "set_pinned": lambda s: s.store.set_pinned(s.answer.id, True),
    "delete": lambda s: s.store.delete(s.answer.conversation_id),
    "restore": lambda s: s.store.restore(s.trashed),
    "purge": lambda s: s.store.purge(),
    "interrupt": lambda s: s.store.interrupt_streaming(),
    "set": lambda s: s.settings.set("ui.theme", "dark"),
    "save_preset": lambda s: s.settings.save_preset(Preset("Mine", (("top_k", 3),))),
    "add_server": lambda s: s.servers.add(Server("new", "New", "http://localhost:1")),
    "remove_server": lambda s: s.servers.remove("old"),
    "remember_trait": lambda s: s.servers.remember_trait("old", "m", "window", 4096),
}


def _scene(database: Database) -> Scene:
    store, settings = open_store(database), SettingsStore(database)
    servers = ServerStore(database, settings)
    trashed = store.create_conversation(GenerationSettings()).id
    exchange(store, trashed, None, "old question", "old answer")
    store.delete(trashed)
    conversation = store.create_conversation(GenerationSettings())
    answer = exchange(store, conversation.id, None, "q", "a")
    store.begin_exchange(conversation.id, answer.id, "left streaming")
    for name in ("old", "other"):
        servers.add(Server(name, name, f"http://{name}"))
    servers.set_default("old")
    return Scene(database, store, settings, servers, answer, trashed)


@pytest.mark.parametrize(
    ("operation", "go_on"),
    [(name, False) for name in OPERATIONS] + [(name, True) for name in ("begin_exchange", "finish", "purge")],
)
def test_a_failing_statement_leaves_the_old_state(data_dir: Path, operation: str, go_on: bool) -> None:
    statements = Statements(go_on=go_on)
    with open_database(data_dir, connection_class=failing_connection(statements)) as database:
        scene = _scene(database)
        old = contents(database)
        for fail_at in range(1, 100):
            statements.restart(fail_at)
            with contextlib.suppress(StoreError):
                OPERATIONS[operation](scene)
            failed = bool(statements.failed)
            statements.restart()
            if not failed:
                break
            # The purge itself may be done: what is left are words in the index, noted to be scrubbed.
            if operation != "purge" or scene.store.trash():
                assert contents(database) == old
        assert fail_at >= 4
        assert contents(database) != old
        assert full_text_is_sound(database)
        assert database.integrity_check() == []


def test_a_full_disk_in_a_statement_is_named(data_dir: Path) -> None:
    statements = Statements(code=sqlite3.SQLITE_FULL)
    with open_database(data_dir, connection_class=failing_connection(statements)) as database:
        statements.restart(2)
        with pytest.raises(DiskFull):
            SettingsStore(database).set("ui.theme", "dark")


# --- migrations --------------------------------------------------------------------------------------


def m999_of_the_future(database: object) -> None:
    database.executescript(  # type: ignore[attr-defined]
        "CREATE TABLE future (id TEXT); INSERT INTO future SELECT id FROM messages;"
        "ALTER TABLE messages ADD COLUMN colour TEXT; UPDATE messages SET colour = 'blue';"
    )


NEXT_RELEASE = (*MIGRATIONS, m999_of_the_future)
FIRST_RELEASE = Path(__file__).with_name("first_release.sql")


@pytest.fixture
def first_release(data_dir: Path) -> Path:
    """A data folder as the first release left it."""
    data_dir.mkdir()
    with closing(sqlite3.connect(DataPaths(data_dir).database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(FIRST_RELEASE.read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return data_dir


def _assert_first_release_is_whole(database: Database) -> None:
    assert database.mode is StoreMode.READ_WRITE
    assert database.notice is None
    store = open_store(database, "later")
    conversation = store.list_conversations()[0]
    assert conversation.title == "First questions"
    assert [m.text for m in store.path(conversation.id)] == ["What is Ökonomie?", "An answer about 经济."]
    assert {hit.message_id for hit in store.search("okonomie")} == {"id-2"}
    assert [hit.message_id for hit in store.search("经济")] == ["id-3"]
    assert store.plan("id-3") == PLAN
    assert len(store.trash()) == 1
    assert SettingsStore(database).get("ui.theme") == "dark"
    assert [server.id for server in ServerStore(database, SettingsStore(database)).list()] == [
        "built-in",
        "local",
    ]
    assert database.integrity_check() == []


def test_the_first_migration_is_what_was_released(first_release: Path, tmp_path: Path) -> None:
    """Editing a released step would split old files from new ones."""
    with open_database(tmp_path / "fresh", migrations=MIGRATIONS[:1]) as database:
        fresh = _schema(database)
    with open_database(first_release, migrations=MIGRATIONS[:1]) as database:
        assert _schema(database) == fresh


def _schema(database: Database) -> list[str]:
    with database.read() as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        return [row["sql"] for row in rows]


def test_the_file_of_the_first_release_is_migrated_after_a_backup(first_release: Path) -> None:
    with open_database(first_release) as database:
        _assert_first_release_is_whole(database)
    with open_database(first_release, migrations=NEXT_RELEASE) as database:
        _assert_first_release_is_whole(database)
        with database.read() as connection:
            assert applied_migrations(connection) == migration_names(NEXT_RELEASE)
            assert connection.execute("SELECT count(*) FROM future").fetchone()[0] == 5
    before_migration = sorted((first_release / "backups").iterdir())
    assert before_migration
    with closing(sqlite3.connect(before_migration[-1])) as backup:
        assert backup.execute("SELECT count(*) FROM messages").fetchone()[0] == 5
        assert "m999_of_the_future" not in applied_migrations(backup)
    with open_database(first_release, migrations=NEXT_RELEASE) as database:  # nothing left to do
        _assert_first_release_is_whole(database)
    assert sorted((first_release / "backups").iterdir()) == before_migration


@pytest.mark.parametrize("fresh", [True, False], ids=["new folder", "migration"])
def test_killed_at_any_step_of_opening_the_next_launch_succeeds(
    first_release: Path, tmp_path: Path, fresh: bool
) -> None:
    """What kill -9 leaves is what the files hold at that moment.

    A copy is taken before every statement, and then the log is cut at many places: a commit is one append
    to the log, and that is what a power cut tears.
    """
    folder = tmp_path / "fresh" if fresh else first_release
    images: list[Path] = []
    states: set[tuple[tuple[str, bytes], ...]] = set()

    def take_image(_number: int = 0) -> Path:
        state = tuple((str(path), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())
        if state not in states:  # statements of an open transaction change nothing on disk
            states.add(state)
            images.append(tmp_path / f"image-{len(images)}")
            shutil.copytree(folder, images[-1])
        return images[-1]

    statements = Statements(at_each=take_image)
    with open_database(folder, migrations=NEXT_RELEASE, connection_class=failing_connection(statements)):
        done = take_image()
        log_bytes = (done / "chatbot.sqlite3-wal").stat().st_size
        for tenth in range(10):
            torn = tmp_path / f"torn-{tenth}"
            shutil.copytree(done, torn, ignore=shutil.ignore_patterns("*-shm"))
            os.truncate(torn / "chatbot.sqlite3-wal", log_bytes * tenth // 10)
            images.append(torn)
    assert statements.seen > 20
    assert log_bytes > 5 * 4096
    for image in images:
        with open_database(image, migrations=NEXT_RELEASE) as database:
            if fresh:
                assert database.mode is StoreMode.READ_WRITE
                assert database.notice is None
                open_store(database).create_conversation(GenerationSettings())
            else:
                _assert_first_release_is_whole(database)


@pytest.mark.parametrize("fresh", [True, False], ids=["new folder", "migration"])
def test_failing_at_any_step_of_opening_the_next_launch_succeeds(
    first_release: Path, tmp_path: Path, fresh: bool
) -> None:
    # The statements of the first schema fail alike; every fourth is enough there.
    for fail_at in range(1, 400, 4 if fresh else 1):
        folder = tmp_path / f"try-{fail_at}"
        if not fresh:
            shutil.copytree(first_release, folder)
        statements = Statements(fail_at=fail_at)
        with (
            contextlib.suppress(StoreError),
            open_database(
                folder, migrations=NEXT_RELEASE, connection_class=failing_connection(statements)
            ) as database,
        ):
            assert (database.mode is StoreMode.READ_ONLY) == bool(statements.failed)
        if not statements.failed:
            break
        with open_database(folder, migrations=NEXT_RELEASE) as database:
            assert database.mode is StoreMode.READ_WRITE
            if not fresh:
                _assert_first_release_is_whole(database)
    assert fail_at > 15
