"""One exchange: a question is stored, a prompt planned, an answer streamed and kept.

`ChatTurn.run` is an async generator of events that knows nothing of Qt: the window, the command line and
the tests consume the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace

from chatbot_app.chat.events import (
    FirstToken,
    NoticeAdded,
    PromptPlanned,
    ReasoningAppended,
    TextAppended,
    TurnEvent,
    TurnFinished,
    UserMessageStored,
    WaitingToRetry,
)
from chatbot_app.chat.prompts import CONTINUE_REQUEST, question_text
from chatbot_app.chat.requests import QUITTING, Continuation, NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.errors import AppError, PromptDoesNotFit, PromptTooLong, StoreError, StreamCut
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.chat_client import (
    ParameterDropped,
    ReasoningDelta,
    RetryScheduled,
    StreamEvent,
    StreamFinished,
    TextDelta,
    UsageReported,
)
from chatbot_app.llm.gateway import Connection, Gateway
from chatbot_app.memory.budget import Budget, make_budget
from chatbot_app.memory.planner import PromptRequest, plan_prompt
from chatbot_app.storage.conversations import ConversationStore

logger = logging.getLogger(__name__)

PARTIAL_EVERY_SECONDS = 0.6  # a crash loses at most a second of an answer: this, and the time of writing

# Servers that go on writing a last message of role assistant instead of starting another.
_PREFILLING = {ServerKind.BUILT_IN, ServerKind.LLAMA_CPP}

# A prompt count this far below the plan cannot be an error of estimation.
_CUT_SHARE, _CUT_TOKENS = 0.7, 200


class ChatTurn:
    """Runs exchanges against a store and the servers that the gateway opens."""

    def __init__(self, store: ConversationStore, gateway: Gateway, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock  # monotonic seconds

    async def run(self, request: TurnRequest) -> AsyncIterator[TurnEvent]:
        """Yield the events of one exchange; the last is `TurnFinished`.

        Cancelling the task that consumes them ends the request at once and finishes the answer as
        *stopped* (*interrupted* when the program is quitting).

        Raises:
            AppError: nothing could be stored, and nothing was sent.
        """
        question, answer, settings = self._begin(request)
        yield UserMessageStored(question, answer)
        running = _Running(self._store, answer, self._clock)
        try:
            try:
                connection = await self._gateway.open(settings)
                running.connected(connection)
                async for event in self._answer(running, question, settings, connection, request):
                    yield event
            except asyncio.CancelledError as stop:
                quitting = bool(stop.args) and stop.args[0] == QUITTING
                running.status = MessageStatus.INTERRUPTED if quitting else MessageStatus.STOPPED
            except AppError as error:
                running.fail(error)
            except Exception:
                running.fail(AppError(detail="the program made a mistake; the log has the details."))
                raise
        finally:
            finished = running.finish()
        yield TurnFinished(finished)

    def _begin(self, request: TurnRequest) -> tuple[Message, Message, GenerationSettings]:
        settings = self._store.conversation(request.conversation_id).settings
        server_id, model = self._gateway.names(settings)
        match request:
            case NewQuestion(conversation_id, parent_id, text):
                question, answer = self._store.begin_exchange(
                    conversation_id, parent_id, text, settings=settings, server_id=server_id, model=model
                )
            case NewAnswer(conversation_id, question_id):
                question = self._store.message(question_id)
                answer = self._store.begin_answer(
                    conversation_id, question_id, settings=settings, server_id=server_id, model=model
                )
            case Continuation(_, answer_id):
                answer = self._store.reopen(answer_id)
                assert answer.parent_id is not None  # an answer stands below its question
                question = self._store.message(answer.parent_id)
        return question, answer, settings

    async def _answer(
        self,
        running: _Running,
        question: Message,
        settings: GenerationSettings,
        connection: Connection,
        request: TurnRequest,
    ) -> AsyncIterator[TurnEvent]:
        window, trimmed_again = connection.window, False
        while True:
            budget = make_budget(window, settings.max_tokens, connection.window_source)
            plan = await self._plan(running.answer, question, settings, connection, budget, request)
            self._store.save_plan(running.answer.id, plan)
            yield PromptPlanned(plan)
            if not plan.fits:
                raise PromptDoesNotFit(tokens=plan.tokens, budget=plan.budget)
            running.plan = plan
            try:
                async for event in self._stream(running, settings, connection, plan):
                    yield event
                return
            except PromptTooLong as error:
                told = error.details.get("window")
                # The server knows its window better than we did: plan once more with its number.
                if trimmed_again or running.has_text or not isinstance(told, int) or told >= budget.window:
                    raise
                window, trimmed_again = told, True
                self._gateway.remember_window(connection, told)

    async def _plan(
        self,
        answer: Message,
        question: Message,
        settings: GenerationSettings,
        connection: Connection,
        budget: Budget,
        request: TurnRequest,
    ) -> PromptPlan:
        history: list[Message] = []
        if question.parent_id is not None:
            history = self._store.path(question.conversation_id, question.parent_id)
        text = question_text(question.text, settings)
        so_far = answer.text if isinstance(request, Continuation) else ""
        if so_far and connection.server.kind not in _PREFILLING:
            history, text = (
                [*history, question, replace(answer, status=MessageStatus.COMPLETE)],
                CONTINUE_REQUEST,
            )
            so_far = ""
        texts = [settings.system_prompt.strip(), text, so_far, "\n\n", *(m.text for m in history)]
        counts = dict(zip(texts, await connection.count_texts(texts), strict=True))
        costs = await connection.template_costs()
        if so_far:
            # It goes last and is not closed, so it costs no frame of its own but the one of the reply.
            budget = replace(budget, reply_reserve=budget.reply_reserve + counts[so_far])
        plan = plan_prompt(
            PromptRequest(settings.system_prompt, history, text, question_id=question.id),
            budget,
            counts.__getitem__,
            costs,
        )
        if so_far:
            part = PlanPart(
                PartKind.HISTORY,
                Role.ASSISTANT,
                so_far,
                counts[so_far],
                True,
                "the answer so far",
                answer.id,
            )
            plan = replace(plan, parts=(*plan.parts, part), reply_reserve=budget.reply_reserve - part.tokens)
        return plan

    async def _stream(
        self, running: _Running, settings: GenerationSettings, connection: Connection, plan: PromptPlan
    ) -> AsyncIterator[TurnEvent]:
        running.sent_at = self._clock()
        stream = connection.client.stream(plan.messages(), connection.model, settings.request_parameters())
        async with aclosing(stream):
            async for event in stream:
                for shown in self._handle(running, connection, event):
                    yield shown

    def _handle(self, running: _Running, connection: Connection, event: StreamEvent) -> list[TurnEvent]:
        match event:
            case TextDelta(text):
                return [*running.first_token(), *running.append(text)]
            case ReasoningDelta(text):
                return [*running.first_token(), *running.append_reasoning(text)]
            case UsageReported(usage, _):
                running.usage = usage
            case RetryScheduled(seconds, error):
                return [WaitingToRetry(seconds, error.notice())]
            case ParameterDropped(name, replacement):
                self._gateway.remember_refusal(connection, name, replacement)
                return [NoticeAdded(running.add_notice(_parameter_notice(connection, name, replacement)))]
            case StreamFinished(finish_reason):
                running.finish_reason = finish_reason
                if finish_reason is None:
                    raise StreamCut(server=connection.server.name)
                running.status = MessageStatus.COMPLETE
                return [NoticeAdded(running.add_notice(n)) for n in running.ending_notices(connection)]
        return []


class _Running:
    """The answer under way: what has arrived, and when it was last made safe."""

    def __init__(self, store: ConversationStore, answer: Message, clock: Callable[[], float]) -> None:
        self.answer = answer
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.status = MessageStatus.INTERRUPTED
        self.plan: PromptPlan | None = None
        self.sent_at = clock()
        self._store = store
        self._clock = clock
        self._text: list[str] = []  # what arrived, in pieces: a sum of strings would be quadratic
        self._reasoning = [answer.reasoning]
        self._notices: list[Notice] = []
        self._first_token_seconds: float | None = None
        self._saved_at = clock()
        self._save_later: asyncio.TimerHandle | None = None

    def connected(self, connection: Connection) -> None:
        """Note which server and model answer, where the settings left that open."""
        if (connection.server.id, connection.model) != (self.answer.server_id, self.answer.model):
            self._store.set_model(self.answer.id, connection.server.id, connection.model)

    @property
    def has_text(self) -> bool:
        """Whether anything of the answer arrived in this exchange."""
        return bool(self._text)

    def first_token(self) -> list[TurnEvent]:
        if self._first_token_seconds is not None:
            return []
        self._first_token_seconds = self._clock() - self.sent_at
        return [FirstToken(self._first_token_seconds)]

    def append(self, text: str) -> list[TurnEvent]:
        self._text.append(text)
        self._save_now_and_then()
        return [TextAppended(text)]

    def append_reasoning(self, text: str) -> list[TurnEvent]:
        self._reasoning.append(text)
        self._save_now_and_then()
        return [ReasoningAppended(text)]

    def add_notice(self, notice: Notice) -> Notice:
        self._notices.append(notice)
        return notice

    def fail(self, error: AppError) -> None:
        """End the answer with an error; what a cut stream had brought can be continued."""
        self.status = MessageStatus.INTERRUPTED if isinstance(error, StreamCut) else MessageStatus.FAILED
        self._notices.append(error.notice())

    def ending_notices(self, connection: Connection) -> list[Notice]:
        notices = []
        if self.finish_reason == "content_filter":
            notices.append(
                Notice("ContentFiltered", f"{connection.server.name} withheld the rest of the answer.")
            )
        counted = self.usage.prompt_tokens if self.usage else None
        planned = self.plan.tokens if self.plan else 0
        if counted is not None and counted < planned * _CUT_SHARE and planned - counted > _CUT_TOKENS:
            notices.append(
                Notice(
                    "PromptCut",
                    f"{connection.server.name} dropped part of the conversation: it read {counted} of about "
                    f"{planned} tokens.",
                    "Raise the context length there, or start a new conversation.",
                )
            )
        return notices

    def finish(self) -> Message:
        """Write the last state and return it; where the disk refuses, return it unsaved, with a notice."""
        if self._save_later is not None:
            self._save_later.cancel()
        timings = Timings(self._first_token_seconds, self._clock() - self.sent_at)
        try:
            return self._store.finish_message(
                self.answer.id,
                status=self.status,
                text=self._whole_text(),
                reasoning="".join(self._reasoning),
                usage=self.usage,
                timings=timings,
                finish_reason=self.finish_reason,
                notices=tuple(self._notices),
            )
        except StoreError as error:
            return replace(
                self.answer,
                status=self.status,
                text=self._whole_text(),
                reasoning="".join(self._reasoning),
                usage=self.usage,
                timings=timings,
                finish_reason=self.finish_reason,
                notices=(*self._notices, error.notice()),
            )

    def _whole_text(self) -> str:
        return "".join([self.answer.text, *self._text])

    def _save_now_and_then(self) -> None:
        if self._save_later is None:
            # By the clock and not with the next token: a server may fall silent in the middle.
            wait = max(0.0, self._saved_at + PARTIAL_EVERY_SECONDS - self._clock())
            self._save_later = asyncio.get_running_loop().call_later(wait, self._save)

    def _save(self) -> None:
        self._save_later = None
        self._saved_at = self._clock()
        try:
            self._store.save_partial(self.answer.id, self._whole_text(), "".join(self._reasoning))
        except StoreError:
            # The answer goes on: what is in memory can still be kept or copied when it ends.
            logger.warning("a partial answer could not be saved", exc_info=True)


def _parameter_notice(connection: Connection, name: str, replacement: str | None) -> Notice:
    instead = f"; “{replacement}” is sent instead" if replacement else " and was left out"
    return Notice("ParameterDropped", f"{connection.model} does not take “{name}”{instead}.")
