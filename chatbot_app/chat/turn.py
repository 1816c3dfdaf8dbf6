"""One exchange: a question is stored, a prompt planned, an answer streamed and kept.

`ChatTurn.run` is an async generator of events that knows nothing of Qt: the window, the command line and
the tests consume the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.chat.empty_answer import empty_answer
from chatbot_app.chat.events import (
    NoticeAdded,
    PassagesFound,
    PromptPlanned,
    TurnEvent,
    TurnFinished,
    UserMessageStored,
    WaitingToRetry,
)
from chatbot_app.chat.evidence import (
    NOTHING_FOUND,
    EvidenceFinder,
    Sources,
    search_failed,
    without_added_markers,
)
from chatbot_app.chat.live_plan import LivePlan
from chatbot_app.chat.overflow import (
    assumed_window_notice,
    cut_notice,
    does_not_fit,
    narrowed_budget,
    trimmed_notice,
)
from chatbot_app.chat.requests import (
    QUITTING,
    Continuation,
    NewAnswer,
    NewQuestion,
    PlanRequest,
    TurnRequest,
)
from chatbot_app.chat.running_answer import RunningAnswer
from chatbot_app.chat.turn_memory import TurnMemory
from chatbot_app.chat.turn_plan import TurnPrompt, included_passages, passages_wanted, plan_turn
from chatbot_app.core.errors import AppError, PromptTooLong, QuestionNotSaved, StoreError, StreamCut
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Notice, Role
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.prompt_plan import PromptPlan
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
from chatbot_app.memory.budget import make_budget
from chatbot_app.storage.conversations import ConversationStore

# In a flood the loop would hold the interpreter's lock without end, and a window wait for it at every step:
# after so many events in so little time it makes way for a moment. A fast server sends a fifth of that.
FLOOD_EVENTS, FLOOD_SECONDS, MAKE_WAY_SECONDS = 100, 0.02, 0.006


@dataclass(frozen=True, slots=True)
class _Refused:
    """A prompt that was too long, and whether the server named its window."""

    plan: PromptPlan
    told: bool


class ChatTurn:
    """Runs exchanges against a store and the servers that the gateway opens."""

    def __init__(
        self,
        store: ConversationStore,
        gateway: Gateway,
        *,
        clock: Callable[[], float],
        evidence: EvidenceFinder | None = None,
        memory: TurnMemory | None = None,
        version: Callable[[], object] = object,
        calls: OrderedCalls | None = None,
        saver: AnswerSaver | None = None,
    ) -> None:
        """`clock` returns monotonic seconds; without `evidence` no documents are used, without `memory`
        neither summaries nor recalled exchanges. `version` differs after every change of the store.

        The store is touched by `calls` and `saver` alone, never in the loop.
        """
        self._store = store
        self._calls = calls or OrderedCalls("store calls")
        self._saver = saver or AnswerSaver(store)
        self._gateway = gateway
        self._clock = clock
        self._evidence = evidence
        self._memory = memory
        self._live = LivePlan(store, gateway, memory, version, self._calls)

    async def plan(self, request: PlanRequest) -> PromptPlan:
        """Return the plan of a question as it would be asked now; nothing is stored or sent.

        Quick while only the draft changes.

        Raises:
            AppError: the server cannot be reached or the conversation is gone.
        """
        sources = None
        if request.search and request.draft.strip():
            sources = await self._live.found(request, self._search)
        return await self._live.plan(request, sources)

    async def run(self, request: TurnRequest) -> AsyncIterator[TurnEvent]:
        """Yield the events of one exchange; the last is `TurnFinished`.

        Cancelling the task that consumes them ends the request at once and finishes the answer as
        *stopped* (*interrupted* when the program is quitting).

        Raises:
            AppError: nothing could be stored, and nothing was sent.
        """
        committed = await self._calls.commit(lambda agree: self._begin(request, agree))
        stored, settings = committed.result
        question, answer = stored.question, stored.answer
        yield stored
        running = RunningAnswer(self._saver, answer, self._clock, self._evidence)
        try:
            try:
                if committed.cancelled is not None:
                    raise committed.cancelled
                connection = await self._gateway.open(settings, anew=True)
                running.connected(connection)
                async for event in self._answer(running, question, settings, connection, request):
                    yield event
            except asyncio.CancelledError as stop:
                if running.status is not MessageStatus.COMPLETE:  # else only its citing was cut short
                    quitting = bool(stop.args) and stop.args[0] == QUITTING
                    running.status = MessageStatus.INTERRUPTED if quitting else MessageStatus.STOPPED
            except AppError as error:
                running.fail(error)
            except Exception:
                running.fail(AppError(detail="the program made a mistake; the log has the details."))
                raise
        finally:
            finished = await running.finish()
        yield TurnFinished(finished)

    def _begin(
        self, request: TurnRequest, agree: Callable[[], None]
    ) -> tuple[UserMessageStored, GenerationSettings]:
        """Store what is asked for. Raises QuestionNotSaved where a new question could not be."""
        try:
            self._saver.flush(
                request.conversation_id
            )  # what stands above is safe before anything rests on it
            return self._store_request(request, agree)
        except StoreError as error:
            if isinstance(request, NewQuestion):
                raise QuestionNotSaved(cause=error.summary) from error
            raise

    def _store_request(
        self, request: TurnRequest, agree: Callable[[], None]
    ) -> tuple[UserMessageStored, GenerationSettings]:
        conversation: Conversation | None = None
        new = request.new_settings if isinstance(request, NewQuestion) else None
        settings = new or self._store.conversation(request.conversation_id).settings
        server_id, model = self._gateway.names(settings)
        match request:
            case NewQuestion(conversation_id, _, text, question_id) if new is not None:
                question, answer = self._store.begin_conversation(
                    conversation_id,
                    text,
                    settings,
                    server_id=server_id,
                    model=model,
                    question_id=question_id or None,
                    agree=agree,
                )
                conversation = self._store.conversation(conversation_id)
            case NewQuestion(conversation_id, parent_id, text, question_id):
                question, answer = self._store.begin_exchange(
                    conversation_id,
                    parent_id,
                    text,
                    settings=settings,
                    server_id=server_id,
                    model=model,
                    question_id=question_id or None,
                    agree=agree,
                )
            case NewAnswer(conversation_id, question_id):
                question = self._store.message(question_id)
                answer = self._store.begin_answer(
                    conversation_id,
                    question_id,
                    settings=settings,
                    server_id=server_id,
                    model=model,
                    agree=agree,
                )
            case Continuation(_, answer_id):
                answer = self._store.reopen(answer_id, agree=agree)
                assert answer.parent_id is not None  # an answer stands below its question
                question = self._store.message(answer.parent_id)
                answer = replace(answer, text=without_added_markers(answer))
        return UserMessageStored(question, answer, conversation), settings

    async def _answer(
        self,
        running: RunningAnswer,
        question: Message,
        settings: GenerationSettings,
        connection: Connection,
        request: TurnRequest,
    ) -> AsyncIterator[TurnEvent]:
        history: list[Message] = []
        if question.parent_id is not None:
            history = await self._calls.call(self._store.path, question.conversation_id, question.parent_id)
        so_far = running.answer if isinstance(request, Continuation) and running.answer.text else None
        prompt = TurnPrompt(settings, history, question, so_far)
        if self._memory is not None:
            summary = await self._calls.call(self._memory.summary_of, question.conversation_id, history)
            recalled = await self._memory.recalled_for(question.text, history, settings)
            prompt = replace(prompt, summary=summary, recalled=recalled)
        sources, events = await self._find_sources(running, prompt, connection)
        prompt = replace(prompt, sources=sources)
        self._live.remember(question.conversation_id, sources, prompt.recalled)
        for event in events:
            yield event
        budget = make_budget(connection.window, settings.max_tokens, connection.window_source)
        if connection.window is None and not await self._calls.call(
            self._gateway.is_told_of_window, connection
        ):
            yield NoticeAdded(running.add_notice(assumed_window_notice(connection)))
        refused: _Refused | None = None
        while True:
            prepared = await self._live.prepared(history, connection)
            plan = await plan_turn(prompt, connection, budget, prepared)
            running.planned(plan)
            yield PromptPlanned(plan)
            if not plan.fits:
                raise does_not_fit(plan, settings)
            if sources is not None:
                running.sources = sources.first(included_passages(plan))
            if refused is not None:
                notice = trimmed_notice(connection, refused.plan, plan, told=refused.told)
                yield NoticeAdded(running.add_notice(notice))
            try:
                async for event in self._stream(running, settings, connection, plan):
                    yield event
            except PromptTooLong as error:
                narrowed = narrowed_budget(budget, plan, error, settings.max_tokens)
                if narrowed is None or refused is not None or running.has_text:
                    raise
                budget, refused = narrowed.budget, _Refused(plan, narrowed.told)
                if narrowed.told:
                    await self._calls.call(self._gateway.learn_window, connection, budget.window)
                continue
            if refused is not None and not refused.told:
                # It works, and the server names no other.
                await self._calls.call(self._gateway.learn_window, connection, budget.window)
            cut = await cut_notice(self._gateway, connection, plan, running.usage, self._calls)
            if cut is not None:
                yield NoticeAdded(running.add_notice(cut))
            await running.cite()
            return

    async def _find_sources(
        self, running: RunningAnswer, prompt: TurnPrompt, connection: Connection
    ) -> tuple[Sources | None, list[TurnEvent]]:
        """Search the documents; without them the question is answered all the same, and that is said."""
        earlier = [message.text for message in prompt.history if message.role is Role.USER]
        try:
            sources = await self._search(prompt.question.text, earlier, prompt.settings, connection)
        except AppError as error:
            return None, [NoticeAdded(running.add_notice(search_failed(error.summary)))]
        if sources is None:
            return None, []
        events: list[TurnEvent] = [PassagesFound(sources.retrieval)]
        if not sources.evidence:
            events.append(NoticeAdded(running.add_notice(NOTHING_FOUND)))
        return sources, events

    async def _search(
        self, question: str, earlier: Sequence[str], settings: GenerationSettings, connection: Connection
    ) -> Sources | None:
        """Return what the documents say to a question, None where none are used. Raises AppError."""
        if self._evidence is None or settings.collections is None:
            return None
        limit = passages_wanted(connection.server)
        return await asyncio.to_thread(self._evidence.find, question, earlier, settings.collections, limit)

    async def _stream(
        self, running: RunningAnswer, settings: GenerationSettings, connection: Connection, plan: PromptPlan
    ) -> AsyncIterator[TurnEvent]:
        running.sent_at = self._clock()
        stream = connection.client.stream(plan.messages(), connection.model, settings.request_parameters())
        arrived, since = 0, self._clock()
        async with aclosing(stream):
            async for event in stream:
                for shown in self._handle(running, connection, event):
                    yield shown
                arrived += 1
                if arrived == FLOOD_EVENTS:
                    if self._clock() - since < FLOOD_SECONDS:
                        await asyncio.sleep(MAKE_WAY_SECONDS)
                    arrived, since = 0, self._clock()

    def _handle(self, running: RunningAnswer, connection: Connection, event: StreamEvent) -> list[TurnEvent]:
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
                self._calls.post(self._gateway.remember_refusal, connection, name, replacement)
                return [NoticeAdded(running.add_notice(_parameter_notice(connection, name, replacement)))]
            case StreamFinished(finish_reason):
                running.finish_reason = finish_reason
                if finish_reason is None:
                    raise StreamCut(server=connection.server.name)
                if running.is_blank:
                    raise empty_answer(connection.server.name, finish_reason, thought=running.has_reasoning)
                running.status = MessageStatus.COMPLETE
                return [NoticeAdded(running.add_notice(n)) for n in running.ending_notices(connection)]
        return []


def _parameter_notice(connection: Connection, name: str, replacement: str | None) -> Notice:
    instead = f"; “{replacement}” is sent instead" if replacement else " and was left out"
    return Notice("ParameterDropped", f"{connection.model} does not take “{name}”{instead}.")
