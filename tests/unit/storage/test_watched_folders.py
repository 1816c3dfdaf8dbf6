"""Watched folders and their files are kept; a folder is never watched twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.watched_folders import (
    FileState,
    FolderWatchedAlready,
    WatchedFolderStore,
    is_below,
)


def open_store(folder: Path) -> tuple[Database, WatchedFolderStore]:
    database = Database(DataPaths(folder))
    return database, WatchedFolderStore(database, now=lambda: datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def store(data_dir: Path) -> Iterator[WatchedFolderStore]:
    database, opened = open_store(data_dir)
    yield opened
    database.close()


def test_folders_and_files_survive_a_restart(data_dir: Path) -> None:
    state = FileState(10, 5_000_000_000_123, str(2**63 + 5))  # Windows numbers volumes without a sign
    database, store = open_store(data_dir)
    store.add("/papers", "c1")
    store.keep("/papers", {"/papers/a.txt": state})
    database.close()
    database, store = open_store(data_dir)
    assert [(one.path, one.collection_id) for one in store.folders()] == [("/papers", "c1")]
    assert store.files("/papers") == {"/papers/a.txt": state}
    database.close()


def test_a_folder_inside_a_watched_one_is_refused(store: WatchedFolderStore) -> None:
    store.add("/papers")
    for path in ("/papers", "/papers/deep"):
        with pytest.raises(FolderWatchedAlready, match="/papers"):
            store.add(path)
    store.add("/papers 2")
    assert [one.path for one in store.folders()] == ["/papers", "/papers 2"]


def test_a_folder_above_takes_over_the_files(store: WatchedFolderStore) -> None:
    store.add("/papers/deep")
    store.keep("/papers/deep", {"/papers/deep/a.txt": FileState(1, 2, "3")})
    assert store.add("/papers") == ["/papers/deep"]
    assert [one.path for one in store.folders()] == ["/papers"]
    assert list(store.files("/papers")) == ["/papers/deep/a.txt"]


def test_files_of_a_folder_go_with_it_and_are_not_kept_for_an_unwatched_one(
    store: WatchedFolderStore,
) -> None:
    store.add("/papers")
    store.keep("/papers", {"/papers/a.txt": FileState(7, 2, "3")})
    assert store.files_of_size(7) == ["/papers/a.txt"]
    store.remove("/papers")
    store.keep("/papers", {"/papers/a.txt": FileState(7, 2, "3")})
    assert store.files_of_size(7) == []


def test_below_is_a_matter_of_whole_names() -> None:
    assert is_below("/a/b", "/a")
    assert is_below("/a", "/")
    assert not is_below("/ab", "/a")
    assert not is_below("/a", "/a")
