"""The trash: how long things stay whatever the clock says, and that a purge reaches every byte."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.made_data import DataJob, DataKind, DataWish, RowDraft
from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage import backup_files
from chatbot_app.storage.backup_files import BackupReason
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.data_jobs import DataJobStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.purging import DRAFTS_SETTING, Kind
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.storage.token_counts import TokenCountStore
from chatbot_app.storage.trash import Trash
from tests.unit.storage.support import (
    START,
    Clock,
    exchange,
    full_text_is_sound,
    numbered_ids,
    open_database,
    open_store,
)

SECRET = "xylophonesecret"
DAY = timedelta(days=1)


class SetClock:
    """Shows what it was set to."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def trash(database: Database, clock: SetClock) -> Trash:
    return Trash(database, now=clock)


@pytest.fixture
def dated(database: Database, clock: SetClock) -> ConversationStore:
    return ConversationStore(database, now=clock, new_id=numbered_ids())


def deleted(store: ConversationStore) -> str:
    conversation = store.create_conversation(GenerationSettings())
    exchange(store, conversation.id, None, "what is a quokka?", "a marsupial")
    store.delete(conversation.id)
    return conversation.id


def in_trash(store: ConversationStore) -> list[str]:
    return [conversation.id for conversation in store.trash()]


# --- how long ----------------------------------------------------------------------------------------


def test_what_was_deleted_is_listed_with_its_days_and_goes_after_thirty(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    trash.look()
    conversation = deleted(dated)
    (entry,) = trash.conversations()
    assert (entry.id, entry.title, entry.first_words) == (
        conversation,
        "what is a quokka?",
        "what is a quokka?",
    )
    assert (entry.messages, entry.days_left) == (2, 30)
    for day in range(1, 30):
        clock.moment = START + day * DAY
        assert len(trash.purge_expired()) == 0
        assert trash.conversations()[0].days_left == 30 - day
    clock.moment = START + 30 * DAY
    assert len(trash.purge_expired()) == 1
    assert in_trash(dated) == []


def test_29_a_clock_set_forward_purges_nothing_at_once(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    trash.look()
    conversation = deleted(dated)
    clock.moment = START + 20_000 * DAY
    for _ in range(5):
        assert len(trash.purge_expired()) == 0
        clock.moment += timedelta(hours=4)
    clock.moment = START + DAY  # somebody saw it
    assert len(trash.purge_expired()) == 0
    clock.moment = START + 2 * DAY
    assert len(trash.purge_expired()) == 0
    assert in_trash(dated) == [conversation]
    assert trash.conversations()[0].days_left >= 28  # the hours by the wrong clock count


def test_after_a_long_pause_what_is_due_goes_a_day_later(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    trash.look()
    deleted(dated)
    clock.moment = START + 60 * DAY
    assert len(trash.purge_expired()) == 0
    clock.moment += DAY
    assert len(trash.purge_expired()) == 1


def test_who_comes_once_a_fortnight_has_a_trash_that_empties(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    trash.look()
    deleted(dated)
    visits = 0
    while not trash.purge_expired():
        clock.moment += 14 * DAY
        visits += 1
        assert visits < 10
    assert visits > 2


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1), datetime(2099, 1, 1)])
def test_a_clock_that_was_wrong_at_the_deletion_neither_hurries_nor_keeps_for_ever(
    dated: ConversationStore, trash: Trash, clock: SetClock, wrong: datetime
) -> None:
    trash.look()
    clock.moment = wrong.replace(tzinfo=START.tzinfo)
    deleted(dated)
    clock.moment = START + DAY
    days = 0
    while not trash.purge_expired():
        clock.moment += DAY
        days += 1
        assert days <= 31
    assert days >= 29


def test_what_was_hidden_before_this_version_stays_thirty_days_more(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    deleted(dated)
    clock.moment = START + 400 * DAY
    assert len(trash.purge_expired()) == 0
    assert trash.conversations()[0].days_left == 30


def test_deleted_again_it_stays_thirty_days_again(
    dated: ConversationStore, trash: Trash, clock: SetClock
) -> None:
    trash.look()
    conversation = deleted(dated)
    for day in range(29):
        clock.moment = START + day * DAY
        trash.look()
    dated.restore(conversation)
    clock.moment += timedelta(hours=1)
    dated.delete(conversation)
    assert trash.conversations()[0].days_left == 30


def test_what_was_brought_back_is_not_purged(dated: ConversationStore, trash: Trash) -> None:
    conversation = deleted(dated)
    dated.restore(conversation)
    assert not trash.purge(Kind.CONVERSATION, [conversation])
    assert len(trash.empty(Kind.CONVERSATION)) == 0
    assert dated.conversation(conversation).message_count == 2


# --- every byte --------------------------------------------------------------------------------------


def files_with(folder: Path, word: bytes) -> list[str]:
    """Return the files below a folder that hold a word, in UTF-8 or compressed whole."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and word.lower() in path.read_bytes().lower()
    )


def fill_with_secrets(database: Database, store: ConversationStore) -> str:
    """Store conversations whose rows move between pages; return one that says the secret everywhere."""
    others = [store.create_conversation(GenerationSettings()).id for _ in range(10)]
    conversation = store.create_conversation(GenerationSettings())
    leaves: dict[str, str | None] = dict.fromkeys([*others, conversation.id])
    for turn in range(8):
        for number, each in enumerate(leaves):
            word = SECRET if each == conversation.id else "walrus"
            text = f"{word} {turn} " + "words of some length " * (number * turn % 40)
            question, answer = store.begin_exchange(each, leaves[each], text)
            store.save_partial(answer.id, text * 2)
            leaves[each] = exchange(store, each, leaves[each], text, text * 3).id
            assert question.id
    leaf = leaves[conversation.id]
    assert leaf is not None
    part = PlanPart(PartKind.QUESTION, Role.USER, SECRET, 1, True, "newest", None)
    store.save_plan(leaf, PromptPlan((part,), 100, 10))
    store.rename(conversation.id, f"{SECRET} title")
    SummaryStore(database, now=Clock(), new_id=numbered_ids("summary")).save(conversation.id, leaf, SECRET)
    question_id = store.message(leaf).parent_id
    assert question_id is not None
    vector = np.frombuffer(SECRET.encode()[:12], "<f4").reshape(1, -1)
    ExchangeVectorStore(database).add("m", [question_id], [SECRET.encode()], vector)
    TokenCountStore(database).add_token_counts("t", {SECRET.encode(): 3})
    SettingsStore(database).set(DRAFTS_SETTING, f'{{"{conversation.id}": "{SECRET} draft", "": "walrus"}}')
    return conversation.id


def test_30_a_purge_reaches_every_byte_of_file_log_and_backups(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store, backups = open_store(database), BackupStore(database, now=Clock())
        trash = Trash(database, now=Clock())
        conversation = fill_with_secrets(database, store)
        made = [backups.create(reason) for reason in BackupReason]
        store.delete(conversation)
        made.append(backups.create(BackupReason.MANUAL))
        assert len(files_with(data_dir, SECRET.encode())) >= len(made)
        assert len(trash.empty(Kind.CONVERSATION)) == 1
        result = trash.scrub()
        assert (result.done, result.unreadable) == (True, ())
        assert files_with(data_dir, SECRET.encode()) == []
        assert len(files_with(data_dir, b"walrus")) >= len(made)
        assert full_text_is_sound(database)
        assert database.integrity_check() == []
        assert len(store.list_conversations()) == 10
        assert SettingsStore(database).get(DRAFTS_SETTING) == '{"":"walrus"}'
        # The person has as many backups as before, each good, with everything else in it.
        for backup in made:
            assert backup_files.verify(backup.path) == []
            again = backup_files.read_backup(backup.path)
            assert again is not None
            assert again.conversations == 10
            assert (again.created_at, again.reason) == (backup.created_at, backup.reason)


def test_a_purge_that_was_killed_is_finished_by_the_next_run(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = fill_with_secrets(database, store)
        backup = BackupStore(database, now=Clock()).create()
        store.delete(conversation)
        Trash(database, now=Clock()).empty(Kind.CONVERSATION)
    assert SECRET.encode() in backup.path.read_bytes()
    with open_database(data_dir) as database:
        assert Trash(database, now=Clock()).scrub().done
        assert files_with(data_dir, SECRET.encode()) == []
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM purges").fetchone()[0] == 0


def test_a_damaged_backup_is_kept_and_named(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store, trash = open_store(database), Trash(database, now=Clock())
        backups = BackupStore(database, now=Clock())
        conversation = deleted(store)
        damaged, good = backups.create(), backups.create()
        content = bytearray(damaged.path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        damaged.path.write_bytes(content)
        trash.purge(Kind.CONVERSATION, [conversation])
        result = trash.scrub()
        assert (result.done, result.unreadable) == (True, (damaged.path.name,))
        assert damaged.path.exists()
        assert backup_files.verify(good.path) == []


def test_backups_of_the_first_release_are_scrubbed(data_dir: Path) -> None:
    release = Path(__file__).with_name("first_release.sql").read_text()
    with open_database(data_dir) as database:
        folder = database.paths.backups
        folder.mkdir()
        path = folder / "chatbot-000001-20260101T000000Z-manual.sqlite3"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(release)
            row = connection.execute("SELECT id, title FROM conversations WHERE title <> ''").fetchone()
        assert row[1].encode() in path.read_bytes()
        with database.write() as connection:
            connection.execute("INSERT INTO purges VALUES ('conversation', ?)", [row[0]])
        assert Trash(database, now=Clock()).scrub().done
        assert row[1].encode() not in path.read_bytes()
        assert backup_files.verify(path) == []


def test_compacting_takes_the_ghosts_that_moved_rows_leave_in_pages(database: Database) -> None:
    chance = random.Random(3)
    with database.write() as connection:
        connection.execute("CREATE TABLE scratch (k INTEGER PRIMARY KEY, kind INTEGER, text TEXT)")
    for number in range(600):
        kind = chance.randrange(6)
        word = f"{SECRET if kind == 0 else 'walrus'}{number}"
        with database.write() as connection:
            row = [chance.randrange(10**9), kind, word * chance.randrange(1, 60)]
            connection.execute("INSERT OR REPLACE INTO scratch VALUES (?, ?, ?)", row)
            if chance.random() < 0.3:
                connection.execute(
                    "UPDATE scratch SET text = ? WHERE k = (SELECT k FROM scratch WHERE kind = ? LIMIT 1)",
                    [word * chance.randrange(1, 200), kind],
                )
            if chance.random() < 0.3:
                connection.execute(
                    "DELETE FROM scratch WHERE k = (SELECT k FROM scratch WHERE kind <> 0 LIMIT 1)"
                )
    with database.write() as connection:
        connection.execute("DELETE FROM scratch WHERE kind = 0")
    assert database.truncate_log()
    folder = database.paths.root
    assert files_with(folder, SECRET.encode()) != []  # secure_delete alone is not enough
    assert database.compact()
    assert files_with(folder, SECRET.encode()) == []


def test_a_writer_need_not_wait_for_the_scrub(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store, trash = open_store(database), Trash(database, now=Clock())
        conversation = fill_with_secrets(database, store)
        store.delete(conversation)
        trash.empty(Kind.CONVERSATION)
        holding, wanted = threading.Event(), threading.Event()
        written: list[str] = []

        def write() -> None:
            holding.wait(60)
            wanted.set()
            written.append(store.create_conversation(GenerationSettings()).id)

        thread = threading.Thread(target=write)
        thread.start()
        with database.write():
            holding.set()
            assert wanted.wait(60)
            while not database.is_waited_for:
                assert thread.is_alive()
            assert database.compact() is False
        thread.join(60)
        assert written
        assert trash.scrub().done


# --- documents ---------------------------------------------------------------------------------------


def add_document(database: Database, store: DocumentStore, path: Path, word: str, name: str) -> str:
    text = "\n".join(f"{word} paragraph {number} of {name} " * 20 for number in range(40))
    document = store.register(Source(str(path), f"{word} {name}", len(text), f"sha-{name}")).document
    drafts = [
        PassageDraft(number, number, number + 1, part, None, (), word)
        for number, part in enumerate(text.split("\n"))
    ]
    store.store_passages(document.id, ParsedDocument(f"{word} {name}", text, (), "text/plain"), drafts)
    passages = PassageStore(database)
    ids = [passage.id for passage in passages.passages_of(document.id)]
    vectors = np.tile(np.frombuffer((word * 2).encode()[:24], "<f4"), (len(ids), 1))
    passages.add_vectors("m", ids, vectors)
    return document.id


def make_rows(database: Database) -> DataJob:
    """Make a row of every passage, one in nine fails; return the job."""
    jobs = DataJobStore(database, now=Clock(), new_id=numbered_ids("data"))
    job = jobs.begin(DataWish(DataKind.QUESTIONS, passages=1000))
    assert job is not None
    while (task := jobs.next_task(job.id)) is not None:
        if task.passage_id % 9:
            jobs.finish(task, [RowDraft(f"Who is {task.text[:40]}?", task.text, task.text, reason=task.text)])
        else:
            jobs.fail(task, f"It said {task.text}")
    found = jobs.job(job.id)
    assert found is not None
    return found


@pytest.mark.parametrize("by", ["purge", "empty"])
def test_30_a_purged_document_leaves_every_byte(data_dir: Path, by: str) -> None:
    with open_database(data_dir) as database:
        store = DocumentStore(database, now=Clock(), new_id=numbered_ids())
        trash = Trash(database, now=Clock())
        own = database.paths.texts / "Text.txt"
        own.parent.mkdir()
        own.write_text(SECRET)
        theirs = data_dir.with_name("theirs.txt")
        theirs.write_text(SECRET)
        for number in range(6):
            add_document(database, store, data_dir.with_name(f"{number}.txt"), "walrus", str(number))
        documents = [add_document(database, store, path, SECRET, path.stem) for path in (own, theirs)]
        for number in range(6, 9):
            add_document(database, store, data_dir.with_name(f"{number}.txt"), "walrus", str(number))
        made = make_rows(database)
        assert made.rows > 40
        backup = BackupStore(database, now=Clock()).create()
        for document in documents:
            store.delete(document)
        if by == "empty":
            assert len(trash.empty(Kind.DOCUMENT)) == 2
        else:
            for document in documents:
                store.purge(document)
        assert trash.scrub().done
        assert files_with(data_dir, SECRET.encode()) == []
        assert not own.exists()
        assert theirs.read_text() == SECRET
        assert len(store.documents()) == 9
        assert backup_files.verify(backup.path) == []
        assert database.integrity_check() == []


def test_the_trash_of_documents_is_emptied_after_thirty_days_too(
    database: Database, trash: Trash, clock: SetClock, tmp_path: Path
) -> None:
    store = DocumentStore(database, now=clock, new_id=numbered_ids())
    trash.look()
    document = add_document(database, store, tmp_path / "a.txt", "walrus", "a")
    store.delete(document)
    for day in range(30):
        clock.moment = START + day * DAY
        assert len(trash.purge_expired()) == 0
    assert trash.days_left(Kind.DOCUMENT) == {document: 1}
    clock.moment = START + 30 * DAY
    assert len(trash.purge_expired()) == 1
    assert store.trash() == []


# --- what killed backups leave -----------------------------------------------------------------------


@pytest.mark.parametrize("when", ["launch", "backup"])
def test_partial_backups_of_a_dead_process_are_removed(data_dir: Path, when: str) -> None:
    folder = data_dir / "backups"
    names = [
        "chatbot-000007-20260101T000000Z-daily.partial",
        "chatbot-000007-20260101T000000Z-daily.partial-journal",
        "chatbot-000008-20260101T000000Z-before-migration.partial",
    ]
    others = ["notes.partial", "chatbot-000009-20260101T000000Z-daily.sqlite3.txt"]

    def leave() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in [*names, *others]:
            (folder / name).write_text(SECRET)

    if when == "launch":
        leave()
    with open_database(data_dir) as database:
        if when == "backup":
            leave()
            BackupStore(database, now=Clock()).create()
    left = {path.name for path in folder.iterdir() if path.suffix != ".sqlite3"}
    assert left == set(others)


def test_the_partial_backup_of_a_living_process_stays(data_dir: Path) -> None:
    folder = data_dir / "backups"
    folder.mkdir(parents=True)
    partial = folder / "chatbot-000007-20260101T000000Z-daily.partial"
    partial.write_text("being written")
    lock = backup_files.writing_lock(folder)
    assert lock.acquire()
    with open_database(data_dir):
        assert partial.exists()
    lock.release()
    with open_database(data_dir):
        assert not partial.exists()
