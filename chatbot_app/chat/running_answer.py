"""The answer under way: gathered, saved now and then, cited, and brought to its last state."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.chat.events import FirstToken, ReasoningAppended, TextAppended, TurnEvent
from chatbot_app.chat.evidence import EvidenceFinder, Sources
from chatbot_app.core.errors import AppError, ConversationGone, StreamCut
from chatbot_app.core.messages import Message, MessageStatus, Notice, Timings, Usage
from chatbot_app.core.ordered_calls import in_loop
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.thinking_time import ThinkingTime
from chatbot_app.llm.gateway import Connection
from chatbot_app.storage.unsaved_answers import AnswerState

logger = logging.getLogger(__name__)

LAST_SAVE_SECONDS = 0.5  # waited for, so that Stop is answered in time; it goes on being saved afterwards
PARTIAL_EVERY_SECONDS = 0.6  # a crash loses at most a second of an answer: this, and the time of writing


class RunningAnswer:
    """What has arrived of an answer, and when it was last made safe."""

    def __init__(
        self,
        saver: AnswerSaver,
        answer: Message,
        clock: Callable[[], float],
        finder: EvidenceFinder | None,
    ) -> None:
        self.answer = answer
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.status = MessageStatus.INTERRUPTED
        self.sources: Sources | None = None  # what the model was shown
        self.sent_at = clock()
        self._saver = saver
        self._clock = clock
        self._finder = finder
        self._cited: tuple[str, dict[str, Any]] | None = None
        self._text: list[str] = []  # what arrived, in pieces: a sum of strings would be quadratic
        self._reasoning = [answer.reasoning]
        self._thinking = ThinkingTime(clock, answer.timings.reasoning_seconds if answer.timings else None)
        self._notices: list[Notice] = []
        self._first_token_seconds: float | None = None
        self._unsaved_plan: PromptPlan | None = None
        self._saved_at = clock()
        self._save_later: asyncio.TimerHandle | None = None

    def connected(self, connection: Connection) -> None:
        """Note which server and model answer, where the settings left that open."""
        self.answer = replace(self.answer, server_id=connection.server.id, model=connection.model)

    def planned(self, plan: PromptPlan) -> None:
        """Keep what is sent, with the answer."""
        self._unsaved_plan = plan
        self._save()

    @property
    def has_text(self) -> bool:
        """Whether anything of the answer arrived in this exchange."""
        return bool(self._text)

    @property
    def is_blank(self) -> bool:
        """Whether the answer has no word, also from before this exchange."""
        return not self.answer.text.strip() and not any(piece.strip() for piece in self._text)

    @property
    def has_reasoning(self) -> bool:
        """Whether the model thought."""
        return any(self._reasoning)

    def first_token(self) -> list[TurnEvent]:
        if self._first_token_seconds is not None:
            return []
        self._first_token_seconds = self._clock() - self.sent_at
        return [FirstToken(self._first_token_seconds)]

    def append(self, text: str) -> list[TurnEvent]:
        self._text.append(text)
        self._thinking.answered()
        self._save_now_and_then()
        return [TextAppended(text)]

    def append_reasoning(self, text: str) -> list[TurnEvent]:
        self._reasoning.append(text)
        self._thinking.thought(text)
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
        return notices

    async def cite(self) -> None:
        """Name the sources of a whole answer, thoroughly; `finish` does it quickly where this did not."""
        if self.sources is not None:
            try:
                self._cited = await asyncio.to_thread(self._cite, thorough=True)
            except AppError:
                logger.warning("the embedding model could not help to cite an answer", exc_info=True)

    async def finish(self) -> Message:
        """Hand the last state to the saver and return it: as it is stored, or where that takes long, unsaved.

        A cancellation does not interrupt it.
        """
        if self._save_later is not None:
            self._save_later.cancel()
        if self._cited is None and self.sources is not None:
            self._cited = self._cite(thorough=False)
        text, metadata = self._cited or (self._whole_text(), None)
        self._thinking.answered()
        ended = replace(
            self.answer,
            status=self.status,
            text=text,
            reasoning="".join(self._reasoning),
            usage=self.usage,
            timings=Timings(self._first_token_seconds, self._clock() - self.sent_at, self._thinking.seconds),
            finish_reason=self.finish_reason,
            notices=tuple(self._notices),
            metadata=self.answer.metadata if metadata is None else metadata,
        )
        state = AnswerState(ended, self._unsaved_plan, has_metadata=metadata is not None)
        return await _stored(self._saver.save(state), ended)

    def _cite(self, *, thorough: bool) -> tuple[str, dict[str, Any]]:
        assert self._finder is not None  # it found the sources
        assert self.sources is not None
        text, citations = self._finder.cite(self._whole_text(), self.sources.evidence, thorough=thorough)
        return text, self.sources.to_metadata(citations)

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
        arrived = replace(self.answer, text=self._whole_text(), reasoning="".join(self._reasoning))
        self._saver.save(AnswerState(arrived, self._unsaved_plan))
        self._unsaved_plan = None  # the saver keeps it until it is stored


async def _stored(saving: Future[Message], ended: Message) -> Message:
    """Return the answer as it is stored; `ended` where it is not for now, or has nowhere to be."""
    waiting = in_loop(saving)
    deadline = asyncio.get_running_loop().time() + LAST_SAVE_SECONDS
    while not waiting.done():
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            break
        with contextlib.suppress(asyncio.CancelledError):  # what has arrived is saved all the same
            await asyncio.wait([waiting], timeout=left)
    if not waiting.done():
        return ended
    try:
        return waiting.result()
    except ConversationGone:
        return ended
