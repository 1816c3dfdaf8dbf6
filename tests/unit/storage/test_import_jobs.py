"""The queue of imports outlives a restart."""

from __future__ import annotations

import json
from pathlib import Path

from chatbot_app.core.documents import ImportOutcome, ImportReport
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.migrations import MIGRATIONS


def test_what_waits_survives_a_restart_and_so_do_failures(data_dir: Path) -> None:
    with Database(DataPaths(data_dir)) as database:
        queue = ImportQueue(database)
        queue.add(["/a.txt", "/b.txt", "/a.txt"])
        queue.add(["/a.txt"])
        first, second = queue.waiting()
        assert (first.path, second.path) == ("/a.txt", "/b.txt")
        queue.finish(first.number, ImportReport("/a.txt", ImportOutcome.FAILED, "why", "FileUnreadable"))
    with Database(DataPaths(data_dir)) as database:
        queue = ImportQueue(database)
        assert [job.path for job in queue.waiting()] == ["/b.txt"]
        assert [report.reason for report in queue.failures()] == ["why"]
        queue.finish(second.number, ImportReport("/b.txt", ImportOutcome.IMPORTED, document_id="b"))
        queue.add(["/c.txt"])
        queue.cancel()
        assert queue.waiting() == []
        queue.forget(["/a.txt"])
        assert queue.failures() == []


def test_what_is_done_leaves_the_queue_and_a_failure_stands_in_it_once(database: Database) -> None:
    queue = ImportQueue(database)
    for turn in range(50):
        queue.add(["/good.txt", "/copy.txt", "/bad.txt"])
        for job in queue.waiting():
            outcome = ImportOutcome.FAILED if "bad" in job.path else ImportOutcome.IMPORTED
            document_id = None if "bad" in job.path else "d"
            queue.finish(job.number, ImportReport(job.path, outcome, str(turn), document_id=document_id))
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM import_jobs").fetchone()[0] == 1
    assert [report.reason for report in queue.failures()] == ["49"]
    assert sorted(queue.paths_of("d")) == ["/copy.txt", "/good.txt"]


def test_the_queue_of_an_earlier_release_is_cleaned_up(data_dir: Path) -> None:
    def report(path: str, document_id: str | None) -> str:
        outcome = ImportOutcome.FAILED if document_id is None else ImportOutcome.ALREADY_THERE
        return json.dumps(ImportReport(path, outcome, document_id=document_id).to_dict())

    released = [
        m for m in MIGRATIONS if m.__name__ in ("m001_conversations", "m002_documents", "m003_memory")
    ]
    with Database(DataPaths(data_dir), migrations=released) as database, database.write() as connection:
        connection.execute(
            "INSERT INTO documents (id, title, path, size, sha256, state, imported_at)"
            " VALUES ('d', 't', '/d.txt', 1, 'x', 'ready', '2026-01-01T00:00:00+00:00')"
        )
        rows = [["/d.txt", "done", report("/d.txt", "d")]] * 40
        rows += [["/copy.txt", "done", report("/copy.txt", "d")]] * 3
        rows += [["/bad.txt", "failed", report("/bad.txt", None)]] * 3
        rows += [["/odd.txt", "done", "no JSON"], ["/next.txt", "queued", None]]
        connection.executemany("INSERT INTO import_jobs (path, state, report) VALUES (?, ?, ?)", rows)
    with Database(DataPaths(data_dir)) as database:
        queue = ImportQueue(database)
        assert [job.path for job in queue.waiting()] == ["/next.txt"]
        assert [report.path for report in queue.failures()] == ["/bad.txt"]
        assert queue.paths_of("d") == ["/copy.txt"]
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM import_jobs").fetchone()[0] == 2
