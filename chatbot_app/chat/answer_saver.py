"""Saves answers while they arrive and when they end, and again until the store has taken them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from chatbot_app.core.errors import AnswerNotSaved, AppError, ConversationGone, StoreError
from chatbot_app.core.messages import Message, Notice
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.unsaved_answers import AnswerState

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 3.0  # between attempts: doubled after each


@dataclass(frozen=True, slots=True)
class SavingFailed:
    """An answer could not be saved; it is tried again. Said once, until it is saved."""

    answer: Message
    notice: Notice


@dataclass(frozen=True, slots=True)
class SavingCaughtUp:
    """An answer that could not be saved is safe now, as `answer`; None where its conversation is gone."""

    conversation_id: str
    answer: Message | None


SavingEvent = SavingFailed | SavingCaughtUp


@dataclass(slots=True)
class _Pending:
    state: AnswerState
    saved: Future[Message] = field(default_factory=Future)  # of this state or a newer one
    failures: int = 0
    due: float = 0.0  # by the clock
    is_told: bool = False


class AnswerSaver:
    """Takes states of answers from any thread and never blocks; a thread of its own writes them.

    What the store refuses stays in memory, and readers of the store see it (`UnsavedAnswers`). Only the
    newest state of an answer is written.
    """

    def __init__(self, store: ConversationStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._pending: dict[str, _Pending] = {}  # by answer
        self._changed = threading.Condition()
        self._writing = threading.RLock()  # one attempt at a time
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self.tell: Callable[[SavingEvent], None] = _ignore  # is called in the saver's threads

    def save(self, state: AnswerState) -> Future[Message]:
        """Save a state as soon as possible; the result is the message as it is stored.

        It fails with ConversationGone where there is nothing left to save it in.
        """
        answer_id = state.answer.id
        with self._changed:
            known = self._pending.get(answer_id)
            if known is None:
                known = self._pending[answer_id] = _Pending(state)
            else:
                known.state = replace(state, plan=state.plan or known.state.plan)
            self._store.unsaved.hold(known.state)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="answer saver", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return known.saved

    def flush(self, conversation_id: str | None = None) -> None:
        """Save now, in this thread, what is pending (of one conversation): what is read next rests on it.

        Raises the first StoreError.
        """
        for pending in self._of(conversation_id):
            error = self._attempt(pending)
            if isinstance(error, StoreError):
                raise error

    def try_now(self) -> None:
        """Let the saver's thread try everything at once, however long it meant to wait."""
        with self._changed:
            for pending in self._pending.values():
                pending.due = 0.0
            self._changed.notify_all()

    def unsaved(self) -> list[AnswerState]:
        """Return what is in memory alone."""
        return [pending.state for pending in self._of(None)]

    def close(self, timeout_seconds: float) -> list[AnswerState]:
        """Try everything once more at once, end the thread, and return what could not be saved."""
        with self._changed:
            self._is_closed = True
            self.try_now()
        if self._thread is not None:
            self._thread.join(timeout_seconds)
        return self.unsaved()

    # --- in the saver's thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                pending = self._next_due()
                while pending is None:
                    if self._is_closed:
                        return
                    self._changed.wait(self._seconds_to_wait())
                    pending = self._next_due()
            self._attempt(pending)

    def _attempt(self, pending: _Pending) -> Exception | None:
        """Write the newest state; return what went wrong, None where it is stored or has nowhere to go."""
        with self._writing:
            state = pending.state
            if self._pending.get(state.answer.id) is not pending:
                return None  # another thread was faster
            error: Exception
            try:
                stored = self._store.save_answer(state)
            except ConversationGone as gone:
                self._settle(pending, None)
                pending.saved.set_exception(gone)
                return None
            except Exception as failed:  # noqa: BLE001  # whatever it was, the answer stays and is tried again
                error = failed
            else:
                if self._settle(pending, state):
                    self._tell_of_success(pending, stored)
                    pending.saved.set_result(stored)
                return None
            self._postpone(pending, error)
            return error

    def _settle(self, pending: _Pending, written: AnswerState | None) -> bool:
        """Forget what is stored (None: what has nowhere to go); return False where more has come meanwhile."""
        with self._changed:
            if written is not None and pending.state is not written:
                pending.failures, pending.due = 0, 0.0
                return False
            answer = pending.state.answer
            del self._pending[answer.id]
            self._store.unsaved.release(answer.id)
        if written is None and pending.is_told:
            self.tell(SavingCaughtUp(answer.conversation_id, None))
        return True

    def _tell_of_success(self, pending: _Pending, stored: Message) -> None:
        if pending.is_told:
            self.tell(SavingCaughtUp(stored.conversation_id, stored))

    def _postpone(self, pending: _Pending, error: Exception) -> None:
        with self._changed:
            pause = min(FIRST_PAUSE_SECONDS * 2**pending.failures, LONGEST_PAUSE_SECONDS)
            pending.due = self._clock() + pause
            pending.failures += 1
            first, pending.is_told = not pending.is_told, True
        if first:
            is_known = isinstance(error, AppError)
            logger.warning("an answer could not be saved: %s", error, exc_info=None if is_known else error)
            self.tell(SavingFailed(pending.state.answer, not_saved(error)))

    def _next_due(self) -> _Pending | None:
        for pending in self._pending.values():
            if pending.due <= self._clock() and not (self._is_closed and pending.due):
                return pending
        return None

    def _seconds_to_wait(self) -> float | None:
        times = [pending.due for pending in self._pending.values()]
        return max(0.0, min(times) - self._clock()) if times else None

    def _of(self, conversation_id: str | None) -> list[_Pending]:
        with self._changed:
            return [
                pending
                for pending in self._pending.values()
                if conversation_id in (None, pending.state.answer.conversation_id)
            ]


def not_saved(error: Exception) -> Notice:
    """Return what is said of an answer that could not be saved: true as long as it is kept in memory."""
    cause = error.summary if isinstance(error, AppError) else "The program made a mistake; the log has more."
    return AnswerNotSaved(cause=cause).notice()


def _ignore(_event: SavingEvent) -> None:
    """Nobody looks."""
