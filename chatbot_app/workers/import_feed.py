"""What the import tells: gathered in its thread, taken by the window when it has time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from chatbot_app.workers.import_progress import FileProgress, ImportProgress


class ImportFeed:
    """The latest of each file since the last `take`, and how the whole stands. For any thread."""

    def __init__(self, announce: Callable[[], None]) -> None:
        """`announce` is called when something is new after a `take`."""
        self._announce = announce
        self._lock = threading.Lock()
        self._files: dict[str, FileProgress] = {}
        self._progress = ImportProgress()
        self._told = True

    @property
    def progress(self) -> ImportProgress:
        """How the whole import stands."""
        return self._progress

    def take(self) -> tuple[list[FileProgress], ImportProgress]:
        """Return what changed since the last time."""
        with self._lock:
            files, self._files, self._told = list(self._files.values()), {}, True
            return files, self._progress

    def tell(self, files: Iterable[FileProgress]) -> None:
        """Say how files stand."""
        with self._lock:
            for progress in files:
                self._files[progress.path] = progress  # at the place where the file was first told of
        self._announce_once()

    def update(self, **values: object) -> None:
        """Change fields of the progress."""
        with self._lock:
            self._progress = replace(self._progress, **values)  # type: ignore[arg-type]
        self._announce_once()

    def _announce_once(self) -> None:
        with self._lock:
            told, self._told = self._told, False
        if told:
            self._announce()
