"""What a crash of native code leaves behind, found by the next launch."""

from __future__ import annotations

import faulthandler
from pathlib import Path
from typing import TextIO

from chatbot_app.core.paths import DataPaths

_LONGEST = 20_000  # characters


class CrashReport:
    """Owns `logs/crash.txt` while the window is open: a crash writes into it, a clean end removes it.

    A file that is empty at launch means that the program was killed, which is nobody's fault.
    """

    def __init__(self, paths: DataPaths) -> None:
        """Read what the run before left; `left_behind` is "" where it did not crash."""
        self._path = paths.logs / "crash.txt"
        self._stream: TextIO | None = None
        self.left_behind = _read(self._path)

    def open(self) -> None:
        """Let a crash write into the file; where the folder cannot be written, nothing is kept."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._stream = self._path.open("w", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(self._stream, all_threads=True)

    def close(self) -> None:
        """End it cleanly: the file is gone."""
        if self._stream is None:
            return
        faulthandler.disable()
        self._stream.close()
        self._stream = None
        self._path.unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[:_LONGEST].strip()
    except OSError:
        return ""
