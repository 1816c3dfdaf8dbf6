"""Folders that are kept watched, and what each of their files was like when it was last taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.core.errors import AppError
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import UNKNOWN_MOMENT, moment_of
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.stored_paths import path_from, stored_path


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
    """The watched folders and their files. Methods raise StoreError."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(self, path: str, collection_id: str = ALL_DOCUMENTS) -> list[str]:
        """Watch a folder (absolute, normalised). Watched folders inside it become part of it: return them.

        Raises FolderWatchedAlready.
        """
        with self._database.write() as connection:
            rows = connection.execute("SELECT path FROM watched_folders").fetchall()
            watched = [path_from(row["path"]) for row in rows]
            for folder in watched:
                if folder == path or is_below(path, folder):
                    raise FolderWatchedAlready(path=path, folder=folder)
            connection.execute(
                "INSERT INTO watched_folders (path, collection_id, added_at) VALUES (?, ?, ?)",
                [stored_path(path), collection_id, self._now().isoformat()],
            )
            inner = [folder for folder in watched if is_below(folder, path)]
            for folder in inner:
                connection.execute(
                    "UPDATE watched_files SET folder = ? WHERE folder = ?",
                    [stored_path(path), stored_path(folder)],
                )
                connection.execute("DELETE FROM watched_folders WHERE path = ?", [stored_path(folder)])
            return inner

    def remove(self, path: str) -> None:
        """Stop watching a folder; its documents stay. An unknown one changes nothing."""
        self.forget(
            self.files(path)
        )  # in portions; an end in between leaves files that the next look takes in again
        with self._database.write() as connection:
            connection.execute("DELETE FROM watched_folders WHERE path = ?", [stored_path(path)])

    def folders(self) -> list[WatchedFolder]:
        """Return the watched folders by path."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM watched_folders ORDER BY path")
            return [
                WatchedFolder(
                    path_from(row["path"]),
                    as_text(row["collection_id"]),
                    moment_of(row["added_at"]) or UNKNOWN_MOMENT,
                )
                for row in rows
            ]

    def files(self, folder: str) -> dict[str, FileState]:
        """Return the files of a folder that were taken in, by path."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT path, size, modified_ns, device FROM watched_files WHERE folder = ?",
                [stored_path(folder)],
            )
            return {
                path_from(row["path"]): FileState(
                    as_number(row["size"]), as_number(row["modified_ns"]), as_text(row["device"])
                )
                for row in rows
            }

    def count_files(self, folder: str) -> int:
        """Return how many files of a folder were taken in."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT count(*) FROM watched_files WHERE folder = ?", [stored_path(folder)]
            )
            return int(row.fetchone()[0])

    def files_of_size(self, size: int) -> list[str]:
        """Return the taken-in files of all folders that have this size in bytes."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT path FROM watched_files WHERE size = ? ORDER BY path", [size])
            return [path_from(row["path"]) for row in rows]

    def keep(self, folder: str, files: Mapping[str, FileState]) -> None:
        """Remember files as taken in. A folder that is not watched any more is left alone."""
        rows = [
            [stored_path(path), state.size, state.modified_ns, state.device, stored_path(folder)]
            for path, state in files.items()
        ]
        self._change(
            "INSERT INTO watched_files (path, size, modified_ns, device, folder)"
            " SELECT ?, ?, ?, ?, path FROM watched_folders WHERE path = ?"
            " ON CONFLICT (path) DO UPDATE SET folder = excluded.folder, size = excluded.size,"
            " modified_ns = excluded.modified_ns, device = excluded.device",
            rows,
        )

    def forget(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        self._change("DELETE FROM watched_files WHERE path = ?", [[stored_path(path)] for path in paths])

    def _change(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        # A folder may hold a hundred thousand files, and no other write may wait for all of them.
        for portion in Portions(size=256).of(rows):
            with self._database.write() as connection:
                connection.executemany(statement, portion)


def is_below(path: str, folder: str) -> bool:
    """Return whether an absolute path lies inside a folder, at any depth."""
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
