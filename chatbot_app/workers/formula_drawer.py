"""Draws formulas one after the other and waits for each, in the process that draws those of the window; knows no Qt."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from contextlib import suppress
from functools import lru_cache
from typing import Any

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.paths import child_command
from chatbot_app.workers.formulas import FORMULA_SECONDS, FORMULAS_FLAG

_PATIENCE_SECONDS = (
    20.0  # of the clock for one formula, the start included; its own limit counts computing time
)
_SIZE = 16.0
_MOST_SECONDS = 60.0  # of a core for all formulas of an export; the rest are written as their sources
_MOST_STARTS = 5
_LONGEST_LINE = 1_000_000


class FormulaDrawer:
    """Use it as a context: at its end the process ends. For one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._starts = 0
        self._seconds = 0.0
        self._draw = lru_cache(maxsize=1_000)(self._drawn)

    def __enter__(self) -> FormulaDrawer:
        return self

    def __exit__(self, *_details: object) -> None:
        self._end()

    def draw(self, tex: str, display: bool) -> str:
        """Return a formula as SVG in black, 16 pixels an em; "" where it is not drawn."""
        return self._draw(tex, display)

    def _drawn(self, tex: str, display: bool) -> str:
        if self._seconds >= _MOST_SECONDS or not self._is_started():
            return ""
        assert self._process is not None
        assert self._process.stdin is not None
        request = {
            "tex": tex,
            "display": display,
            "size": _SIZE,
            "colour": "#000000",
            "limit": FORMULA_SECONDS,
        }
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            self._end()
            return ""
        answer = self._answer()
        self._seconds += float(answer.get("seconds", FORMULA_SECONDS))
        svg = answer.get("svg", "")
        return svg if isinstance(svg, str) else ""

    def _is_started(self) -> bool:
        if self._process is not None and self._process.poll() is None:
            return True
        self._end()
        if self._starts >= _MOST_STARTS:
            return False
        self._starts += 1
        try:
            self._process = subprocess.Popen(
                child_command(FORMULAS_FLAG),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            return False
        self._lines = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True).start()
        return bool(self._answer().get("ready"))

    @staticmethod
    def _read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
        assert process.stdout is not None
        with suppress(ValueError, OSError):  # it was closed
            while line := process.stdout.readline(_LONGEST_LINE):
                lines.put(line)
        lines.put(b"")

    def _answer(self) -> dict[str, Any]:
        """Return what the process says next, nothing where it has ended, or says nothing for too long."""
        try:
            line = self._lines.get(timeout=_PATIENCE_SECONDS)
            answer = json.loads(line) if line else None
        except (queue.Empty, ValueError):
            answer = None
        if isinstance(answer, dict):
            return answer
        self._end()
        return {}

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
