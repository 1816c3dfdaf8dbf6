"""One damaged value anywhere: the rest is shown, the damaged message says so, and the check finds it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot_app.chat.history import newest_page, older_page
from chatbot_app.chat.transfer.markdown_export import markdown_lines
from chatbot_app.chat.transfer.own_json import json_lines
from chatbot_app.core.characters import Character
from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import ImportOutcome, ImportReport
from chatbot_app.core.errors import ConversationGone, SearchIndexDamaged, StoreUnreadable
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.local_models import EngineSettings, ModelFacts, Origin
from chatbot_app.core.messages import MessageStatus, Role, Timings, Usage
from chatbot_app.core.presets import Preset
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.core.servers import Server
from chatbot_app.knowledge.search import vector_matrix
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.vector_codes import quantised
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.storage.backup_files import BackupReason
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.data_jobs import DataJobStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.documents import DocumentGone, DocumentStore, TextDamaged
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.made_rows import MadeRowStore
from chatbot_app.storage.message_pictures import PictureStore
from chatbot_app.storage.migrations import MIGRATIONS
from chatbot_app.storage.model_windows import ModelWindowStore
from chatbot_app.storage.models import LocalModelStore
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.prompt_library import PromptLibrary
from chatbot_app.storage.rows import DAMAGED_MESSAGE
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.storage.token_counts import TokenCountStore
from chatbot_app.storage.trash import Trash
from chatbot_app.storage.vector_blocks import CodedRows
from chatbot_app.storage.watched_folders import FileState, WatchedFolderStore
from tests.tiny_png import png
from tests.unit.storage.support import (
    Clock,
    exchange,
    full_text_is_sound,
    numbered_ids,
    open_database,
    open_store,
)
from tests.unit.storage.test_trash import add_document

NOT_UTF8 = b"wal\xff\xferus"
DAMAGES: dict[str, tuple[str, Any]] = {
    "bytes that are no text": ("CAST(? AS TEXT)", NOT_UTF8),
    "a blob": ("?", b"\x00\x01\xff"),
    "an empty blob": ("?", b""),
    "other words": ("?", "nonsense {["),
    "JSON of another shape": ("?", '[{"a": [1, null]}, 3]'),
    "deep JSON": ("?", "[" * 50_000),
    "a huge number": ("?", 2**62 + 1),
    "a negative number": ("?", -7),
    "infinity": ("?", float("inf")),
    "NULL": ("?", None),
}


def _history_part(store: ConversationStore, message_id: str) -> PlanPart:
    text = store.message(message_id).text
    return PlanPart(PartKind.HISTORY, Role.ASSISTANT, text, 1, True, "fits", message_id)


class Scene:
    """A store with at least a row in every table, and two conversations."""

    def __init__(self, database: Database, prefix: str = "id") -> None:
        now = Clock()
        self.database = database
        self.store = open_store(database, prefix)
        self.summaries = SummaryStore(database, now=now, new_id=numbered_ids(f"{prefix}-summary"))
        self.documents = DocumentStore(database, now=now, new_id=numbered_ids(f"{prefix}-document"))
        self.settings = SettingsStore(database)
        self.servers = ServerStore(database, self.settings)
        self.passages = PassageStore(database)
        self.fields = FieldStore(database)
        self.jobs = ImportQueue(database)
        self.watched = WatchedFolderStore(database, now=now)
        self.exchanges = ExchangeVectorStore(database)
        self.trash = Trash(database, now=now)
        self.order = ConversationOrder(database, new_id=numbered_ids(f"{prefix}-folder"))
        self.prompts = PromptLibrary(database, new_id=numbered_ids(f"{prefix}-prompt"))
        self.characters = CharacterLibrary(database, new_id=numbered_ids(f"{prefix}-character"))
        self.models = LocalModelStore(
            database, self.settings, now=now, new_id=numbered_ids(f"{prefix}-model")
        )

    def fill(self, folder: Path) -> None:
        settings = GenerationSettings(temperature=0.5)
        for word in ("quokka", "walrus"):
            conversation = self.store.create_conversation(settings)
            leaf: str | None = None
            for turn in range(3):
                question, answer = self.store.begin_exchange(
                    conversation.id, leaf, f"{word} {turn}", settings=settings, server_id="s", model="m"
                )
                part = PlanPart(PartKind.QUESTION, Role.USER, f"{word} {turn}", 1, True, "newest", None)
                before = () if leaf is None else (_history_part(self.store, leaf),)
                self.store.finish_message(
                    answer.id,
                    status=MessageStatus.COMPLETE,
                    text=f"{word} answer {turn}",
                    reasoning="thought",
                    usage=Usage(1, 2),
                    timings=Timings(0.1, 0.2),
                    finish_reason="stop",
                    metadata={"a": 1},
                )
                self.store.save_plan(answer.id, PromptPlan((*before, part), 100, 10))
                leaf = answer.id
                self.exchanges.add("m", [question.id], [b"digest"], np.eye(1, 4, dtype=np.float32))
            assert leaf is not None
            self.summaries.save(conversation.id, leaf, f"{word} summary", model="m")
            folder_of = self.order.add_folder(f"{word} folder", settings)
            self.order.move([conversation.id], folder_of.id)
            self.order.tag([conversation.id], add=[word])
        gone = self.store.create_conversation(settings)
        exchange(self.store, gone.id, None, "gone", "gone")
        self.store.delete(gone.id)
        self.trash.look()
        self.servers.add(Server("s", "S", "http://localhost:1"))
        self.settings.set("ui.theme", "dark")
        self.settings.save_preset(Preset("Mine", (("top_k", 3),)))
        self.prompts.save(SavedPrompt("Walrus", "About {{animal}}", (("a", "b"),), step_by_step=True))
        self.prompts.save(SavedPrompt("Quokka", "About quokkas"))
        for word in ("walrus", "quokka"):
            self.characters.save(Character(word, settings, "of the sea", (("a", "b"),)))
        documents = [
            add_document(self.database, self.documents, folder / f"{name}.txt", "walrus", name)
            for name in ("a", "b")
        ]
        report = ImportReport("a", ImportOutcome.FAILED, "no", "X", None, 0, 0, (), 0, 0.0, ())
        self.documents.keep_report(documents[0], report)
        fields = DocumentFields("Walrus Inc.", "10-Q", "2023-Q3", "2023-07-01", ("WAL",))
        self.fields.keep_read(dict.fromkeys(documents, fields), 1)
        self.fields.correct(
            documents[0], {"company": "Walrus", "kind": "a", "period": "2022", "date": "2022"}
        )
        collection = self.documents.create_collection("Mine")
        self.documents.add_to_collection(collection.id, documents)
        self.jobs.add(["/a/b.txt", "/a/c.txt"])
        self.jobs.finish(1, report)
        self.jobs.add(["/a/copy.txt"])
        copy = self.jobs.waiting()[-1].number
        self.jobs.finish(
            copy, ImportReport("/a/copy.txt", ImportOutcome.ALREADY_THERE, document_id=documents[0])
        )
        self.watched.add("/a")
        self.watched.keep("/a", {"/a/b.txt": FileState(1, 2, "d")})
        TokenCountStore(self.database).add_token_counts("t", {b"d": 3})
        ModelWindowStore(self.database).set("s", "m", 4096)
        model = self.models.add(folder / "walrus.gguf", ModelFacts("llama"), origin=Origin("a/b", "c.gguf"))
        self.models.rename(model.id, "Walrus")
        self.models.set_settings(model.id, EngineSettings(context=512))
        self.models.note_speed(model.id, 2.5)
        with self.database.write() as connection:
            connection.execute("INSERT INTO purges VALUES ('conversation', 'x')")
            connection.execute(
                "INSERT INTO message_pictures SELECT id, 0, 'image/png', 3, 2, ? FROM messages", [png(3, 2)]
            )
            connection.execute(
                "INSERT INTO data_jobs VALUES ('job', '{\"kind\":\"questions\"}', '2026-01-01T00:00:00+00:00', 1)"
            )
            connection.execute(
                "INSERT INTO data_tasks (job_id, passage_id, state) SELECT 'job', id, 'done' FROM passages LIMIT 2"
            )
            connection.execute(
                "INSERT INTO data_rows (task_number, prompt, completion) SELECT number, 'p', 'c' FROM data_tasks"
            )
        rows = self.passages.vectors.rows_of_block("m", 0)
        assert rows is not None
        short = CodedRows(rows.ids, rows.passages, rows.documents, *quantised(rows.vectors)[::-1])
        assert self.passages.vectors.keep_block("m", 0, short)

    def read_everything(self) -> None:
        """Use every way of reading; only what is gone may be said to be gone."""
        gone = (ConversationGone, DocumentGone, TextDamaged)
        self.order.folders()
        self.order.tags()
        self.order.models()
        self.store.search("walrus folder:walrus tag:walrus model:m after:2020")
        for conversation in self.store.list_conversations():
            with suppress(*gone):
                self.store.conversation(conversation.id)
                page = newest_page(self.store, conversation.id)
                for message in page.messages:
                    self.store.plan(message.id)
                    PictureStore(self.database).picture(message.id, 0)
                if page.messages:
                    older_page(self.store, conversation.id, page.messages[-1].id)
                list(self.store.tree(conversation.id))
                self.summaries.all(conversation.id)
                self.exchanges.digests(conversation.id, "m")
                self.exchanges.vectors(conversation.id, "m")
                "".join(markdown_lines(self.store, conversation.id))
                "".join(json_lines(self.store, conversation.id))
        for document_id, fields in self.fields.known():
            self.fields.corrections(document_id)
            assert fields.last_day is None or fields.summary
        self.fields.unread(2, 10)
        self.fields.generation()
        self.store.trash()
        self.trash.conversations()
        self.trash.purge_expired()
        for query in ("walrus", "c++ 海"):
            self.store.search(query)
        self.servers.list()
        self.servers.default()
        self.settings.all()
        self.settings.problems()
        self.settings.presets()
        assert len(self.prompts.list()) == 2
        self.prompts.take_in([SavedPrompt("Walrus", "About {{animal}}")])
        jobs, made = (
            DataJobStore(self.database, now=Clock(), new_id=numbered_ids("j")),
            MadeRowStore(self.database),
        )
        for job in jobs.jobs():
            jobs.next_task(job.id)
            jobs.failures(job.id)
            list(made.rows(job.id))
            made.count_by_document(job.id)
        assert len(self.characters.list()) == 2
        self.characters.take_in([Character("walrus")])
        for document in [*self.documents.documents(), *self.documents.trash(), *self.documents.unfinished()]:
            self.documents.at_path(document.path)
            self.passages.passages_of(document.id)
            with suppress(*gone):
                self.documents.document(document.id)
                self.documents.text(document.id)
        self.documents.collection_names()
        for collection in self.documents.collections():
            self.documents.documents(collection.id)
        ids = [int(number) for number in self.passages.searchable_ids()]
        self.passages.passages(ids)
        self.passages.words.search('"walrus"', 5)
        self.passages.generation()
        for stamp in ("m", "n"):
            self.passages.without_vector(stamp, 5)
            for rows in self.passages.vectors.rows(stamp):
                assert np.isfinite(rows.vectors).all()
                self.passages.vectors.exact(rows.ids.tolist(), rows.vectors.shape[1])
        matrix = VectorMatrix(self.passages.vectors, "m")
        for _time in range(2):
            assert matrix.refresh() <= 160  # one whose id is damaged may be in its block as well
            matrix.search(np.eye(1, 6, dtype=np.float32)[0], 5, self.passages.searchable_documents())
        keywords = KeywordIndex(self.passages)
        keywords.search(keywords.weights("walrus"), 5)
        self.jobs.waiting()
        self.jobs.failures()
        self.watched.folders()
        self.watched.files("/a")
        TokenCountStore(self.database).token_counts("t", [b"d"])
        ModelWindowStore(self.database).get("s", "m")
        for local in self.models.list():
            self.models.find(local.id)
            assert local.facts.bytes >= 0
        self.models.find("walrus")
        self.models.default()
        BackupStore(self.database, now=Clock()).list()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that holds something in every table."""
    folder = tmp_path_factory.mktemp("whole")
    with open_database(folder) as database:
        Scene(database).fill(folder)
        assert database.integrity_check() == []
        path = database.paths.database
    return path


def tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = [name for name, sql in rows if sql and sql.upper().startswith("CREATE VIRTUAL")]
    return [
        name
        for name, _sql in rows
        if name not in virtual
        and not name.startswith(("sqlite_", "_sqlite"))
        and not any(name.startswith(f"{index}_") for index in virtual)
    ]


def damaged_copies(whole: Path, folder: Path, table: str) -> Iterator[tuple[str, str, Path]]:
    """Yield (column, damage, data folder) for each column of a table and each damage that SQLite lets stand."""
    target = folder / whole.name
    with closing(sqlite3.connect(whole)) as connection:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    keys = [row[1] for row in columns if row[5]] or ["rowid"]
    for _number, column, kind, *_rest in columns:
        for words, (value, parameter) in DAMAGES.items():
            for file in folder.glob(f"{whole.name}*"):
                file.unlink()
            shutil.copyfile(whole, target)
            with closing(sqlite3.connect(target, isolation_level=None)) as connection:
                connection.execute("PRAGMA ignore_check_constraints = ON")
                triggers = connection.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [table]
                ).fetchall()
                for name, _sql in triggers:  # a byte that tips over runs none
                    connection.execute(f"DROP TRIGGER {name}")
                marks = " AND ".join(f"{key} IS ?" for key in keys)
                order = "DESC" if table == "messages" else "ASC"
                row = connection.execute(
                    f"SELECT {', '.join(keys)} FROM {table} ORDER BY {keys[0]} {order} LIMIT 1 OFFSET ?",
                    [4 if table == "messages" else 0],
                ).fetchone()
                try:
                    connection.execute(
                        f"UPDATE {table} SET {column} = {value} WHERE {marks}", [parameter, *row]
                    )
                except sqlite3.Error:
                    continue  # SQLite itself holds this off
                for _name, sql in triggers:
                    connection.execute(sql)
            yield f"{column} {kind}", words, folder


TABLES = (
    "conversations messages prompt_plans plan_parts plan_texts summaries exchange_vectors token_counts"
    " model_windows servers presets settings documents document_text_parts passages embedding_models vectors"
    " collections collection_documents document_copies library import_jobs watched_folders watched_files trash_clock"
    " trash_entries purges document_fields vector_blocks local_models"
    " folders conversation_tags prompts characters data_jobs data_tasks data_rows message_pictures"
).split()


def test_every_table_is_tried(whole: Path) -> None:
    assert set(tables(whole)) <= set(TABLES)
    assert MIGRATIONS


@pytest.mark.parametrize("table", TABLES)
def test_66_one_damaged_value_leaves_the_rest_readable(
    whole: Path, data_dir: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 1)  # so that the short form is read, too
    if table not in tables(whole):
        pytest.skip("not in this version")
    data_dir.mkdir()
    tried = 0
    for column, words, folder in damaged_copies(whole, data_dir, table):
        tried += 1
        where = f"{table}.{column}: {words}"
        with open_database(folder) as database:
            assert database.damage is None, where
            if words == "bytes that are no text" and column.endswith("TEXT"):
                problems = database.integrity_check()
                assert any(column.split()[0] in line and table in line for line in problems), (
                    where,
                    problems,
                )
            scene = Scene(database, "later")
            try:
                scene.read_everything()
                # What was not damaged is whole, and the store goes on.
                walruses = [hit for hit in scene.store.search("walrus answer") if hit.message_id]
                assert len(walruses) >= 1, where
                fresh = scene.store.create_conversation(GenerationSettings())
                exchange(scene.store, fresh.id, None, "a new question", "a new answer")
                assert len(scene.store.path(fresh.id)) == 2, where
            except AssertionError:
                raise
            except Exception as exc:
                raise AssertionError(f"{where}: {type(exc).__name__}: {exc}") from exc
    assert tried


def damage(path: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement, values)


@pytest.fixture
def damaged(whole: Path, data_dir: Path) -> Iterator[Callable[..., tuple[Database, ConversationStore]]]:
    data_dir.mkdir()
    path = data_dir / whole.name
    shutil.copyfile(whole, path)
    opened: list[Database] = []

    def open_with(statement: str, *values: Any) -> tuple[Database, ConversationStore]:
        damage(path, statement, *values)
        database = open_database(data_dir)
        opened.append(database)
        return database, open_store(database, "later")

    yield open_with
    for database in opened:
        database.close()


def of_walrus(store: ConversationStore) -> list[Any]:
    conversation = next(found for found in store.list_conversations() if found.title.startswith("walrus"))
    return store.path(conversation.id)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("UPDATE messages SET text = CAST(? AS TEXT) WHERE text = 'walrus answer 1'", [NOT_UTF8]),
        ("UPDATE messages SET usage = ? WHERE text = 'walrus answer 1'", ["{broken"]),
        ("UPDATE messages SET notices = ? WHERE text = 'walrus answer 1'", ["{}"]),
        ("UPDATE messages SET parent_id = ? WHERE text = 'walrus answer 1'", ["nobody"]),
        ("UPDATE messages SET id = ? WHERE text = 'walrus answer 1'", ["changed"]),
        ("UPDATE messages SET parent_id = 'id-3' WHERE text = 'walrus answer 1'", []),
        ("UPDATE messages SET conversation_id = ? WHERE text = 'walrus answer 1'", ["nobody"]),
        ("UPDATE conversations SET leaf_id = ? WHERE title LIKE 'walrus%'", ["nobody"]),
        ("UPDATE conversations SET id = ? WHERE title LIKE 'walrus%'", ["changed"]),
        ("UPDATE conversations SET settings = ? WHERE title LIKE 'walrus%'", ["{"]),
    ],
)
def test_a_conversation_stays_whole_and_marks_what_is_damaged(
    damaged: Callable[..., tuple[Database, ConversationStore]], statement: str, values: list[Any]
) -> None:
    database, store = damaged(statement, *values)
    told: list[bool] = []
    database.on_damaged_value = lambda: told.append(True)
    path = of_walrus(store)
    assert len(path) == 6
    assert [message.role for message in path] == [Role.USER, Role.ASSISTANT] * 3
    assert "quokka" not in "".join(message.text for message in path)
    if "messages" in statement and "conversation_id" not in statement:
        marked = [message for message in path if DAMAGED_MESSAGE in message.notices]
        assert marked
        assert len(marked) <= 2
        assert told
    assert len(newest_page(store, next(c.id for c in store.list_conversations())).messages) == 6


def test_an_unreadable_file_is_said_to_be_unreadable_not_unwritable(data_dir: Path) -> None:
    with open_database(data_dir, busy_timeout_seconds=0.01) as database:
        with closing(sqlite3.connect(database.paths.database, isolation_level=None)) as stranger:
            open_store(database).list_conversations()
            stranger.execute("PRAGMA locking_mode = EXCLUSIVE")
        with pytest.raises(StoreUnreadable, match="could not be read"), database.read() as connection:
            connection.execute("SELECT * FROM nowhere")


def test_the_newest_backup_without_damaged_values_is_offered_and_spared(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store, backups = open_store(database), BackupStore(database, now=Clock())
        conversation = store.create_conversation(GenerationSettings())
        exchange(store, conversation.id, None, "walrus", "answer")
        good = backups.create(BackupReason.DAILY)
        damage(database.paths.database, "UPDATE messages SET reasoning = CAST(? AS TEXT)", NOT_UTF8)
        made = [backups.create(BackupReason.DAILY) for _ in range(7)]
        assert backups.newest_good() == good
        left = {backup.path for backup in backups.list()}
        assert left == {good.path, *(backup.path for backup in made[-5:])}


def test_a_damaged_index_of_the_search_is_made_anew(
    damaged: Callable[..., tuple[Database, ConversationStore]],
) -> None:
    _database, store = damaged("UPDATE message_index_data SET block = x'ffffffffffffffff' WHERE id > 1")
    assert len([hit for hit in store.search("walrus answer") if hit.message_id]) == 3
    fresh = store.create_conversation(GenerationSettings())
    exchange(store, fresh.id, None, "a new walrus", "an answer")
    assert [hit.conversation_id for hit in store.search("new walrus") if hit.message_id] == [fresh.id]
    assert full_text_is_sound(_database)


def test_an_index_that_is_damaged_when_a_question_is_sent_is_made_anew(
    damaged: Callable[..., tuple[Database, ConversationStore]],
) -> None:
    _database, store = damaged("UPDATE message_index_data SET block = x'ffffffffffffffff' WHERE id <= 10")
    fresh = store.create_conversation(GenerationSettings())
    with suppress(SearchIndexDamaged):
        exchange(store, fresh.id, None, "a new walrus", "an answer")
    exchange(store, fresh.id, None, "another walrus", "an answer")
    assert store.search("another walrus")
