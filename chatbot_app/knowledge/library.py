"""Constructs what works on documents: made at first use, so that a launch pays nothing."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.servers import Server
from chatbot_app.storage.database import Database

if TYPE_CHECKING:
    from chatbot_app.knowledge.children.parser import ParserProcess
    from chatbot_app.knowledge.children.vectors import VectorsProcess
    from chatbot_app.knowledge.embedder import Embedder
    from chatbot_app.knowledge.importing.folder_watch import FolderWatch
    from chatbot_app.knowledge.importing.importer import Importer
    from chatbot_app.knowledge.importing.parts import ImportParts, Jobs
    from chatbot_app.knowledge.importing.runner import ImportRunner
    from chatbot_app.knowledge.search.retriever import Retriever
    from chatbot_app.llm.embedding_client import EmbeddingClient
    from chatbot_app.storage.document_fields import FieldStore
    from chatbot_app.storage.documents import DocumentStore
    from chatbot_app.storage.import_jobs import ImportQueue
    from chatbot_app.storage.passages import PassageStore
    from chatbot_app.storage.trash import Trash


EMBEDDING_SETTING = "knowledge.embedding"


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """Which model of which server makes vectors, and what they are like (see `fingerprint_of`)."""

    server_id: str
    model: str
    dimension: int
    fingerprint: tuple[float, ...]

    def to_json(self) -> str:
        """Return the text of the setting "knowledge.embedding"."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> EmbeddingChoice | None:
        """Return what a setting says, None for the built-in model or a damaged text."""
        try:
            value = json.loads(text)
            return cls(
                str(value["server_id"]),
                str(value["model"]),
                int(value["dimension"]),
                tuple(float(number) for number in value["fingerprint"]),
            )
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class ServerEmbedding:
    """A choice, ready to be asked."""

    choice: EmbeddingChoice
    client: EmbeddingClient

    def create_embedder(self) -> Embedder:
        """Return the embedder; nothing is asked yet."""
        from chatbot_app.knowledge.embedder import EmbeddingModel, ServerEmbedder

        choice = self.choice
        model = EmbeddingModel(f"{choice.server_id}/{choice.model}@{_digest(choice)}", choice.dimension)
        return ServerEmbedder(model, self.client.request, fingerprint=choice.fingerprint)


class Library:
    """The documents of one store: kept, searched, imported, cited. First uses may come from any thread."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        embedding_server: Callable[[], ServerEmbedding | None] = lambda: None,
    ) -> None:
        """`embedding_server` returns the server whose vectors take the place of the built-in model's."""
        self._embedding_server = embedding_server
        self._server_embedding: ServerEmbedding | None = None
        self._database = database
        self._now = now
        self._new_id = new_id
        # cached_property has no lock from Python 3.12 on, and two embedders would be two models in memory.
        self._lock = threading.RLock()

    @cached_property
    def documents(self) -> DocumentStore:
        """Documents and collections."""
        from chatbot_app.storage.documents import DocumentStore

        return DocumentStore(self._database, now=self._now, new_id=self._new_id)

    @cached_property
    def passages(self) -> PassageStore:
        """Passages and vectors."""
        from chatbot_app.storage.passages import PassageStore

        return PassageStore(self._database)

    @cached_property
    def fields(self) -> FieldStore:
        """What tells documents apart: company, kind, period, date."""
        from chatbot_app.storage.document_fields import FieldStore

        return FieldStore(self._database)

    @cached_property
    def jobs(self) -> ImportQueue:
        """Files that wait for their import."""
        from chatbot_app.storage.import_jobs import ImportQueue

        return ImportQueue(self._database)

    def days_in_trash(self) -> dict[str, int]:
        """Return for each document in the trash how many days it stays there."""
        from chatbot_app.storage.purging import Kind

        return self._trash.days_left(Kind.DOCUMENT)

    @cached_property
    def _trash(self) -> Trash:
        from chatbot_app.storage.trash import Trash

        return Trash(self._database, now=self._now)

    def create_folder_watch(self) -> FolderWatch:
        """Return what keeps the watched folders' documents up to date; for one thread."""
        from chatbot_app.knowledge.importing.folder_watch import FolderWatch
        from chatbot_app.storage.watched_folders import WatchedFolderStore

        watched = WatchedFolderStore(self._database, now=self._now)
        return FolderWatch(watched, self.documents, self.jobs, now=self._now)

    @property
    def embedder(self) -> Embedder | None:
        """The model that makes vectors, None where its file is missing: words alone are searched then."""
        with self._lock:
            return self._embedder_or_none

    @property
    def import_embedder(self) -> Embedder | None:
        """The same model for an import, whose texts give way to questions."""
        with self._lock:
            embedder = self._embedder_or_none
            is_built_in = embedder is not None and embedder is self.__dict__.get("vectors")
            return self.vectors.for_imports if is_built_in else embedder

    @property
    def local_embedder(self) -> Embedder | None:
        """The built-in model, whichever makes the vectors of the library; None where its file is missing."""
        with self._lock, suppress(ImportError, OSError):
            _ = self.vectors.model
            return self.vectors
        return None

    @property
    def retriever(self) -> Retriever:
        """The search."""
        with self._lock:
            return self._retriever

    def create_parser(self) -> ParserProcess:
        """Return a reader of files in a child process; whoever asked for it closes it."""
        from chatbot_app.knowledge.children.parser import ParserProcess

        return ParserProcess()

    def create_importer(
        self, parser: ParserProcess, is_stopped: Callable[[], bool] = lambda: False
    ) -> Importer:
        """Return an importer that reads files with `parser`; for one thread, until `is_stopped` says so."""
        from chatbot_app.knowledge.importing.importer import Importer

        return Importer(self.documents, self.passages, parser, self.import_embedder, is_stopped=is_stopped)

    def create_import(self, texts_folder: Path) -> ImportRunner:
        """Return the import of a window: what waits survives it, and it keeps pasted texts and web pages."""
        from chatbot_app.knowledge.fields.old_documents import FieldReading
        from chatbot_app.knowledge.importing.kept_texts import TextKeeper
        from chatbot_app.knowledge.importing.runner import ImportRunner
        from chatbot_app.knowledge.importing.upkeep import Upkeep
        from chatbot_app.llm.web_pages import PageFetcher

        fields = FieldReading(self.fields, self.documents.text_between)
        upkeep = Upkeep(self.documents, self.passages, fields)
        parts = self._import_parts(self.jobs)
        return ImportRunner(replace(parts, upkeep=upkeep, texts=TextKeeper(texts_folder, PageFetcher())))

    def create_import_of(
        self, paths: Sequence[Path], collection_id: str = "", *, vectors_of_all: bool = False
    ) -> ImportRunner:
        """Return the import of some files and folders, one file whole after the other, and of nothing else."""
        from chatbot_app.knowledge.importing.given_files import GivenFiles
        from chatbot_app.knowledge.importing.runner import ImportRunner

        parts = self._import_parts(GivenFiles())
        runner = ImportRunner(parts, vectors_at_once=True, vectors_of_all=vectors_of_all)
        runner.add(paths, collection_id)
        return runner

    def create_vector_making(self) -> ImportRunner:
        """Return the import of nothing, which makes the vectors that documents lack."""
        from chatbot_app.knowledge.importing.given_files import GivenFiles
        from chatbot_app.knowledge.importing.runner import ImportRunner

        runner = ImportRunner(self._import_parts(GivenFiles()))
        runner.make_missing_vectors()
        return runner

    def _import_parts(self, jobs: Jobs) -> ImportParts:
        from chatbot_app.knowledge.importing.parts import ImportParts

        parser = self.create_parser()
        return ImportParts(
            lambda is_stopped: self.create_importer(parser, is_stopped),
            lambda: self.embedder,
            parser,
            self.documents,
            self.passages,
            jobs,
            interrupt=self.interrupt,
        )

    def interrupt(self) -> None:
        """End a computation of vectors that is under way, for the program ends."""
        if "vectors" in self.__dict__:
            self.vectors.interrupt()
        if self._server_embedding is not None:
            self._server_embedding.client.interrupt()

    def close(self) -> None:
        """End the child that makes vectors, or close the connections of a server that does."""
        with self._lock:
            if "vectors" in self.__dict__:
                self.vectors.close()
            if self._server_embedding is not None:
                self._server_embedding.client.close()

    @cached_property
    def vectors(self) -> VectorsProcess:
        """The built-in model in its child, which the first text starts."""
        from chatbot_app.knowledge.children.vectors import VectorsProcess

        return VectorsProcess()

    @cached_property
    def _embedder_or_none(self) -> Embedder | None:
        self._server_embedding = self._embedding_server()
        if self._server_embedding is not None:
            return self._server_embedding.create_embedder()
        with suppress(ImportError, OSError):
            _ = self.vectors.model  # reads the file: is it there?
            return self.vectors
        return None

    @cached_property
    def _retriever(self) -> Retriever:
        from chatbot_app.knowledge.search.retriever import Retriever

        return Retriever(self.passages, self._embedder_or_none, self.fields)


def try_embedding_model(server: Server, key: str | None, model: str) -> EmbeddingChoice:
    """Ask a model for one vector and return what it is like. Raises ServerError, VectorsRefused."""
    from chatbot_app.knowledge.embedder import PROBE, EmbeddingModel, checked_vectors, fingerprint_of
    from chatbot_app.llm.embedding_client import EmbeddingClient

    client = EmbeddingClient(server, key, model)
    try:
        found = client.request([PROBE])
    finally:
        client.close()
    vectors = checked_vectors(found, 1, EmbeddingModel(model, len(found[0])))
    return EmbeddingChoice(server.id, model, len(found[0]), tuple(fingerprint_of(vectors[0])))


def _digest(choice: EmbeddingChoice) -> str:
    # A model that is chosen again after it was swapped under its name gets vectors of its own.
    return hashlib.sha256(repr(choice.fingerprint).encode()).hexdigest()[:12]
