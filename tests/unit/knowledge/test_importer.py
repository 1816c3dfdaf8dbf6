"""Imports that fail, repeat, vanish, attack: FAULTS 32 to 41."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatbot_app.core.documents import DocumentState, ImportOutcome
from chatbot_app.knowledge.embedder import VectorsRefused
from chatbot_app.knowledge.importing.events import DocumentSearchable, ImportFailed
from chatbot_app.knowledge.importing.folders import files_in
from chatbot_app.knowledge.importing.sources import read_source
from chatbot_app.knowledge.importing.vector_portions import EMBEDDED_AT_ONCE
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.storage.documents import DocumentIncomplete
from tests.processor_time import processor_seconds

LONG = "\n".join(f"Paragraph {n} tells of the {n}th wonder, in words of its own. " * 12 for n in range(300))


def orphans(library) -> dict[str, int]:
    with library.database.read() as connection:
        return {
            "passages": connection.execute(
                "SELECT count(*) FROM passages WHERE document_number NOT IN (SELECT number FROM documents)"
            ).fetchone()[0],
            "vectors": connection.execute(
                "SELECT count(*) FROM vectors WHERE passage_id NOT IN (SELECT id FROM passages)"
            ).fetchone()[0],
            "indexed": connection.execute("SELECT count(*) FROM passage_index_docsize").fetchone()[0]
            - connection.execute("SELECT count(*) FROM searchable_passages").fetchone()[0],
        }


def test_a_document_is_found_by_words_before_its_vectors_come(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "wonders.txt"
    path.write_text(LONG)
    events = library.importer(embedder).import_file(path)
    for event in events:
        if isinstance(event, DocumentSearchable):
            found = Retriever(library.passages, embedder).search("the 77th wonder", 3)
            assert "77th wonder" in found.evidence[0].passage.text
            assert found.pending_vectors == event.document.passages
    report = event.report
    library.embed(event.document, embedder)
    assert report.outcome is ImportOutcome.IMPORTED
    assert report.characters == len(LONG)
    assert report.passages == library.passages.count_vectors(embedder.model.stamp)
    assert library.documents.document(report.document_id).state is DocumentState.READY
    assert library.documents.text(report.document_id) == LONG


def test_33_a_failing_embedder_leaves_no_complete_document_and_retry_resumes(
    library, make_embedder, tmp_path: Path
) -> None:
    path = tmp_path / "wonders.txt"
    path.write_text(LONG)
    failing = make_embedder(failing=[2])
    *_, read = library.importer(failing).import_file(path)
    (failed,) = [one for one in library.embed(read.document, failing) if isinstance(one, ImportFailed)]
    assert (type(failed.error), failed.document.id) == (VectorsRefused, read.document.id)
    first = library.documents.document(read.document.id)
    assert first.state is DocumentState.SEARCHABLE
    stored = library.passages.count_vectors(failing.model.stamp)
    assert 0 < stored < first.passages
    with pytest.raises(DocumentIncomplete):
        library.documents.finish(first.id, failing.model.stamp)
    calls = failing.calls
    second = library.add(path, failing)
    assert second.document.state is DocumentState.READY
    assert library.passages.count_vectors(failing.model.stamp) == second.document.passages
    assert (
        failing.calls - calls < 1 + second.document.passages / EMBEDDED_AT_ONCE
    )  # what was stored was not embedded again


def test_34_same_bytes_are_one_document_and_other_bytes_a_new_version(
    library, embedder, tmp_path: Path
) -> None:
    path, copy = tmp_path / "a.txt", tmp_path / "renamed.txt"
    path.write_text("The answer is forty-two.")
    copy.write_text("The answer is forty-two.")
    first = library.add(path, embedder)
    again = library.add(copy, embedder)
    assert again.report.outcome is ImportOutcome.ALREADY_THERE
    assert again.document.id == first.document.id
    assert "“a”" in again.report.reason
    path.write_text("The answer is forty-three.")
    newer = library.add(path, embedder)
    assert newer.report.outcome is ImportOutcome.NEW_VERSION
    assert newer.document.previous_id == first.document.id
    assert [document.id for document in library.documents.documents()] == [newer.document.id]
    assert [document.id for document in library.documents.trash()] == [first.document.id]
    assert not any(orphans(library).values())


def test_34_the_same_bytes_at_once_are_one_document(library, embedder, tmp_path: Path) -> None:
    paths = [tmp_path / f"copy{number}.txt" for number in range(4)]
    for path in paths:
        path.write_text(LONG)
    ready = threading.Barrier(len(paths))

    def read(path: Path) -> str:
        source = read_source(path)
        ready.wait(timeout=60)
        return library.documents.register(source).document.id

    with ThreadPoolExecutor(len(paths)) as pool:
        ids = set(pool.map(read, paths))
    assert len(ids) == len(library.documents.unfinished()) == 1
    finished = [library.add(path, embedder) for path in paths]
    assert {each.document.id for each in finished} == ids
    outcomes = [each.report.outcome for each in finished]
    assert outcomes == [ImportOutcome.IMPORTED] + [ImportOutcome.ALREADY_THERE] * 3
    assert len(library.documents.documents()) == 1
    assert not any(orphans(library).values())


def test_trash_and_purge(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The zebra sleeps in the attic.")
    document = library.add(path, embedder).document
    retriever = Retriever(library.passages, embedder)
    assert retriever.search("zebra").evidence
    library.documents.delete(document.id)
    assert not retriever.search("zebra").evidence
    library.documents.restore(document.id)
    assert retriever.search("zebra").evidence
    library.documents.purge(document.id)
    found = retriever.search("zebra")
    assert not found.evidence
    assert not found.below_floor
    assert not any(orphans(library).values())
    with library.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == 0


@pytest.mark.parametrize("dimension", [32, 64])
def test_35_vectors_of_another_model_are_never_mixed(
    library, make_embedder, tmp_path: Path, dimension: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The zebra sleeps in the attic.")
    old, new = make_embedder("old", 64), make_embedder("new", dimension)
    document = library.add(path, old).document
    beside = Retriever(library.passages, new)
    assert beside.search("zebra").evidence[0].scores.vector is None
    assert library.passages.count_without_vector(new.model.stamp) == document.passages
    library.documents.require_vectors(new.model.stamp)
    library.embed(library.documents.document(document.id), new)
    assert beside.search("zebra").evidence[0].scores.vector is not None
    library.passages.drop_vectors(old.model.stamp)
    assert library.passages.count_vectors(old.model.stamp) == 0
    assert library.passages.count_vectors(new.model.stamp) == document.passages


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An archive of one huge member, and one of many: whichever kind of file their names say."""
    folder = tmp_path_factory.mktemp("bombs")
    return [
        _zip(folder / "big", {"word/document.xml": b" " * 200_000_000}),
        _zip(folder / "many", {f"x{n}.xml": b"" for n in range(30_000)}),
    ]


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "epub", "odp"])
def test_36_bombs_are_refused_at_once(
    library, embedder, tmp_path: Path, suffix: str, bombs: list[Path]
) -> None:
    for bomb in bombs:
        path = Path(shutil.copy(bomb, tmp_path / f"{bomb.name}.{suffix}"))
        started = processor_seconds()
        report = library.add(path, embedder).report
        assert report.outcome is ImportOutcome.FAILED
        assert report.error == "DocumentTooLarge"
        assert processor_seconds() - started < 2


WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(97 + n + 1)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def test_37_entities_bring_no_file_and_no_laughs(library, embedder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the hidden treasure map")
    external = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    paths = [
        _zip(
            tmp_path / "xxe.docx",
            {
                "[Content_Types].xml": types,
                "word/document.xml": (external + WORD.format("open &e; text")).encode(),
            },
        ),
        _zip(
            tmp_path / "laughs.docx",
            {"[Content_Types].xml": types, "word/document.xml": (LAUGHS + WORD.format("ha &j;")).encode()},
        ),
        _zip(tmp_path / "xxe.odp", {"content.xml": (external + "<x>&e;</x>").encode()}),
    ]
    page = tmp_path / "page.html"
    page.write_text(f"{external}<html><body><p>visible &e; words</p></body></html>")
    started = processor_seconds()
    for path in [*paths, page]:
        library.add(path, embedder)
    assert processor_seconds() - started < 10
    for document in library.documents.documents():
        if document.state is not DocumentState.FAILED:
            text = library.documents.text(document.id)
            assert "treasure" not in text
            assert len(text) < 1000  # a billion laughs, were they laughed
    found = Retriever(library.passages, embedder).search("hidden treasure map", 10)
    everything = [*found.evidence, *found.below_floor]
    assert not any("treasure" in evidence.passage.text for evidence in everything)


def test_39_hostile_files_end_soon_and_the_batch_goes_on(library, embedder, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    good = ["<img src=x>.txt", "CON.txt", "\u202etxt.exe.txt", "new\nline.txt", "n" * 200 + ".txt"]
    for name in good:
        (folder / name).write_text(f"The content of number {good.index(name)}.")
    (folder / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    (folder / "empty.txt").touch()
    names = {path.name for path, is_read in files_in(folder) if is_read}
    assert "link.txt" not in names
    started = processor_seconds()
    reports = [
        library.add(path, embedder).report
        for path in [
            *(path for path, is_read in files_in(folder) if is_read),
            Path("/dev/zero"),
            folder / "gone.txt",
            Path("../../x.txt"),
            Path("nul\0.txt"),
        ]
    ]
    assert processor_seconds() - started < 10
    assert sum(report.outcome is ImportOutcome.IMPORTED for report in reports) == len(good)
    assert all(report.reason for report in reports if report.outcome is ImportOutcome.FAILED)


def test_40_text_in_other_encodings_is_right(library, embedder, tmp_path: Path) -> None:
    texts = {
        "utf-16": "Grüße aus Köln und anderswo",
        "cp1251": "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 5,
        "shift_jis": "日本語の文章をここに書きます。これは試験です。" * 5,
    }
    for encoding, text in texts.items():
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        document = library.add(path, embedder).document
        assert library.documents.text(document.id).lstrip("\ufeff") == text
    mixed = tmp_path / "mixed.txt"
    text = "Grüße aus Köln. " * 20 + "Übrig blieb ein Rest. " + "Größe zählt. " * 20
    mixed.write_bytes(
        text.encode().replace("Übrig".encode(), "Übrig".encode("cp1252"))  # pasted from an older file
    )
    assert library.documents.text(library.add(mixed, embedder).document.id) == text
    late = tmp_path / "late.txt"
    late.write_bytes(b"plain words. " * 20_000 + "Съешь же ещё этих мягких булок. ".encode("cp1251") * 9)
    assert "мягких" in library.documents.text(library.add(late, embedder).document.id)
    wide = tmp_path / "wide.csv"
    wide.write_text(",".join(str(n) for n in range(10_000)))
    assert library.add(wide, embedder).report.error == "DocumentTooLarge"
    nulls = tmp_path / "nulls.txt"
    nulls.write_bytes(b"before\x00after")
    assert "\x00" not in library.documents.text(library.add(nulls, embedder).document.id)


def test_a_parser_that_dies_fails_one_file_only(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The first text.")
    library.add(path, embedder)
    first = library.parser.pid
    os.kill(first, signal.SIGKILL)
    path.write_text("The second text.")
    report = library.add(path, embedder).report
    if report.outcome is ImportOutcome.FAILED:  # it died under the request
        assert report.error == "ParserStopped"
        report = library.add(path, embedder).report
    assert report.outcome is ImportOutcome.NEW_VERSION
    assert library.parser.pid != first


CHILD = """
import sys, itertools
sys.path.insert(0, sys.argv[1])
import conftest
from pathlib import Path
from chatbot_app.knowledge.children.parser import ParserProcess
library = conftest.open_library(Path(sys.argv[2]), ParserProcess([sys.executable, "-m", "chatbot_app.knowledge.children.parser"]))
stop = int(sys.argv[4])
runner = library.runner(conftest.HashEmbedder)
runner.add([Path(sys.argv[3])], "")
for told in runner.run(until_done=True):
    if getattr(told, "step", "") == "vectors":
        if stop == 0:
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)
        stop -= 1
library.database.close()
"""


@pytest.mark.parametrize("stop", [0, 1, 2])
def test_32_killed_in_any_stage_the_import_is_taken_up_again(
    data_dir: Path, tmp_path: Path, parser, embedder, stop: int
) -> None:
    path = tmp_path / "wonders.txt"
    path.write_text(LONG)
    here = str(Path(__file__).parent)
    killed = subprocess.run(
        [sys.executable, "-c", CHILD, here, str(data_dir), str(path), str(stop)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    library = sys.modules[type(embedder).__module__].open_library(data_dir, parser)
    try:
        (unfinished,) = library.documents.unfinished()
        assert unfinished.state is DocumentState.SEARCHABLE
        events = list(library.importer(embedder).import_file(path))
        assert not any(isinstance(event, DocumentSearchable) for event in events)
        assert library.passages.count_vectors(embedder.model.stamp) < unfinished.passages
        library.embed(events[-1].document, embedder)
        (document,) = library.documents.documents()
        assert document.state is DocumentState.READY
        assert library.passages.count_vectors(embedder.model.stamp) == document.passages
        assert not any(orphans(library).values())
    finally:
        library.database.close()


def test_a_large_document_is_found_by_its_words_and_gets_vectors_when_they_are_asked_for(
    library, embedder, tmp_path: Path
) -> None:
    path = tmp_path / "wonders.txt"
    path.write_text(LONG)
    importer = library.importer(embedder, passages_without_asking=20)
    *_, last = importer.import_file(path)
    document = last.document
    assert (document.state, document.words_only) == (DocumentState.SEARCHABLE, True)
    assert "found by its words" in " ".join(last.report.warnings)
    assert library.passages.count_vectors(embedder.model.stamp) == 0
    assert Retriever(library.passages, embedder).search("the 77th wonder").evidence
    # Neither the next start nor the count of what is missing nor another import begins by itself.
    assert library.documents.unfinished() == []
    assert library.passages.count_without_vector(embedder.model.stamp) == 0
    assert library.documents.require_vectors(embedder.model.stamp) == 0
    *_, again = importer.import_file(path)
    assert again.report.outcome is ImportOutcome.ALREADY_THERE
    assert "found by its words" in again.report.reason
    assert library.embed(document, embedder) == []
    # The person's word starts it, and it is carried on like any other.
    wanted = library.documents.want_vectors(document.id)
    assert [found.id for found in library.documents.unfinished()] == [document.id]
    library.embed(wanted, embedder, one_portion=True)
    assert 0 < library.passages.count_without_vector(embedder.model.stamp) < document.passages
    *_, carried_on = importer.import_file(path)
    library.embed(carried_on.document, embedder)
    assert library.documents.document(document.id).state is DocumentState.READY
    # Read anew it keeps what the person has said; another version is asked about again.
    *_, read_anew = importer.import_file(path, again=True)
    assert read_anew.document.state is DocumentState.READY
    path.write_text(LONG + "More.")
    *_, newer = importer.import_file(path)
    assert newer.document.words_only
    *_, at_once = importer.import_file(path, vectors_of_all=True)
    library.embed(at_once.document, embedder)
    finished = library.documents.document(at_once.document.id)
    assert (finished.state, finished.words_only) == (DocumentState.READY, False)
