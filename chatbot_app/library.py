"""Constructs what works on documents, for `application.py`: made at first use, so that a launch pays nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chatbot_app.storage.database import Database

if TYPE_CHECKING:
    from chatbot_app.chat.evidence import EvidenceFinder
    from chatbot_app.knowledge.embedder import BuiltInEmbedder, Embedder
    from chatbot_app.knowledge.importer import Importer
    from chatbot_app.knowledge.parsing_process import ParserProcess
    from chatbot_app.knowledge.retriever import Retriever
    from chatbot_app.storage.documents import DocumentStore
    from chatbot_app.storage.import_jobs import ImportQueue
    from chatbot_app.storage.passages import PassageStore


class Library:
    """The documents of one store: kept, searched, imported, cited. First uses may come from any thread."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
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
    def jobs(self) -> ImportQueue:
        """Files that wait for their import."""
        from chatbot_app.storage.import_jobs import ImportQueue

        return ImportQueue(self._database)

    @property
    def embedder(self) -> Embedder | None:
        """The model that makes vectors, None where its file is missing: words alone are searched then."""
        with self._lock:
            return self._embedder_or_none

    @property
    def retriever(self) -> Retriever:
        """The search."""
        with self._lock:
            return self._retriever

    @cached_property
    def evidence(self) -> EvidenceFinder:
        """Sources for answers."""
        from chatbot_app.chat.evidence import EvidenceFinder

        return EvidenceFinder(
            lambda: self.retriever,
            lambda document_id: self.documents.text(document_id),
            lambda: self.embedder,
        )

    def create_parser(self) -> ParserProcess:
        """Return a reader of files in a child process; whoever asked for it closes it."""
        from chatbot_app.knowledge.parsing_process import ParserProcess

        return ParserProcess()

    def create_importer(self, parser: ParserProcess) -> Importer:
        """Return an importer that reads files with `parser`; for one thread."""
        from chatbot_app.knowledge.importer import Importer
        from chatbot_app.knowledge.splitter import Splitter

        embedder = self.embedder
        with self._lock:
            model = self._built_in_embedder
        return Importer(self.documents, self.passages, parser, Splitter(model.token_starts), model, embedder)

    def interrupt(self) -> None:
        """End a computation of vectors that is under way, for the program ends."""
        if "_built_in_embedder" in self.__dict__:
            self._built_in_embedder.interrupt()

    @cached_property
    def _built_in_embedder(self) -> BuiltInEmbedder:
        from chatbot_app.knowledge.embedder import BuiltInEmbedder

        return BuiltInEmbedder()

    @cached_property
    def _embedder_or_none(self) -> Embedder | None:
        with suppress(ImportError, OSError):
            _ = self._built_in_embedder.model  # reads the file: is it there?
            return self._built_in_embedder
        return None

    @cached_property
    def _retriever(self) -> Retriever:
        from chatbot_app.knowledge.retriever import Retriever

        return Retriever(self.passages, self._embedder_or_none)
