"""One thread with one asyncio loop for every request to a model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.events import (
    BackgroundEvent,
    TurnEvent,
    TurnFinished,
)
from chatbot_app.chat.requests import PlanRequest, TurnRequest
from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.workers.gathered_text import GatheredText
from chatbot_app.workers.loop_thread import LoopThread

logger = logging.getLogger(__name__)

RunTurn = Callable[[TurnRequest], AsyncIterator[TurnEvent]]
PlanTurn = Callable[[PlanRequest], Coroutine[Any, Any, PromptPlan]]
AfterTurn = Callable[[Message], AsyncIterator[BackgroundEvent]]

_PLANNING, _BACKGROUND = "planning", "background"  # one task of each at a time


class ChatWorker(QObject):
    """Runs turns and other requests; everything comes back as signals in the owner's thread."""

    event_received = Signal(str, object)  # turn id, TurnEvent
    turn_failed = Signal(str, object)  # turn id, Notice: nothing was stored or sent
    turn_ended = Signal(str)  # turn id, after its last event
    prompt_planned = Signal(object, object)  # PlanRequest, PromptPlan
    planning_failed = Signal(object, object)  # PlanRequest, Notice
    summary_event = Signal(object)  # BackgroundEvent
    saving_event = Signal(object)  # SavingEvent; the saver emits it, from its own thread
    _call_finished = Signal(int, object)  # call number, result
    _call_failed = Signal(int, object)  # call number, Notice

    def __init__(
        self,
        run_turn: RunTurn,
        parent: QObject | None = None,
        *,
        at_end: Callable[[], Coroutine[Any, Any, None]],
        plan_turn: PlanTurn | None = None,
        after_turn: AfterTurn | None = None,
    ) -> None:
        """`at_end` runs in the loop after all tasks have ended: the place to close clients.

        `plan_turn` is what `plan` asks. `after_turn` runs in the background when an answer is there and no
        other is under way; the next question ends it at once, and it is not waited for.
        """
        super().__init__(parent)
        self._run_turn = run_turn
        self._plan_turn = plan_turn
        self._after_turn = after_turn
        self._tasks: dict[str, asyncio.Task[None]] = {}  # touched in the loop's thread alone
        self._answering: set[str] = set()  # turns; in the loop's thread alone, too
        self._left: set[str] = set()  # conversations in the trash; these three in the loop's thread alone
        self._background_of = self._planned_for = ""
        self._belongs: dict[str, str] = {}  # conversations of what was begun by name, likewise
        self._running: set[str] = set()
        self._callbacks: dict[int, tuple[Callable[[Any], None] | None, Callable[[Notice], None] | None]] = {}
        self._last_call = 0
        self._thread = LoopThread(self, at_end)
        self._call_finished.connect(self._deliver_result)
        self._call_failed.connect(self._deliver_failure)
        self.turn_ended.connect(self._forget_turn)
        self._thread.start()

    def send(self, turn_id: str, request: TurnRequest) -> None:
        """Start an exchange; its events arrive under `turn_id`."""
        self._running.add(turn_id)
        self._in_loop(self._start_turn, turn_id, request)

    def cancel(self, turn_id: str, reason: str | None = None) -> None:
        """Stop an exchange at once, also before its first byte; what has arrived is kept.

        With the reason QUITTING the answer counts as interrupted and not as stopped by the person.
        """
        self._in_loop(self._cancel_turn, turn_id, reason)

    def plan(self, request: PlanRequest) -> None:
        """Plan without sending; the newest request wins, and an older one under way ends without a signal."""
        self._in_loop(self._start_planning, request)

    def leave(self, conversation_id: str) -> None:
        """Do nothing more for a conversation that is being deleted; its answer is stopped by `cancel`."""
        self._in_loop(self._leave, conversation_id)

    def come_back(self, conversation_id: str) -> None:
        """Work for a conversation again that was brought back; nothing begins by itself."""
        self._in_loop(self._come_back, conversation_id)

    def running_turns(self) -> frozenset[str]:
        """Return the ids of the turns whose end has not been signalled."""
        return frozenset(self._running)

    def call(
        self,
        make: Callable[[], Coroutine[Any, Any, Any]],
        then: Callable[[Any], None] | None = None,
        otherwise: Callable[[Notice], None] | None = None,
    ) -> None:
        """Run a coroutine in the loop and call back in the owner's thread."""
        self._last_call += 1
        self._callbacks[self._last_call] = (then, otherwise)
        self._in_loop(self._start_call, self._last_call, make)

    def begin(
        self,
        name: str,
        conversation_id: str,
        make: Callable[[], Coroutine[Any, Any, None]],
        then: Callable[[], None],
    ) -> None:
        """Run a coroutine that tells of itself, in the place of the one of that name.

        It ends with `end`, or when its conversation is left; `then` is called in the loop's thread after it, however
        it ended.
        """
        self._in_loop(self._begin, name, conversation_id, make, then)

    def end(self, name: str) -> None:
        """Cancel what was begun under a name."""
        self._in_loop(self._cancel_named, name)

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """Cancel everything, end the thread, and return whether it ended in time."""
        self._callbacks.clear()
        self._thread.request_stop()
        return self._thread.wait(int(timeout_seconds * 1000))

    # --- in the loop's thread --------------------------------------------------------------------------

    def _in_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        self._thread.ready.wait(5)
        loop = self._thread.loop
        if loop is not None:
            with suppress(RuntimeError):  # it was closed in this moment
                loop.call_soon_threadsafe(function, *arguments)

    def _start_turn(self, turn_id: str, request: TurnRequest) -> None:
        if self._thread.is_ending:
            self.turn_ended.emit(turn_id)
            return
        self._end_task(_BACKGROUND)  # whichever conversation it is for: most models answer one at a time
        task = asyncio.ensure_future(self._consume(turn_id, request))
        self._tasks[turn_id] = task
        self._answering.add(turn_id)

        def end(_: asyncio.Task[None]) -> None:
            self._tasks.pop(turn_id, None)
            self._answering.discard(turn_id)
            # Here and not in the coroutine: a task cancelled before its first step never enters it.
            self.turn_ended.emit(turn_id)

        task.add_done_callback(end)

    def _cancel_turn(self, turn_id: str, reason: str | None) -> None:
        task = self._tasks.get(turn_id)
        if task is not None:
            task.cancel(reason)

    async def _consume(self, turn_id: str, request: TurnRequest) -> None:
        gathered = GatheredText(lambda event: self.event_received.emit(turn_id, event))
        answer: Message | None = None
        try:
            async with aclosing(self._run_turn(request)) as events:  # type: ignore[type-var]
                async for event in events:
                    gathered.add(event)
                    if isinstance(event, TurnFinished):
                        answer = event.answer
        except AppError as error:
            gathered.flush()
            self.turn_failed.emit(turn_id, error.notice())
        except asyncio.CancelledError:
            gathered.flush()
        except Exception as error:
            gathered.flush()
            logger.exception("an exchange failed")
            self.turn_failed.emit(turn_id, AppError(detail=str(error) or type(error).__name__).notice())
        else:
            gathered.flush()
            is_last = self._answering == {turn_id}
            if answer is not None and is_last and answer.conversation_id not in self._left:
                self._start_after(answer)

    def _end_task(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def _start_alone(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a task in the place of the one of that name; none where the loop is ending."""
        self._end_task(name)
        if self._thread.is_ending:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._tasks[name] = task

        def end(ended: asyncio.Task[None]) -> None:
            if self._tasks.get(name) is ended:
                del self._tasks[name]

        task.add_done_callback(end)

    def _begin(
        self,
        name: str,
        conversation_id: str,
        make: Callable[[], Coroutine[Any, Any, None]],
        then: Callable[[], None],
    ) -> None:
        self._cancel_named(name)
        if self._thread.is_ending or conversation_id in self._left:
            then()
            return
        task = asyncio.ensure_future(make())
        self._tasks[name], self._belongs[name] = task, conversation_id

        def end(ended: asyncio.Task[None]) -> None:
            if self._tasks.get(name) is ended:
                del self._tasks[name], self._belongs[name]
            then()

        task.add_done_callback(end)

    def _cancel_named(self, name: str) -> None:
        if name in self._tasks:
            self._tasks[name].cancel()

    def _start_planning(self, request: PlanRequest) -> None:
        if self._plan_turn is not None and request.conversation_id not in self._left:
            self._planned_for = request.conversation_id
            self._start_alone(_PLANNING, self._consume_plan(self._plan_turn, request))

    async def _consume_plan(self, plan_turn: PlanTurn, request: PlanRequest) -> None:
        try:
            plan = await plan_turn(request)
        except AppError as error:
            self.planning_failed.emit(request, error.notice())
        except Exception as error:
            logger.exception("a prompt could not be planned")
            notice = AppError(detail=str(error) or type(error).__name__).notice()
            self.planning_failed.emit(request, notice)
        else:
            self.prompt_planned.emit(request, plan)

    def _start_after(self, answer: Message) -> None:
        if self._after_turn is not None:
            self._background_of = answer.conversation_id
            self._start_alone(_BACKGROUND, self._consume_after(self._after_turn, answer))

    async def _consume_after(self, after_turn: AfterTurn, answer: Message) -> None:
        try:
            async with aclosing(after_turn(answer)) as events:  # type: ignore[type-var]
                async for event in events:
                    self.summary_event.emit(event)
        except AppError as error:
            # Nobody waits for it, and it is tried again after the next answer.
            logger.warning("work after an answer failed: %s", error)
        except Exception:
            logger.exception("work after an answer failed")

    def _leave(self, conversation_id: str) -> None:
        self._left.add(conversation_id)
        for name, belongs_to in list(self._belongs.items()):
            if belongs_to == conversation_id:
                self._cancel_named(name)
        if self._background_of == conversation_id:
            self._end_task(_BACKGROUND)
        if self._planned_for == conversation_id:
            self._end_task(_PLANNING)

    def _come_back(self, conversation_id: str) -> None:
        self._left.discard(conversation_id)

    def _start_call(self, number: int, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        if self._thread.is_ending:
            return
        task = asyncio.ensure_future(self._consume_call(number, make))
        self._tasks[f"call {number}"] = task
        task.add_done_callback(lambda _: self._tasks.pop(f"call {number}", None))

    async def _consume_call(self, number: int, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        try:
            result = await make()
        except AppError as error:
            self._call_failed.emit(number, error.notice())
        except asyncio.CancelledError:
            return
        except Exception as error:
            logger.exception("a request failed")
            self._call_failed.emit(number, AppError(detail=str(error) or type(error).__name__).notice())
        else:
            self._call_finished.emit(number, result)

    # --- in the owner's thread ---------------------------------------------------------------------------

    @Slot(int, object)
    def _deliver_result(self, number: int, result: object) -> None:
        then, _ = self._callbacks.pop(number, (None, None))
        if then is not None:
            then(result)

    @Slot(int, object)
    def _deliver_failure(self, number: int, notice: Notice) -> None:
        _, otherwise = self._callbacks.pop(number, (None, None))
        if otherwise is not None:
            otherwise(notice)

    @Slot(str)
    def _forget_turn(self, turn_id: str) -> None:
        self._running.discard(turn_id)
