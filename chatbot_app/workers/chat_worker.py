"""One thread with one asyncio loop for every request to a model."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.events import BackgroundEvent, TurnEvent, TurnFinished
from chatbot_app.chat.giving_way import GivingWay
from chatbot_app.chat.requests import PlanRequest, TurnRequest
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.workers.gathered_text import GatheredText
from chatbot_app.workers.lane import Otherwise, Then, in_words
from chatbot_app.workers.loop_lane import LoopLane

logger = logging.getLogger(__name__)

RunTurn = Callable[[TurnRequest], AsyncGenerator[TurnEvent, None]]
PlanTurn = Callable[[PlanRequest], Coroutine[Any, Any, PromptPlan]]
AfterTurn = Callable[[Message], AsyncGenerator[BackgroundEvent, None]]

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

    def __init__(
        self,
        run_turn: RunTurn,
        parent: QObject | None = None,
        *,
        at_end: Callable[[], Coroutine[Any, Any, None]],
        plan_turn: PlanTurn | None = None,
        after_turn: AfterTurn | None = None,
        giving_way: GivingWay | None = None,
    ) -> None:
        """`at_end` runs in the loop after all tasks have ended: the place to close clients.

        `plan_turn` is what `plan` asks. `after_turn` runs in the background when an answer is there and no
        other is under way; the next question ends it at once, and it is not waited for. `giving_way` hears of every
        question, so that long work lets it go first.
        """
        super().__init__(parent)
        self._run_turn = run_turn
        self._plan_turn = plan_turn
        self._after_turn = after_turn
        self._giving_way = giving_way or GivingWay()
        self._answering: set[str] = set()  # turns; in the loop's thread alone
        self._running: set[str] = set()
        self._lane = LoopLane("chat_worker", self, at_end)
        self._tasks = self._lane.tasks  # in the loop's thread alone
        self.turn_ended.connect(self._forget_turn)
        self._lane.start()

    def send(self, turn_id: str, request: TurnRequest) -> None:
        """Start an exchange; its events arrive under `turn_id`."""
        self._running.add(turn_id)
        self._lane.in_loop(self._start_turn, turn_id, request)

    def cancel(self, turn_id: str, reason: str | None = None) -> None:
        """Stop an exchange at once, also before its first byte; what has arrived is kept.

        With the reason QUITTING the answer counts as interrupted and not as stopped by the person.
        """
        self._lane.in_loop(self._tasks.cancel, turn_id, reason)

    def plan(self, request: PlanRequest) -> None:
        """Plan without sending; the newest request wins, and an older one under way ends without a signal."""
        self._lane.in_loop(self._start_planning, request)

    def leave(self, conversation_id: str) -> None:
        """Do nothing more for a conversation that is being deleted; its answer is stopped by `cancel`."""
        self._lane.in_loop(self._tasks.leave, conversation_id)

    def come_back(self, conversation_id: str) -> None:
        """Work for a conversation again that was brought back; nothing begins by itself."""
        self._lane.in_loop(self._tasks.come_back, conversation_id)

    def running_turns(self) -> frozenset[str]:
        """Return the ids of the turns whose end has not been signalled."""
        return frozenset(self._running)

    def call(
        self,
        make: Callable[[], Coroutine[Any, Any, Any]],
        then: Then | None = None,
        otherwise: Otherwise | None = None,
    ) -> None:
        """Run a coroutine in the loop and call back in the owner's thread."""
        self._lane.call(make, then, otherwise)

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
        self._lane.in_loop(partial(self._tasks.start, name, make, belongs_to=conversation_id, then=then))

    def end(self, name: str) -> None:
        """Cancel what was begun under a name."""
        self._lane.in_loop(self._tasks.cancel, name)

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """Cancel everything, end the thread, and return whether it ended in time."""
        return self._lane.shutdown(timeout_seconds)

    # --- in the loop's thread --------------------------------------------------------------------------

    def _start_turn(self, turn_id: str, request: TurnRequest) -> None:
        self._tasks.cancel(_BACKGROUND)  # whichever conversation it is for: most models answer one at a time
        self._answering.add(turn_id)
        self._giving_way.begin()
        self._tasks.start(
            turn_id, lambda: self._consume(turn_id, request), then=lambda: self._end_turn(turn_id)
        )

    def _end_turn(self, turn_id: str) -> None:
        self._answering.discard(turn_id)
        self._giving_way.end()
        self.turn_ended.emit(turn_id)

    async def _consume(self, turn_id: str, request: TurnRequest) -> None:
        gathered = GatheredText(lambda event: self.event_received.emit(turn_id, event))
        answer: Message | None = None
        with in_words(lambda notice: self.turn_failed.emit(turn_id, notice), "an exchange failed"):
            try:
                async with aclosing(self._run_turn(request)) as events:
                    async for event in events:
                        gathered.add(event)
                        if isinstance(event, TurnFinished):
                            answer = event.answer
            finally:
                gathered.flush()
            if answer is not None and self._answering == {turn_id}:
                self._start_after(answer)

    def _start_planning(self, request: PlanRequest) -> None:
        if self._plan_turn is not None:
            plan = partial(self._consume_plan, self._plan_turn, request)
            self._tasks.start(_PLANNING, plan, belongs_to=request.conversation_id)

    async def _consume_plan(self, plan_turn: PlanTurn, request: PlanRequest) -> None:
        what = "a prompt could not be planned"
        with in_words(lambda notice: self.planning_failed.emit(request, notice), what):
            self.prompt_planned.emit(request, await plan_turn(request))

    def _start_after(self, answer: Message) -> None:
        if self._after_turn is not None:
            after = partial(self._consume_after, self._after_turn, answer)
            self._tasks.start(_BACKGROUND, after, belongs_to=answer.conversation_id)

    async def _consume_after(self, after_turn: AfterTurn, answer: Message) -> None:
        with in_words(_log_background, "work after an answer failed"):
            async with aclosing(after_turn(answer)) as events:
                async for event in events:
                    self.summary_event.emit(event)

    # --- in the owner's thread ---------------------------------------------------------------------------

    @Slot(str)
    def _forget_turn(self, turn_id: str) -> None:
        self._running.discard(turn_id)


def _log_background(notice: Notice) -> None:
    # Nobody waits for it, and it is tried again after the next answer. A server's words may repeat the conversation's.
    logger.warning("work after an answer failed: %s", notice.kind)
