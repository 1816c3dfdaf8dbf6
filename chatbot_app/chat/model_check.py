"""Checks the sentences of an answer with the model that is connected, one request each; knows no Qt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, cast

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.chat.form_asker import FormAsker, ReplyUnusableError
from chatbot_app.chat.model_verdict import (
    INSTRUCTIONS,
    CheckSource,
    not_checked,
    read_verdict,
    sources_of,
    verdict_messages,
    verdict_parameters,
)
from chatbot_app.core.errors import (
    AppError,
    ConversationGone,
    ModelTooSmall,
    NothingToCheck,
    PromptTooLong,
)
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice
from chatbot_app.core.model_verdicts import MODEL_CHECK, ModelCheck, ModelVerdict, model_check_of
from chatbot_app.core.ordered_calls import OrderedCalls, in_loop
from chatbot_app.core.trust import checks_of
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.conversations import ConversationStore

STATEMENT_SECONDS = 90.0  # for a whole reply; a model that reasons takes a minute
SAVE_EVERY_SECONDS = 1.0
LAST_SAVE_SECONDS = 0.5  # waited for, so that Stop is answered in time


@dataclass(frozen=True, slots=True)
class ModelCheckProgressed:
    """`done` of `statements` statements are checked; before the first, none."""

    conversation_id: str
    message_id: str
    model: str
    done: int
    statements: int


@dataclass(frozen=True, slots=True)
class ModelCheckEnded:
    """The check is over or was stopped; `answer` carries what was checked by then, `notices` what is to be said."""

    answer: Message
    notices: tuple[Notice, ...] = ()


ModelCheckEvent = ModelCheckProgressed | ModelCheckEnded
Keep = Callable[[str, str, str, Any], Message]  # answer's id, its text, name, value


class StatementAsker:
    """Asks a model for verdicts; `notices` tell of parameters that it refused, each once, `refused` of all of them."""

    def __init__(
        self,
        connection: Connection,
        remember_refusal: Callable[[Connection, str, str | None], object],
        seconds: float = STATEMENT_SECONDS,
    ) -> None:
        """`remember_refusal` is told of what a server does not take; it must not block."""
        consequence = "what it says is read all the same, and what is not of the form counts as not checked."
        self._asker = FormAsker(connection, remember_refusal, seconds, consequence=consequence)
        self.notices = self._asker.notices
        self.refused = self._asker.refused

    async def ask(self, statement: str, sources: Sequence[CheckSource]) -> ModelVerdict:
        """Return the verdict on a statement, with its place 0 to 0; cancelling ends the request at once.

        Raises AppError for what has nothing to do with the statement: the server is gone, the key is wrong.
        """
        if not sources:
            return not_checked("No source was sent.")
        try:
            reply = await self._asker.ask(verdict_messages(statement, sources), verdict_parameters(sources))
        except ReplyUnusableError as problem:
            return not_checked(str(problem))
        except PromptTooLong as error:
            return not_checked(error.summary)
        # Reading is a matter of milliseconds, and of more where a source is long.
        return await asyncio.to_thread(read_verdict, reply, statement, sources)


@dataclass(frozen=True, slots=True)
class _Task:
    """An answer, what is asked of it (place and words of each statement), and what it rests on."""

    answer: Message
    settings: GenerationSettings
    statements: tuple[tuple[int, int, str], ...]
    sources: tuple[CheckSource, ...]


class ModelChecker:
    """Runs checks of answers in a store with the model of their conversation."""

    def __init__(
        self,
        store: ConversationStore,
        keep: Keep,
        saver: AnswerSaver,
        gateway: Gateway,
        calls: OrderedCalls,
        *,
        clock: Callable[[], float],
        statement_seconds: float = STATEMENT_SECONDS,
    ) -> None:
        """`keep` is `storage.answer_metadata.keep_with_answer`; `calls` make all calls of the store.

        `clock` returns monotonic seconds.
        """
        self._store = store
        self._keep = keep
        self._saver = saver
        self._gateway = gateway
        self._calls = calls
        self._clock = clock
        self._statement_seconds = statement_seconds

    async def run(self, message_id: str) -> AsyncGenerator[ModelCheckEvent, None]:
        """Yield how the check of an answer goes on; the last event is `ModelCheckEnded`.

        Cancelling the task that consumes them ends the request at once; what was checked by then stays.

        Raises:
            ModelTooSmall, NothingToCheck: this answer or model is not for it.
            AppError: the server or the store could not be reached, and nothing was checked.
        """
        task = await self._calls.call(self._read, message_id)
        connection = await self._gateway.open(task.settings, anew=True)
        asker = StatementAsker(connection, self._remember_refusal, self._statement_seconds)
        check = ModelCheck(connection.model, len(task.statements), instructions=INSTRUCTIONS)
        saving: Future[Any] | None = None
        saved_at = self._clock()
        yield self._progress(task, check)
        try:
            for start, end, words in task.statements:
                verdict = await asker.ask(words, task.sources)
                placed = replace(verdict, start=start, end=end, asked=words)
                check = replace(check, verdicts=(*check.verdicts, placed), refused=dict(asker.refused))
                if self._clock() - saved_at >= SAVE_EVERY_SECONDS:
                    saving, saved_at = self._save(task, check), self._clock()
                yield self._progress(task, check)
        except asyncio.CancelledError:
            pass  # what was checked is kept and told
        except AppError as error:
            if not check.verdicts:
                raise
            asker.notices.append(error.notice())
        if check.verdicts:
            saving = self._save(task, check)
        yield ModelCheckEnded(await self._stored(task, check, saving), tuple(asker.notices))

    def _progress(self, task: _Task, check: ModelCheck) -> ModelCheckProgressed:
        answer = task.answer
        return ModelCheckProgressed(
            answer.conversation_id, answer.id, check.model, len(check.verdicts), check.statements
        )

    def _remember_refusal(self, connection: Connection, name: str, replacement: str | None) -> None:
        self._calls.post(self._gateway.remember_refusal, connection, name, replacement)

    def _read(self, message_id: str) -> _Task:
        from chatbot_app.knowledge.sentences.statements import plain_statement, states_nothing

        answer = self._store.message(message_id)
        self._saver.flush(answer.conversation_id)
        answer = self._store.message(message_id)
        settings = self._store.conversation(answer.conversation_id).settings
        if self._gateway.is_small(settings):
            raise ModelTooSmall(model=self._gateway.names(settings)[1] or "")
        plan = self._store.plan(message_id)
        sources = sources_of(plan) if plan is not None else []
        places = dict.fromkeys((check.start, check.end) for check in checks_of(answer.metadata))
        asked = [
            (start, end, " ".join(plain_statement(answer.text[start:end]).split())) for start, end in places
        ]
        statements = tuple(one for one in asked if one[2] and not states_nothing(one[2]))
        if answer.status is MessageStatus.STREAMING or not sources or not statements:
            raise NothingToCheck()
        return _Task(answer, settings, statements, tuple(sources))

    def _save(self, task: _Task, check: ModelCheck) -> Future[Any]:
        answer = task.answer
        whole = check.after(model_check_of(answer.metadata))
        return self._calls.post(self._keep, answer.id, answer.text, MODEL_CHECK, whole.to_dict())

    async def _stored(self, task: _Task, check: ModelCheck, saving: Future[Any] | None) -> Message:
        """Return the answer with what was checked: as it is stored, or where that takes long, unsaved.

        A failure of the store costs the verdicts no more than the next launch: they are shown.
        """
        if saving is None:
            return task.answer
        waiting = in_loop(saving)
        await asyncio.wait([waiting], timeout=LAST_SAVE_SECONDS)
        if waiting.done():
            try:
                return cast(Message, waiting.result())
            except ConversationGone:
                return task.answer
            except AppError:
                pass  # said below by being shown only
        whole = check.after(model_check_of(task.answer.metadata))
        return replace(task.answer, metadata={**task.answer.metadata, MODEL_CHECK: whole.to_dict()})
