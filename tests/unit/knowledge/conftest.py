"""A library in a temporary folder, an embedder without a model, and a parser child."""

from __future__ import annotations

import itertools
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.embedder import (
    EmbeddingModel,
    TokenVectors,
    Vectors,
    VectorsRefused,
    checked_vectors,
)
from chatbot_app.knowledge.importing.events import FileFinished
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.search.words import stems
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
        return last


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
