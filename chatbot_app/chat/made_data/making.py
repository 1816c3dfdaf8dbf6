"""Makes a data set, passage by passage; what is finished is kept at once, and nothing is made twice."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.form_asker import FormAsker, ReplyUnusableError
from chatbot_app.chat.giving_way import GivingWay
from chatbot_app.chat.made_data import backtranslation, feedback, questions
from chatbot_app.chat.made_data.asking import Asker
from chatbot_app.core.errors import PromptTooLong, UsageError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.made_data import DataJob, DataKind, DataWish, PassageTask, RowDraft
from chatbot_app.core.messages import Notice
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.data_jobs import DataJobStore

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

REPLY_SECONDS = 600.0  # for a whole reply: a busy computer takes minutes, and nobody waits for a single one
_MEASURED = 20  # passages whose time says how long the rest takes

VERSIONS = {
    DataKind.BACKTRANSLATION: backtranslation.VERSION,
    DataKind.QUESTIONS: questions.VERSION,
    DataKind.FEEDBACK: feedback.VERSION,
}


@dataclass(frozen=True, slots=True)
class MakingProgressed:
    """How far a job is: `rows` are the numbers of those that are new, `seconds_left` None while nothing is measured.

    `model` makes them; `is_small` says that it is too small to be trusted with documents.
    """

    job: DataJob
    model: str
    is_small: bool
    rows: tuple[int, ...] = ()
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class MakingWaits:
    """The server could not answer in a passing way: the request goes out again in `seconds`."""

    seconds: float
    notice: Notice


@dataclass(frozen=True, slots=True)
class MakingTold:
    """Something that is to be known of the model, once."""

    notice: Notice


MakingEvent = MakingProgressed | MakingWaits | MakingTold


class DataMaking:
    """Runs jobs in the loop of the models. Cancelling the task that consumes them ends a request at once."""

    def __init__(
        self,
        store: DataJobStore,
        gateway: Gateway,
        calls: OrderedCalls,
        embedder: Callable[[], Embedder | None],
        giving_way: GivingWay,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        reply_seconds: float = REPLY_SECONDS,
    ) -> None:
        """`calls` make all calls of the store; `clock` returns monotonic seconds."""
        self._store = store
        self._gateway = gateway
        self._calls = calls
        self._embedder = embedder
        self._giving_way = giving_way
        self._clock = clock
        self._now = now
        self._reply_seconds = reply_seconds

    async def run(self, job_id: str) -> AsyncGenerator[MakingEvent, None]:
        """Make what is not made yet, and yield how it goes on; the last event is of a job that is done.

        A passage of whose reply nothing can be used is passed over, with the reason. Raises AppError for what every
        other passage would meet too, the server is gone, say: what was made stays, and the job goes on another time.
        """
        job = await self._calls.call(self._store.job, job_id)
        if job is None:
            raise UsageError(detail="This data set was deleted.")
        settings = GenerationSettings(server_id=job.wish.server_id, model=job.wish.model)
        connection = await self._gateway.open(settings, anew=True)
        is_small = self._gateway.is_small(settings)
        heard: asyncio.Queue[MakingEvent] = asyncio.Queue()
        asker = self._asker(connection, heard)
        ask = Asker(asker, self._giving_way)
        taken: deque[float] = deque(maxlen=_MEASURED)
        told = 0
        yield MakingProgressed(job, connection.model, is_small)
        while (task := await self._calls.call(self._store.next_task, job_id)) is not None:
            began = self._clock()
            work = asyncio.ensure_future(self._rows_of(job.wish, task, ask, connection))
            try:
                async for event in _until(work, heard):
                    yield event
            finally:
                if not work.done():
                    work.cancel()
                    with suppress(asyncio.CancelledError):
                        await work
            for notice in asker.notices[told:]:
                yield MakingTold(notice)
            told = len(asker.notices)
            taken.append(self._clock() - began)
            known = await self._calls.call(self._store.job, job_id)
            if known is None:
                return  # it was deleted meanwhile
            left = known.waiting * sum(taken) / len(taken)
            yield MakingProgressed(known, connection.model, is_small, tuple(work.result()), left)

    def _asker(self, connection: Connection, heard: asyncio.Queue[MakingEvent]) -> FormAsker:
        return FormAsker(
            connection,
            lambda *what: self._calls.post(self._gateway.remember_refusal, *what),
            self._reply_seconds,
            consequence="what it says is read all the same, and what cannot be read makes no row.",
            on_retry=lambda seconds, error: heard.put_nowait(MakingWaits(seconds, error.notice())),
        )

    async def _rows_of(
        self, wish: DataWish, task: PassageTask, ask: Asker, connection: Connection
    ) -> list[int]:
        """Make the rows of a passage and keep them; return their numbers. Raises AppError."""
        try:
            drafts = await self._drafts(wish, task, ask)
        except ReplyUnusableError as problem:
            await self._calls.call(self._store.fail, task, str(problem))
            return []
        except PromptTooLong:
            await self._calls.call(self._store.fail, task, "The passage is too long for the model.")
            return []
        made_by = {
            "model": connection.model,
            "server": connection.server.name,
            "prompt_version": VERSIONS[wish.kind],
            "created_at": self._now().isoformat(),
        }
        kept = [replace(draft, details={**(draft.details or {}), **made_by}) for draft in drafts]
        return await self._calls.call(self._store.finish, task, kept)

    async def _drafts(self, wish: DataWish, task: PassageTask, ask: Asker) -> list[RowDraft]:
        match wish.kind:
            case DataKind.BACKTRANSLATION:
                return await backtranslation.backtranslate(ask, task, is_rated=wish.is_rated)
            case DataKind.QUESTIONS:
                return await questions.ask_and_answer(ask, task, wish.each, self._embedder)
            case DataKind.FEEDBACK:
                principles = wish.principles or feedback.PRINCIPLES
                return await feedback.compare_answers(ask, task, principles, self._embedder)


async def _until(
    work: asyncio.Future[list[int]], heard: asyncio.Queue[MakingEvent]
) -> AsyncGenerator[MakingEvent, None]:
    """Yield what is heard until the work is done; raises what it raises."""
    while not work.done():
        hearing = asyncio.ensure_future(heard.get())
        try:
            waited: set[asyncio.Future[Any]] = {work, hearing}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                yield hearing.result()
        finally:
            hearing.cancel()
    while not heard.empty():
        yield heard.get_nowait()
    work.result()
