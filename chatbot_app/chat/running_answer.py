"""The answer under way: gathered, saved now and then, cited, and brought to its last state."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chatbot_app.chat.events import FirstToken, ReasoningAppended, TextAppended, TurnEvent
from chatbot_app.chat.evidence import EvidenceFinder, Sources
from chatbot_app.core.errors import AppError, StoreError, StreamCut
from chatbot_app.core.messages import Message, MessageStatus, Notice, Timings, Usage
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.thinking_time import ThinkingTime
from chatbot_app.llm.gateway import Connection
from chatbot_app.storage.conversations import ConversationStore

logger = logging.getLogger(__name__)

PARTIAL_EVERY_SECONDS = 0.6  # a crash loses at most a second of an answer: this, and the time of writing


class RunningAnswer:
    """What has arrived of an answer, and when it was last made safe."""

    def __init__(
        self,
        store: ConversationStore,
        answer: Message,
        clock: Callable[[], float],
        finder: EvidenceFinder | None,
    ) -> None:
        self.answer = answer
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.status = MessageStatus.INTERRUPTED
        self.plan: PromptPlan | None = None
        self.sources: Sources | None = None  # what the model was shown
        self.sent_at = clock()
        self._store = store
        self._clock = clock
        self._finder = finder
        self._cited: tuple[str, dict[str, Any]] | None = None
        self._text: list[str] = []  # what arrived, in pieces: a sum of strings would be quadratic
        self._reasoning = [answer.reasoning]
        self._thinking = ThinkingTime(clock, answer.timings.reasoning_seconds if answer.timings else None)
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

    def finish(self) -> Message:
        """Write the last state and return it; where the disk refuses, return it unsaved, with a notice."""
        if self._save_later is not None:
            self._save_later.cancel()
        if self._cited is None and self.sources is not None:
            self._cited = self._cite(thorough=False)
        text, metadata = self._cited or (self._whole_text(), None)
        self._thinking.answered()
        timings = Timings(self._first_token_seconds, self._clock() - self.sent_at, self._thinking.seconds)
        try:
            return self._store.finish_message(
                self.answer.id,
                status=self.status,
                text=text,
                reasoning="".join(self._reasoning),
                usage=self.usage,
                timings=timings,
                finish_reason=self.finish_reason,
                notices=tuple(self._notices),
                metadata=metadata,
            )
        except StoreError as error:
            return replace(
                self.answer,
                status=self.status,
                text=text,
                reasoning="".join(self._reasoning),
                usage=self.usage,
                timings=timings,
                finish_reason=self.finish_reason,
                notices=(*self._notices, error.notice()),
                metadata=metadata or self.answer.metadata,
            )

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
        try:
            self._store.save_partial(self.answer.id, self._whole_text(), "".join(self._reasoning))
        except StoreError:
            # The answer goes on: what is in memory can still be kept or copied when it ends.
            logger.warning("a partial answer could not be saved", exc_info=True)
