"""What `chatbot-app import` tells of files: once each, in their order, when their vectors are made, whatever happens between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.documents import Document, DocumentState, ImportOutcome, ImportReport
from chatbot_app.core.errors import StoreError
from chatbot_app.knowledge.children.vectors_errors import VectorsStopped
from chatbot_app.knowledge.embedder import Vectors
from chatbot_app.knowledge.importing import vector_making, vector_portions
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportFailed
from chatbot_app.knowledge.importing.file_reports import FileReports
from chatbot_app.knowledge.importing.vector_portions import Made, Portion, Share
from tests.unit.knowledge.conftest import HashEmbedder, Library, open_library

AT_ONCE = 8
AHEAD = 4 * AT_ONCE


class CountingEmbedder(HashEmbedder):
    """Remembers what it was asked; fails where it meets a word, as `poison` says."""

    def __init__(self, poison: Exception | None = None) -> None:
        super().__init__()
        self.poison = poison
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.poison is not None and any("poison" in text for text in texts):
            raise self.poison
        self.asked.append(list(texts))
        return super().embed(texts)

    @property
    def texts(self) -> list[str]:
        return [text for portion in self.asked for text in portion]


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (vector_portions, vector_making):
        monkeypatch.setattr(module, "EMBEDDED_AT_ONCE", AT_ONCE)


def files(folder: Path, count: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:02}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(f"The story number {number} tells of {number * 7} mills.")
    return paths


def reports_of(
    library: Library, embedder: HashEmbedder | None, paths: Sequence[Path], *, vectors_of_all: bool = False
) -> Generator[ImportReport]:
    """Import files as the command does; where nothing can be stored, tell what is done and raise the error."""
    importer = library.importer(embedder, passages_without_asking=AHEAD)
    runner = library.runner(lambda: embedder, importer, most_ahead=AHEAD, vectors_of_all=vectors_of_all)
    runner.add(paths, "")
    reports = FileReports(runner.awaits_vectors)
    with closing(runner.run(until_done=True)) as steps:
        for told in steps:
            yield from reports.take(told)
            if isinstance(told, ImportFailed) and told.document is None:
                yield from reports.rest()
                raise told.error
    yield from reports.rest()


def told_of(reports: Sequence[ImportReport]) -> list[tuple[str, str]]:
    return [(Path(report.path).name, report.outcome.value) for report in reports]


def is_whole(library: Library, embedder: HashEmbedder, count: int) -> bool:
    """Whether there are so many documents, each READY, and each of their passages has one vector and one place in the index."""
    documents = library.documents.documents()
    passages = len(library.passages.searchable_ids())
    with library.database.read() as connection:
        indexed = connection.execute("SELECT count(*) FROM passage_index_docsize").fetchone()[0]
        held = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    states = {document.state for document in documents}
    return (
        (len(documents), states) == (count, {DocumentState.READY})
        and passages == held == indexed == library.passages.count_vectors(embedder.model.stamp)
        and passages == sum(document.passages for document in documents)
    )


def test_small_files_share_portions_and_are_told_in_order_once_they_have_their_vectors(
    library: Library, tmp_path: Path
) -> None:
    paths = files(tmp_path / "papers", 60)
    embedder = CountingEmbedder()
    told = []
    for report in reports_of(library, embedder, paths):
        assert library.documents.document(str(report.document_id)).state is DocumentState.READY
        told.append(report)
    assert told_of(told) == [(path.name, "imported") for path in paths]
    assert all(report.passages == 1 and report.characters > 30 for report in told)
    assert is_whole(library, embedder, 60)
    assert len(embedder.texts) == 60
    assert len(embedder.asked) <= 9  # 60 when each file's were made before the next was read


def test_no_file_is_read_while_many_passages_wait(library: Library, tmp_path: Path) -> None:
    paths = files(tmp_path / "papers", 60)
    embedder = CountingEmbedder()
    runner = library.runner(lambda: embedder, most_ahead=AHEAD)
    runner.add(paths, "")
    waiting = []
    for told in runner.run(until_done=True):
        if isinstance(told, FileProgress) and told.step is FileStep.READING:
            waiting.append(library.passages.count_pending_vectors(embedder.model.stamp))
    assert len(waiting) == 60
    assert AT_ONCE <= max(waiting) < AHEAD


def test_what_failed_is_there_already_or_is_a_copy_stands_in_its_place(
    library: Library, tmp_path: Path
) -> None:
    first, second, third = files(tmp_path / "papers", 3)
    empty, copy, gone = (tmp_path / name for name in ("empty.txt", "copy.txt", "gone.txt"))
    empty.touch()
    copy.write_bytes(first.read_bytes())
    embedder = CountingEmbedder()
    list(reports_of(library, embedder, [third]))
    told = list(reports_of(library, embedder, [first, empty, third, copy, gone, second]))
    assert told_of(told) == [
        ("00.txt", "imported"),
        ("empty.txt", "failed"),
        ("02.txt", "already there"),
        ("copy.txt", "already there"),  # of the first, whose vectors are waited for
        ("gone.txt", "failed"),
        ("01.txt", "imported"),
    ]
    assert "“00”" in told[3].reason
    whole = [one for one in library.documents.documents() if one.state is not DocumentState.FAILED]
    assert len(embedder.texts) == len(whole) == 3


@pytest.mark.parametrize(
    "poison", [VectorsStopped(detail="it ended unexpectedly"), ZeroDivisionError("an accident")]
)
def test_one_whose_vectors_cannot_be_made_failed_and_the_next_import_carries_it_on(
    library: Library, tmp_path: Path, poison: Exception
) -> None:
    paths = files(tmp_path / "papers", 12)
    paths[3].write_text("Mills and poison.")
    embedder = CountingEmbedder(poison)
    told = list(reports_of(library, embedder, paths))
    names = [path.name for path in paths]
    assert told_of(told) == [(name, "failed" if name == "03.txt" else "imported") for name in names]
    assert told[3].error == "VectorsNotMade"
    assert "“03” has no vectors yet" in told[3].reason
    assert type(poison).__name__ in told[3].reason or "ended unexpectedly" in told[3].reason
    assert told[3].document_id is not None
    assert library.documents.document(told[3].document_id).state is DocumentState.SEARCHABLE
    healthy = CountingEmbedder()
    again = list(reports_of(library, healthy, paths))
    assert told_of(again) == [(name, "imported" if name == "03.txt" else "already there") for name in names]
    assert healthy.texts == ["03\nMills and poison."]
    assert is_whole(library, embedder, 12)


def test_a_full_disk_ends_the_import_and_the_next_one_makes_nothing_twice(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path / "papers", 40)
    embedder = CountingEmbedder()
    store = library.passages.add_vectors
    stored: list[int] = []

    def full(stamp: str, ids: Sequence[int], vectors: Vectors) -> None:
        if stored:
            raise StoreError(detail="the disk is full")
        store(stamp, ids, vectors)
        stored.extend(ids)

    told: list[ImportReport] = []
    with monkeypatch.context() as patch:
        patch.setattr(library.passages, "add_vectors", full)
        given = reports_of(library, embedder, paths)
        with pytest.raises(StoreError, match="the disk is full"):
            told.extend(given)  # what came before the error stays in it
    done = len(told)
    assert told_of(told) == [(path.name, "imported") for path in paths[:done]]
    assert done == len(stored) > 0
    ready = [one for one in library.documents.documents() if one.state is DocumentState.READY]
    assert len(ready) == done
    later = CountingEmbedder()
    again = list(reports_of(library, later, paths))
    outcomes = ["already there"] * done + ["imported"] * (40 - done)
    assert [outcome for _, outcome in told_of(again)] == outcomes
    assert len(later.texts) == 40 - done
    assert is_whole(library, embedder, 40)


def test_without_a_model_files_are_told_of_when_they_are_read(library: Library, tmp_path: Path) -> None:
    paths = files(tmp_path / "papers", 20)
    told = list(reports_of(library, None, paths))
    assert told_of(told) == [(path.name, "imported") for path in paths]
    assert {document.state for document in library.documents.documents()} == {DocumentState.SEARCHABLE}


def test_large_documents_have_vectors_where_they_are_asked_for(library: Library, tmp_path: Path) -> None:
    small, *_ = files(tmp_path / "papers", 1)
    large = tmp_path / "large.txt"
    large.write_text(
        "\n".join(f"Paragraph {n} tells of wonder {n}, in words of its own. " * 12 for n in range(150))
    )
    embedder = CountingEmbedder()
    told = list(reports_of(library, embedder, [small, large]))
    assert told_of(told) == [("00.txt", "imported"), ("large.txt", "imported")]
    assert "found by its words" in " ".join(told[1].warnings)
    assert told[1].passages > AHEAD
    assert len(embedder.texts) == 1
    again = list(reports_of(library, embedder, [small, large], vectors_of_all=True))
    assert told_of(again) == [("00.txt", "already there"), ("large.txt", "imported")]
    assert len(embedder.texts) == 1 + told[1].passages
    assert is_whole(library, embedder, 2)


def test_one_that_is_removed_meanwhile_holds_no_other_back(library: Library, tmp_path: Path) -> None:
    paths = files(tmp_path / "papers", 20)
    embedder = CountingEmbedder()
    runner = library.runner(lambda: embedder, most_ahead=AHEAD)
    runner.add(paths, "")
    reports, told = FileReports(runner.awaits_vectors), []
    early = 0
    for step in runner.run(until_done=True):
        told += reports.take(step)
        match step:
            case FileProgress(path, FileStep.VECTORS, Document() as document, done=0) if path == str(
                paths[0]
            ):
                library.documents.delete(document.id)
            case FileProgress(_, FileStep.READING):
                early = len(told)
    assert early > 0
    assert told_of(told) == [(path.name, "imported") for path in paths]


def test_what_is_left_off_is_carried_on(library: Library, tmp_path: Path) -> None:
    paths = files(tmp_path / "papers", 30)
    embedder = CountingEmbedder()
    first = reports_of(library, embedder, paths)
    assert told_of([next(first)]) == [("00.txt", "imported")]
    first.close()  # as Ctrl-C does
    later = CountingEmbedder()
    told = list(reports_of(library, later, paths))
    assert [Path(report.path).name for report in told] == [path.name for path in paths]
    assert told[0].outcome is ImportOutcome.ALREADY_THERE
    assert is_whole(library, embedder, 30)
    assert len(later.texts) <= 30 - AT_ONCE


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
import conftest
from pathlib import Path
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.importing import vector_making, vector_portions
vector_making.EMBEDDED_AT_ONCE = vector_portions.EMBEDDED_AT_ONCE = 8
library = conftest.open_library(Path(sys.argv[2]), ParserProcess(conftest.PARSER))
runner = library.runner(conftest.HashEmbedder, most_ahead=32)
runner.add(sorted(Path(sys.argv[3]).iterdir()), "")
for number, told in enumerate(runner.run(until_done=True)):
    if number == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", [45, 90, 150])
def test_32_killed_at_any_step_the_same_command_carries_it_on(
    data_dir: Path, tmp_path: Path, library: Library, step: int
) -> None:
    paths = files(tmp_path / "papers", 40)
    library.database.close()
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(data_dir)]
    killed = subprocess.run(
        [*command, os.fspath(tmp_path / "papers"), str(step)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    opened = open_library(data_dir, library.parser)
    try:
        had = opened.passages.count_vectors("hash:512")
        ready = [one for one in opened.documents.documents() if one.state is DocumentState.READY]
        unfinished = [one for one in opened.documents.unfinished() if one.state is DocumentState.SEARCHABLE]
        assert len(unfinished) <= 32
        embedder = CountingEmbedder()
        told = list(reports_of(opened, embedder, paths))
        assert [Path(report.path).name for report in told] == [path.name for path in paths]
        there = [report for report in told if report.outcome is ImportOutcome.ALREADY_THERE]
        assert len(there) == len(ready)
        assert len(embedder.texts) == 40 - had
        assert is_whole(opened, embedder, 40)
    finally:
        opened.database.close()


def test_a_file_took_its_part_of_the_time_of_the_vectors_it_shared() -> None:
    made: Future[Made] = Future()
    made.set_result(Made(np.zeros((4, 2), np.float32), 6.0))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    one, other = (
        Document(name, name, name, "text/plain", 9, name, DocumentState.SEARCHABLE, now)
        for name in ("one", "other")
    )
    shares = (Share(one, (1,), True), Share(other, (2, 3, 4), True))
    portion = Portion("stamp", shares, made)
    assert [portion.seconds_of(share) for share in shares] == [1.5, 4.5]
    reports = FileReports(lambda _: True)
    report = ImportReport("one", ImportOutcome.IMPORTED, seconds=0.5, document_id="one")
    steps = [
        FileProgress("one", FileStep.READING),
        FileProgress("one", FileStep.VECTORS, one, report),
        FileProgress("one", FileStep.VECTORS, one, report, 1, 2, seconds=1.5),
        FileProgress("one", FileStep.VECTORS, one, report, 2, 2, seconds=1.0),
        FileProgress("one", FileStep.FINISHED, one, report),
    ]
    assert [told for step in steps for told in reports.take(step)] == [replace(report, seconds=3.0)]
