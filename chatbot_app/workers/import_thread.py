"""The thread that imports files, and makes vectors while nothing else waits."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from chatbot_app.core.documents import Document, DocumentState, ImportOutcome, ImportReport
from chatbot_app.core.errors import AppError
from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.text import clean_text, first_words
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.embedder import Embedder, lower_priority
from chatbot_app.knowledge.fields.old_documents import FieldReading
from chatbot_app.knowledge.importing.block_keeping import BlockKeeping
from chatbot_app.knowledge.importing.folders import files_below, files_left_out
from chatbot_app.knowledge.importing.importer import (
    READING,
    DocumentSearchable,
    FileFinished,
    Importer,
    ImportEvent,
    ImportStopped,
    VectorsStored,
)
from chatbot_app.knowledge.importing.kept_texts import keep_text
from chatbot_app.llm.web_pages import PageFetcher, PageNotFetched, PrivateAddress
from chatbot_app.storage.documents import DocumentGone, DocumentStore
from chatbot_app.storage.import_jobs import ImportJob, ImportQueue
from chatbot_app.storage.passages import PassageStore
from chatbot_app.workers.import_feed import ImportFeed
from chatbot_app.workers.import_progress import FileProgress, FileStep, ImportProgress

logger = logging.getLogger(__name__)

IDLE_SECONDS = 4.0  # without work, until the parser is ended: the next file starts another one in 0.1 s
_COUNT_EVERY_SECONDS = 1.0  # the passages without vectors
_NAMED = 20  # files that are left out and named


@dataclass(frozen=True, slots=True)
class ImportParts:
    """What the thread works with; nobody else uses the importer and the parser.

    `create_importer` and `embedder` load the embedding model: they are called in the thread, at first use.
    """

    create_importer: Callable[[Callable[[], bool]], Importer]  # with what says that the thread must end
    embedder: Callable[[], Embedder | None]
    parser: ParserProcess
    documents: DocumentStore
    passages: PassageStore
    field_reading: FieldReading
    jobs: ImportQueue
    fetcher: PageFetcher
    texts_folder: Path  # where pasted texts and web pages are kept
    interrupt: Callable[[], None]  # ends a computation of vectors, from any thread


class _Stopped(Exception):
    """The thread was told to end."""


class ImportThread(QThread):
    """Runs until `stop`; `ImportWorker` speaks for it in the window's thread."""

    changes_waiting = Signal()
    failed = Signal(object)  # Notice
    permission_needed = Signal(str, str, str)  # address, host in a private network, collection id

    def __init__(self, parts: ImportParts, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("import_worker")
        self._parts = parts
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._feed = ImportFeed(self.changes_waiting.emit)
        self._again: set[str] = set()  # files to be read although their bytes are known
        self._to_embed: deque[str] = deque()  # documents without all their vectors
        self._old: deque[str] = deque()  # documents that an older version has read
        self._counted_at = float("-inf")
        self._importer: Importer | None = None
        self._settling = parts.documents.settling()
        self._keeping = BlockKeeping(parts.passages.vectors)

    # --- from any thread -------------------------------------------------------------------------------

    def do(self, task: Callable[[], None]) -> None:
        """Run a task before the next file."""
        self._tasks.put(task)
        self._wake.set()

    def wake(self) -> None:
        """Look whether there is anything to do."""
        self._wake.set()

    def take(self) -> tuple[list[FileProgress], ImportProgress]:
        """Return what changed since the last time."""
        return self._feed.take()

    @property
    def progress(self) -> ImportProgress:
        """How the whole import stands."""
        return self._feed.progress

    @property
    def is_working(self) -> bool:
        """Whether files are read or their vectors made."""
        waits = self.progress.is_running or bool(self._to_embed) or bool(self._old)
        return not self.progress.paused and waits

    def set_paused(self, paused: bool) -> None:
        self._feed.update(paused=paused)
        self._wake.set()

    def cancel(self) -> None:
        """Forget what waits; the file under way is finished."""
        self.do(self._drop_waiting)

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        self._parts.interrupt()
        self._parts.fetcher.interrupt()

    def kill_parser(self) -> None:
        self._parts.parser.kill()

    # --- in the thread ---------------------------------------------------------------------------------

    def run(self) -> None:
        lower_priority()
        try:
            self._guarded(self._resume)
            while not self._stop.is_set():
                self._wake.clear()
                if not self._work() and not self._wake.wait(IDLE_SECONDS):
                    self._rest()
                    self._wake.wait()
        except _Stopped:
            return
        finally:
            self._parts.parser.close()

    def _rest(self) -> None:
        """Give back what only an import needs: a parser that has read a large file stays large."""
        self._parts.parser.close()
        return_free_memory()

    def _work(self) -> bool:
        """Do the next thing; return whether there was any."""
        try:
            task = self._tasks.get_nowait()
        except queue.Empty:
            pass
        else:
            self._guarded(task)
            return True
        if self._guarded(self._settling.step):
            return True
        if self.progress.paused:
            return False
        if self.progress.is_running:
            self._guarded(self._import_next)
            return True
        if self._guarded(self._parts.field_reading.step):
            return True
        steps = (self._embed_next, self._read_next_again, self._keeping.step)
        return any(self._guarded(step) for step in steps)

    def _guarded(self, task: Callable[[], bool | None]) -> bool:
        """Run a task; an error of the store or of ours is told and ends the import, not the thread."""
        try:
            return bool(task())
        except _Stopped:
            raise
        except ImportStopped as error:
            raise _Stopped from error
        except AppError as error:
            if self._stop.is_set():
                raise _Stopped from error
            notice = error.notice()
        except Exception as error:
            logger.exception("the import failed")
            notice = AppError(detail=str(error) or type(error).__name__).notice()
        # A full disk refuses the next file, too: wait for the person.
        self._feed.update(paused=True)
        self.failed.emit(notice)
        return False

    def _resume(self) -> None:
        """Carry on what the last run left behind."""
        jobs, documents = self._parts.jobs, self._parts.documents
        self._parts.passages.remove_dropped()
        unfinished = documents.unfinished()
        jobs.add([document.path for document in unfinished if document.state is DocumentState.IMPORTING])
        self._to_embed.extend(d.id for d in unfinished if d.state is DocumentState.SEARCHABLE)
        self._old.extend(documents.read_before(READING))
        self._feed.update(to_read_again=len(self._old))
        waiting = jobs.waiting()
        if waiting:
            self._feed.tell(FileProgress(job.path, FileStep.WAITING) for job in waiting)
            self._feed.update(total=len(waiting))
        if self._to_embed:
            self._count_pending()

    def add(self, paths: Sequence[Path], collection_id: str, again: bool) -> None:
        """Queue files and the files in folders."""
        found: list[str] = []
        left_out = 0
        named = list(self.progress.named)
        for path in paths:
            found += [os.fspath(file) for file in self._until_stopped(files_below(path))]
            if path.is_dir():
                others = [clean_text(file.name) for file in self._until_stopped(files_left_out(path))]
                left_out += len(others)
                named += others[: _NAMED - len(named)]
        self._queue(found, collection_id, again)
        total = self.progress.left_out + left_out
        self._feed.update(left_out=total, named=tuple(named))

    def _until_stopped(self, files: Iterable[Path]) -> Iterator[Path]:
        for file in files:
            if self._stop.is_set():
                raise _Stopped
            yield file

    def make_vectors(self, document_ids: Sequence[str]) -> None:
        """Make the vectors of documents that have none because of their size: the person has asked for them."""
        for document_id in document_ids:
            document = self._parts.documents.want_vectors(document_id)
            if document.state is DocumentState.SEARCHABLE and document.id not in self._to_embed:
                self._to_embed.append(document.id)
                self._feed.tell([_after(document, document.path, document.report)])
        self._count_pending()

    def add_text(self, title: str, text: str, collection_id: str) -> None:
        """Keep a pasted text as a file of its own and queue it."""
        self._keep(title or first_words(text), ".txt", clean_text(text).encode("utf-8"), collection_id)

    def add_address(self, address: str, collection_id: str, allowed_hosts: frozenset[str]) -> None:
        """Fetch a web page, keep it as a file and queue it."""
        try:
            page = self._parts.fetcher.fetch(address, allowed_hosts)
        except PrivateAddress as error:
            self.permission_needed.emit(address, str(error.details["host"]), collection_id)
        except PageNotFetched as error:
            if not self._stop.is_set():
                self.failed.emit(error.notice())
        else:
            name = page.address.split("://", 1)[-1].partition("?")[0].strip("/")
            self._keep(name, page.extension, page.body, collection_id)

    def _keep(self, title: str, extension: str, content: bytes, collection_id: str) -> None:
        path = keep_text(self._parts.texts_folder, title, extension, content)
        self._queue([os.fspath(path)], collection_id, again=False)

    def _queue(self, files: list[str], collection_id: str, again: bool) -> None:
        self._begin_count()
        if again:
            self._again.update(files)
        self._parts.jobs.add(files, collection_id)
        self._show_waiting(files)

    def _begin_count(self) -> None:
        if not self.progress.is_running:
            self._feed.update(done=0, total=0, added=0, already_there=0, failed=0, left_out=0, named=())

    def _show_waiting(self, paths: Iterable[str]) -> None:
        self._feed.tell(FileProgress(path, FileStep.WAITING) for path in paths)
        self._feed.update(total=self.progress.done + len(self._parts.jobs.waiting()))

    def take_up(self, paths: Sequence[str]) -> None:
        """Begin with files that stand in the queue already."""
        self._begin_count()
        waiting = {job.path for job in self._parts.jobs.waiting()}
        self._show_waiting(path for path in paths if path in waiting)

    def withdraw(self, paths: Sequence[str]) -> None:
        """Tell that files are gone and not waited for any more."""
        for path in paths:
            report = ImportReport(path, ImportOutcome.SKIPPED, "The file is gone.")
            self._feed.tell([FileProgress(path, FileStep.FINISHED, None, report)])
        self._feed.update(total=self.progress.done + len(self._parts.jobs.waiting()))

    def _drop_waiting(self) -> None:
        waiting = self._parts.jobs.waiting()
        self._parts.jobs.cancel()
        reason = "The import was cancelled."
        for job in waiting:
            report = ImportReport(job.path, ImportOutcome.SKIPPED, reason)
            self._feed.tell([FileProgress(job.path, FileStep.FINISHED, None, report)])
        self._feed.update(total=self.progress.done, paused=False)

    def _import_next(self) -> None:
        jobs = self._parts.jobs.waiting(1)
        if not jobs:
            self._feed.update(total=self.progress.done)
            self._count_pending()
            return
        job = jobs[0]
        self._feed.tell([FileProgress(job.path, FileStep.READING)])
        again = job.path in self._again
        events = self._importer_or_new().import_file(
            Path(job.path), job.collection_id, embed=False, again=again
        )
        for event in events:
            if isinstance(event, FileFinished):
                if self._stop.is_set():
                    raise _Stopped  # its reader was ended, not the file's fault: the job stays queued
                self._finish(job, event)

    def _finish(self, job: ImportJob, event: FileFinished) -> None:
        report = event.report
        self._again.discard(job.path)
        if report.outcome is ImportOutcome.FAILED and event.document is None:
            self._fail_what_was_begun(job.path, report)
        self._parts.jobs.finish(job.number, report)
        if event.document is not None and _waits_for_vectors(event.document):
            self._to_embed.append(event.document.id)
        self._feed.tell([_after(event.document, job.path, report)])
        now = self.progress
        self._feed.update(
            done=now.done + 1,
            total=max(now.total, now.done + 1),
            added=now.added + (report.outcome in (ImportOutcome.IMPORTED, ImportOutcome.NEW_VERSION)),
            already_there=now.already_there + (report.outcome is ImportOutcome.ALREADY_THERE),
            failed=now.failed + (report.outcome is ImportOutcome.FAILED),
        )
        self._count_pending(seldom=True)

    def _fail_what_was_begun(self, path: str, report: ImportReport) -> None:
        """A file that vanished after its import began must not stay "importing" for ever."""
        documents = self._parts.documents
        for document in documents.unfinished():
            if document.path == path and document.state is DocumentState.IMPORTING:
                documents.fail(document.id)
                documents.keep_report(document.id, replace(report, document_id=document.id))

    def _read_next_again(self) -> bool:
        """Read a document again that an older version has read; return whether there was any.

        What was read before is found until the new is whole. A file that has gone or changed stays as it is.
        """
        if not self._old:
            return False
        document_id = self._old[0]
        try:
            document = self._parts.documents.document(document_id)
            if document.deleted_at is None:
                for event in self._importer_or_new().read_again(document):
                    if isinstance(event, FileFinished) and event.document is not None:
                        if _waits_for_vectors(event.document):
                            self._to_embed.append(document_id)
                        if event.report.outcome is not ImportOutcome.FAILED:
                            self._feed.tell([_after(event.document, document.path, event.report)])
        except DocumentGone:
            logger.info("a document went before it was read again")
        self._old.popleft()
        self._feed.update(to_read_again=len(self._old))
        return True

    def _embed_next(self) -> bool:
        """Make vectors for one document until something more urgent comes; return whether any were missing."""
        if not self._to_embed:
            if self.progress.pending_vectors:
                self._count_pending()
            return False
        document = self._parts.documents.document(self._to_embed[0])
        is_wanted = _waits_for_vectors(document) and document.deleted_at is None
        if not is_wanted or self._parts.embedder() is None:
            self._to_embed.popleft()
            return True
        try:
            for event in self._importer_or_new().embed_document(document):
                self._take_vectors(document, event)
                if self._is_interrupted():
                    return True
        except AppError as error:
            if self._stop.is_set():
                raise _Stopped from error
            # One that was removed meanwhile is incomplete and rightly so.
            if self._parts.documents.document(document.id).deleted_at is None:
                self.failed.emit(error.notice())
            self._to_embed.popleft()
            return True
        self._to_embed.popleft()
        self._feed.tell([_after(self._parts.documents.document(document.id), document.path, document.report)])
        self._count_pending(seldom=True)
        return True

    def _take_vectors(self, document: Document, event: ImportEvent) -> None:
        if isinstance(event, VectorsStored):
            self._feed.tell(
                [
                    FileProgress(
                        document.path, FileStep.VECTORS, document, document.report, event.done, event.total
                    )
                ]
            )
        elif isinstance(event, DocumentSearchable):
            self._feed.tell([_after(event.document, document.path, document.report)])
        self._count_pending(seldom=True)

    def _is_interrupted(self) -> bool:
        return self._stop.is_set() or self.progress.paused or not self._tasks.empty()

    def _count_pending(self, *, seldom: bool = False) -> None:
        now = time.monotonic()
        if seldom and now - self._counted_at < _COUNT_EVERY_SECONDS:
            return
        self._counted_at = now
        embedder = self._parts.embedder()
        if embedder is not None:
            self._feed.update(
                pending_vectors=self._parts.passages.count_pending_vectors(embedder.model.stamp)
            )

    def _importer_or_new(self) -> Importer:
        if self._importer is None:
            self._importer = self._parts.create_importer(self._stop.is_set)
        return self._importer


def _after(document: Document | None, path: str, report: ImportReport | None) -> FileProgress:
    """Return how a file stands after a step."""
    if document is not None and _waits_for_vectors(document):
        return FileProgress(path, FileStep.VECTORS, document, report, 0, document.passages)
    return FileProgress(path, FileStep.FINISHED, document, report)


def _waits_for_vectors(document: Document) -> bool:
    return document.state is DocumentState.SEARCHABLE and not document.words_only
