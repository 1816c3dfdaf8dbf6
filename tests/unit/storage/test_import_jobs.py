"""The queue of imports outlives a restart."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.core.documents import ImportOutcome, ImportReport
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.import_jobs import ImportQueue


def test_what_waits_survives_a_restart_and_failures_can_be_retried(data_dir: Path) -> None:
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
        assert [report.reason for report in queue.reports()] == ["why"]
        queue.retry_failed()
        assert [job.path for job in queue.waiting()] == ["/a.txt", "/b.txt"]
        queue.finish(second.number, ImportReport("/b.txt", ImportOutcome.IMPORTED))
        queue.cancel()
        assert queue.waiting() == []
        queue.forget_finished()
        assert queue.reports() == []
