"""From files to a searchable library: a generator of events, resumable at every step."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from chatbot_app.core.documents import (
    ALL_DOCUMENTS,
    Document,
    DocumentState,
    ImportOutcome,
    ImportReport,
    ParsedDocument,
    PassageDraft,
)
from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.folders import files_below
from chatbot_app.knowledge.parsing import FileUnreadable, check_file, title_of
from chatbot_app.knowledge.splitter import Splitter
from chatbot_app.knowledge.words import pairs_of_characters
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.passages import PassageStore

EMBEDDED_AT_ONCE = 128  # passages between two looks at whether to stop, and two commits
_READ_AT_ONCE = 1024 * 1024


class Parser(Protocol):
    """Reads a file; `ParserProcess` is one."""

    def parse(self, path: Path) -> ParsedDocument:
        """Return text and blocks. Raises DocumentRefused."""
        ...


class TextMeasures(Protocol):
    """What the embedding model's tokenizer knows of texts; `BuiltInEmbedder` is one."""

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        """Return for each text how well the model knows it, 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file is read now; `number` of `total` files counts from 1."""

    path: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class DocumentSearchable:
    """All passages of a document can be found by their words; vectors follow."""

    document: Document


@dataclass(frozen=True, slots=True)
class VectorsStored:
    """`done` of `total` passages of a document have their vectors."""

    document_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FileFinished:
    """What became of a file; `document` is None where there is none."""

    report: ImportReport
    document: Document | None


ImportEvent = FileStarted | DocumentSearchable | VectorsStored | FileFinished


class Importer:
    """Imports files. Idempotent: the same bytes are imported once, and what was begun is carried on.

    Use from one thread. Every event is a point where a caller may stop asking; nothing is half stored then.
    """

    def __init__(
        self,
        documents: DocumentStore,
        passages: PassageStore,
        parser: Parser,
        splitter: Splitter,
        measures: TextMeasures,
        embedder: Embedder | None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`give_way` is called after each passage that is cut: a thread beside a window pauses in it."""
        self._documents = documents
        self._passages = passages
        self._parser = parser
        self._splitter = splitter
        self._measures = measures
        self._embedder = embedder
        self._clock = clock
        self._give_way = give_way

    def import_paths(
        self, paths: Sequence[Path], collection_id: str = ALL_DOCUMENTS
    ) -> Iterator[ImportEvent]:
        """Import files and folders, recursively. A file that fails gets a report; the others go on.

        Raises StoreError only: nothing could be kept.
        """
        files = [file for path in paths for file in files_below(path)]
        for number, file in enumerate(files, 1):
            yield FileStarted(clean_text(os.fspath(file)), number, len(files))
            yield from self.import_file(file, collection_id)

    def import_file(
        self, path: Path, collection_id: str = ALL_DOCUMENTS, *, embed: bool = True, again: bool = False
    ) -> Iterator[ImportEvent]:
        """Import one file: parse, split, store, embed. The last event is `FileFinished`.

        Without `embed` the vectors are left to a later `embed_document`; `again` reads a file anew whose
        bytes are in the library already.
        """
        started = self._clock()
        shown = clean_text(os.fspath(path))
        document: Document | None = None
        parsed: ParsedDocument | None = None
        outcome = ImportOutcome.IMPORTED
        try:
            source = read_source(path)
            entry = self._documents.register(source)
            document = entry.document
            if collection_id != ALL_DOCUMENTS:
                self._documents.add_to_collection(collection_id, [document.id])
            if document.state is DocumentState.READY and not again:
                reason = f"The same file is already in the library as “{document.title}”."
                report = ImportReport(shown, ImportOutcome.ALREADY_THERE, reason, document_id=document.id)
                yield FileFinished(report, document)
                return
            if document.previous_id is not None:
                outcome = ImportOutcome.NEW_VERSION
            if document.state is not DocumentState.SEARCHABLE or again:
                parsed = self._parser.parse(path)
                if read_source(path).sha256 != source.sha256:
                    raise FileUnreadable(name=path.name, detail="it changed while it was read")
                document = self._documents.store_passages(
                    document.id, parsed, self._drafts(parsed), pairs_of_characters
                )
                yield DocumentSearchable(document)
            if embed:
                yield from self.embed_document(document)
            document = self._documents.document(document.id)
            report = self._report(shown, outcome, document, parsed, started)
        except AppError as exc:
            if document is not None:
                self._documents.fail(document.id)
                document = self._documents.document(document.id)
            report = ImportReport(
                shown,
                ImportOutcome.FAILED,
                str(exc),
                type(exc).__name__,
                document.id if document is not None else None,
                seconds=self._clock() - started,
            )
        if document is not None:
            self._documents.keep_report(document.id, report)
        yield FileFinished(report, document)

    def embed_document(self, document: Document) -> Iterator[ImportEvent]:
        """Store the vectors that a document lacks and flip it to READY. Raises AppError.

        Without an embedder nothing happens: the document stays searchable by its words.
        """
        if self._embedder is None:
            return
        stamp = self._embedder.model.stamp
        done = document.passages - self._passages.count_without_vector(stamp, document.id)
        # In portions: a whole document's vectors at once would have to be held, and lost when it is stopped.
        while missing := self._passages.without_vector(stamp, EMBEDDED_AT_ONCE, document.id):
            texts = [f"{context}\n{text}" if context else text for _id, context, text in missing]
            self._passages.add_vectors(stamp, [row[0] for row in missing], self._embedder.embed(texts))
            done += len(missing)
            yield VectorsStored(document.id, done, document.passages)
        self._documents.finish(document.id, stamp)

    def _drafts(self, parsed: ParsedDocument) -> Iterator[PassageDraft]:
        portion: list[PassageDraft] = []
        for draft in self._splitter.split(parsed):
            portion.append(draft)
            self._give_way()
            if len(portion) >= EMBEDDED_AT_ONCE:
                yield from self._measured(portion)
                portion = []
        yield from self._measured(portion)

    def _measured(self, portion: Sequence[PassageDraft]) -> Iterator[PassageDraft]:
        known = self._measures.familiarity([draft.text for draft in portion])
        for draft, value in zip(portion, known, strict=True):
            yield replace(draft, familiarity=value)

    def _report(
        self,
        shown: str,
        outcome: ImportOutcome,
        document: Document,
        parsed: ParsedDocument | None,
        started: float,
    ) -> ImportReport:
        return ImportReport(
            shown,
            outcome,
            document_id=document.id,
            characters=document.characters,
            pages=document.pages,
            empty_pages=parsed.empty_pages if parsed is not None else (),
            passages=document.passages,
            seconds=self._clock() - started,
            warnings=parsed.warnings if parsed is not None else (),
        )


def read_source(path: Path) -> Source:
    """Return what a file is known by. Raises DocumentRefused."""
    size = check_file(path)
    digest = hashlib.sha256()
    remaining = size
    try:
        with path.open("rb") as stream:
            # Not past the size it had: a growing file would never end.
            while remaining > 0 and (portion := stream.read(min(_READ_AT_ONCE, remaining))):
                digest.update(portion)
                remaining -= len(portion)
    except OSError as exc:
        raise FileUnreadable(name=path.name, detail=exc.strerror or str(exc)) from exc
    return Source(os.fspath(path.absolute()), title_of(path), size, digest.hexdigest())
