"""Imports files, and makes vectors beside them and while nothing else waits: the only orchestrator of both.

A generator of what there is to tell (`events`): the window's thread, `chatbot-app import` and `chatbot-app embedding`
iterate the same one. What it shall do is said from any thread and done before the next file.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from chatbot_app.core.documents import ALL_DOCUMENTS, DocumentState, ImportOutcome, ImportReport
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.importing.arrivals import Arrivals
from chatbot_app.knowledge.importing.events import (
    FieldsRead,
    FileFinished,
    FileProgress,
    FileStep,
    ImportFailed,
    ImportProgress,
    ImportStopped,
    Steps,
    Told,
)
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.parts import ImportParts
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.knowledge.importing.upkeep import Upkeep
from chatbot_app.knowledge.importing.vector_making import VectorMaking
from chatbot_app.knowledge.importing.vector_renewal import VectorRenewal
from chatbot_app.storage.import_jobs import ImportJob

logger = logging.getLogger(__name__)

IDLE_SECONDS = 4.0  # without work, until the parser is ended: the next file starts another one in 0.1 s


class ImportRunner:
    """Does what it was told, in order; one thread iterates `run`, any may tell."""

    def __init__(
        self, parts: ImportParts, *, most_ahead: float = math.inf, vectors_of_all: bool = False
    ) -> None:
        """`most_ahead`: no file is begun while so many passages wait for vectors; `vectors_of_all`: make them also of
        documents so large that a person has to ask for them."""
        self._parts = parts
        self._most_ahead = most_ahead
        self._vectors_of_all = vectors_of_all
        self._tasks: queue.SimpleQueue[Steps] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._standing = Standing()
        self._arrivals = Arrivals(parts.jobs, parts.texts, self._standing)
        self._vectors = VectorMaking(parts.documents, parts.passages, parts.embedder, self._standing)
        self._renewal = VectorRenewal(parts.documents, parts.passages, parts.newest_vectors, self._standing)
        self._importer: Importer | None = None
        self._settling = parts.documents.settling()

    # --- from any thread -------------------------------------------------------------------------------

    @property
    def progress(self) -> ImportProgress:
        """How the whole import stands."""
        return self._standing.progress

    @property
    def is_working(self) -> bool:
        """Whether files are read or their vectors made."""
        now, upkeep = self.progress, self._parts.upkeep
        reads_again = upkeep is not None and upkeep.to_read_again > 0
        makes_vectors = self._vectors.is_waited_for or self._renewal.is_under_way
        return not now.paused and (now.is_running or makes_vectors or reads_again)

    def awaits_vectors(self, document_id: str) -> bool:
        """Whether a document's vectors are still to be made."""
        return self._vectors.is_waiting(document_id)

    def add(self, paths: Sequence[Path], collection_id: str, *, again: bool = False) -> None:
        """Import files and the files in folders; `again` reads files anew whose bytes are known."""
        self._do(self._arrivals.add_paths(list(paths), collection_id, again))

    def add_text(self, title: str, text: str, collection_id: str = ALL_DOCUMENTS) -> None:
        """Keep a pasted text as a file of its own and import it."""
        self._do(self._arrivals.add_text(title, text, collection_id))

    def add_address(
        self, address: str, collection_id: str = ALL_DOCUMENTS, allowed_hosts: frozenset[str] = frozenset()
    ) -> None:
        """Fetch a web page, keep it as a file and import it; hosts of private networks only where they are allowed."""
        self._do(self._arrivals.add_address(address, collection_id, allowed_hosts))

    def take_up(self, paths: Sequence[str]) -> None:
        """Begin with files that stand in the queue already."""
        self._do(self._arrivals.take_up(list(paths)))

    def withdraw(self, paths: Sequence[str]) -> None:
        """Tell that files are gone and not waited for any more."""
        self._do(self._arrivals.withdraw(list(paths)))

    def make_vectors(self, document_ids: Sequence[str]) -> None:
        """Make the vectors of documents that have none because of their size: the person has asked for them."""
        self._do(self._vectors.want(list(document_ids)))

    def renew_embedder(self) -> None:
        """Make vectors with the model that the library has now, also those that are missing."""
        self._do(_quiet(self._forget_importer))
        self._do(self._vectors.want_missing())
        if self._parts.upkeep is not None:
            self._do(self._renewal.resume())

    def cancel(self) -> None:
        """Forget what waits; the file under way is finished."""
        self._do(self._arrivals.cancel())

    def set_paused(self, paused: bool) -> None:
        """Wait after the file, or the portion of vectors, that is under way; or go on."""
        (self._standing.paused.set if paused else self._standing.paused.clear)()
        self._wake.set()

    def wake(self) -> None:
        """Look whether there is anything to do."""
        self._wake.set()

    def stop(self) -> None:
        """End soon: `run` ends, and what it was doing is done again by the next one."""
        self._standing.stopped.set()
        self._wake.set()
        self._parts.interrupt()
        if self._parts.texts is not None:
            self._parts.texts.interrupt()

    def kill_parser(self) -> None:
        """End the reader of the file that is under way."""
        self._parts.parser.kill()

    # --- for who iterates ------------------------------------------------------------------------------

    def run(self, *, until_done: bool = False) -> Generator[Told]:
        """Do what there is to do and tell of it, until `stop`, or until nothing is left."""
        try:
            if self._parts.upkeep is not None:
                yield from self._guarded(self._resume(self._parts.upkeep))
            while not self._standing.stopped.is_set():
                self._wake.clear()
                if (yield from self._work()):
                    continue
                if until_done:
                    return
                if not self._wake.wait(IDLE_SECONDS):
                    self._parts.parser.close()  # one that has read a large file stays large
                    self._wake.wait()
        except ImportStopped:
            return
        finally:
            self._vectors.close()
            self._parts.parser.close()

    def _do(self, task: Steps) -> None:
        self._tasks.put(task)
        self._wake.set()

    def _work(self) -> Steps:
        """Do the next thing; return whether there was any."""
        try:
            task = self._tasks.get_nowait()
        except queue.Empty:
            pass
        else:
            yield from self._guarded(task)
            return True
        if (yield from self._guarded(_quiet(self._settling.step))):
            return True
        if self.progress.paused:
            return False
        if self.progress.is_running:
            # While a file is read, vectors of those before it are made; to look whether they are takes no time.
            yield from self._guarded(self._vectors.embed_beside(self._importer_or_new))
            if self._has_read_enough():
                yield from self._guarded(self._vectors.embed_next(self._importer_or_new, self._may_read_on))
            else:
                yield from self._guarded(self._import_next())
            return True
        for task in self._less_urgent():
            if (yield from self._guarded(task)):
                return True
        return False

    def _less_urgent(self) -> Iterator[Steps]:
        """Yield what is done while no file waits, in the order of its importance."""
        upkeep = self._parts.upkeep
        if upkeep is not None:
            yield _read_fields(upkeep)
        yield self._vectors.embed_next(self._importer_or_new, self._has_something_better)
        if upkeep is not None:
            yield self._read_next_again(upkeep)
            yield _quiet(upkeep.keep_blocks)
            yield self._renew_vectors()

    def _has_read_enough(self) -> bool:
        return self._vectors.passages_waiting >= self._most_ahead

    def _may_read_on(self) -> bool:
        return not self._has_read_enough() or self._has_something_better()

    def _has_something_better(self) -> bool:
        return self._standing.stopped.is_set() or self.progress.paused or not self._tasks.empty()

    def _guarded(self, task: Steps) -> Steps:
        """Do a task; an error of the store or of ours is told and pauses the import."""
        try:
            return (yield from task)
        except ImportStopped:
            raise
        except AppError as error:
            failure = error
        except Exception as error:
            logger.exception("the import failed")
            failure = AppError(detail=str(error) or type(error).__name__)
        if self._standing.stopped.is_set():
            raise ImportStopped from failure
        self._standing.paused.set()  # a full disk refuses the next file, too: wait for the person
        yield self.progress
        yield ImportFailed(failure)
        return False

    def _resume(self, upkeep: Upkeep) -> Steps:
        """Carry on what the last run left behind."""
        jobs = self._parts.jobs
        unfinished = self._parts.documents.unfinished()
        jobs.add([document.path for document in unfinished if document.state is DocumentState.IMPORTING])
        for document in unfinished:
            self._vectors.add(document)
        upkeep.resume()
        yield self._standing.update(to_read_again=upkeep.to_read_again)
        yield from self._renewal.resume()
        waiting = jobs.waiting()
        if waiting:
            yield from (FileProgress(job.path, FileStep.WAITING) for job in waiting)
            yield self._standing.update(total=len(waiting))
        if self._vectors.is_waited_for:
            yield from self._vectors.count_pending()
        return True

    def _import_next(self) -> Steps:
        jobs = self._parts.jobs.waiting(1)
        if not jobs:
            yield self._standing.update(total=self.progress.done)
            return (yield from self._vectors.count_pending())
        job = jobs[0]
        yield FileProgress(job.path, FileStep.READING)
        events = self._importer_or_new().import_file(
            Path(job.path),
            job.collection_id,
            again=job.path in self._arrivals.again,
            vectors_of_all=self._vectors_of_all,
            is_awaited=self._vectors.is_waiting,
        )
        for event in events:
            if isinstance(event, FileFinished):
                self._standing.check()  # its reader was ended, not the file's fault: the job stays queued
                yield from self._finish(job, event)
        return True

    def _finish(self, job: ImportJob, event: FileFinished) -> Steps:
        report = event.report
        self._arrivals.again.discard(job.path)
        if report.outcome is ImportOutcome.FAILED and event.document is None:
            self._fail_what_was_begun(job.path, report)
        self._parts.jobs.finish(job.number, report)
        if event.document is not None:
            self._vectors.add(event.document)
        yield FileProgress.after(event.document, job.path, report)
        now = self.progress
        yield self._standing.update(
            done=now.done + 1,
            total=max(now.total, now.done + 1),
            added=now.added + (report.outcome in (ImportOutcome.IMPORTED, ImportOutcome.NEW_VERSION)),
            already_there=now.already_there + (report.outcome is ImportOutcome.ALREADY_THERE),
            failed=now.failed + (report.outcome is ImportOutcome.FAILED),
        )
        return (yield from self._vectors.count_pending(seldom=True))

    def _fail_what_was_begun(self, path: str, report: ImportReport) -> None:
        """A file that vanished after its import began must not stay "importing" for ever."""
        documents = self._parts.documents
        for document in documents.unfinished():
            if document.path == path and document.state is DocumentState.IMPORTING:
                documents.fail(document.id)
                documents.keep_report(document.id, replace(report, document_id=document.id))

    def _read_next_again(self, upkeep: Upkeep) -> Steps:
        if not upkeep.to_read_again:
            return False
        read = yield from upkeep.read_next_again(self._importer_or_new())
        if read is not None:
            self._vectors.add(read)
        yield self._standing.update(to_read_again=upkeep.to_read_again)
        return True

    def _renew_vectors(self) -> Steps:
        was_under_way = self._renewal.is_under_way
        has_done = yield from self._renewal.step()
        if was_under_way and not self._renewal.is_under_way:
            self._importer = None  # it has the embedder of before
            yield from self._vectors.want_missing()
        return has_done

    def _forget_importer(self) -> bool:
        self._importer = None
        return True

    def _importer_or_new(self) -> Importer:
        if self._importer is None:
            self._importer = self._parts.create_importer(self._standing.stopped.is_set)
        return self._importer


def _read_fields(upkeep: Upkeep) -> Steps:
    has_read = upkeep.read_fields()
    if has_read:
        yield FieldsRead()
    return has_read


def _quiet(step: Callable[[], bool]) -> Steps:
    """Do something that nobody is told of."""
    yield from ()
    return step()
