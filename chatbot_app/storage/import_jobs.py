"""The queue of imports: what was asked for survives a crash and a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.documents import ALL_DOCUMENTS, ImportOutcome, ImportReport
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import report_from
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.stored_paths import path_from, stored_path


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A file that is waiting to be imported into a collection."""

    number: int
    path: str
    collection_id: str


class ImportQueue:
    """Files in the order in which they were dropped, and the reports of those that failed. Raises StoreError.

    A file that became a document leaves the queue: its report is kept with the document.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, paths: Sequence[str], collection_id: str = ALL_DOCUMENTS) -> None:
        """Queue files; one that waits already is not queued twice."""
        self._change(
            "INSERT INTO import_jobs (path, collection_id) SELECT ?1, ?2 WHERE NOT EXISTS"
            " (SELECT 1 FROM import_jobs WHERE state = 'queued' AND path = ?1 AND collection_id = ?2)",
            [[stored_path(path), collection_id] for path in paths],
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
                ImportJob(row["number"], path_from(row["path"]), as_text(row["collection_id"]))
                for row in rows
            ]

    def finish(self, number: int, report: ImportReport) -> None:
        """Take a file off the queue; the report of one that failed without becoming a document stays.

        Of each file only the latest report is kept.
        """
        path = stored_path(report.path)
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM import_jobs WHERE path = ? AND state <> 'queued' OR number = ?", [path, number]
            )
            if report.document_id is not None:
                connection.execute(
                    "INSERT INTO document_copies SELECT ?1, ?2 WHERE NOT EXISTS"
                    " (SELECT 1 FROM documents WHERE id = ?1 AND path = ?2) ON CONFLICT DO NOTHING",
                    [report.document_id, path],
                )
            elif report.outcome is ImportOutcome.FAILED:
                connection.execute(
                    "INSERT INTO import_jobs (path, state, report) VALUES (?, 'failed', ?)",
                    [path, dump_json(report.to_dict())],
                )

    def cancel(self) -> None:
        """Drop what waits."""
        with self._database.read() as connection:
            waiting = connection.execute("SELECT number FROM import_jobs WHERE state = 'queued'").fetchall()
        self._change("DELETE FROM import_jobs WHERE number = ?", [[row["number"]] for row in waiting])

    def failures(self) -> list[ImportReport]:
        """Return the reports of files that failed and are no documents, newest first; one for a file."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT report FROM import_jobs WHERE report IS NOT NULL ORDER BY number DESC"
            )
            found = (report_from(row["report"]) for row in rows)
            return [report for report in found if report is not None]

    def paths_of(self, document_id: str) -> list[str]:
        """Return other files whose import led to a document: they had the same bytes."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT path FROM document_copies WHERE document_id = ?", [document_id])
            return [path_from(row["path"]) for row in rows]

    def forget(self, paths: Sequence[str]) -> None:
        """Drop the reports of files that failed."""
        self._change(
            "DELETE FROM import_jobs WHERE path = ? AND state <> 'queued'",
            [[stored_path(path)] for path in paths],
        )

    def withdraw(self, paths: Sequence[str]) -> None:
        """Drop files whatever their state: they are gone."""
        self._change("DELETE FROM import_jobs WHERE path = ?", [[stored_path(path)] for path in paths])

    def _change(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        # A folder may hold a hundred thousand files, and no other write may wait for all of them.
        for portion in Portions(size=256).of(rows):
            with self._database.write() as connection:
                connection.executemany(statement, portion)
