"""Documents that an older version has read are read again; what is there is found meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from chatbot_app.core.documents import DocumentState, ImportOutcome
from chatbot_app.knowledge.children.parser_messages import DocumentPart
from chatbot_app.knowledge.embedder import Vectors
from chatbot_app.knowledge.formats.refusals import ParserStopped
from chatbot_app.knowledge.importing.events import FileFinished
from chatbot_app.knowledge.importing.importer import READING, Importer
from chatbot_app.knowledge.importing.upkeep import Upkeep
from tests.unit.knowledge.conftest import HashEmbedder, Library
from tests.unit.knowledge.test_hostile_files import HELLO, one_page, pdf, stream


def as_of_old(library: Library, document_id: str) -> None:
    with library.database.write() as connection:
        connection.execute("UPDATE documents SET reading = 0 WHERE id = ?", [document_id])


class WatchingEmbedder(HashEmbedder):
    """Looks what is found while vectors are made."""

    def __init__(self) -> None:
        super().__init__()
        self.look: Callable[[], object] = lambda: None
        self.seen: list[object] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen.append(self.look())
        return super().embed(texts)


def test_a_document_of_an_older_reader_is_found_until_it_is_read_again(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "mills.csv"
    path.write_text("Mill,Output\n" + "\n".join(f"Mill {n},{n}500" for n in range(300)), "utf-8")
    embedder = WatchingEmbedder()
    document = library.add(path, embedder).document
    assert document is not None
    assert library.documents.read_before(READING) == []
    as_of_old(library, document.id)
    assert library.documents.read_before(READING) == [document.id]
    before = library.passages.searchable_ids().tolist()
    embedder.seen.clear()
    embedder.look = lambda: (
        library.passages.searchable_ids().tolist(),
        library.documents.document(document.id).state,
        library.passages.count_without_vector(embedder.model.stamp),
    )
    *_, last = library.importer(embedder).read_again(library.documents.document(document.id))
    assert isinstance(last, FileFinished)
    assert embedder.seen
    assert all(seen == (before, DocumentState.READY, 0) for seen in embedder.seen)
    after = library.passages.searchable_ids().tolist()
    assert not set(before) & set(after)
    assert library.passages.count_without_vector(embedder.model.stamp) == 0
    assert library.documents.document(document.id).state is DocumentState.READY
    assert library.documents.read_before(READING) == []


def test_a_file_that_changed_or_cannot_be_read_any_more_leaves_its_old_reading(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    path = tmp_path / "mills.csv"
    path.write_text("Mill,Output\nUlm,500\n", "utf-8")
    document = library.add(path, embedder).document
    assert document is not None
    as_of_old(library, document.id)
    document = library.documents.document(document.id)

    class Refusing:
        def read(self, path: Path) -> Generator[DocumentPart]:
            raise ParserStopped(name=path.name, detail="told to")
            yield

    refusing = Importer(library.documents, library.passages, Refusing(), embedder)
    *_, last = refusing.read_again(document)
    assert isinstance(last, FileFinished)
    assert last.report.outcome is ImportOutcome.FAILED
    assert library.documents.document(document.id).state is DocumentState.READY
    assert library.documents.document(document.id).report == document.report
    path.write_text("Mill,Output\nBonn,600\n", "utf-8")
    assert list(library.importer(embedder).read_again(document)) == []
    path.unlink()
    assert list(library.importer(embedder).read_again(document)) == []
    assert len(library.passages.searchable_ids()) == document.passages


def test_only_files_of_the_readers_that_changed_are_read_again(
    library: Library, embedder: HashEmbedder, tmp_path: Path
) -> None:
    mail, box, table = tmp_path / "Letter.EML", tmp_path / "box.mbox", tmp_path / "mills.csv"
    mail.write_text("From: ada@engine.example\nSubject: Mills\n\nThey run.\n", "utf-8")
    box.write_text(
        "From ada@engine.example Sat Jan  3 01:05:34 2026\nSubject: Mills\n\nThey run here.\n", "utf-8"
    )
    table.write_text("Mill,Output\nUlm,500\n", "utf-8")
    ids = []
    for path in (mail, box, table):
        document = library.add(path, embedder).document
        assert document is not None
        ids.append(document.id)

    def read_again(reading: int) -> int:
        with library.database.write() as connection:
            connection.execute("UPDATE documents SET reading = ?", [reading])
        upkeep = Upkeep(library.documents, library.passages, cast(Any, None))
        upkeep.resume()
        return upkeep.to_read_again

    assert [read_again(reading) for reading in (1, 2, 3, 7, READING)] == [3, 3, 3, 3, 0]
    assert library.documents.read_before(2) == []
    assert library.documents.read_before(READING + 1, ("eml",)) == [ids[0]]


@pytest.mark.parametrize(
    ("name", "source", "read_by"),
    [
        ("page.html", "<p>Of 4 m<sup>2</sup>.</p>", 4),
        ("table.rst", "+---+---+\n| A | B |\n+---+---+\n| 1 | 2 |\n+---+---+\n", 4),
        ("talk.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n", 4),
        ("form.pdf", pdf(one_page(stream(HELLO))).decode("latin-1"), 5),
    ],
)
def test_what_the_newest_version_reads_otherwise_is_read_again_once(
    library: Library, embedder: HashEmbedder, tmp_path: Path, name: str, source: str, read_by: int
) -> None:
    path = tmp_path / name
    path.write_bytes(source.encode("latin-1"))
    library.add(path, embedder)
    with library.database.write() as connection:
        connection.execute("UPDATE documents SET reading = ?", [read_by])
    upkeep = Upkeep(library.documents, library.passages, cast(Any, None))
    upkeep.resume()
    assert upkeep.to_read_again == 1
    list(upkeep.read_next_again(library.importer(embedder)))
    assert upkeep.to_read_again == 0
    upkeep.resume()
    assert upkeep.to_read_again == 0
