"""The bytes of an answer, read into events; what is no answer is named instead."""

from __future__ import annotations

import json
import re
from typing import Any

from chatbot_app.core.errors import AppError, StreamError
from chatbot_app.core.messages import Usage
from chatbot_app.core.text import clean_text
from chatbot_app.llm.error_bodies import looks_like_html
from chatbot_app.llm.errors import (
    Exchange,
    not_a_model_server,
    stream_failure,
    web_page_error,
)
from chatbot_app.llm.event_stream import EventStreamDecoder, LineTooLong, ServerSentEvent
from chatbot_app.llm.stream_events import ReasoningDelta, StreamEvent, TextDelta, UsageReported

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class TextJoiner:
    """Joins the texts of deltas; a surrogate pair that two deltas share stays one character."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what is ready, clean; the first half of a pair waits for the second."""
        if not text:
            return ""
        text = self._held + text
        self._held = ""
        if "\ud800" <= text[-1] <= "\udbff":
            self._held = text[-1]
            text = text[:-1]
        text = _PAIR.sub(_join_pair, text)
        return clean_text(text)

    def end(self) -> str:
        """Return what still waited, as it can be stored."""
        held, self._held = self._held, ""
        return clean_text(held)


def _join_pair(match: re.Match[str]) -> str:
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


class AnswerReader:
    """Reads one answer into events.

    `failure` is the error that the stream told of (what came before it is still returned),
    `finish_reason` what the server gave, `done` whether nothing more is to be read, `has_text` whether
    any part of an answer arrived.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.finish_reason: str | None = None
        self.done = False
        self.has_text = False
        self.failure: AppError | None = None
        self._exchange = exchange
        self._decoder = EventStreamDecoder()
        self._text = TextJoiner()
        self._reasoning = TextJoiner()
        self._usage: Usage | None = None
        self._timings: dict[str, Any] | None = None
        self._chunks_read = 0
        self._events_read = 0

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Read more bytes, cut anywhere; neighbouring deltas of one kind come as one event."""
        events: list[StreamEvent] = []
        try:
            for event in self._decoder.feed(data):
                self._take(event, events)
        except LineTooLong:
            self._fail(not_a_model_server("an endless line", self._exchange))
        except AppError as error:
            self._fail(error)
        if not self._events_read and looks_like_html(self._decoder.stray):
            self._fail(web_page_error(self._exchange))
        return events

    def end(self) -> list[StreamEvent]:
        """Read what the last bytes left over; `failure` is NotAModelServer if none of it was an answer."""
        events: list[StreamEvent] = []
        try:
            if not self.done:
                for event in self._decoder.end():
                    self._take(event, events)
            if not self._events_read and self._decoder.stray.strip():
                self._take_unstreamed(self._decoder.stray, events)
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
        if self._usage is None:
            return []
        report = UsageReported(self._usage, self._timings)
        self._usage = None
        return [report]

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
        for chunk in _parse(data):
            self._take_chunk(chunk, events)

    def _take_chunk(self, chunk: Any, events: list[StreamEvent]) -> None:
        if not isinstance(chunk, dict):
            return
        self._chunks_read += 1
        if chunk.get("error") or chunk.get("object") == "error":
            raise stream_failure(chunk, self._exchange)
        self._take_counts(chunk)
        choice = _first_choice(chunk.get("choices"))
        if choice is None:
            return
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message")  # a server that answered in one piece
        if isinstance(delta, dict):
            for name in ("reasoning_content", "reasoning"):
                if isinstance(delta.get(name), str) and delta[name]:
                    self._append(events, ReasoningDelta, self._reasoning.feed(delta[name]))
                    break
            self._take_content(delta.get("content"), events)
            self._take_content(delta.get("refusal"), events)
        reason = choice.get("finish_reason")
        if reason == "error":
            raise StreamError(server=self._exchange.server.name, detail="it gave no reason.")
        if isinstance(reason, str) and reason:
            self.finish_reason = clean_text(reason)

    def _take_content(self, content: Any, events: list[StreamEvent]) -> None:
        if isinstance(content, str):
            self._append(events, TextDelta, self._text.feed(content))
        elif isinstance(content, list):  # Mistral's reasoning models send typed parts
            for part in content:
                if isinstance(part, dict) and isinstance(part.get("text"), str):
                    self._append(events, TextDelta, self._text.feed(part["text"]))
                elif isinstance(part, dict) and isinstance(part.get("thinking"), list):
                    for thought in part["thinking"]:
                        if isinstance(thought, dict) and isinstance(thought.get("text"), str):
                            self._append(events, ReasoningDelta, self._reasoning.feed(thought["text"]))

    def _append(
        self, events: list[StreamEvent], kind: type[TextDelta] | type[ReasoningDelta], text: str
    ) -> None:
        if not text:
            return
        self.has_text = True
        last = events[-1] if events else None
        if isinstance(last, TextDelta | ReasoningDelta) and isinstance(last, kind):
            events[-1] = kind(last.text + text)
        else:
            events.append(kind(text))

    def _take_counts(self, chunk: dict[str, Any]) -> None:
        timings = chunk.get("timings")
        timings = timings if isinstance(timings, dict) else None
        usage = chunk.get("usage")
        if isinstance(usage, dict) and usage:
            details = usage.get("prompt_tokens_details")
            cached = details.get("cached_tokens") if isinstance(details, dict) else None
            if cached is None and timings is not None:
                cached = timings.get("cache_n")
            self._usage = Usage(
                _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")), _count(cached)
            )
        elif timings is not None and self._usage is None:
            new, cached = _count(timings.get("prompt_n")), _count(timings.get("cache_n"))
            prompt = None if new is None else new + (cached or 0)
            self._usage = Usage(prompt, _count(timings.get("predicted_n")), cached)
        if timings is not None:
            self._timings = timings
            if self._usage is not None and self._usage.cached_tokens is None:
                self._usage = Usage(
                    self._usage.prompt_tokens,
                    self._usage.completion_tokens,
                    _count(timings.get("cache_n")),
                )

    def _take_unstreamed(self, body: str, events: list[StreamEvent]) -> None:
        """Read a body that was no event stream: a whole answer, an error, or neither."""
        if looks_like_html(body):
            raise web_page_error(self._exchange)
        values = _parse(body)
        if not values:
            raise not_a_model_server("text that is no answer", self._exchange)
        parsed = values[0]
        if isinstance(parsed, dict) and (parsed.get("error") or parsed.get("object") == "error"):
            raise stream_failure(parsed, self._exchange)
        choices = parsed.get("choices") if isinstance(parsed, dict) else None
        if _first_choice(choices) is None:
            raise not_a_model_server("JSON that is no answer", self._exchange)
        self._take_chunk(parsed, events)


def _parse(data: str) -> list[Any]:
    """Return the JSON values of an event; lines that are no JSON are left out.

    Some servers forget the empty line between events, so that several values stand in one.
    """
    try:
        return [json.loads(data)]
    except (ValueError, RecursionError):
        values = []
        for line in data.split("\n") if "\n" in data else ():
            try:
                values.append(json.loads(line))
            except (ValueError, RecursionError):
                continue
        return values


def _first_choice(choices: Any) -> dict[str, Any] | None:
    if not isinstance(choices, list):
        return None
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index", 0) in (0, None):
            return choice
    return None


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 2**53 else None  # also refuses nan and infinity
