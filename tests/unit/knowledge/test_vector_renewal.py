"""A library whose vectors are of another form of the built-in model: searched as before, made anew beside, then taken."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot_app.core.documents import DocumentState, ParsedDocument, PassageDraft
from chatbot_app.core.errors import StoreError
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children.built_in_stamps import is_multilingual_here, joined, stamped
from chatbot_app.knowledge.children.prepared_model import ORIGINAL_SHA256
from chatbot_app.knowledge.children.vectors_errors import VectorsStopped
from chatbot_app.knowledge.embedding_choice import EmbeddingChoice, ServerEmbedding
from chatbot_app.knowledge.importing.events import ImportFailed, ImportProgress
from chatbot_app.knowledge.importing.importer import READING
from chatbot_app.knowledge.library import Library
from chatbot_app.storage.database import Access, Database
from chatbot_app.storage.documents import Source
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.settings import SettingsStore
from tests.unit.knowledge.two_halves import ENGLISH, JOINED, TwoHalves

ALONE, BOTH = ENGLISH.stamp, JOINED.stamp
DOCUMENTS, EACH = 3, 20  # more passages each than are made at once


class OpenLibrary(Library):
    """A library of a store that a test reads, writes and closes itself."""

    database: Database
    chosen: list[ServerEmbedding]  # what a person chose in the place of the model that ships


def open_library(folder: Path, *, is_multilingual: bool = True) -> OpenLibrary:
    numbers = itertools.count()
    run = os.urandom(4).hex()
    database = Database(DataPaths(folder), access=Access.GUEST)
    chosen: list[ServerEmbedding] = []
    library = OpenLibrary(
        database,
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        new_id=lambda: f"{run}-{next(numbers)}",
        embedding_server=lambda: chosen[0] if chosen else None,
    )
    library.database, library.chosen = database, chosen
    library.vectors = TwoHalves(is_multilingual=is_multilingual)
    return library


def add(library: Library, name: str, count: int = EACH) -> str:
    """Store a document of so many passages, with the vectors that an import makes."""
    lines = [f"Sentence {number} of {name} tells of mills. " for number in range(count)]
    starts = [sum(map(len, lines[:number])) for number in range(count)]
    text = "".join(lines)
    document = library.documents.register(Source(f"/x/{name}", name, len(text), name)).document
    drafts = [
        PassageDraft(number, start, start + len(line), line, None, (), "")
        for number, (start, line) in enumerate(zip(starts, lines, strict=True))
    ]
    with library.documents.stage(document.id):
        pass
    library.documents.store_passages(document.id, ParsedDocument(name, text, (), "text/plain"), drafts)
    settling = library.documents.settling()
    settling.finish()
    runner = library.create_import_of([])
    runner.make_vectors([document.id])
    list(runner.run(until_done=True))
    return document.id


def stored(library: Library) -> dict[str, int]:
    return {stamp: count for stamp, _, count in library.passages.vectors.counts()}


def titles(library: Library, question: str) -> list[str]:
    found = library.retriever.search(question)
    assert not found.notes
    return [evidence.title for evidence in found.evidence]


def twice(library: OpenLibrary) -> int:
    """Return how many passages have two vectors of a form."""
    with library.database.read() as connection:
        return len(
            connection.execute(
                "SELECT 1 FROM vectors GROUP BY passage_id, model_number HAVING count(*) > 1"
            ).fetchall()
        )


def run(library: Library, until: Callable[[ImportProgress], bool] = lambda _: False) -> list[object]:
    """Do what the window's import does while no file waits, until nothing is left or a progress is told."""
    runner = library.create_import(Path("nowhere"))
    told: list[object] = []
    for event in runner.run(until_done=True):
        told.append(event)
        if isinstance(event, ImportProgress) and until(event):
            runner.stop()
    return told


def half_done(progress: ImportProgress) -> bool:
    return 0 < progress.vectors_to_renew <= DOCUMENTS * EACH - EACH


@pytest.fixture
def old(data_dir: Path) -> Iterator[OpenLibrary]:
    """A library that was made where the first model was the only one."""
    library = open_library(data_dir, is_multilingual=False)
    for number in range(DOCUMENTS):
        add(library, f"old{number}")
    with library.database.write() as connection:
        connection.execute("UPDATE documents SET reading = ?", [READING])
    assert stored(library) == {ALONE: DOCUMENTS * EACH}
    library.database.close()
    reopened = open_library(data_dir)
    yield reopened
    reopened.database.close()


def test_old_vectors_answer_until_the_new_ones_are_whole_and_then_go(old: OpenLibrary) -> None:
    process = old.vectors
    assert isinstance(process, TwoHalves)
    assert titles(old, "Which sentence of old1 tells of mills?")[0] == "old1"
    assert {wanted for wanted, _ in process.made} == {"questions"}
    seen: list[int] = []
    used: set[str] = set()

    def look(progress: ImportProgress) -> bool:
        seen.append(progress.vectors_to_renew)
        used.add(old.embedder.model.stamp if old.embedder is not None else "")
        assert titles(old, "Which sentence of old2 tells of mills?")[0] == "old2"
        return False

    run(old, look)
    assert max(seen) == DOCUMENTS * EACH
    assert seen[-1] == 0
    assert len(seen) > DOCUMENTS  # portion by portion
    assert old.embedder is not None
    assert old.embedder.model.stamp == BOTH
    assert old.import_embedder is not None
    assert old.import_embedder.model.stamp == BOTH
    assert stored(old) == {BOTH: DOCUMENTS * EACH}
    process.made.clear()
    assert titles(old, "Which sentence of old1 tells of mills?")[0] == "old1"
    assert {wanted for wanted, _ in process.made} == {"joined questions"}
    assert old.newest_vectors() is None
    assert not any(isinstance(event, ImportProgress) and event.vectors_to_renew for event in run(old))


def test_what_is_left_off_is_carried_on_and_nothing_is_made_twice(old: OpenLibrary, data_dir: Path) -> None:
    run(old, half_done)
    half = stored(old)
    assert half[ALONE] == DOCUMENTS * EACH
    assert 0 < half[BOTH] < DOCUMENTS * EACH
    assert old.embedder is not None
    assert old.embedder.model.stamp == ALONE
    again = open_library(data_dir)
    process = again.vectors
    assert isinstance(process, TwoHalves)
    run(again)
    made = Counter(text for wanted, text in process.made if wanted == "joined texts")
    assert sum(made.values()) == DOCUMENTS * EACH - half[BOTH]
    assert stored(again) == {BOTH: DOCUMENTS * EACH}
    assert not twice(again)
    again.database.close()


_WINDOW = """
import sys
from pathlib import Path
from chatbot_app.knowledge.embedding_choice import EmbeddingChoice, ServerEmbedding
from chatbot_app.knowledge.importing.events import ImportProgress
from tests.unit.knowledge.test_vector_renewal import half_done, open_library
for event in open_library(Path(sys.argv[1])).create_import(Path("nowhere")).run(until_done=True):
    if isinstance(event, ImportProgress) and half_done(event):
        print("half", flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_loses_nothing(old: OpenLibrary, data_dir: Path) -> None:
    old.database.close()
    command = [sys.executable, "-c", _WINDOW, os.fspath(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        os.kill(child.pid, signal.SIGKILL)
    again = open_library(data_dir)
    half = stored(again)
    assert half[ALONE] == DOCUMENTS * EACH
    assert 0 < half[BOTH] < DOCUMENTS * EACH
    assert titles(again, "Which sentence of old1 tells of mills?")[0] == "old1"
    run(again)
    assert stored(again) == {BOTH: DOCUMENTS * EACH}
    assert not twice(again)
    assert {document.state for document in again.documents.documents()} == {DocumentState.READY}
    again.database.close()


def test_a_kill_between_the_last_vector_and_the_removal_is_made_up_for(
    old: OpenLibrary, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_arguments: object) -> None:
        raise Killed

    remove = PassageStore.remove_some_dropped

    def kill_amid(store: PassageStore, portions: Portions) -> bool:
        if remove(store, portions):
            raise Killed
        return False

    for store, name, end in (
        (SettingsStore, "set", kill),
        (PassageStore, "give_up_vectors", kill),
        (PassageStore, "remove_some_dropped", kill_amid),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(store, name, end)
            with pytest.raises(Killed):
                run(open_library(data_dir))
        left = open_library(data_dir)
        assert titles(left, "Which sentence of old1 tells of mills?")[0] == "old1"
        left.database.close()
    last = open_library(data_dir)
    assert last.embedder is not None
    assert last.embedder.model.stamp == BOTH
    run(last)
    assert stored(last) == {BOTH: DOCUMENTS * EACH}
    with last.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == DOCUMENTS * EACH
    last.database.close()


def test_what_is_imported_meanwhile_is_found_by_both(old: OpenLibrary) -> None:
    added: list[str] = []

    def import_late(progress: ImportProgress) -> bool:
        if half_done(progress) and not added:
            added.append(add(old, "late", 5))
            assert titles(old, "Which sentence of late tells of mills?")[0] == "late"
        return False

    run(old, import_late)
    assert added
    assert stored(old) == {BOTH: DOCUMENTS * EACH + 5}
    assert titles(old, "Which sentence of late tells of mills?")[0] == "late"


def test_documents_in_the_trash_get_theirs_when_they_come_back(old: OpenLibrary) -> None:
    (first, *_) = old.documents.documents()
    old.documents.delete(first.id)
    run(old)
    assert stored(old)[BOTH] == (DOCUMENTS - 1) * EACH
    old.documents.restore(first.id)
    run(old)
    assert stored(old) == {BOTH: DOCUMENTS * EACH}
    assert old.documents.document(first.id).state is DocumentState.READY


def test_it_pauses_with_the_import(old: OpenLibrary) -> None:
    runner = old.create_import(Path("nowhere"))
    runner.set_paused(True)
    told = [event for event in runner.run(until_done=True) if isinstance(event, ImportProgress)]
    assert stored(old) == {ALONE: DOCUMENTS * EACH}
    assert any(event.paused for event in told)
    assert not runner.is_working
    runner.set_paused(False)
    assert runner.is_working
    list(runner.run(until_done=True))
    assert stored(old) == {BOTH: DOCUMENTS * EACH}
    assert not runner.is_working


def test_a_full_disk_pauses_and_loses_nothing(old: OpenLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, patience = PassageStore.add_vectors, iter([True, True])

    def refuse(self: PassageStore, *arguments: object) -> None:
        if not next(patience, False):
            raise StoreError(detail="the disk is full")
        keep(self, *arguments)  # type: ignore[arg-type]

    runner = old.create_import(Path("nowhere"))
    with monkeypatch.context() as patch:
        patch.setattr(PassageStore, "add_vectors", refuse)
        told = list(runner.run(until_done=True))
    (failed,) = [event for event in told if isinstance(event, ImportFailed)]
    assert "disk is full" in failed.error.summary
    assert runner.progress.paused
    assert titles(old, "Which sentence of old1 tells of mills?")[0] == "old1"
    assert 0 < stored(old)[BOTH] < DOCUMENTS * EACH
    runner.set_paused(False)
    list(runner.run(until_done=True))
    assert stored(old) == {BOTH: DOCUMENTS * EACH}


def test_a_model_that_fails_is_told_once_and_leaves_the_old_vectors(
    old: OpenLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise VectorsStopped(detail="it ended")

    with monkeypatch.context() as patch:
        patch.setattr(TwoHalves, "rows", fail)
        told = run(old)
    failures = [event.error for event in told if isinstance(event, ImportFailed)]
    assert [type(error) for error in failures] == [VectorsStopped]
    assert titles(old, "Which sentence of old1 tells of mills?")[0] == "old1"
    run(old)
    assert stored(old) == {BOTH: DOCUMENTS * EACH}


def test_a_library_that_comes_to_a_computer_without_the_second_model_is_searched_and_made_anew(
    old: OpenLibrary, data_dir: Path
) -> None:
    run(old)
    old.database.close()
    elsewhere = open_library(data_dir, is_multilingual=False)
    assert elsewhere.embedder is not None
    assert elsewhere.embedder.model.stamp == BOTH
    assert titles(elsewhere, "Which sentence of old1 tells of mills?")[0] == "old1"
    run(elsewhere)
    assert elsewhere.embedder.model.stamp == ALONE
    assert stored(elsewhere) == {ALONE: DOCUMENTS * EACH, BOTH: DOCUMENTS * EACH}
    assert titles(elsewhere, "Which sentence of old1 tells of mills?")[0] == "old1"
    retriever = elsewhere.retriever
    run(elsewhere)
    assert elsewhere.retriever is retriever  # the next start has nothing to do
    add(elsewhere, "late", 5)
    elsewhere.database.close()
    back = open_library(data_dir)
    assert titles(back, "Which sentence of late tells of mills?")[0] == "late"
    run(back)
    assert stored(back) == {BOTH: DOCUMENTS * EACH + 5}
    back.database.close()


def test_a_start_reads_no_model_where_nothing_is_to_be_made_anew(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library(data_dir)
    english = stamped(ORIGINAL_SHA256)
    usual = joined(english) if is_multilingual_here() else english
    library.vectors = TwoHalves(is_multilingual=is_multilingual_here(), english=english)
    add(library, "new", 2)
    assert stored(library) == {usual.stamp: 2}
    library.renew_embedder()
    with monkeypatch.context() as patch:
        patch.setattr(TwoHalves, "joined", property(lambda _: pytest.fail("its file was read")))
        patch.setattr(TwoHalves, "model", property(lambda _: pytest.fail("its file was read")))
        assert library.newest_vectors() is None
    library.database.close()


class Elsewhere:
    """A model of a server that makes vectors, and is asked for none here."""

    def request(self, texts: Sequence[str]) -> list[list[float]]:
        raise AssertionError(f"asked for {texts}")

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def choose_another_model(library: OpenLibrary) -> None:
    library.chosen.append(ServerEmbedding(EmbeddingChoice("s", "m", 4, (1.0,)), Elsewhere()))
    library.renew_embedder()
    assert library.embedder is not None
    assert library.embedder.model.stamp not in (ALONE, BOTH)


def test_a_choice_that_is_made_in_the_last_moment_counts(old: OpenLibrary) -> None:
    newest = old.newest_vectors()
    assert newest is not None
    choose_another_model(old)
    newest.take()
    assert stored(old) == {ALONE: DOCUMENTS * EACH}
    assert {document.state for document in old.documents.documents()} == {DocumentState.READY}


def test_a_person_who_chose_another_model_is_left_alone(old: OpenLibrary) -> None:
    choose_another_model(old)
    assert old.newest_vectors() is None
    run(old)
    assert stored(old) == {ALONE: DOCUMENTS * EACH}
