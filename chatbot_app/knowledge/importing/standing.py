"""How the whole import stands: changed by who iterates it, looked at from any thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from chatbot_app.knowledge.importing.events import ImportProgress, ImportStopped


class Standing:
    """The counts of the files since the import last stood still, and whether it shall pause or end."""

    def __init__(self) -> None:
        self.paused = threading.Event()
        self.stopped = threading.Event()
        self._progress = ImportProgress()

    @property
    def progress(self) -> ImportProgress:
        """The latest counts."""
        return replace(self._progress, paused=self.paused.is_set())

    def update(self, **values: Any) -> ImportProgress:
        """Change some of the counts and return all."""
        self._progress = replace(self._progress, **values)
        return self.progress

    def begin_count(self) -> None:
        """Count anew, where nothing is under way."""
        if not self._progress.is_running:
            self.update(done=0, total=0, added=0, already_there=0, failed=0, left_out=0, named=())

    def check(self) -> None:
        """Raise ImportStopped once the import shall end."""
        if self.stopped.is_set():
            raise ImportStopped
