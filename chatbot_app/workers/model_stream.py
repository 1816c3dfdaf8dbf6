"""One stream of events from a model at a time, in the loop of the models, for a page that shows it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.ids import new_id
from chatbot_app.core.messages import Notice
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.gathered_text import GatheredText
from chatbot_app.workers.lane import in_words

Make = Callable[[], AsyncGenerator[Any, None]]


class ModelStream(QObject):
    """Starts an asynchronous generator and tells what it yields, text of an exchange that arrives close together as
    one event; a new one ends the one before, of which nothing more is heard."""

    told = Signal(object)  # what the generator yielded
    failed = Signal(object)  # Notice; `ended` follows
    ended = Signal()  # after its last signal, also where it was stopped

    _told = Signal(int, object)  # number of the stream, value: from the loop's thread
    _failed = Signal(int, object)
    _ended = Signal(int)

    def __init__(self, worker: ChatWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._name = f"stream {new_id()}"
        self._number = 0
        self._is_running = False
        self._told.connect(self._pass_on)
        self._failed.connect(self._pass_on_failure)
        self._ended.connect(self._pass_on_end)

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self._is_running

    def start(self, make: Make) -> None:
        """Run what `make` returns; it is called in the loop's thread."""
        self._number += 1
        number = self._number
        self._is_running = True
        self._worker.begin(
            self._name, "", partial(self._consume, number, make), partial(self._ended.emit, number)
        )

    def stop(self) -> None:
        """End it at once; `ended` is told when it has."""
        if self._is_running:
            self._worker.end(self._name)

    def forget(self) -> None:
        """End it, and tell nothing more of it: nobody sees the page any more."""
        self.stop()
        self._number += 1
        self._is_running = False

    async def _consume(self, number: int, make: Make) -> None:
        with in_words(lambda notice: self._failed.emit(number, notice), "a request of the laboratory failed"):
            gathered = GatheredText(partial(self._told.emit, number))
            try:
                async with aclosing(make()) as events:
                    async for event in events:
                        gathered.add(event)
            finally:
                gathered.flush()

    @Slot(int, object)
    def _pass_on(self, number: int, value: object) -> None:
        if number == self._number:
            self.told.emit(value)

    @Slot(int, object)
    def _pass_on_failure(self, number: int, notice: Notice) -> None:
        if number == self._number:
            self.failed.emit(notice)

    @Slot(int)
    def _pass_on_end(self, number: int) -> None:
        if number == self._number:
            self._is_running = False
            self.ended.emit()
