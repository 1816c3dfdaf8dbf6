"""Constructs what works on documents: made at first use, so that a launch pays nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.storage.database import Database

if TYPE_CHECKING:
    from chatbot_app.knowledge.built_in_vectors import BuiltInVectors
    from chatbot_app.knowledge.children.parser import ParserProcess
    from chatbot_app.knowledge.children.vectors import VectorsProcess
    from chatbot_app.knowledge.embedder import Embedder
    from chatbot_app.knowledge.embedding_choice import ServerEmbedding
    from chatbot_app.knowledge.importing.folder_watch import FolderWatch
    from chatbot_app.knowledge.importing.importer import Importer
    from chatbot_app.knowledge.importing.parts import ImportParts, Jobs
    from chatbot_app.knowledge.importing.runner import ImportRunner
    from chatbot_app.knowledge.importing.vector_renewal import NewestVectors
    from chatbot_app.knowledge.search.retriever import Retriever
    from chatbot_app.storage.document_fields import FieldStore
    from chatbot_app.storage.documents import DocumentStore
    from chatbot_app.storage.import_jobs import ImportQueue
    from chatbot_app.storage.passages import PassageStore
    from chatbot_app.storage.settings import SettingsStore
    from chatbot_app.storage.trash import Trash


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
        """`embedding_server` returns the server, or the model of this computer, that makes vectors in the place of
        the one that ships."""
        self._embedding_server = embedding_server
        self._server_embedding: ServerEmbedding | None = None
        self._retired: list[ServerEmbedding] = []
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

    def renew_embedder(self) -> None:
        """Use the model that is chosen now, from the next question on; one that is answered meanwhile is refused.

        Whoever keeps an embedder or a search asks for them anew: an import by `ImportRunner.renew_embedder`.
        """
        with self._lock:
            old, self._server_embedding = self._server_embedding, None
            for name in ("_embedder_or_none", "_built_in", "_retriever"):
                self.__dict__.pop(name, None)
            if old is not None:
                self._retired.append(old)
        if old is not None:
            old.client.interrupt()  # it gives its memory back

    @property
    def import_embedder(self) -> Embedder | None:
        """What makes the vectors of an import, whose texts give way to questions."""
        with self._lock:
            embedder = self._embedder_or_none
            is_built_in = embedder is not None and self._server_embedding is None
            return self._built_in.imported if is_built_in else embedder

    @property
    def sentence_embedder(self) -> Embedder | None:
        """What compares sentences with each other: of the built-in model its first half, with which that was measured."""
        with self._lock:
            embedder = self._embedder_or_none
            return self.local_embedder if self._server_embedding is None else embedder

    def newest_vectors(self) -> NewestVectors | None:
        """Return what makes the vectors that are to take the place of the built-in model's.

        None where all stored ones are of the newest form, and where a person has chosen another model.
        """
        from chatbot_app.knowledge.children.built_in_stamps import has_usual_stamps
        from chatbot_app.knowledge.importing.vector_renewal import NewestVectors

        if has_usual_stamps(self.passages.vectors.stamps()):
            return None  # nearly always: no file of a model has to be read for that
        with self._lock:
            if self._embedder_or_none is None or self._server_embedding is not None:
                return None
            forms = self._built_in
        if forms.newest is None:
            return None
        is_searched = forms.searched.model == forms.newest.model
        is_taken = is_searched and not forms.removed
        return NewestVectors(forms.newest, is_searched, is_taken, self.take_newest)

    def take_newest(self) -> None:
        """Search with the newest form of the built-in model's vectors, which are whole, and remove those of other forms."""
        from chatbot_app.knowledge.built_in_vectors import BUILT_IN_SETTING

        with self._lock:
            is_chosen = self._embedder_or_none is None or self._server_embedding is not None
            forms = self._built_in
        if forms.newest is None or is_chosen:  # another model: meanwhile
            return
        stamp = forms.newest.model.stamp
        # Of what was imported in this moment, and of what lies in the trash.
        self.documents.require_vectors(stamp)
        # From here on the newest are searched; a kill before is followed by the same once more, one after by the removal.
        self._settings.set(BUILT_IN_SETTING, stamp)
        self.renew_embedder()
        for other in forms.removed:
            self.passages.give_up_vectors(other)  # their rows are removed where there is time
        with self._lock:
            self.__dict__.pop("_built_in", None)

    @property
    def local_embedder(self) -> Embedder | None:
        """The built-in model's first half, whichever makes the vectors of the library; None where its file is missing."""
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
        """Return the import of some files and folders, in their order, and of nothing else."""
        from chatbot_app.knowledge.importing.given_files import READ_AHEAD, GivenFiles
        from chatbot_app.knowledge.importing.runner import ImportRunner

        parts = self._import_parts(GivenFiles())
        runner = ImportRunner(parts, most_ahead=READ_AHEAD, vectors_of_all=vectors_of_all)
        runner.add(paths, collection_id)
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
            newest_vectors=self.newest_vectors,
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
            for embedding in (self._server_embedding, *self._retired):
                if embedding is not None:
                    embedding.client.interrupt()  # a command that is ended: nobody waits for the answer
                    embedding.client.close()

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
            return self._built_in.searched  # reads the file: is it there?
        return None

    @cached_property
    def _built_in(self) -> BuiltInVectors:
        from chatbot_app.knowledge.built_in_vectors import BUILT_IN_SETTING, built_in_vectors

        taken = str(self._settings.get(BUILT_IN_SETTING))
        return built_in_vectors(self.vectors, self.passages.vectors.stamps(), taken)

    @cached_property
    def _settings(self) -> SettingsStore:
        from chatbot_app.storage.settings import SettingsStore

        return SettingsStore(self._database)

    @cached_property
    def _retriever(self) -> Retriever:
        from chatbot_app.knowledge.search.retriever import Retriever

        embedder = self._embedder_or_none
        # How well a passage is known was measured with the words of the model that ships.
        return Retriever(
            self.passages, embedder, self.fields, familiarity_counts=self._server_embedding is None
        )
