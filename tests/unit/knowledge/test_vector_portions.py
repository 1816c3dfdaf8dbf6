"""Vectors in portions: small documents together, the next begun before the last is stored, and nothing lost or made twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.core.documents import DocumentState
from chatbot_app.core.errors import StoreError
from chatbot_app.knowledge.children.vectors_errors import VectorsStopped
from chatbot_app.knowledge.embedder import Vectors
from chatbot_app.knowledge.importing import vector_making, vector_portions
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportFailed
from tests.unit.knowledge.conftest import HashEmbedder, Library

IN_TIME = 30.0


class HeardEmbedder(HashEmbedder):
    """Remembers what it was asked; calls wait until as many are let go."""

    def __init__(self, name: str = "hash", *, waits: bool = False) -> None:
        super().__init__(name)
        self.asked: list[list[str]] = []
        self.begun = threading.Condition()
        self._let_go = threading.Semaphore(0 if waits else 10_000)

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self.begun:
            self.asked.append(list(texts))
            self.begun.notify_all()
        assert self._let_go.acquire(timeout=IN_TIME)
        return super().embed(texts)

    def let_go(self, calls: int = 10_000) -> None:
        self._let_go.release(calls)

    def has_begun(self, calls: int) -> bool:
        with self.begun:
            return self.begun.wait_for(lambda: len(self.asked) >= calls, IN_TIME)


def files(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{number:02}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(f"The story number {number} tells of {number * 7} mills.")
    return paths


def long_file(folder: Path, portions: int) -> Path:
    path = folder / "long.txt"
    lines = 6 * portions * vector_portions.EMBEDDED_AT_ONCE
    path.write_text(
        "\n".join(f"Paragraph {n} tells of wonder {n}, in words of its own. " * 3 for n in range(lines))
    )
    return path


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (vector_portions, vector_making):
        monkeypatch.setattr(module, "EMBEDDED_AT_ONCE", 8)


def texts_of(embedder: HeardEmbedder) -> list[str]:
    return [text for portion in embedder.asked for text in portion]


def states(library: Library) -> set[DocumentState]:
    return {document.state for document in library.documents.documents()}


def test_small_documents_share_a_portion_and_each_is_told_of(library: Library, tmp_path: Path) -> None:
    paths = files(tmp_path / "papers", 20)
    embedder = HeardEmbedder(waits=True)
    runner = library.runner(lambda: embedder)
    runner.add(paths, "")
    finished = []
    for told in runner.run(until_done=True):
        if runner.progress.done == len(paths):
            embedder.let_go()
        if isinstance(told, FileProgress) and told.step is FileStep.FINISHED:
            assert told.document is not None
            assert told.document.state is DocumentState.READY
            finished.append(Path(told.path).name)
    assert finished == [path.name for path in paths]
    assert [len(portion) for portion in embedder.asked] == [8, 8, 4]


def test_the_next_portion_is_made_while_one_is_stored(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = HeardEmbedder()
    stored: list[int] = []
    store = library.passages.add_vectors

    def add_vectors(stamp: str, ids: Sequence[int], vectors: Vectors) -> None:
        if len(stored) < 2:
            assert embedder.has_begun(len(stored) + 2)  # waits for it: else it would never begin
        store(stamp, ids, vectors)
        stored.append(len(ids))

    monkeypatch.setattr(library.passages, "add_vectors", add_vectors)
    runner = library.runner(lambda: embedder)
    runner.add([long_file(tmp_path, 3)], "")
    steps = [told for told in runner.run(until_done=True) if isinstance(told, FileProgress)]
    (document,) = library.documents.documents()
    assert document.state is DocumentState.READY
    assert document.passages > 16
    assert stored == [len(portion) for portion in embedder.asked]
    done = [told.done for told in steps if told.step is FileStep.VECTORS and told.done]
    assert done == [*range(8, document.passages, 8), document.passages]
    # In the order of the passages, each once.
    passages = library.passages.passages_of(document.id)
    assert [text.splitlines()[-1] for text in texts_of(embedder)] == [
        passage.text.splitlines()[-1] for passage in passages
    ]


def test_what_cannot_be_stored_is_kept_and_stored_later(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = HeardEmbedder()
    runner = library.runner(lambda: embedder)
    runner.add([long_file(tmp_path, 3)], "")

    def full(*_given: object) -> None:
        raise StoreError(detail="the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(library.passages, "add_vectors", full)
        told = list(runner.run(until_done=True))
    assert isinstance(told[-1], ImportFailed)
    assert runner.progress.paused
    assert states(library) == {DocumentState.SEARCHABLE}
    runner.set_paused(False)
    list(runner.run(until_done=True))
    assert states(library) == {DocumentState.READY}


def test_nothing_is_made_twice_when_files_come_meanwhile(library: Library, tmp_path: Path) -> None:
    embedder = HeardEmbedder()
    runner = library.runner(lambda: embedder)
    runner.add([long_file(tmp_path, 3)], "")
    later = files(tmp_path / "later", 3)
    for told in runner.run(until_done=True):
        if isinstance(told, FileProgress) and told.step is FileStep.VECTORS and told.done and later:
            runner.add([later.pop()], "")
    assert not later
    assert states(library) == {DocumentState.READY}
    assert (
        len(texts_of(embedder)) == len(set(texts_of(embedder))) == library.passages.count_vectors("hash:512")
    )


def test_vectors_are_made_while_files_are_read(library: Library, tmp_path: Path) -> None:
    embedder = HeardEmbedder()
    runner = library.runner(lambda: embedder)
    paths = files(tmp_path / "papers", 19)
    runner.add(paths, "")
    looked = []
    for told in runner.run(until_done=True):
        if (
            isinstance(told, FileProgress)
            and told.step is FileStep.READING
            and told.path in map(str, paths[8:])
        ):
            assert embedder.has_begun(1)  # the first eight files', before the ninth is read
            looked.append(told.path)
    assert len(looked) == 11
    assert states(library) == {DocumentState.READY}
    assert [len(portion) for portion in embedder.asked] == [8, 8, 3]


def test_pausing_begins_no_other_portion(library: Library, tmp_path: Path) -> None:
    embedder = HeardEmbedder()
    runner = library.runner(lambda: embedder)
    runner.add([long_file(tmp_path, 4)], "")
    for told in runner.run(until_done=True):
        if isinstance(told, FileProgress) and told.step is FileStep.VECTORS and told.done:
            runner.set_paused(True)
    begun = len(embedder.asked)
    assert library.passages.count_vectors("hash:512") == 8
    assert 1 <= begun <= 2  # the one that was stored, and the one that was under way
    runner.set_paused(False)
    list(runner.run(until_done=True))
    assert states(library) == {DocumentState.READY}


def test_one_that_fails_among_others_is_found_out_and_named(library: Library, tmp_path: Path) -> None:
    class Dying(HeardEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if any("number 2 " in text for text in texts):
                raise VectorsStopped(detail="it ended unexpectedly")
            return super().embed(texts)

    embedder = Dying()
    runner = library.runner(lambda: embedder)
    runner.add(files(tmp_path / "papers", 6), "")
    failed = [told for told in runner.run(until_done=True) if isinstance(told, ImportFailed)]
    assert ["“02” has no vectors yet" in str(told.error) for told in failed] == [True]
    assert not runner.progress.paused
    ready = {
        document.title for document in library.documents.documents() if document.state is DocumentState.READY
    }
    assert ready == {"00", "01", "03", "04", "05"}
    assert len(texts_of(embedder)) == len(set(texts_of(embedder))) == 5


def test_another_model_makes_all_vectors_of_a_document(library: Library, tmp_path: Path) -> None:
    models = [HeardEmbedder("old"), HeardEmbedder("new")]
    chosen = [models[0]]
    runner = library.runner(lambda: chosen[0])
    runner.add([long_file(tmp_path, 4)], "")
    for told in runner.run(until_done=True):
        is_stored = isinstance(told, FileProgress) and told.step is FileStep.VECTORS and told.done
        if is_stored and chosen[0] is models[0]:
            chosen[0] = models[1]
            runner.renew_embedder()
    (document,) = library.documents.documents()
    assert document.state is DocumentState.READY
    assert library.passages.count_vectors("new:512") == document.passages
    assert library.passages.count_vectors("old:512") < document.passages


def test_a_document_that_goes_meanwhile_is_no_failure(library: Library, tmp_path: Path) -> None:
    embedder = HeardEmbedder()
    runner = library.runner(lambda: embedder)
    runner.add([*files(tmp_path / "papers", 2), long_file(tmp_path, 4)], "")
    failed = []
    gone = ""
    for told in runner.run(until_done=True):
        if isinstance(told, FileProgress) and told.done and told.total > 8 and told.document and not gone:
            gone = told.document.id
            library.documents.delete(gone)
            library.documents.purge(gone)
        failed += [told] if isinstance(told, ImportFailed) else []
    assert gone
    assert failed == []
    assert states(library) == {DocumentState.READY}
    with library.database.read() as connection:
        orphans = "SELECT count(*) FROM vectors WHERE passage_id NOT IN (SELECT id FROM passages)"
        assert connection.execute(orphans).fetchone()[0] == 0


def test_what_was_stored_before_a_kill_is_only_finished(library: Library, tmp_path: Path) -> None:
    (path,) = files(tmp_path / "papers", 1)
    first = HeardEmbedder()
    *_, last = library.importer(first).import_file(path)
    document = last.document
    assert document is not None
    missing = library.passages.without_vector("hash:512", 10, document.id)
    library.passages.add_vectors(
        "hash:512", [row[0] for row in missing], first.embed([row[2] for row in missing])
    )
    second = HeardEmbedder()
    runner = library.runner(lambda: second)
    runner.make_vectors([document.id])
    list(runner.run(until_done=True))
    assert states(library) == {DocumentState.READY}
    assert second.asked == []
