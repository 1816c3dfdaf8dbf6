"""Folders that are kept watched, and what each of their files was like when it was last taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.core.errors import AppError
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import UNKNOWN_MOMENT, moment_of


class FolderWatchedAlready(AppError):
    """The folder is a watched one, or lies inside one."""

    summary_template = "“{path}” is watched already, with everything in “{folder}”."


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder whose files are kept in the library; new ones go into the collection."""

    path: str
    collection_id: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells that a file changed: `size` in bytes, the time of its last change, its file system."""

    size: int
    modified_ns: int
    device: str

    @property
    def signature(self) -> tuple[int, int]:
        """What changes with the content. Numbers of file systems may change with every start."""
        return self.size, self.modified_ns


class WatchedFolderStore:
    """The watched folders and their files. Methods raise StoreError; every change is one transaction."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(self, path: str, collection_id: str = ALL_DOCUMENTS) -> list[str]:
        """Watch a folder (absolute, normalised). Watched folders inside it become part of it: return them.

        Raises FolderWatchedAlready.
        """
        with self._database.write() as connection:
            watched = [row["path"] for row in connection.execute("SELECT path FROM watched_folders")]
            for folder in watched:
                if folder == path or is_below(path, folder):
                    raise FolderWatchedAlready(path=path, folder=folder)
            connection.execute(
                "INSERT INTO watched_folders (path, collection_id, added_at) VALUES (?, ?, ?)",
                [path, collection_id, self._now().isoformat()],
            )
            inner = [folder for folder in watched if is_below(folder, path)]
            for folder in inner:
                connection.execute("UPDATE watched_files SET folder = ? WHERE folder = ?", [path, folder])
                connection.execute("DELETE FROM watched_folders WHERE path = ?", [folder])
            return inner

    def remove(self, path: str) -> None:
        """Stop watching a folder; its documents stay. An unknown one changes nothing."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM watched_folders WHERE path = ?", [path])

    def folders(self) -> list[WatchedFolder]:
        """Return the watched folders by path."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM watched_folders ORDER BY path")
            return [
                WatchedFolder(
                    as_text(row["path"]),
                    as_text(row["collection_id"]),
                    moment_of(row["added_at"]) or UNKNOWN_MOMENT,
                )
                for row in rows
            ]

    def files(self, folder: str) -> dict[str, FileState]:
        """Return the files of a folder that were taken in, by path."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT path, size, modified_ns, device FROM watched_files WHERE folder = ?", [folder]
            )
            return {
                as_text(row["path"]): FileState(
                    as_number(row["size"]), as_number(row["modified_ns"]), as_text(row["device"])
                )
                for row in rows
            }

    def count_files(self, folder: str) -> int:
        """Return how many files of a folder were taken in."""
        with self._database.read() as connection:
            row = connection.execute("SELECT count(*) FROM watched_files WHERE folder = ?", [folder])
            return int(row.fetchone()[0])

    def files_of_size(self, size: int) -> list[str]:
        """Return the taken-in files of all folders that have this size in bytes."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT path FROM watched_files WHERE size = ? ORDER BY path", [size])
            return [row["path"] for row in rows]

    def keep(self, folder: str, files: Mapping[str, FileState]) -> None:
        """Remember files as taken in. A folder that is not watched any more is left alone."""
        with self._database.write() as connection:
            known = connection.execute("SELECT 1 FROM watched_folders WHERE path = ?", [folder]).fetchone()
            if known is None:
                return
            connection.executemany(
                "INSERT INTO watched_files (path, folder, size, modified_ns, device) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET folder = excluded.folder, size = excluded.size,"
                " modified_ns = excluded.modified_ns, device = excluded.device",
                [
                    [path, folder, state.size, state.modified_ns, state.device]
                    for path, state in files.items()
                ],
            )

    def forget(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM watched_files WHERE path = ?", [[path] for path in paths])


def is_below(path: str, folder: str) -> bool:
    """Return whether an absolute path lies inside a folder, at any depth."""
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
