"""Moves the library to another embedding model in a thread of its own, while everything else goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Notice
from chatbot_app.workers.lane import Lane

if TYPE_CHECKING:
    from chatbot_app.chat.library_move import LibraryMove
    from chatbot_app.knowledge.embedding_choice import EmbeddingChoice

_TOLD_EVERY_SECONDS = 0.1
_ENDING_SECONDS = 3.0


class LibraryMover(QObject):
    """One move at a time; methods from the owner's thread."""

    progressed = Signal(object)  # VectorsMade, ten times a second at most
    moved = Signal(object)  # EmbeddingChoice | None: this makes the vectors from now on
    stopped = Signal()  # by the person: what was made is kept
    failed = Signal(object)  # Notice: it can be carried on

    def __init__(self, move: Callable[[], LibraryMove], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_move = move
        self._move: LibraryMove | None = None
        self._lane: Lane | None = None
        self._stop_wanted = threading.Event()
        self.is_moving = False

    def start(self, choice: EmbeddingChoice | None) -> None:
        """Move to a model, None for the one that ships; nothing where a move is under way."""
        if self.is_moving:
            return
        self.is_moving = True
        self._stop_wanted.clear()
        if self._lane is None:
            self._lane = Lane("library_move", self)
            self._lane.start()
        self._lane.do(lambda: self._run(choice), lambda whole: self._end(whole, choice), self._explain)

    def stop(self) -> None:
        """End the move that is under way; the same one carries on."""
        self._stop_wanted.set()
        if self._move is not None:
            self._move.interrupt()

    def shutdown(self) -> bool:
        """End with the program; the next start carries on. Return whether the thread ended in time."""
        self.stop()
        return self._lane is None or self._lane.stop(_ENDING_SECONDS)

    # --- in the lane -----------------------------------------------------------------------------------

    def _run(self, choice: EmbeddingChoice | None) -> bool:
        """Return whether the library has moved."""
        from chatbot_app.knowledge.embedder import lower_priority

        lower_priority()
        self._move = move = self._make_move()
        told_at = float("-inf")
        try:
            for made in move.move_to(choice, self._stop_wanted.is_set):
                now = time.monotonic()
                if now - told_at >= _TOLD_EVERY_SECONDS or made.done >= made.total:
                    told_at = now
                    self.progressed.emit(made)
        except AppError:
            if not self._stop_wanted.is_set():
                raise
        return not self._stop_wanted.is_set() or move.pending() is None

    # --- in the owner's thread -------------------------------------------------------------------------

    def _end(self, whole: bool, choice: EmbeddingChoice | None) -> None:
        self.is_moving = False
        if whole:
            self.moved.emit(choice)
        else:
            self.stopped.emit()

    def _explain(self, notice: Notice) -> None:
        self.is_moving = False
        self.failed.emit(notice)
