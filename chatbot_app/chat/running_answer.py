"""The answer under way: gathered, saved now and then, checked, and brought to its last state."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol

from chatbot_app.chat.checking import CheckedAnswer, only_cite
from chatbot_app.chat.circles import CIRCLE, CircleWatch, cut_back
from chatbot_app.chat.events import FirstToken, NoticeAdded, ReasoningAppended, TextAppended, TurnEvent
from chatbot_app.chat.evidence import EvidenceFinder, Sources
from chatbot_app.chat.own_sentences import OWN_SENTENCES
from chatbot_app.chat.requests import QUITTING
from chatbot_app.core.citations import Citation
from chatbot_app.core.errors import Action, AppError, ConversationGone, StreamCut
from chatbot_app.core.messages import Message, MessageStatus, Notice, Timings, Usage
from chatbot_app.core.model_prices import PRICE, Price
from chatbot_app.core.ordered_calls import in_loop
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.thinking_time import ThinkingTime
from chatbot_app.core.trust import AnswerMode, Trust
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.kept_logprobs import LOGPROBS, kept_places
from chatbot_app.llm.logprobs import TokenPlace
from chatbot_app.storage.unsaved_answers import AnswerState

WITHOUT_DOCUMENTS = "without_documents"  # in an answer's metadata: continued, it goes on without them
LAST_SAVE_SECONDS = 0.5  # waited for, so that Stop is answered in time; it goes on being saved afterwards
CITE_SECONDS = 0.3  # waited for the checks of an answer that was cut off; it has its own markers without them
PARTIAL_EVERY_SECONDS = 0.6  # a crash loses at most a second of an answer: this, and the time of writing


class TakesAnswers(Protocol):
    """Where the states of an answer go: an `AnswerSaver`, or nowhere."""

    def save(self, state: AnswerState) -> Future[Message]:
        """Take a state and return at once; the result is the message as it is kept."""


class RunningAnswer:
    """What has arrived of an answer, and when it was last made safe."""

    def __init__(
        self,
        saver: TakesAnswers,
        answer: Message,
        clock: Callable[[], float],
        finder: EvidenceFinder | None,
    ) -> None:
        self.answer = answer
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.status = MessageStatus.INTERRUPTED
        self.sources: Sources | None = None  # what the model was shown
        self.trust: Trust | None = None  # how a question to the documents is answered
        self.question = ""
        self.without_documents = False  # the person left them out for this answer
        self.own_sentences: tuple[int, int] | None = None  # quoted of a pasted text, of how many
        self.circles = False  # it repeats itself: nothing more is wanted of it
        self.price: Price | None = None  # of the tokens, as the person has said it
        self.places: list[TokenPlace] = []  # how likely its tokens were, where that was asked for
        self.sent_at = clock()
        self._saver = saver
        self._clock = clock
        self._finder = finder
        self._checked: CheckedAnswer | None = None
        self._watch: CircleWatch | None = None
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

    def about_to_stream(self, question: str) -> None:
        """Note that a model writes the answer to a question from here on."""
        self.question = question
        self._watch = CircleWatch(question, self.answer.text, self.answer.reasoning)
        self.sent_at = self._clock()

    def say(self, text: str, citations: Sequence[Citation]) -> list[TurnEvent]:
        """Take an answer that no model writes; it is complete at once."""
        self.answer = replace(self.answer, server_id=None, model=None)
        self._text = [text]
        self._checked = CheckedAnswer(text, tuple(citations))
        self.finish_reason, self.status = "stop", MessageStatus.COMPLETE
        return [TextAppended(text)]

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
        """Return the event that the answer began, with the seconds since it was asked for; nothing after the first time."""
        if self._first_token_seconds is not None:
            return []
        self._first_token_seconds = self._clock() - self.sent_at
        return [FirstToken(self._first_token_seconds)]

    def append(self, text: str) -> list[TurnEvent]:
        """Add what a model wrote, saving it now and then, and return the events of it; an answer that circles is cut and stopped."""
        self._text.append(text)
        self._thinking.answered()
        self._save_now_and_then()
        place = self._watch.append(text) if self._watch is not None else None
        if place is not None:
            self._text = [cut_back(self._whole_text(), place)[len(self.answer.text) :]]
            return [TextAppended(text), *self._stop_circle()]
        return [TextAppended(text)]

    def append_reasoning(self, text: str) -> list[TurnEvent]:
        """Add what a model thought; like `append`."""
        self._reasoning.append(text)
        self._thinking.thought(text)
        self._save_now_and_then()
        place = self._watch.append_reasoning(text) if self._watch is not None else None
        if place is not None:
            self._reasoning = [cut_back("".join(self._reasoning), place)]
            return [ReasoningAppended(text), *self._stop_circle()]
        return [ReasoningAppended(text)]

    def _stop_circle(self) -> list[TurnEvent]:
        self.circles, self.status = True, MessageStatus.STOPPED
        return [NoticeAdded(self.add_notice(CIRCLE))]

    def add_notice(self, notice: Notice) -> Notice:
        """Let the answer say this for good, and return it."""
        self._notices.append(notice)
        return notice

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Let whatever ends the work on the answer be what the answer says: nothing but a mistake of ours goes on up.

        Raises what is no AppError again, for the log.
        """
        try:
            yield
        except asyncio.CancelledError as stop:
            if self.status is not MessageStatus.COMPLETE:  # else only its check was cut short
                quitting = bool(stop.args) and stop.args[0] == QUITTING
                self.status = MessageStatus.INTERRUPTED if quitting else MessageStatus.STOPPED
        except AppError as error:
            self.fail(error)
        except Exception:
            self.fail(AppError(detail="the program made a mistake; the log has the details."))
            raise

    def fail(self, error: AppError) -> None:
        """End the answer with an error; what a cut stream had brought can be continued."""
        self.status = MessageStatus.INTERRUPTED if isinstance(error, StreamCut) else MessageStatus.FAILED
        self._notices.append(error.notice())

    def ending_notices(self, connection: Connection) -> list[Notice]:
        """Return what is to be said of a finished answer: another model wrote it, or its server withheld some."""
        notices = []
        if connection.instead_of:
            words = f"“{visible_text(connection.instead_of)}” is not on this computer; “{connection.model}” answered."
            notices.append(Notice("ModelGone", words, action=Action.OPEN_MODELS))
        if self.finish_reason == "content_filter":
            notices.append(
                Notice("ContentFiltered", f"{connection.server.name} withheld the rest of the answer.")
            )
        return notices

    async def check(self) -> list[Notice]:
        """Test a whole answer against its sources, thoroughly; return what is said of it as a whole.

        Where the task is cancelled, the check is given up, and `finish` names what the markers name.
        """
        if self.sources is None or self._finder is None:
            return []
        unwanted = threading.Event()
        try:
            self._checked = await asyncio.to_thread(self._check, unwanted, thorough=True)
        except asyncio.CancelledError:
            unwanted.set()
            raise
        return [self.add_notice(notice) for notice in self._checked.notices]

    async def finish(self) -> Message:
        """Hand the last state to the saver and return it: as it is stored, or where that takes long, unsaved.

        A cancellation does not interrupt it.
        """
        if self._save_later is not None:
            self._save_later.cancel()
        if self._checked is None and self.sources is not None:
            self._checked = await self._check_quickly(self.sources)
        self._thinking.answered()
        metadata = self._metadata()
        ended = replace(
            self.answer,
            status=self.status,
            text=self._whole_text() if self._checked is None else self._checked.text,
            reasoning="".join(self._reasoning),
            usage=self.usage,
            timings=Timings(self._first_token_seconds, self._clock() - self.sent_at, self._thinking.seconds),
            finish_reason=self.finish_reason,
            notices=tuple(self._notices),
            metadata=self.answer.metadata if metadata is None else metadata,
        )
        state = AnswerState(ended, self._unsaved_plan, has_metadata=metadata is not None)
        return await _stored(self._saver.save(state), ended)

    def _metadata(self) -> dict[str, Any] | None:
        """Return what is kept with the answer beside its text, None where what is known of it stays."""
        metadata: dict[str, Any] = {}
        if self.sources is not None:
            checked = self._checked or CheckedAnswer("")
            metadata = self.sources.to_metadata(checked.citations, checked.checks)
        trust = self.trust
        if self.circles:
            trust = replace(trust or Trust(AnswerMode.ANSWER), circle=True)
        if trust is not None:
            metadata["trust"] = trust.to_dict()
        if self.without_documents:
            metadata[WITHOUT_DOCUMENTS] = True
        if self.own_sentences is not None:
            metadata[OWN_SENTENCES] = list(self.own_sentences)
        if self.places:
            metadata[LOGPROBS] = kept_places(self.places)
        if self.price is not None and self.usage is not None:
            # With nothing else to keep, what an earlier part of the answer kept stays.
            metadata = {**(metadata or self.answer.metadata), PRICE: self.price.to_dict()}
        return metadata or None

    async def _check_quickly(self, sources: Sources) -> CheckedAnswer:
        """Return what can be said at once of an answer that was cut off: a few sentences are checked by words."""
        unwanted = threading.Event()
        checking = asyncio.ensure_future(asyncio.to_thread(self._check, unwanted, thorough=False))
        if await _waited_for(checking, CITE_SECONDS) and checking.exception() is None:
            return checking.result()
        unwanted.set()
        checking.add_done_callback(_look_at)
        return only_cite(self._whole_text(), sources.evidence)

    def _check(self, unwanted: threading.Event, *, thorough: bool) -> CheckedAnswer:
        assert self._finder is not None  # it found the sources
        assert self.sources is not None
        return self._finder.cite(
            self._whole_text(),
            self.sources.evidence,
            self.question,
            thorough=thorough,
            is_wanted=lambda: not unwanted.is_set(),
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
        arrived = replace(self.answer, text=self._whole_text(), reasoning="".join(self._reasoning))
        self._saver.save(AnswerState(arrived, self._unsaved_plan))
        self._unsaved_plan = None  # the saver keeps it until it is stored


async def _stored(saving: Future[Message], ended: Message) -> Message:
    """Return the answer as it is stored; `ended` where it is not for now, or has nowhere to be."""
    waiting = in_loop(saving)
    # What has arrived is saved all the same, whoever cancels.
    if not await _waited_for(waiting, LAST_SAVE_SECONDS):
        return ended
    try:
        return waiting.result()
    except ConversationGone:
        return ended


async def _waited_for(future: asyncio.Future[Any], seconds: float) -> bool:
    """Wait for a future through cancellations; return whether it was done in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not future.done():
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future], timeout=left)
    return True


def _look_at(future: asyncio.Future[Any]) -> None:
    """Take note of how a check ended that nobody waits for."""
    if not future.cancelled():
        future.exception()
