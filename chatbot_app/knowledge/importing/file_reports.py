"""What became of each file of an import, in the order of the files: for who tells of each once, when it is done with."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chatbot_app.core.documents import Document, ImportOutcome, ImportReport
from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.importing.events import FileProgress, FileStep, ImportFailed, Told


@dataclass(slots=True)
class _File:
    """A file that is not told of yet; `report` is None while it is read, `awaits`: the document whose vectors it waits for."""

    report: ImportReport | None = None
    awaits: str = ""


class FileReports:
    """Holds a file's report back until its vectors are made, and until the files before it are told of.

    Vectors are made beside the reading of the files that follow, which may have ended or failed by then.
    """

    def __init__(self, awaits_vectors: Callable[[str], bool]) -> None:
        """`awaits_vectors` says of a document, by its id, whether its vectors are still to be made."""
        self._awaits_vectors = awaits_vectors
        self._files: deque[_File] = deque()
        self._awaited: dict[str, _File] = {}
        self._read: _File | None = None  # the file that is being read

    def take(self, told: Told) -> Iterator[ImportReport]:
        """Take in what an import tells; yield the reports of files that it is done with now."""
        match told:
            case FileProgress(step=FileStep.READING) if self._read is None:
                self._read = _File()
                self._files.append(self._read)
            case FileProgress(report=ImportReport() as report) if self._read is not None:
                file, self._read = self._read, None
                file.report = report
                # A copy of a file whose vectors are waited for is there already, and one that failed waits for nothing.
                is_new = report.outcome in (ImportOutcome.IMPORTED, ImportOutcome.NEW_VERSION)
                if is_new and told.step is FileStep.VECTORS and told.document is not None:
                    file.awaits = told.document.id
                    self._awaited[file.awaits] = file
            case FileProgress(document=Document() as document):
                self._add_seconds(document.id, told.seconds)
                if told.step is FileStep.FINISHED:
                    self._wait_no_more(document.id)
            case ImportFailed(error, Document() as document):
                self._fail(document.id, error)
                self._wait_no_more(document.id)
        while self._files and self._is_done_with(self._files[0]):
            yield from self._told(self._files.popleft())

    def rest(self) -> Iterator[ImportReport]:
        """Yield the reports that were held back behind files whose vectors are still to be made; the next import makes them."""
        files, self._files = self._files, deque()
        for file in files:
            if self._is_done_with(file):
                yield from self._told(file)

    def _add_seconds(self, document_id: str, seconds: float) -> None:
        file = self._awaited.get(document_id)
        if file is not None and file.report is not None:
            file.report = replace(file.report, seconds=file.report.seconds + seconds)

    def _fail(self, document_id: str, error: AppError) -> None:
        file = self._awaited.get(document_id)
        if file is not None and file.report is not None:
            file.report = ImportReport(
                file.report.path,
                ImportOutcome.FAILED,
                clean_text(str(error)),
                type(error).__name__,
                document_id,
                seconds=file.report.seconds,
            )

    def _wait_no_more(self, document_id: str) -> None:
        file = self._awaited.pop(document_id, None)
        if file is not None:
            file.awaits = ""

    def _is_done_with(self, file: _File) -> bool:
        # Vectors that nobody waits for any more come from elsewhere, or never: there is no model, or no such document.
        return file.report is not None and not (file.awaits and self._awaits_vectors(file.awaits))

    def _told(self, file: _File) -> Iterator[ImportReport]:
        self._wait_no_more(file.awaits)
        if file.report is not None:
            yield file.report
