"""The process in which small models learn and write, for the window: asked in requests, heard in events."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from chatbot_app.core.children.framing import Message
from chatbot_app.core.children.process import ChildProcess
from chatbot_app.core.paths import child_command
from chatbot_app.lab.small.refusals import Refused, Why, reason_of, to_event

FLAG = "--small-models"
_LAST = frozenset({"done", "stopped", "failed"})  # events that end a request


class SmallModelProcess(QObject):
    """One process, started by the first request, and one request at a time: a new one ends the one before."""

    happened = Signal(object)  # an event of the newest request, a dict: see lab/small/training_child.py
    _said = Signal(object)  # Message | None, in the thread of the reader

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._child = ChildProcess(
            list(command) if command is not None else child_command(FLAG), self._take, name="small models"
        )
        self._number = 0
        self._is_busy = False
        self._closes = False
        self._said.connect(self._hear)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.shutdown)

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way."""
        return self._is_busy

    @property
    def pid(self) -> int | None:
        """The process's id, None where none runs."""
        return self._child.pid

    def ask(self, **request: Any) -> None:
        """Begin something; `happened` tells what comes of it."""
        self._closes = False
        if self._is_busy:
            self._child.ask({"do": "stop"})
        self._number += 1
        self._is_busy = True
        if not self._child.is_running:
            try:
                self._child.start()
            except OSError as exc:
                self._is_busy = False
                self.happened.emit(to_event("failed", reason_of(exc)))
                return
        self._child.ask({**request, "number": self._number})

    def stop(self) -> None:
        """End what is under way after its step; what was learned is saved, and "stopped" or "done" comes."""
        if self._is_busy:
            self._child.ask({"do": "stop"})

    def save(self) -> None:
        """Have what was learned so far saved; "saved" or "not_saved" comes."""
        if self._is_busy:
            self._child.ask({"do": "save"})

    def close_when_idle(self) -> None:
        """End what is under way, and the process as soon as it has saved: nobody waits for it."""
        self._closes = True
        if self._is_busy:
            self.stop()
        else:
            self._child.end()

    @Slot()
    def shutdown(self) -> None:
        """End the process now; it has a moment to save."""
        self._is_busy = False
        self._number += 1
        self._child.end()

    def _take(self, message: Message | None) -> None:
        with suppress(RuntimeError):  # its owner has gone
            self._said.emit((self._child.pid, message))

    @Slot(object)
    def _hear(self, said: tuple[int | None, Message | None]) -> None:
        pid, message = said
        if message is None:
            if self._is_busy and pid == self._child.pid and not self._child.is_running:
                self._is_busy = False
                self._child.end(0.0)
                self.happened.emit(to_event("failed", Refused(Why.ENDED)))
            return
        event = message[0]
        if event.get("number") != self._number:
            return  # of a request that was given up
        if event["event"] in _LAST:
            self._is_busy = False
            if self._closes:
                self._child.end()
        self.happened.emit(event)
