"""Catches what no code of ours caught: it is logged, and told to the GUI thread when that is free."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

logger = logging.getLogger(__name__)
_LOGGED_WHOLE = 3  # times that one fault is logged with its traceback: a timer repeats it 60 times a second


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours that came to light: `name` of the exception, `place` in the code, how often so far."""

    name: str
    place: str
    count: int

    @property
    def key(self) -> tuple[str, str]:
        """The same for the same fault."""
        return self.name, self.place


class FaultHooks(QObject):
    """Takes the place of `sys.excepthook` and `threading.excepthook` between `install` and `remove`.

    A hook may run inside a paint event or in any thread: it only logs and emits.
    """

    _caught = Signal(object)  # Fault, in the thread of the fault
    fault_found = Signal(object)  # Fault, in the thread of this object, from its event loop
    interrupted = Signal()  # Ctrl+C in the terminal

    _interrupt_caught = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._is_installed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._caught.connect(self.fault_found, queued)
        self._interrupt_caught.connect(self.interrupted, queued)

    def install(self) -> None:
        """Take over the hooks."""
        self._earlier = sys.excepthook, threading.excepthook
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread
        self._is_installed = True

    def remove(self) -> None:
        """Give the hooks back, once."""
        if self._is_installed:
            sys.excepthook, threading.excepthook = self._earlier
            self._is_installed = False

    def _catch_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._catch(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._interrupt_caught.emit()
            return
        if issubclass(kind, SystemExit):
            return
        name, place = kind.__name__, _place_of(trace)
        with self._lock:
            self._counts[name, place] += 1
            count = self._counts[name, place]
        if count <= _LOGGED_WHOLE:
            logger.critical("nobody caught this", exc_info=(kind, error, trace))
        elif count & (count - 1) == 0:  # 4, 8, 16, …
            logger.critical("%s at %s for the %d. time", name, place, count)
        self._caught.emit(Fault(name, place, count))


def _place_of(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
