"""The bytes of an answer, put right where openai's decoder would stop, skip or fill the memory.

The library reads well-formed events of any size. Whatever else servers send is found here, line by line, before the
library gets it: an event passes if it is one JSON object, and is counted if it is none. Each rule names the test that
shows what the library alone does; all are in test_event_mending.py, where nothing else is named.
"""

from __future__ import annotations

import re
from typing import Any

from chatbot_app.core.errors import AnswerDamaged, AppError, ReplyTooLong
from chatbot_app.llm.body_limits import EVENT_BYTES, IDLE_BYTES, LINE_BYTES, in_words
from chatbot_app.llm.error_bodies import looks_like_html
from chatbot_app.llm.errors import Exchange, not_a_model_server, stream_failure, web_page_error
from chatbot_app.llm.json_bodies import read_json

MOST_UNREADABLE = 1000  # events; who sends more does not speak this language

_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_FIELDS = {"data", "event", "error", "id", "retry"}
_LINE_COST = 64  # bytes of memory that a line takes besides its text
_END = "[DONE]"


class EventMender:
    """Turns bytes, cut anywhere, into whole events of one JSON object each; lines end in LF, CRLF or CR.

    `fault` is why nothing more is to be read, `is_done` whether the server said that it is the end, `events` counts
    those that held anything, `unreadable` those that were wholly or in part no JSON object (`unreadable_at_end`: of
    them the one that the end cut, which is one only where the answer had ended before). `is_one_body` is set where a
    server that does not stream sent its answer in one piece.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.fault: AppError | None = None
        self.is_done = False
        self.events = 0
        self.unreadable = 0
        self.unreadable_at_end = 0
        self.is_one_body = False
        self._exchange = exchange
        self._mended = bytearray()
        self._buffer = bytearray()
        self._name = ""
        self._data: list[str] = []
        self._size = 0  # of the event that is being read
        self._is_damaged = False
        self._stray: list[str] = []  # lines outside events: the body of a server that does not stream
        self._stray_size = 0
        self._at_start = True
        self._idle_bytes = 0

    def feed(self, data: bytes) -> bytes:
        """Return the events that `data` completes; what came before a `fault` is among them."""
        self._idle_bytes += len(data)
        searched = max(len(self._buffer) - 1, 0)
        self._buffer += data
        start = 0
        for match in _LINE_END.finditer(self._buffer, searched):
            if self.fault is None and not self.is_done:
                self._take_line(bytes(self._buffer[start : match.start()]))
            start = match.end()
        del self._buffer[:start]
        # The library knows no limits ("Decode SSE incrementally without imposing a line or event size limit"):
        # test_little_is_read_and_it_is_said in test_hostile_servers.py.
        if len(self._buffer) > LINE_BYTES:
            self._buffer.clear()
            self._refuse(f"{in_words(LINE_BYTES)} without the end of a line")
        if self._idle_bytes > IDLE_BYTES:
            self._refuse(f"{in_words(IDLE_BYTES)} without a word of an answer")
        if not self.events and looks_like_html("\n".join(self._stray[:20])):
            self._stop(web_page_error(self._exchange))
        return self._take_mended()

    def end(self) -> bytes:
        """Return what the last bytes held without the line ends that were due (test_last_event_without_empty_line)."""
        rest = bytes(self._buffer).rstrip(b"\r")
        self._buffer.clear()
        before = self.unreadable
        if rest and self.fault is None:
            self._take_line(rest)
        self._end_event()
        self.unreadable, self.unreadable_at_end = before, self.unreadable - before
        if not self.events and self.fault is None:
            self._take_body("\n".join(self._stray))
        return self._take_mended()

    def heard(self) -> None:
        """Note that what came was part of an answer: a server may send comments for as long as it also answers."""
        self._idle_bytes = 0

    def miss(self) -> None:
        """Count an event that was not understood, up to a limit."""
        self.unreadable += 1
        if self.unreadable > MOST_UNREADABLE:
            self._stop(AnswerDamaged(server=self._exchange.server.name, count=self.unreadable))

    def _take_line(self, raw: bytes) -> None:
        if len(raw) > LINE_BYTES:
            self._refuse(f"{in_words(LINE_BYTES)} in one line")
            return
        try:  # whole lines: packets cut characters in two
            line = raw.decode("utf-8")
        except (
            UnicodeDecodeError
        ):  # at which the library stops (openai-python #2960; test_bad_utf8_is_replaced)
            line = raw.decode("utf-8", errors="replace")
            self._is_damaged = True
        if self._at_start:  # to the library it is part of a name that it does not know (test_whole_stream)
            line = line.removeprefix("\ufeff")
            self._at_start = False
        if not line:
            self._end_event()
            return
        field, colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if not field and colon:
            return  # a comment
        if not colon or field not in _FIELDS:
            self._keep_stray(line)
        elif field == "data":
            self._take_data(value, len(raw))
        elif field == "event":
            self._name = value
        elif (
            field == "error"
        ):  # llama.cpp before 2025 ends a failed stream like this, and the library skips it
            self._end_event()
            self._tell_error(value)

    def _take_data(self, value: str, size: int) -> None:
        # A server forgets the empty line between events: "Extra data" to the library
        # (test_values_without_the_empty_line_between_are_events_of_their_own).
        if value.startswith(("{", _END)) and self._data and self._data[-1].rstrip().endswith("}"):
            self._end_event()
        self._size += size + _LINE_COST
        if self._size > EVENT_BYTES:
            self._refuse(f"{in_words(EVENT_BYTES)} in one event")
            return
        self._data.append(value)

    def _end_event(self) -> None:
        name, data, is_damaged = self._name, "\n".join(self._data).strip(), self._is_damaged
        held_any = bool(self._data)
        self._name, self._data, self._size, self._is_damaged = "", [], 0, False
        if self.fault is not None or self.is_done:
            return
        if name == "error":  # read as an answer by the library (openai-python #2796; test_an_error_event…)
            self._tell_error(data)
        elif held_any:
            self.events += 1
            if data.startswith(_END):
                self.is_done = True
                self._mended += b"data: [DONE]\n\n"
            # An event without data, or one that only sets `retry`, is no JSON to the library (openai-python #2722).
            elif data:
                is_whole = self._pass_on(_values(data))
                if is_damaged or not is_whole:
                    self.miss()

    def _pass_on(self, values: list[tuple[str, Any]]) -> bool:
        """Hand the objects of an event to the library; returns whether nothing else was in it."""
        # The library ends the whole answer at the first that is none (test_what_could_not_be_read_is_counted in
        # test_answer_reader.py), and has no limit for what it makes of one (test_memory_stays_within_limits).
        for text, value in values:
            if isinstance(value, dict):
                self._mended += b"data: " + text.replace("\n", "\ndata: ").encode() + b"\n\n"
        return all(isinstance(value, dict) or value is None for _, value in values)

    def _take_body(self, body: str) -> None:
        """Read a body that was no event stream; the library skips it (test_a_whole_answer_in_one_piece_is_taken)."""
        if not body.strip():
            return
        values = [(text, value) for text, value in _values(body) if value is not _NO_JSON]
        if looks_like_html(body):
            self._stop(web_page_error(self._exchange))
        elif not values:
            self._stop(not_a_model_server("text that is no answer", self._exchange))
        elif not isinstance(values[0][1], dict):
            self._stop(not_a_model_server("JSON that is no answer", self._exchange))
        else:
            self.is_one_body = True
            self._pass_on(values[:1])

    def _tell_error(self, data: str) -> None:
        self.events += 1
        self._stop(stream_failure(data, self._exchange))

    def _keep_stray(self, line: str) -> None:
        self._stray_size += len(line) + _LINE_COST
        if self._stray_size > EVENT_BYTES:
            self._refuse(f"{in_words(EVENT_BYTES)} outside events")
        else:
            self._stray.append(line)

    def _refuse(self, limit: str) -> None:
        self._stop(ReplyTooLong(server=self._exchange.server.name, limit=limit))

    def _stop(self, error: AppError) -> None:
        self.fault = self.fault or error

    def _take_mended(self) -> bytes:
        mended = bytes(self._mended)
        self._mended.clear()
        return mended


_NO_JSON = object()


def _values(text: str) -> list[tuple[str, Any]]:
    """Return what an event holds, each with its text: one value, or one a line where lines between are missing."""
    lines = [line for line in text.split("\n") if line.strip()]
    whole = _value(text)
    if whole is not _NO_JSON or len(lines) < 2:
        return [(text, whole)]
    return [(line, _value(line)) for line in lines]


def _value(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return _NO_JSON
