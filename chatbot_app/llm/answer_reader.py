"""The bytes of an answer, read into events; what is no answer is named instead."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.errors import AnswerDamaged, AppError, ReplyTooLong, StreamError
from chatbot_app.core.text import clean_text
from chatbot_app.llm.body_limits import ANSWER_CHARACTERS, IDLE_BYTES, ReplyTooLarge, in_words
from chatbot_app.llm.error_bodies import looks_like_html
from chatbot_app.llm.errors import (
    Exchange,
    not_a_model_server,
    stream_failure,
    web_page_error,
)
from chatbot_app.llm.event_stream import EventStreamDecoder, ServerSentEvent
from chatbot_app.llm.json_bodies import read_json
from chatbot_app.llm.stream_events import ReasoningDelta, StreamEvent, TextDelta, UsageReported
from chatbot_app.llm.text_joiner import TextJoiner
from chatbot_app.llm.usage_counts import UsageReader

MOST_UNREADABLE = 1000  # events; who sends more does not speak this language
_REASON_LENGTH = 100  # characters of a finish_reason that are kept


class AnswerReader:
    """Reads one answer into events.

    `failure` is the error that the stream told of (what came before it is still returned),
    `finish_reason` what the server gave, `done` whether nothing more is to be read, `has_text` whether
    any part of an answer arrived, `characters` how many of them (reasoning included), `unreadable` how many
    events could not be read, wholly or in part. What exceeds `body_limits` is a `failure`.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.finish_reason: str | None = None
        self.done = False
        self.has_text = False
        self.failure: AppError | None = None
        self.characters = 0
        self.unreadable = 0
        self._idle_bytes = 0
        self._exchange = exchange
        self._decoder = EventStreamDecoder()
        self._text = TextJoiner()
        self._reasoning = TextJoiner()
        self._counts = UsageReader()
        self._chunks_read = 0
        self._events_read = 0

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Read more bytes, cut anywhere; neighbouring deltas of one kind come as one event."""
        events: list[StreamEvent] = []
        try:
            for event in self._decoder.feed(data):
                self._take(event, events)
            self._idle_bytes = 0 if events else self._idle_bytes + len(data)
            if self._idle_bytes > IDLE_BYTES:
                raise ReplyTooLarge(f"{in_words(IDLE_BYTES)} without a word of an answer")
        except ReplyTooLarge as error:
            self._fail(ReplyTooLong(server=self._exchange.server.name, limit=error.limit))
        except AppError as error:
            self._fail(error)
        if not self._events_read and looks_like_html(self._decoder.begins_with):
            self._fail(web_page_error(self._exchange))
        return events

    def end(self) -> list[StreamEvent]:
        """Read what the last bytes left over; `failure` is NotAModelServer if none of it was an answer."""
        events: list[StreamEvent] = []
        try:
            if not self.done:
                before = self.unreadable
                for event in self._decoder.end():
                    self._take(event, events)
                if self.finish_reason is None:
                    self.unreadable = before  # half an event: the stream was cut, which is said anyway
            if self.failure is None and not self._events_read and self._decoder.stray.strip():
                self._take_unstreamed(self._decoder.stray, events)
        except ReplyTooLarge as error:
            self._fail(ReplyTooLong(server=self._exchange.server.name, limit=error.limit))
        except AppError as error:
            self._fail(error)
        self._append(events, TextDelta, self._text.end())
        self._append(events, ReasoningDelta, self._reasoning.end())
        if self._events_read and not self._chunks_read and not self.done:
            self._fail(not_a_model_server("events that are no answer", self._exchange))
        return events

    def _fail(self, error: AppError) -> None:
        self.failure = self.failure or error
        self.done = True

    def take_usage(self) -> list[StreamEvent]:
        """Return the report of usage, once, if the server gave one."""
        usage, self._counts.usage = self._counts.usage, None
        return [] if usage is None else [UsageReported(usage, self._counts.timings)]

    def _take(self, event: ServerSentEvent, events: list[StreamEvent]) -> None:
        if self.done:
            return
        self._events_read += 1
        data = event.data.strip()
        if event.name == "error":
            raise stream_failure(data, self._exchange)
        if data.startswith("[DONE]"):
            self.done = True
            return
        chunks, unreadable = _parse(data)
        for chunk in chunks:
            unreadable = not self._take_chunk(chunk, events) or unreadable
        self.unreadable += unreadable or event.is_damaged
        if self.unreadable > MOST_UNREADABLE:
            raise AnswerDamaged(server=self._exchange.server.name, count=self.unreadable)

    def _take_chunk(self, chunk: Any, events: list[StreamEvent]) -> bool:
        """Read one chunk; returns whether all that may be part of an answer was understood."""
        if not isinstance(chunk, dict):
            return chunk is None
        self._chunks_read += 1
        if chunk.get("error") or chunk.get("object") == "error":
            raise stream_failure(chunk, self._exchange)
        self._counts.take(chunk)
        choices = chunk.get("choices")
        choice = _first_choice(choices)
        if choice is None:
            return not choices or _are_other_choices(choices)
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message") or delta  # a server that answered in one piece
        understood = delta is None
        if isinstance(delta, dict):
            understood = self._take_reasoning(delta, events)
            for name in ("content", "refusal"):
                understood = self._take_content(delta.get(name), events) and understood
        reason = choice.get("finish_reason")
        if reason == "error":
            raise StreamError(server=self._exchange.server.name, detail="it gave no reason.")
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
            self._fail(
                ReplyTooLong(
                    server=self._exchange.server.name, limit=f"{in_words(ANSWER_CHARACTERS)} of text"
                )
            )
            if not text:
                return
        last = events[-1] if events else None
        if isinstance(last, TextDelta | ReasoningDelta) and isinstance(last, kind):
            events[-1] = kind(last.text + text)
        else:
            events.append(kind(text))

    def _take_unstreamed(self, body: str, events: list[StreamEvent]) -> None:
        """Read a body that was no event stream: a whole answer, an error, or neither."""
        if looks_like_html(body):
            raise web_page_error(self._exchange)
        values, unreadable = _parse(body)
        if not values:
            raise not_a_model_server("text that is no answer", self._exchange)
        parsed = values[0]
        if isinstance(parsed, dict) and (parsed.get("error") or parsed.get("object") == "error"):
            raise stream_failure(parsed, self._exchange)
        choices = parsed.get("choices") if isinstance(parsed, dict) else None
        if _first_choice(choices) is None:
            raise not_a_model_server("JSON that is no answer", self._exchange)
        self.unreadable += not self._take_chunk(parsed, events) or unreadable


def _parse(data: str) -> tuple[list[Any], bool]:
    """Return the JSON values of an event, and whether anything in it was no JSON.

    Some servers forget the empty line between events, so that several values stand in one.
    """
    if not data:
        return [], False
    try:
        return [read_json(data)], False
    except ValueError:
        values: list[Any] = []
        lines = [line for line in data.split("\n") if line.strip()]
        for line in lines if len(lines) > 1 else ():
            try:
                values.append(read_json(line))
            except ValueError:
                continue
        return values, len(values) < len(lines) or len(lines) == 1


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
