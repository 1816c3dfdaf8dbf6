"""One file into the library: read and stored; a generator of events, resumable at every step. Vectors: `vector_making`."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from chatbot_app.core.documents import (
    ALL_DOCUMENTS,
    Document,
    DocumentState,
    ImportOutcome,
    ImportReport,
)
from chatbot_app.core.errors import AppError, StoreError
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.children.parser_messages import DocumentPart, Passages, Read, Text
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.fields import READER_VERSION
from chatbot_app.knowledge.formats.refusals import FileUnreadable, ParserStopped
from chatbot_app.knowledge.formats.registry import READERS, Reader
from chatbot_app.knowledge.importing.block_keeping import BlockKeeping
from chatbot_app.knowledge.importing.events import (
    DocumentSearchable,
    FileFinished,
    ImportEvent,
    ImportStopped,
)
from chatbot_app.knowledge.importing.sources import FileStamp, is_unchanged, read_source, stamp_of
from chatbot_app.knowledge.importing.vector_portions import EMBEDDED_AT_ONCE, store_vectors
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.staging import DocumentFacts, StagedDocument
from chatbot_app.storage.vector_blocks import BLOCK_ROWS

logger = logging.getLogger(__name__)

# A document with more passages has no vectors until a person asks for them. Measured: a passage takes 64 ms of a processor
# that multiplies bytes (one half alone 26), so that this many take about a minute of two cores.
PASSAGES_WITHOUT_ASKING = 1500
# Documents that were read by an older version are read again. 1: rows of tables carry their heads. 2: passages of scripts
# that the embedding model spells out are as long as others, and lines of forms are no headings. 3: Office files have their
# signs ("R&D") and no escapes. 4: mails have all their text and none of their attachments' bytes; they and web pages are read in
# any charset, and without what the head of a page says to machines. 5: PDFs have whole words where lines break them, times in
# tables and groups of articles; Word files all notes, sheets their percents, slides their charts, notebooks their results;
# mails their subject as title, and no data for programs that was sent beside it; web pages their powers and what stands over
# several rows; plain texts the tables that are drawn in them. 6: PDFs have what was filled in, Word files the numbers of clauses,
# headers, footers and symbols, RTF files the numbers, ODTs their merged cells. 7: Word files have their comments and nothing that
# they hide; web pages and mails what stands in forms; ODTs their comments and the numbers of their
# clauses; workbooks their comments, and no sheets that are hidden. 8: tables of PDFs and sheets have heads that stand beside
# higher ones, that part columns unevenly or are days, titles above them, and end where another begins.
# 9: tables have merged heads, titles and units that stand above or below them, and are two where they stand side by side; those
# of Word files that stand in frames, and of Markdown without pipes at their edges, are tables. 10: rows of tables say the unit
# that their scale counts, and have their own signs of money alone; days of sheets are those that their cells show. 11: labels beside
# what they say, and other columns that only stand below each other, are tables in plain texts and PDFs. 12: forms of PDFs with
# several labels in a row are a row for each label; numbers of pages and what nobody can read are no text; short terms of web
# pages and mails have what is said of them on their line; tables of labels and what is said of them have no heads. 13: tables
# of PDFs also where the file breaks its lines elsewhere than the page does, of one row below times, and with "$ –" as a cell.
READING = 13
_OF_KREUZBERG = tuple(sorted(name for name, reader in READERS.items() if reader is Reader.KREUZBERG))
_OF_PLAIN_TEXT = tuple(sorted(name for name, reader in READERS.items() if reader is Reader.PLAIN))
# Which version a document must be read by, by the ends of their names; () is all.
READ_AGAIN: tuple[tuple[int, tuple[str, ...]], ...] = (
    (2, ()),
    (3, _OF_KREUZBERG),
    (5, ("pdf", "docx", "xlsx", "xls", "ods", "odt", "pptx", "ipynb", "srt", "vtt", "eml", "msg")),
    (5, ("htm", "html", "xhtml", *_OF_PLAIN_TEXT)),
    (6, ("pdf", "docx", "odt", "rtf")),
    (7, ("docx", "odt", "xlsx", "ods", "htm", "html", "xhtml", "eml", "mbox")),
    (8, ("pdf", "xlsx", "xls", "ods", "csv", "tsv")),
    (10, ("pdf", "docx", "odt", "rtf", "pptx", "xlsx", "xls", "ods", "csv", "tsv", "htm", "html", "xhtml")),
    (10, tuple(sorted(name for name, reader in READERS.items() if reader is Reader.MARKDOWN))),
    (11, ("pdf", *_OF_PLAIN_TEXT)),
    (12, ("pdf", *_OF_KREUZBERG)),
    (13, ("pdf",)),
)


class Parser(Protocol):
    """Reads a file; `ParserProcess` is one."""

    def read(self, path: Path) -> Generator[DocumentPart]:
        """Yield text and passages in parts, `Read` last. Raises DocumentRefused."""
        ...


class Importer:
    """Imports files. Idempotent: the same bytes are imported once, and what was begun is carried on.

    Use from one thread. Every event is a point where a caller may stop asking; nothing is half stored then.
    """

    def __init__(
        self,
        documents: DocumentStore,
        passages: PassageStore,
        parser: Parser,
        embedder: Embedder | None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        is_stopped: Callable[[], bool] = lambda: False,
        passages_without_asking: int = PASSAGES_WITHOUT_ASKING,
    ) -> None:
        """`is_stopped` is asked often, from this thread: once it says so, methods raise ImportStopped."""
        self._documents = documents
        self._passages = passages
        self._parser = parser
        self._embedder = embedder
        self._clock = clock
        self._is_stopped = is_stopped
        self._passages_without_asking = passages_without_asking
        self._settling = documents.settling()
        self._keeping = BlockKeeping(passages.vectors)

    @property
    def embedder(self) -> Embedder | None:
        """What makes the vectors."""
        return self._embedder

    def import_file(
        self,
        path: Path,
        collection_id: str = ALL_DOCUMENTS,
        *,
        again: bool = False,
        vectors_of_all: bool = False,
        is_awaited: Callable[[str], bool] = lambda _document_id: False,
        keep_old: Document | None = None,
    ) -> Iterator[ImportEvent]:
        """Import one file: parse, split, store. The last event is `FileFinished`; `VectorMaking` makes its vectors.

        `vectors_of_all` lets a document have them that is so large that a person has to ask; `again` reads a file
        anew whose bytes are in the library already, as are those of a document whose vectors are waited for
        (`is_awaited`, by its id). `keep_old` is read anew only where the file is as it was, and stays where that
        fails. Raises StoreError and ImportStopped only.
        """
        started = self._clock()
        shown = os.fspath(path)
        document: Document | None = None
        read: Read | None = None
        outcome = ImportOutcome.IMPORTED
        try:
            stamp = stamp_of(path)
            source = read_source(path, self._is_stopped)
            if keep_old is not None and source.sha256 != keep_old.sha256:
                return
            document = self._documents.register(source).document
            document = self._as_wanted(document, collection_id, vectors_of_all=vectors_of_all)
            is_ready = document.state is DocumentState.READY
            is_known = is_ready or document.words_only or is_awaited(document.id)
            if is_known and not again:
                yield FileFinished(self._known(shown, document), document)
                return
            if document.previous_id is not None:
                outcome = ImportOutcome.NEW_VERSION
            if document.state is not DocumentState.SEARCHABLE or again:
                document, read = self._store(path, source, stamp, document, vectors_of_all)
                yield DocumentSearchable(document)
            report = self._report(shown, outcome, document, read, started)
        except StoreError:
            raise
        except Exception as exc:
            if self._is_stopped():
                raise ImportStopped from exc  # its reader was ended: not the file's fault
            if not isinstance(exc, AppError):
                # Whatever one file brings about, the others of its batch are imported.
                logger.exception("a file could not be imported")
            if document is not None and keep_old is None:
                self._documents.fail(document.id)
                document = self._documents.document(document.id)
            report = self._failed(shown, exc, document, started)
        if document is not None and not (keep_old and report.outcome is ImportOutcome.FAILED):
            self._documents.keep_report(document.id, report)
        yield FileFinished(report, document)

    def _as_wanted(self, document: Document, collection_id: str, *, vectors_of_all: bool) -> Document:
        """Put a document into its collection, and have it wait for the vectors that are wanted of it."""
        if collection_id != ALL_DOCUMENTS:
            self._documents.add_to_collection(collection_id, [document.id])
        if document.words_only and vectors_of_all:
            document = self._documents.want_vectors(document.id)
        return document

    def _known(self, shown: str, document: Document) -> ImportReport:
        reason = f"The same file is already in the library as “{document.title}”."
        if document.words_only:
            reason = f"{reason} {self._why_words_only(document)}"
        return ImportReport(shown, ImportOutcome.ALREADY_THERE, reason, document_id=document.id)

    def read_again(self, document: Document) -> Iterator[ImportEvent]:
        """Read a document anew whose file is as it was; nothing happens where it has gone or changed.

        What was read before is found, by its vectors too, until the new is whole. Raises like `import_file`.
        """
        path = Path(document.path)
        stamp = stamp_of(path)
        if stamp is not None and stamp.size == document.size:
            for event in self.import_file(path, again=True, keep_old=document):
                # A file that cannot be read now is none that was read badly.
                if not (isinstance(event, FileFinished) and event.document is None):
                    yield event

    def _store(
        self, path: Path, source: Source, stamp: FileStamp | None, document: Document, vectors_of_all: bool
    ) -> tuple[Document, Read]:
        """Read a file and store what is in it, part by part; nobody sees it before the last one."""
        self._settle()  # what an import that was killed has left
        read: Read | None = None
        with self._documents.stage(document.id) as staged, closing(self._parser.read(path)) as parts:
            for part in parts:
                self._check()
                match part:
                    case Text(start, packed):
                        staged.add_text(start, packed)
                    case Passages(drafts):
                        staged.add_passages(drafts)
                    case Read():
                        read = part
            if read is None:
                raise ParserStopped(name=path.name, detail="the reader ended too early")
            is_same = is_unchanged(stamp, stamp_of(path))
            if not is_same and read_source(path, self._is_stopped).sha256 != source.sha256:
                raise FileUnreadable(name=path.name, detail="it changed while it was read")
            is_large = staged.passages > self._passages_without_asking
            # A large one that had its vectors, or was to get them, is read anew: the person has asked before.
            was_asked = (
                document.state in (DocumentState.SEARCHABLE, DocumentState.READY) and not document.words_only
            )
            facts = DocumentFacts(
                read.title,
                read.media_type,
                read.pages,
                read.characters,
                read.fields,
                READER_VERSION,
                READING,
            )
            words_only = is_large and not vectors_of_all and not was_asked
            had_vectors = document.state is DocumentState.READY and self._embedder is not None
            if had_vectors:
                self._embed_unseen(staged)  # what is there is found by its vectors until this is whole
            published = staged.publish(facts, words_only=words_only)
            if had_vectors and self._embedder is not None:
                published = self._documents.finish(document.id, self._embedder.model.stamp)
        self._settle()  # the version before
        return published, read

    def _embed_unseen(self, staged: StagedDocument) -> None:
        if self._embedder is None:
            return
        stamp = self._embedder.model.stamp
        while missing := staged.without_vector(stamp, EMBEDDED_AT_ONCE):
            self._check()
            store_vectors(self._passages, self._embedder, missing)

    def _settle(self) -> None:
        while self._settling.step():
            self._check()

    def finish_vectors(self, document: Document, stamp: str) -> Document:
        """Flip a document to READY whose passages all have their vectors. Raises DocumentIncomplete, StoreError."""
        finished = self._documents.finish(document.id, stamp)
        for _ in range(2 + document.passages // BLOCK_ROWS):  # those of an old library are not all waited for
            if not self._keeping.step():
                break
        return finished

    def _check(self) -> None:
        if self._is_stopped():
            raise ImportStopped

    def _why_words_only(self, document: Document) -> str:
        return (
            f"It has {document.passages} passages, more than {self._passages_without_asking}: it is found by its"
            " words, and gets vectors when you ask for them."
        )

    def _failed(
        self, shown: str, error: Exception, document: Document | None, started: float
    ) -> ImportReport:
        reason = (
            str(error)
            if isinstance(error, AppError)
            else f"It could not be imported ({type(error).__name__})."
        )
        return ImportReport(
            shown,
            ImportOutcome.FAILED,
            clean_text(reason),
            type(error).__name__,
            document.id if document is not None else None,
            seconds=self._clock() - started,
        )

    def _report(
        self,
        shown: str,
        outcome: ImportOutcome,
        document: Document,
        read: Read | None,
        started: float,
    ) -> ImportReport:
        warnings = read.warnings if read is not None else ()
        if document.words_only:
            warnings = (*warnings, self._why_words_only(document))
        return ImportReport(
            shown,
            outcome,
            document_id=document.id,
            characters=document.characters,
            pages=document.pages,
            empty_pages=read.empty_pages if read is not None else (),
            passages=document.passages,
            seconds=self._clock() - started,
            warnings=warnings,
        )
