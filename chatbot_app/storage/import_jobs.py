"""The queue of imports: what was asked for survives a crash and a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.documents import ALL_DOCUMENTS, ImportOutcome, ImportReport
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import report_from
from chatbot_app.storage.json_columns import dump_json


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A file that is waiting to be imported into a collection."""

    number: int
    path: str
    collection_id: str


class ImportQueue:
    """Files in the order in which they were dropped. Methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, paths: Sequence[str], collection_id: str = ALL_DOCUMENTS) -> None:
        """Queue files; one that waits already is not queued twice."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO import_jobs (path, collection_id) SELECT ?1, ?2 WHERE NOT EXISTS"
                " (SELECT 1 FROM import_jobs WHERE state = 'queued' AND path = ?1 AND collection_id = ?2)",
                [[clean_text(path), collection_id] for path in paths],
            )

    def waiting(self, limit: int = -1) -> list[ImportJob]:
        """Return the files that wait, first come first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT number, path, collection_id FROM import_jobs WHERE state = 'queued'"
                " ORDER BY number LIMIT ?",
                [limit],
            )
            return [
                ImportJob(row["number"], as_text(row["path"]), as_text(row["collection_id"])) for row in rows
            ]

    def finish(self, number: int, report: ImportReport) -> None:
        """Take a file off the queue and keep its report; a failed one can be retried."""
        state = "failed" if report.outcome is ImportOutcome.FAILED else "done"
        with self._database.write() as connection:
            connection.execute(
                "UPDATE import_jobs SET state = ?, report = ? WHERE number = ?",
                [state, dump_json(report.to_dict()), number],
            )

    def retry_failed(self) -> None:
        """Queue every failed file again."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE import_jobs SET state = 'queued', report = NULL WHERE state = 'failed'"
            )

    def cancel(self) -> None:
        """Drop what waits."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM import_jobs WHERE state = 'queued'")

    def reports(self) -> list[ImportReport]:
        """Return the reports of finished and failed files, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT report FROM import_jobs WHERE report IS NOT NULL ORDER BY number DESC"
            )
            found = (report_from(row["report"]) for row in rows)
            return [report for report in found if report is not None]

    def paths_of(self, document_id: str) -> list[str]:
        """Return the files whose import led to a document: the same bytes may have come from several."""
        return [report.path for report in self.reports() if report.document_id == document_id]

    def forget(self, paths: Sequence[str]) -> None:
        """Drop files that are finished or failed, and their reports."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM import_jobs WHERE path = ? AND state <> 'queued'", [[path] for path in paths]
            )

    def withdraw(self, paths: Sequence[str]) -> None:
        """Drop files whatever their state: they are gone."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM import_jobs WHERE path = ?", [[path] for path in paths])

    def forget_finished(self) -> None:
        """Drop the reports of what is done; failed files stay."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM import_jobs WHERE state = 'done'")
