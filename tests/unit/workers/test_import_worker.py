"""The import runs beside the window: told seldom, stopped soon, carried on after an end."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from chatbot_app.core.documents import DocumentState, ImportOutcome, ParsedDocument, PassageDraft
from chatbot_app.core.messages import Notice
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.embedder import EmbeddingModel, Vectors
from chatbot_app.knowledge.fields.old_documents import FieldReading
from chatbot_app.knowledge.importing import importer, runner
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportProgress, ImportStopped
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.kept_texts import TextKeeper
from chatbot_app.knowledge.importing.parts import ImportParts
from chatbot_app.knowledge.importing.runner import ImportRunner
from chatbot_app.knowledge.importing.upkeep import Upkeep
from chatbot_app.llm.web_pages import PageFetcher
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.passages import PassageStore
from chatbot_app.workers.import_worker import ImportWorker

IN_TIME_MS = 30_000
PARSER = (sys.executable, "-m", "chatbot_app.knowledge.children.parser")


class GatedEmbedder:
    """Makes the same vector for every text, once its gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    @property
    def model(self) -> EmbeddingModel:
        return EmbeddingModel("gated", 4)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.gate.wait(60)
        return np.full((len(texts), 4), 0.5, np.float32)


class Heard:
    """What a worker told, and in which thread."""

    def __init__(self, worker: ImportWorker) -> None:
        self.files: list[list[FileProgress]] = []
        self.progress: list[ImportProgress] = [ImportProgress()]
        self.notices: list[Notice] = []
        worker.files_changed.connect(self.files.append)
        worker.progress_changed.connect(self.progress.append)
        worker.failed.connect(self.notices.append)

    def last(self, path: Path) -> FileProgress | None:
        told = [one for portion in self.files for one in portion if one.path == str(path)]
        return told[-1] if told else None

    def is_done(self) -> bool:
        now = self.progress[-1]
        return now.done > 0 and not now.is_running and now.pending_vectors == 0


class Desk:
    """A library and the workers on it."""

    def __init__(self, folder: Path) -> None:
        numbers = count()
        self.database = Database(DataPaths(folder))
        self.documents = DocumentStore(
            self.database,
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
            new_id=lambda: f"{id(self):x}-{next(numbers)}",
        )
        self.passages = PassageStore(self.database)
        self.jobs = ImportQueue(self.database)
        self.embedder = GatedEmbedder()
        self.texts = folder / "texts"
        self.passages_without_asking = 1500
        self.numbers = ["93.184.216.34"]
        self.site: tuple[str, int] = ("127.0.0.1", 9)
        self.fetcher = PageFetcher(
            resolve=lambda host, port: self.numbers,
            route=lambda number, port: self.site,
        )
        self.workers: list[ImportWorker] = []

    def worker(self, command: Sequence[str] = PARSER) -> tuple[ImportWorker, Heard]:
        parser = ParserProcess(command)

        def create(is_stopped: Callable[[], bool]) -> Importer:
            return Importer(
                self.documents,
                self.passages,
                parser,
                self.embedder,
                is_stopped=is_stopped,
                passages_without_asking=self.passages_without_asking,
            )

        fields = FieldReading(FieldStore(self.database), self.documents.text_between)
        parts = ImportParts(
            create,
            lambda: self.embedder,
            parser,
            self.documents,
            self.passages,
            self.jobs,
            Upkeep(self.documents, self.passages, fields),
            TextKeeper(self.texts, self.fetcher),
            self.embedder.gate.set,
        )
        worker = ImportWorker(ImportRunner(parts))
        self.workers.append(worker)
        return worker, Heard(worker)

    def close(self) -> None:
        self.embedder.gate.set()
        for worker in self.workers:
            assert worker.shutdown(60)
        self.database.close()


@pytest.fixture
def desk(data_dir: Path, qapp: QCoreApplication) -> Iterator[Desk]:
    opened = Desk(data_dir)
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    folder = tmp_path / "files"
    folder.mkdir()

    def write_file(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


Write = Callable[[str, str], Path]


def test_a_folder_is_imported_and_what_is_not_read_is_named(desk: Desk, write: Write, qtbot: QtBot) -> None:
    one = write("papers/one.txt", "The turbine was built in 1987.")
    two = write("papers/deep/two.md", "# Wind\n\nIt turns.")
    bad = write("papers/bad.pdf", "no pdf at all")
    write("papers/film.mp4", "x")
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([one.parent])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    now = heard.progress[-1]
    assert (now.done, now.total, now.added, now.failed, now.left_out, now.named) == (
        3,
        3,
        2,
        1,
        1,
        ("film.mp4",),
    )
    for path in (one, two):
        # The last word on a file may follow the count of all files.
        qtbot.waitUntil(
            lambda path=path: getattr(heard.last(path), "step", None) is FileStep.FINISHED,  # type: ignore[misc]
            timeout=IN_TIME_MS,
        )
        last = heard.last(path)
        assert last is not None
        assert last.document is not None
        assert last.document.state is DocumentState.READY
    failed = heard.last(bad)
    assert failed is not None
    assert failed.report is not None
    assert failed.report.outcome is ImportOutcome.FAILED
    assert "bad.pdf" in failed.report.reason


def test_the_parser_ends_when_nothing_is_imported_and_comes_back_with_the_next_file(
    desk: Desk, write: Write, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "IDLE_SECONDS", 0.3)

    def parsers() -> int:
        family = psutil.process_iter(["ppid", "cmdline"])
        return sum(
            child.info["ppid"] == os.getpid()
            and "chatbot_app.knowledge.children.parser" in (child.info["cmdline"] or ())
            for child in family
        )

    worker, heard = desk.worker()
    worker.start()
    for name in ("one.txt", "two.txt"):
        path = write(name, f"The turbine {name} was built in 1987.")
        worker.import_paths([path])
        qtbot.waitUntil(
            lambda path=path: heard.last(path) is not None and heard.is_done(), timeout=IN_TIME_MS
        )
        qtbot.waitUntil(lambda: parsers() == 0, timeout=IN_TIME_MS)
        last = heard.last(path)
        assert last is not None
        assert last.document is not None


def test_words_are_searched_before_the_vectors_are_there(desk: Desk, write: Write, qtbot: QtBot) -> None:
    desk.embedder.gate.clear()
    path = write("one.txt", "The turbine was built in 1987.")
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(lambda: heard.progress[-1].done == 1, timeout=IN_TIME_MS)
    assert len(desk.passages.words.search('"turbin"', 5)) == 1
    qtbot.waitUntil(lambda: heard.progress[-1].pending_vectors == 1, timeout=IN_TIME_MS)
    qtbot.waitUntil(lambda: (told := heard.last(path)) is not None and told.step is FileStep.VECTORS)
    assert worker.is_working
    desk.embedder.gate.set()
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    qtbot.waitUntil(lambda: not worker.is_working, timeout=IN_TIME_MS)
    assert desk.passages.count_without_vector("gated:4") == 0


def test_documents_of_an_old_library_get_their_fields_beside_the_window(desk: Desk, qtbot: QtBot) -> None:
    text = "Invoice\n\nWidget Works Ltd.\n\nInvoice date: April 18, 2023"
    parsed = ParsedDocument("bill", text, (), "text/plain")
    document = desk.documents.register(Source("/x/bill.txt", "bill", len(text), "aa")).document
    draft = PassageDraft(0, 0, len(text), text, None, (), "")
    desk.documents.store_passages(document.id, parsed, [draft])  # as an earlier version did, without fields
    store = FieldStore(desk.database)
    assert store.known() == []
    worker, _heard = desk.worker()
    with qtbot.waitSignal(worker.fields_read, timeout=IN_TIME_MS):  # so that who lists documents shows them
        worker.start()
    ((_id, fields),) = store.known()
    assert fields.summary == "Widget Works Ltd., invoice, 2023-04-18"


def test_many_files_are_told_ten_times_a_second_at_most(desk: Desk, write: Write, qtbot: QtBot) -> None:
    paths = [write(f"n{number}.txt", f"File {number} says {number * 7}.") for number in range(100)]
    worker, heard = desk.worker()
    threads: set[QThread] = set()
    worker.files_changed.connect(lambda _: threads.add(QThread.currentThread()))
    worker.start()
    worker.import_paths([paths[0].parent])
    qtbot.waitUntil(heard.is_done, timeout=60_000)
    assert heard.progress[-1].added == 100
    assert len({one.path for portion in heard.files for one in portion}) == 100
    for portion in heard.files:
        assert len({one.path for one in portion}) == len(portion)
    finished = [one for portion in heard.files for one in portion if one.step is FileStep.FINISHED]
    assert len(finished) == 100
    assert threads == {QCoreApplication.instance().thread()}  # type: ignore[union-attr]


def test_pause_cancel_and_resume(desk: Desk, write: Write, qtbot: QtBot) -> None:
    paths = [write(f"n{number}.txt", f"Text {number}") for number in range(5)]
    worker, heard = desk.worker()
    worker.set_paused(True)
    worker.start()
    worker.import_paths(paths)
    qtbot.waitUntil(lambda: heard.progress[-1].total == 5, timeout=IN_TIME_MS)
    assert heard.progress[-1].done == 0
    worker.cancel()
    qtbot.waitUntil(lambda: heard.progress[-1].total == 0, timeout=IN_TIME_MS)
    last = heard.last(paths[0])
    assert last is not None
    assert last.report is not None
    assert last.report.outcome is ImportOutcome.SKIPPED
    assert desk.jobs.waiting() == []
    worker.import_paths(paths[:2])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    assert heard.progress[-1].added == 2


def test_what_waits_is_carried_on_by_the_next_run(desk: Desk, write: Write, qtbot: QtBot) -> None:
    paths = [write(f"n{number}.txt", f"Text {number}") for number in range(3)]
    worker, heard = desk.worker()
    worker.set_paused(True)
    worker.start()
    worker.import_paths(paths)
    qtbot.waitUntil(lambda: heard.progress[-1].total == 3, timeout=IN_TIME_MS)
    assert worker.shutdown(60)
    again, heard_again = desk.worker()
    again.start()
    qtbot.waitUntil(heard_again.is_done, timeout=IN_TIME_MS)
    assert {document.state for document in desk.documents.documents()} == {DocumentState.READY}
    assert len(desk.documents.documents()) == 3


def test_vectors_that_are_missing_are_made_by_the_next_run(desk: Desk, write: Write, qtbot: QtBot) -> None:
    desk.embedder.gate.clear()
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([write("one.txt", "Some text")])
    qtbot.waitUntil(lambda: heard.progress[-1].done == 1, timeout=IN_TIME_MS)
    worker.set_paused(True)
    desk.embedder.gate.set()
    assert worker.shutdown(60)
    again, heard_again = desk.worker()
    again.start()
    qtbot.waitUntil(
        lambda: [d.state for d in desk.documents.documents()] == [DocumentState.READY], timeout=IN_TIME_MS
    )
    assert heard_again.notices == []


def test_a_pasted_text_becomes_a_file_with_a_safe_name(desk: Desk, qtbot: QtBot) -> None:
    worker, heard = desk.worker()
    worker.start()
    worker.runner.add_text("../../etc/passwd: <b>", "The turbine was built in 1987.")
    worker.runner.add_text("../../etc/passwd: <b>", "Another text.")
    qtbot.waitUntil(lambda: heard.is_done() and heard.progress[-1].added == 2, timeout=IN_TIME_MS)
    assert sorted(path.name for path in desk.texts.iterdir()) == ["etc passwd b 2.txt", "etc passwd b.txt"]


def test_a_file_is_read_again_on_demand_although_its_bytes_are_known(
    desk: Desk, write: Write, qtbot: QtBot
) -> None:
    path = write("one.txt", "Some text")
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    worker.import_paths([path])
    qtbot.waitUntil(lambda: heard.progress[-1].already_there == 1, timeout=IN_TIME_MS)
    worker.import_paths([path], again=True)
    qtbot.waitUntil(lambda: heard.is_done() and heard.progress[-1].added == 1, timeout=IN_TIME_MS)
    assert [d.state for d in desk.documents.documents()] == [DocumentState.READY]
    assert len(desk.passages.words.search('"text"', 5)) == 1


def test_a_file_that_vanished_fails_and_is_not_left_importing(desk: Desk, write: Write, qtbot: QtBot) -> None:
    path = write("one.txt", "Some text")
    worker, heard = desk.worker()
    worker.start()
    path.unlink()
    worker.import_paths([path])
    qtbot.waitUntil(lambda: heard.progress[-1].failed == 1, timeout=IN_TIME_MS)
    assert [report.outcome for report in desk.jobs.failures()] == [ImportOutcome.FAILED]


class Page(BaseHTTPRequestHandler):
    """Answers every request with one page."""

    def do_GET(self) -> None:
        body = b"<html><head><title>Zephyr</title></head><body><p>The turbine was built in 1987.</p></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, int]]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_web_page_is_imported_and_a_private_one_only_when_it_is_allowed(
    desk: Desk, site: tuple[str, int], qtbot: QtBot
) -> None:
    desk.site = site
    worker, heard = desk.worker()
    asked: list[tuple[str, str, str]] = []
    worker.permission_needed.connect(lambda *question: asked.append(question))
    worker.start()
    desk.numbers = ["10.0.0.1"]
    address = "http://wiki.example/turbines/zephyr?x=1"
    worker.runner.add_address(address)
    qtbot.waitUntil(lambda: bool(asked), timeout=IN_TIME_MS)
    assert asked == [(address, "wiki.example", "")]
    assert desk.documents.documents() == []
    worker.runner.add_address(address, "", frozenset({"wiki.example"}))
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    (document,) = desk.documents.documents()
    assert document.state is DocumentState.READY
    assert Path(document.path).name == "wiki.example turbines zephyr.html"
    assert "built in 1987" in desk.documents.text(document.id)
    desk.numbers = ["127.0.0.1"]
    worker.runner.add_address("http://trap.example/")
    qtbot.waitUntil(lambda: bool(heard.notices), timeout=IN_TIME_MS)
    assert heard.notices[0].kind == "AddressBlocked"
    assert not heard.progress[-1].paused


# --- quitting -------------------------------------------------------------------------------------------

SLEEPS = "import sys\nfor line in sys.stdin:\n    while True: pass"


def assert_ends_in_time_and_is_taken_up_again(desk: Desk, worker: ImportWorker, qtbot: QtBot) -> None:
    """End a worker in the middle of an import (`shutdown` gives up after three seconds) and start another."""
    assert worker.shutdown(60)
    assert all(document.state is not DocumentState.FAILED for document in desk.documents.documents())
    desk.embedder.gate.set()
    again, heard = desk.worker()
    again.start()
    qtbot.waitUntil(
        lambda: [d.state for d in desk.documents.documents()] == [DocumentState.READY], timeout=IN_TIME_MS
    )
    assert heard.notices == []
    assert again.shutdown(60)
    with desk.database.read() as connection:
        stored, indexed, vectors, documents = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("passages", "passage_index_docsize", "vectors", "documents")
        )
    assert stored == indexed == vectors == desk.documents.documents()[0].passages
    assert documents == 1


def test_it_ends_while_a_file_is_hashed(desk: Desk, write: Write, qtbot: QtBot) -> None:
    endless = threading.Event()
    path = write("one.txt", "Some text")
    reached = threading.Event()

    def never_stops_reading(_path: Path, is_stopped: Callable[[], bool]) -> None:
        reached.set()
        while not is_stopped():
            endless.wait(0.01)
        raise ImportStopped

    worker, _heard = desk.worker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importer, "read_source", never_stops_reading)  # a gigabyte on a slow disk
        worker.start()
        worker.import_paths([path])
        qtbot.waitUntil(reached.is_set, timeout=IN_TIME_MS)
        assert worker.shutdown(60)
    again, heard = desk.worker()
    again.start()
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    assert heard.progress[-1].added == 1


def test_it_ends_while_a_file_is_parsed(desk: Desk, write: Write, qtbot: QtBot) -> None:
    path = write("one.txt", "Some text")
    worker, heard = desk.worker([sys.executable, "-c", SLEEPS])
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(lambda: len(desk.documents.documents()) == 1, timeout=IN_TIME_MS)
    qtbot.waitUntil(lambda: heard.last(path) is not None, timeout=IN_TIME_MS)
    assert_ends_in_time_and_is_taken_up_again(desk, worker, qtbot)


def test_it_ends_while_a_file_is_split_and_stored(desk: Desk, write: Write, qtbot: QtBot) -> None:
    lines = (f"Paragraph {n} tells of the {n}th wonder in words of its own. " * 12 for n in range(900))
    path = write("one.txt", "\n\n".join(lines))
    worker, _heard = desk.worker()
    worker.start()
    worker.import_paths([path])

    def is_partly_stored() -> bool:
        with desk.database.read() as connection:
            return bool(connection.execute("SELECT 1 FROM passages").fetchone())

    qtbot.waitUntil(is_partly_stored, timeout=IN_TIME_MS)
    assert_ends_in_time_and_is_taken_up_again(desk, worker, qtbot)


def test_it_ends_while_vectors_are_made(desk: Desk, write: Write, qtbot: QtBot) -> None:
    desk.embedder.gate.clear()  # `interrupt` opens it, as it ends onnxruntime and a waiting request
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([write("one.txt", "Some text")])
    qtbot.waitUntil(lambda: heard.progress[-1].done == 1, timeout=IN_TIME_MS)
    assert_ends_in_time_and_is_taken_up_again(desk, worker, qtbot)


def test_a_large_document_waits_for_the_persons_word_also_after_a_restart(
    desk: Desk, write: Write, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.passages_without_asking = 2
    path = write("one.txt", "\n\n".join(f"Part {n} of the turbine. " * 40 for n in range(10)))
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    last = heard.last(path)
    assert last is not None
    assert last.step is FileStep.FINISHED
    assert last.document is not None
    assert last.document.words_only
    assert worker.shutdown(60)
    again, heard = desk.worker()
    again.start()
    again.settle()
    other = write("two.txt", "Another text.")
    again.import_paths([other])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    assert desk.documents.document(last.document.id).state is DocumentState.SEARCHABLE
    again.make_vectors([last.document.id])
    qtbot.waitUntil(
        lambda: desk.documents.document(last.document.id).state is DocumentState.READY, timeout=IN_TIME_MS
    )


def test_a_document_that_was_deleted_leaves_the_index_in_the_background(
    desk: Desk, write: Write, qtbot: QtBot
) -> None:
    path = write("one.txt", "\n\n".join(f"Part {n} of the turbine. " * 40 for n in range(300)))
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    (document,) = desk.documents.documents()
    desk.documents.delete(document.id)
    assert desk.passages.words.search('"turbin"', 5) == []
    worker.settle()

    def indexed() -> int:
        with desk.database.read() as connection:
            return int(connection.execute("SELECT count(*) FROM passage_index_docsize").fetchone()[0])

    qtbot.waitUntil(lambda: indexed() == 0, timeout=IN_TIME_MS)


def test_documents_of_an_older_reader_are_read_again_unless_paused(desk: Desk, write, qtbot: QtBot) -> None:
    path = write("mills.csv", "Mill,Output\nUlm,500\nBonn,600\n")
    worker, heard = desk.worker()
    worker.start()
    worker.import_paths([path])
    qtbot.waitUntil(heard.is_done, timeout=IN_TIME_MS)
    qtbot.waitUntil(lambda: not worker.is_working, timeout=IN_TIME_MS)
    assert worker.shutdown(60)
    (document,) = desk.documents.documents()
    before = desk.passages.searchable_ids().tolist()
    with desk.database.write() as connection:
        connection.execute("UPDATE documents SET reading = 0")
    second, heard = desk.worker()
    second.set_paused(True)
    second.start()
    qtbot.waitUntil(lambda: heard.progress[-1].to_read_again == 1, timeout=IN_TIME_MS)
    assert desk.passages.searchable_ids().tolist() == before
    second.set_paused(False)
    qtbot.waitUntil(lambda: heard.progress[-1].to_read_again == 0, timeout=IN_TIME_MS)
    qtbot.waitUntil(
        lambda: desk.documents.document(document.id).state is DocumentState.READY, timeout=IN_TIME_MS
    )
    assert desk.passages.searchable_ids().tolist() != before
    assert not desk.documents.read_before(importer.READING)
    assert not heard.notices
