"""The one orchestrator of imports, without a window: in which order, what it tells, and what it is stopped by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.core.documents import DocumentState, ImportOutcome
from chatbot_app.core.errors import StoreError
from chatbot_app.knowledge.children.vectors_errors import VectorsStopped
from chatbot_app.knowledge.embedder import Vectors
from chatbot_app.knowledge.importing import importer
from chatbot_app.knowledge.importing.events import (
    FileProgress,
    FilesLeftOut,
    FileStep,
    ImportFailed,
    ImportProgress,
)
from chatbot_app.knowledge.importing.sources import is_unchanged, read_source, stamp_of
from tests.unit.knowledge.conftest import HashEmbedder, Library


class DyingEmbedder(HashEmbedder):
    """Its process ends at every text that tells of poison."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        if any("poison" in text for text in texts):
            raise VectorsStopped(detail="it ended unexpectedly")
        return super().embed(texts)


def test_files_are_read_before_vectors_are_made_and_each_is_told_of(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in ("one.txt", "two.txt", "film.mp4"):
        (folder / name).write_text(f"The story of {name}.")
    runner = library.runner(lambda: embedder)
    runner.add([folder, tmp_path / "gone.txt"], "")
    told = list(runner.run(until_done=True))
    steps = [(Path(one.path).name, one.step) for one in told if isinstance(one, FileProgress)]
    names = ("one.txt", "two.txt", "gone.txt")
    assert steps[:3] == [(name, FileStep.WAITING) for name in names]
    assert steps.index(("two.txt", FileStep.READING)) < steps.index(("one.txt", FileStep.FINISHED))
    assert steps[-1] == ("two.txt", FileStep.FINISHED)
    assert [one for one in told if isinstance(one, FilesLeftOut)] == [
        FilesLeftOut((str(folder / "film.mp4"),))
    ]
    last = [one for one in told if isinstance(one, ImportProgress)][-1]
    assert (last.done, last.added, last.failed, last.left_out, last.named) == (3, 2, 1, 1, ("film.mp4",))
    assert {document.state for document in library.documents.documents()} == {DocumentState.READY}


def test_a_text_that_ends_the_embedding_process_is_named_and_the_others_go_on(
    library: Library, tmp_path: Path
) -> None:
    for name, text in (("bad.txt", "a poison"), ("good.txt", "a remedy")):
        (tmp_path / name).write_text(text)
    runner = library.runner(DyingEmbedder)
    runner.add([tmp_path / "bad.txt", tmp_path / "good.txt"], "")
    failures = [told for told in runner.run(until_done=True) if isinstance(told, ImportFailed)]
    assert ["“bad” has no vectors yet" in str(told.error) for told in failures] == [True]
    assert not runner.progress.paused
    states = {document.title: document.state for document in library.documents.documents()}
    assert states == {"bad": DocumentState.SEARCHABLE, "good": DocumentState.READY}


def test_a_store_that_refuses_pauses_the_import(
    library: Library, embedder: HashEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text("The turbine.")
    runner = library.runner(lambda: embedder)
    runner.add([tmp_path / "one.txt"], "")

    def full(_source: object) -> object:
        raise StoreError(detail="the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(library.documents, "register", full)
        told = list(runner.run(until_done=True))
    assert isinstance(told[-1], ImportFailed)
    assert runner.progress.paused
    assert runner.progress.done == 0
    runner.set_paused(False)
    list(runner.run(until_done=True))
    assert runner.progress.added == 1


def test_what_is_stopped_waits_for_the_next_run(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path in paths:
        path.write_text(f"The story of {path.name}.")
    runner = library.runner(lambda: embedder)
    runner.add(paths, "")
    for told in runner.run():
        if isinstance(told, FileProgress) and told.step is FileStep.READING:
            runner.stop()  # and the loop ends by itself
    assert runner.progress.done == 0
    assert all(document.state is not DocumentState.FAILED for document in library.documents.documents())


def test_a_file_is_hashed_once_where_its_times_tell_that_it_is_the_same(
    library: Library, embedder: HashEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.txt"
    path.write_text("The turbine was built in 1987.")
    hashed: list[Path] = []

    def counted(path: Path, *rest: object) -> object:
        hashed.append(path)
        return read_source(path)

    monkeypatch.setattr(importer, "read_source", counted)
    monkeypatch.setattr(importer, "stamp_of", lambda path: stamp_of(path, lambda: path.stat().st_ctime + 60))
    assert library.add(path, embedder).report.outcome is ImportOutcome.IMPORTED
    assert hashed == [path]


def test_a_change_that_leaves_size_and_time_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("before")

    def later() -> float:
        return path.stat().st_ctime + 60

    before = stamp_of(path, later)
    assert is_unchanged(before, stamp_of(path, later))
    times = path.stat()
    path.write_text("after!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not is_unchanged(before, stamp_of(path, later))  # its time of change is another
    just_written = stamp_of(path)
    assert not is_unchanged(just_written, stamp_of(path))  # a second change might have left the same times
    assert not is_unchanged(before, stamp_of(tmp_path / "gone.txt"))
