"""The chunks of an answer, as openai's client reads them, made into events; what is no answer is named instead."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.errors import AppError, ReplyTooLong, StreamError
from chatbot_app.core.text import clean_text
from chatbot_app.llm.body_limits import ANSWER_CHARACTERS, in_words
from chatbot_app.llm.errors import Exchange, not_a_model_server, stream_failure
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.logprobs import token_places
from chatbot_app.llm.stream_events import (
    LogprobsReported,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    UsageReported,
)
from chatbot_app.llm.text_joiner import TextJoiner
from chatbot_app.llm.usage_counts import UsageReader

_REASON_LENGTH = 100  # characters of a finish_reason that are kept


class AnswerReader:
    """Reads one answer into events.

    `failure` is the error that the stream told of (what came before it is still returned), `caught` an exception that
    ended it without a word,
    `finish_reason` what the server gave, `has_text` whether any part of an answer arrived, `characters` how many of
    them (reasoning included). What exceeds `body_limits` is a `failure`.
    """

    def __init__(self, exchange: Exchange, mender: EventMender) -> None:
        """`mender` is what the bytes of the answer go through: it says what of them never came to the library."""
        self.finish_reason: str | None = None
        self.has_text = False
        self.failure: AppError | None = None
        self.caught: Exception | None = None
        self.characters = 0
        self.exchange = exchange
        self._mender = mender
        self._text = TextJoiner()
        self._reasoning = TextJoiner()
        self._counts = UsageReader()
        self._chunks_read = 0
        self._choices_read = 0

    @property
    def unreadable(self) -> int:
        """How many events could not be read, wholly or in part."""
        # Half an event at the end: the stream was cut, which is said anyway.
        at_end = 0 if self.finish_reason is None else self._mender.unreadable_at_end
        return self._mender.unreadable + at_end

    def take(self, chunk: dict[str, Any]) -> list[StreamEvent]:
        """Read one chunk; neighbouring deltas of one kind come as one event."""
        events: list[StreamEvent] = []
        try:
            if not self._take_chunk(chunk, events):
                self._mender.miss()
        except AppError as error:
            self.fail(error)
        if events:
            self._mender.heard()
        return events

    def end(self) -> list[StreamEvent]:
        """Read what the last chunk left over; `failure` is NotAModelServer if nothing was an answer."""
        events: list[StreamEvent] = []
        self._append(events, TextDelta, self._text.end())
        self._append(events, ReasoningDelta, self._reasoning.end())
        mender = self._mender
        if mender.is_one_body and not self._choices_read:
            self.fail(not_a_model_server("JSON that is no answer", self.exchange))
        elif mender.events and not self._chunks_read and not mender.is_done:
            self.fail(not_a_model_server("events that are no answer", self.exchange))
        return events

    def fail(self, error: AppError) -> None:
        """Keep the first error as the one that ended the answer."""
        self.failure = self.failure or error

    def take_usage(self) -> list[StreamEvent]:
        """Return the report of usage, once, if the server gave one."""
        usage, self._counts.usage = self._counts.usage, None
        return [] if usage is None else [UsageReported(usage, self._counts.timings)]

    def _take_chunk(self, chunk: dict[str, Any], events: list[StreamEvent]) -> bool:
        """Read one chunk; returns whether all that may be part of an answer was understood."""
        self._chunks_read += 1
        if chunk.get("object") == "error":  # vLLM; the library knows `error` alone
            raise stream_failure(chunk, self.exchange)
        self._counts.take(chunk)
        choices = chunk.get("choices")
        choice = _first_choice(choices)
        if choice is None:
            return not choices or _are_other_choices(choices)
        self._choices_read += 1
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message") or delta  # a server that answered in one piece
        understood = delta is None
        if isinstance(delta, dict):
            understood = self._take_reasoning(delta, events)
            for name in ("content", "refusal"):
                understood = self._take_content(delta.get(name), events) and understood
        if choice.get("logprobs") and "logprobs" in self.exchange.sent:
            events.append(LogprobsReported(tuple(token_places({"choices": [choice]}))))
        reason = choice.get("finish_reason")
        if reason == "error":
            raise StreamError(server=self.exchange.server.name, detail="it gave no reason.")
        if isinstance(reason, str) and reason:
            self.finish_reason = clean_text(reason[:_REASON_LENGTH])
        return understood

    def _take_reasoning(self, delta: dict[str, Any], events: list[StreamEvent]) -> bool:
        for name in ("reasoning_content", "reasoning"):
            thought = delta.get(name)
            if isinstance(thought, str) and thought:
                self._append(events, ReasoningDelta, self._reasoning.feed(thought))
                break
        return True  # some servers send it as an object besides: it is not part of the answer

    def _take_content(self, content: Any, events: list[StreamEvent]) -> bool:
        """Read the content of a delta; returns whether all of it was understood."""
        if isinstance(content, str):
            self._append(events, TextDelta, self._text.feed(content))
            return True
        if not isinstance(content, list):
            return content is None
        understood = [self._take_part(part, events) for part in content]  # every one, whatever came before
        return all(understood)

    def _take_part(self, part: Any, events: list[StreamEvent]) -> bool:
        """Read a typed part, as Mistral's reasoning models send them."""
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            self._append(events, TextDelta, self._text.feed(part["text"]))
            return True
        if isinstance(part, dict) and isinstance(part.get("thinking"), list):
            for thought in part["thinking"]:
                if isinstance(thought, dict) and isinstance(thought.get("text"), str):
                    self._append(events, ReasoningDelta, self._reasoning.feed(thought["text"]))
            return True
        return isinstance(part, dict) and part.get("type") == "reference"  # Mistral's: numbers, no words

    def _append(
        self, events: list[StreamEvent], kind: type[TextDelta] | type[ReasoningDelta], text: str
    ) -> None:
        if not text:
            return
        self.has_text = True
        room = ANSWER_CHARACTERS - self.characters
        self.characters += len(text)
        if len(text) > room:
            text = text[: max(room, 0)]
            limit = f"{in_words(ANSWER_CHARACTERS)} of text"
            self.fail(ReplyTooLong(server=self.exchange.server.name, limit=limit))
            if not text:
                return
        last = events[-1] if events else None
        if isinstance(last, TextDelta | ReasoningDelta) and isinstance(last, kind):
            events[-1] = kind(last.text + text)
        else:
            events.append(kind(text))


def _are_other_choices(choices: Any) -> bool:
    """Whether these are readable choices, none of which was asked for."""
    return isinstance(choices, list) and all(isinstance(choice, dict) for choice in choices)


def _first_choice(choices: Any) -> dict[str, Any] | None:
    if not isinstance(choices, list):
        return None
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index", 0) in (0, None):
            return choice
    return None
