"""The files of one command, in their order: what `storage.import_jobs.ImportQueue` is for the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count, islice

from chatbot_app.core.documents import ALL_DOCUMENTS, ImportReport
from chatbot_app.knowledge.importing.vector_portions import EMBEDDED_AT_ONCE
from chatbot_app.storage.import_jobs import ImportJob

# Passages that may wait for vectors while a command reads the next file: a portion that is made, one that is stored, and
# two of the next files. What is ended by whatever end leaves no more files without their vectors than these are of.
READ_AHEAD = 4 * EMBEDDED_AT_ONCE


class GivenFiles:
    """Files that wait in memory. One that is given twice is imported twice, and found to be there already."""

    def __init__(self) -> None:
        self._waiting: deque[ImportJob] = deque()
        self._numbers = count()

    def add(self, paths: Sequence[str], collection_id: str = ALL_DOCUMENTS) -> None:
        """Let files wait."""
        self._waiting += [ImportJob(next(self._numbers), path, collection_id) for path in paths]

    def waiting(self, limit: int = -1) -> list[ImportJob]:
        """Return the files that wait, first come first."""
        return list(islice(self._waiting, limit if limit >= 0 else None))

    def finish(self, number: int, report: ImportReport) -> None:
        """Take a file off; its report is told and kept with its document."""
        self._waiting = deque(job for job in self._waiting if job.number != number)

    def cancel(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
