"""One exchange: a question is stored, its documents searched, a prompt planned, an answer streamed and kept.

`ChatTurn.run` is an async generator of events that knows nothing of Qt: the window, the command line and
the tests consume the same.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.chat.comparing import Nowhere
from chatbot_app.chat.events import (
    NoticeAdded,
    PassagesFound,
    PromptPlanned,
    QuotesFound,
    TurnEvent,
    TurnFinished,
)
from chatbot_app.chat.evidence import EvidenceFinder, Sources, search_failed
from chatbot_app.chat.finding import Finding, Found
from chatbot_app.chat.live_plan import LivePlan
from chatbot_app.chat.model_stream import ModelStream
from chatbot_app.chat.overflow import (
    assumed_window_notice,
    cut_notice,
    does_not_fit,
    narrowed_budget,
    trimmed_notice,
)
from chatbot_app.chat.own_sentences import summary_answer, text_to_summarise
from chatbot_app.chat.picture_courier import EncodePicture, PictureCourier
from chatbot_app.chat.picture_words import counted_for_pictures, pictures_notice
from chatbot_app.chat.requests import Continuation, NewAnswer, PlanRequest, TurnRequest
from chatbot_app.chat.running_answer import RunningAnswer
from chatbot_app.chat.small_talk import Asking, asking_of, history_of_small_talk
from chatbot_app.chat.turn_memory import TurnMemory
from chatbot_app.chat.turn_plan import TurnPrompt, eye_for, included_passages, plan_turn
from chatbot_app.chat.turn_start import Start, TurnStart
from chatbot_app.core.compared import ComparedQuestion
from chatbot_app.core.errors import AppError, PromptTooLong
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.picture_errors import ModelSeesNoPictures
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import is_shipped_model
from chatbot_app.core.trust import AnswerMode
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.memory.budget import make_budget
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.model_prices import ModelPriceStore

LONGEST_FROM_DOCUMENTS = 300  # tokens of the built-in model: what it goes on to write is not in the sources


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
        prices: ModelPriceStore | None = None,
        encode_picture: EncodePicture | None = None,
        new_seed: Callable[[], int] = lambda: secrets.randbelow(2**31),
    ) -> None:
        """`clock` returns monotonic seconds; without `evidence` no documents are used, without `memory`
        neither summaries nor recalled exchanges. `version` differs after every change of the store, `new_seed`
        is what the built-in model is sampled with when it is asked again. Answers keep what their tokens cost by `prices`.
        Pictures are made ready by `encode_picture`, and not sent without.

        The store is touched by `calls` and `saver` alone, never in the loop.
        """
        self._store = store
        self._calls = calls or OrderedCalls("store calls")
        self._saver = saver or AnswerSaver(store)
        self._gateway = gateway
        self._clock = clock
        self._evidence = evidence
        self._memory = memory
        self._prices = prices
        self._courier = PictureCourier(store.pictures, self._calls, encode_picture)
        self._finding = Finding(evidence)
        self._start = TurnStart(store, self._saver, gateway, self._finding.in_use, new_seed)
        self._stream = ModelStream(gateway, self._calls, clock)
        self._live = LivePlan(store, gateway, memory, self._finding.in_use, version, self._calls)

    async def plan(self, request: PlanRequest) -> PromptPlan:
        """Return the plan of a question as it would be asked now; nothing is stored or sent.

        Quick while only the draft changes.

        Raises:
            AppError: the server cannot be reached or the conversation is gone.
        """
        sources = None
        asks = not request.draft.strip() or asking_of(request.draft) is not Asking.CHAT
        if request.search and request.draft.strip() and asks:
            sources = await self._live.found(request, self._search)
        return await self._live.plan(request, sources, uses_documents=asks)

    async def run(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Yield the events of one exchange; the last is `TurnFinished`.

        Cancelling the task that consumes them ends the request at once and finishes the answer as
        *stopped* (*interrupted* when the program is quitting).

        Raises:
            AppError: nothing could be stored, and nothing was sent.
        """
        committed = await self._calls.commit(lambda agree: self._start.begin(request, agree))
        start = committed.result
        yield start.stored
        running = RunningAnswer(self._saver, start.stored.answer, self._clock, self._evidence)
        async with aclosing(self._told(running, start, request, committed.cancelled)) as events:
            async for event in events:
                yield event

    async def run_unstored(
        self, question: ComparedQuestion, settings: GenerationSettings
    ) -> AsyncGenerator[TurnEvent, None]:
        """Yield the events of an exchange as `run` does, of which nothing is stored: whose answer has no id.

        The history above it is sent, and the documents of the settings are searched; a model answers, also where the
        settings ask for quotes alone.
        """
        start = await self._calls.call(self._start.begin_unstored, question, settings)
        running = RunningAnswer(Nowhere(), start.stored.answer, self._clock, self._evidence)
        request = NewAnswer(question.conversation_id, question.question_id, mode=AnswerMode.ANSWER)
        async with aclosing(self._told(running, start, request)) as events:
            async for event in events:
                yield event

    async def _told(
        self,
        running: RunningAnswer,
        start: Start,
        request: TurnRequest,
        cancelled: BaseException | None = None,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Yield what becomes of an answer, whatever ends it."""
        try:
            with running.told():
                if cancelled is not None:
                    raise cancelled
                async for event in self._answer(running, start, request):
                    yield event
        finally:
            finished = await running.finish()
        yield TurnFinished(finished)

    async def _answer(
        self, running: RunningAnswer, start: Start, request: TurnRequest
    ) -> AsyncGenerator[TurnEvent, None]:
        """Search the documents first: where they answer alone, or not at all, no model is asked."""
        question = start.stored.question
        shows = bool(pictures_of(question.metadata))
        if shows and start.shipped_model:  # it need not be loaded to say so
            raise ModelSeesNoPictures(model=start.stored.answer.model or "")
        wants_model = (
            shows
            or isinstance(request, Continuation)
            or (isinstance(request, NewAnswer) and request.mode is AnswerMode.ANSWER)
        )
        pasted = None if wants_model else text_to_summarise(question.text)
        if pasted is not None:
            for event in await self._own_sentences(running, pasted):
                yield event
            return
        history: list[Message] = []
        if question.parent_id is not None:
            history = await self._calls.call(self._store.path, question.conversation_id, question.parent_id)
        running.without_documents = not isinstance(request, Continuation) and request.without_documents
        found: Found | None = None
        leaves_out = False
        try:
            found = await self._finding.find(request, start, history)
            if found is None and start.settings.collections is not None:
                whole, history = history, history_of_small_talk(history, question.text)
                leaves_out = len(history) < len(whole)
        except AppError as error:  # the question is answered all the same, and that is said
            yield NoticeAdded(running.add_notice(search_failed(error.summary)))
        if found is not None:
            running.sources, running.trust = found.sources, found.trust
            yield PassagesFound(found.sources.retrieval)
            yield QuotesFound(found.sources.quotes)
            if found.text:
                for event in running.say(found.text, found.citations):
                    yield event
                return
            running.sources = found.sources.first(0)  # nothing was shown to a model yet
            running.trust = replace(found.trust, unchecked=start.small_model)
        async for event in self._ask(running, start, request, history, found, leaves_out=leaves_out):
            yield event

    async def _own_sentences(self, running: RunningAnswer, pasted: str) -> list[TurnEvent]:
        """Answer with the sentences of a pasted text that carry most of it: no model is asked."""
        summary = await self._finding.summarise(pasted)
        running.own_sentences = (len(summary.spans), summary.sentences)
        return running.say(summary_answer(pasted, summary), ())

    async def _ask(
        self,
        running: RunningAnswer,
        start: Start,
        request: TurnRequest,
        history: list[Message],
        found: Found | None,
        *,
        leaves_out: bool,
    ) -> AsyncGenerator[TurnEvent, None]:
        question, settings = start.stored.question, start.settings
        connection = await self._connected(running, start)
        sources = found.sources if found is not None else None
        so_far = running.answer if isinstance(request, Continuation) and running.answer.text else None
        prompt = TurnPrompt(settings, history, question, so_far, sources)
        prompt = await self._with_memory(prompt, leaves_out=leaves_out)
        self._live.remember(question.conversation_id, sources, prompt.recalled)
        budget = make_budget(connection.window, settings.max_tokens, connection.window_source)
        if connection.window is None and not await self._calls.call(
            self._gateway.is_told_of_window, connection
        ):
            yield NoticeAdded(running.add_notice(assumed_window_notice(connection)))
        refused: _Refused | None = None
        while True:
            prepared = await self._live.prepared(history, connection)
            packed = await self._courier.pack(await plan_turn(prompt, connection, budget, prepared))
            plan = packed.plan
            running.planned(plan)
            yield PromptPlanned(plan)
            if not plan.fits:
                raise does_not_fit(plan, settings)
            if sources is not None:
                running.sources = sources.first(included_passages(plan))
            for notice in _notices_of(plan, refused, connection, history):
                yield NoticeAdded(running.add_notice(notice))
            try:
                parameters = _parameters(settings, connection, sources)
                stream = self._stream.run(running, question.text, connection, packed, parameters)
                async with aclosing(stream):
                    async for event in stream:
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
            async for event in self._told_of_answer(running, connection, plan):
                yield event
            return

    async def _connected(self, running: RunningAnswer, start: Start) -> Connection:
        """Return the server that answers, with its price. Raises AppError, also where its model sees no pictures and some are asked about."""
        question = start.stored.question
        connection = await self._gateway.open(start.settings, anew=True)
        running.connected(connection)
        if self._prices is not None:
            book = await self._calls.call(self._prices.book)
            running.price = book.of(connection.server.id, connection.model)
        if (await eye_for([question], connection)).is_blind and pictures_of(question.metadata):
            raise ModelSeesNoPictures(model=connection.model, server=connection.server.name)
        return connection

    async def _with_memory(self, prompt: TurnPrompt, *, leaves_out: bool) -> TurnPrompt:
        """Return the prompt with the summary of its history and what of it is recalled; `leaves_out`: some of it is not sent."""
        if self._memory is None:
            return prompt
        question, history = prompt.question, prompt.history
        summary = await self._calls.call(self._memory.summary_of, question.conversation_id, history)
        if leaves_out and summary is not None and not summary.pinned:
            summary = None  # it may tell of what was left out
        recalled = await self._memory.recalled_for(question.text, history, prompt.settings)
        return replace(prompt, summary=summary, recalled=recalled)

    async def _told_of_answer(
        self, running: RunningAnswer, connection: Connection, plan: PromptPlan
    ) -> AsyncGenerator[TurnEvent, None]:
        """Keep what the server counted, and yield what there is to say of the answer."""
        learnt = counted_for_pictures(plan, running.usage)
        if learnt is not None:
            self._calls.post(self._gateway.learn_picture_tokens, connection, plan.picture_tokens, learnt)
        cut = await cut_notice(self._gateway, connection, plan, running.usage, self._calls)
        if cut is not None:
            yield NoticeAdded(running.add_notice(cut))
        for notice in await running.check():
            yield NoticeAdded(notice)

    async def _search(
        self, question: str, earlier: Sequence[str], settings: GenerationSettings, connection: Connection
    ) -> Sources | None:
        """Return what the documents say to a draft, None where none are used. Raises AppError."""
        shipped = is_shipped_model(connection.server)
        return await self._finding.search(question, earlier, settings, shipped=shipped)


def _notices_of(
    plan: PromptPlan, refused: _Refused | None, connection: Connection, history: Sequence[Message]
) -> list[Notice]:
    """Return what there is to say of a prompt: that it was shortened where another one was refused, else what pictures are not sent."""
    if refused is not None:
        return [trimmed_notice(connection, refused.plan, plan, told=refused.told)]
    unsent = pictures_notice(plan, connection.model, history)
    return [unsent] if unsent is not None else []


def _parameters(
    settings: GenerationSettings, connection: Connection, sources: Sources | None
) -> dict[str, Any]:
    parameters = settings.request_parameters()
    if sources is not None and is_shipped_model(connection.server):
        parameters.setdefault("max_tokens", LONGEST_FROM_DOCUMENTS)
    return parameters
