"""Checks of answers by a model, in the loop of the chat worker."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial

from PySide6.QtCore import QObject, Signal

from chatbot_app.chat.model_check import ModelCheckEnded, ModelCheckEvent
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.lane import in_words

CheckAnswer = Callable[[str], AsyncGenerator[ModelCheckEvent, None]]


class ModelCheckWorker(QObject):
    """Runs checks of several answers side by side; everything comes back as signals in the owner's thread."""

    progressed = Signal(object)  # ModelCheckProgressed
    finished = Signal(object)  # ModelCheckEnded, also of a check that was stopped
    failed = Signal(str, object)  # message id, Notice: nothing was checked
    ended = Signal(str)  # message id, after its last signal

    def __init__(self, worker: ChatWorker, check: CheckAnswer, parent: QObject | None = None) -> None:
        """`check` is `services.check_with_model`."""
        super().__init__(parent)
        self._worker = worker
        self._check = check

    def begin(self, message_id: str, conversation_id: str) -> None:
        """Check an answer of a conversation; the check ends with the conversation."""
        self._worker.begin(
            _name(message_id),
            conversation_id,
            partial(self._consume, message_id),
            partial(self.ended.emit, message_id),
        )

    def stop(self, message_id: str) -> None:
        """Stop the check of an answer at once; what was checked stays."""
        self._worker.end(_name(message_id))

    async def _consume(self, message_id: str) -> None:
        with in_words(lambda notice: self.failed.emit(message_id, notice), "a check by a model failed"):
            async with aclosing(self._check(message_id)) as events:
                async for event in events:
                    if isinstance(event, ModelCheckEnded):
                        self.finished.emit(event)
                    else:
                        self.progressed.emit(event)


def _name(message_id: str) -> str:
    return f"model check {message_id}"
