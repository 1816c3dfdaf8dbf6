"""One question to a model, of which nothing is stored unless the person goes on with the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import replace

from chatbot_app.chat.events import NoticeAdded, PromptPlanned, TurnEvent, TurnFinished
from chatbot_app.chat.model_stream import ModelStream
from chatbot_app.chat.overflow import cut_notice, does_not_fit
from chatbot_app.chat.running_answer import RunningAnswer
from chatbot_app.chat.turn_plan import TurnPrompt, plan_turn
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.llm.gateway import Gateway
from chatbot_app.memory.budget import make_budget
from chatbot_app.storage.unsaved_answers import AnswerState


class _Nowhere:
    """Takes the states of an answer and stores none of them."""

    def save(self, state: AnswerState) -> Future[Message]:
        saved: Future[Message] = Future()
        saved.set_result(state.answer)
        return saved


class Comparison:
    """Asks models as a new conversation would: the same prompt, parameters, notices and counts. Any number at once,
    in one asyncio loop."""

    def __init__(self, gateway: Gateway, calls: OrderedCalls, clock: Callable[[], float]) -> None:
        """`clock` returns monotonic seconds."""
        self._gateway = gateway
        self._clock = clock
        self._stream = ModelStream(gateway, calls, clock)
        self._calls = calls

    async def ask(self, question: str, settings: GenerationSettings) -> AsyncGenerator[TurnEvent, None]:
        """Yield what happens; the last is `TurnFinished`, with the answer and its time and tokens.

        Documents are not searched. An error is the last notice of the answer; cancelling the task ends the request at
        once and yields what has arrived.
        """
        empty = Message("", "", None, 0, Role.ASSISTANT, "", MessageStatus.STREAMING, settings=settings)
        running = RunningAnswer(_Nowhere(), empty, self._clock, None)
        try:
            with running.told():
                async for event in self._answer(running, question, settings):
                    yield event
        finally:
            finished = await running.finish()
        yield TurnFinished(finished)

    async def _answer(
        self, running: RunningAnswer, question: str, settings: GenerationSettings
    ) -> AsyncGenerator[TurnEvent, None]:
        connection = await self._gateway.open(settings, anew=True)
        running.connected(connection)
        asked = Message("", "", None, 0, Role.USER, question)
        budget = make_budget(connection.window, settings.max_tokens, connection.window_source)
        plan = await plan_turn(TurnPrompt(settings, [], asked), connection, budget)
        yield PromptPlanned(plan)
        if not plan.fits:
            raise does_not_fit(plan, settings)
        stream = self._stream.run(running, question, connection, plan, settings.request_parameters())
        async with aclosing(stream):  # type: ignore[type-var]
            async for event in stream:
                yield event
        cut = await cut_notice(self._gateway, connection, plan, running.usage, self._calls)
        if cut is not None:
            yield NoticeAdded(running.add_notice(cut))


def without_documents(settings: GenerationSettings) -> GenerationSettings:
    """Return the settings under which models are compared: what a conversation has, but no documents."""
    plain = GenerationSettings()
    return replace(
        settings,
        collections=None,
        document_filter=plain.document_filter,
        answer_mode=None,
    )
