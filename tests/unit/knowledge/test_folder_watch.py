"""Looks at real folders: nothing is lost by a copy, a removal by hand, or a store that was restored."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot_app.knowledge.importing.folder_looks import FolderProblem
from chatbot_app.knowledge.importing.folder_watch import FolderNotWatchable, FolderUpdate, FolderWatch
from chatbot_app.knowledge.importing.folders import scan_folder
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.watched_folders import WatchedFolderStore

LONG_AGO = 1_700_000_000


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


class Desk:
    """A watch, and an importer of what it queues."""

    def __init__(self, library, embedder) -> None:
        self.library, self._embedder = library, embedder
        self.jobs = ImportQueue(library.database)
        now = lambda: datetime(2026, 3, 1, tzinfo=UTC)  # noqa: E731
        self.watched = WatchedFolderStore(library.database, now=now)
        self.watch = FolderWatch(self.watched, library.documents, self.jobs, now=now)

    def look(self) -> list[FolderUpdate]:
        updates = list(self.watch.look())
        for job in self.jobs.waiting():
            self.jobs.finish(job.number, self.library.add(Path(job.path), self._embedder).report)
        return updates

    def paths(self) -> set[str]:
        return {Path(one.path).name for one in self.library.documents.documents()}


@pytest.fixture
def desk(library, embedder) -> Desk:
    return Desk(library, embedder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    papers = tmp_path / "papers"
    papers.mkdir()
    return papers


def test_a_file_removed_by_hand_does_not_come_back_under_another_name(desk: Desk, folder: Path) -> None:
    write(folder / "a.txt", "The answer is forty-two.")
    desk.watch.add(folder, "")
    desk.look()
    desk.library.documents.delete(desk.library.documents.documents()[0].id)
    (folder / "a.txt").rename(folder / "b.txt")
    for _ in range(3):
        desk.look()
    assert desk.paths() == set()


def test_a_file_that_becomes_a_copy_leaves_no_stale_document(desk: Desk, folder: Path) -> None:
    write(folder / "a.txt", "The answer is forty-two.")
    write(folder / "b.txt", "Something else altogether.")
    desk.watch.add(folder, "")
    desk.look()
    (folder / "b.txt").write_bytes((folder / "a.txt").read_bytes())
    for _ in range(3):
        desk.look()
    assert desk.paths() == {"a.txt"}
    (document,) = desk.library.documents.documents()
    assert desk.jobs.paths_of(document.id) == [str(folder / "b.txt")]


def test_a_store_that_was_restored_is_read_anew(desk: Desk, folder: Path) -> None:
    path = write(folder / "a.txt", "The answer is forty-two.")
    desk.watch.add(folder, "")
    desk.look()
    desk.library.documents.purge(desk.library.documents.documents()[0].id)
    desk.watched.forget([str(path)])
    desk.look()
    assert desk.paths() == {"a.txt"}


def test_a_folder_that_is_gone_is_said_and_a_file_is_no_folder(desk: Desk, folder: Path) -> None:
    path = write(folder / "a.txt", "The answer is forty-two.")
    with pytest.raises(FolderNotWatchable, match="cannot be watched"):
        desk.watch.add(path, "")
    desk.watch.add(folder, "")
    desk.look()
    folder.rename(folder.with_name("away"))
    for _ in range(3):
        (update,) = desk.look()
    assert update.look.problem is FolderProblem.UNREADABLE
    assert update.removed == ()
    assert desk.paths() == {"a.txt"}


def test_links_hidden_files_and_other_formats_are_not_seen(folder: Path) -> None:
    write(folder / "a.txt", "text")
    write(folder / ".b.txt", "text")
    write(folder / "c.mp4", "film")
    (folder / "loop").symlink_to(folder)
    (folder / "d.txt").symlink_to(folder / "a.txt")
    scan = scan_folder(str(folder))
    assert scan is not None
    assert list(scan.files) == [str(folder / "a.txt")]
    assert scan_folder(str(folder), lambda: True) is None
