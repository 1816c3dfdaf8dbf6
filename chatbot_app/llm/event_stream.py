"""Server-sent events out of bytes, as servers really send them.

The client library's own decoder drops what is not an event (a web page, a JSON body, an `error:` line);
here it is kept, so that it can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot_app.llm.body_limits import EVENT_BYTES, LINE_BYTES, ReplyTooLarge, in_words

_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_FIELDS = {"data", "event", "error", "id", "retry"}

_LINE_COST = 64  # bytes of memory that a line takes besides its text


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: its name ("" by default) and its data, lines joined by newlines.

    `is_damaged` where bytes of it were no UTF-8.
    """

    name: str
    data: str
    is_damaged: bool = False


class EventStreamDecoder:
    """Turns bytes, cut anywhere, into events; lines end in LF, CRLF or CR.

    `stray` collects the lines that belong to no event: the body of a server that did not stream.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._name = ""
        self._data: list[str] = []
        self._stray: list[str] = []
        self._size = 0  # of the event that is being read, and of everything outside events
        self._stray_size = 0
        self._is_damaged = False
        self._at_start = True

    @property
    def stray(self) -> str:
        """Everything outside events, with its line ends."""
        return "\n".join(self._stray)

    @property
    def begins_with(self) -> str:
        """The first lines outside events, enough to tell what kind of body it is."""
        return "\n".join(self._stray[:20])

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Yield the events that `data` completes. Raises ReplyTooLarge."""
        searched = max(len(self._buffer) - 1, 0)
        self._buffer += data
        start = 0
        for match in _LINE_END.finditer(self._buffer, searched):
            line = bytes(self._buffer[start : match.start()])
            start = match.end()
            yield from self._take_line(line)
        del self._buffer[:start]
        if len(self._buffer) > LINE_BYTES:
            self._buffer.clear()
            raise ReplyTooLarge(f"{in_words(LINE_BYTES)} without the end of a line")

    def end(self) -> Iterator[ServerSentEvent]:
        """Yield what the last bytes held without the line ends that were due."""
        rest = bytes(self._buffer).rstrip(b"\r")
        self._buffer.clear()
        if rest:
            yield from self._take_line(rest)
        yield from self._dispatch()

    def _take_line(self, raw: bytes) -> Iterator[ServerSentEvent]:
        # Decoding whole lines keeps characters intact that packets cut in two.
        if len(raw) > LINE_BYTES:
            raise ReplyTooLarge(f"{in_words(LINE_BYTES)} in one line")
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            line = raw.decode("utf-8", errors="replace")
            self._is_damaged = True
        if self._at_start:
            line = line.removeprefix("\ufeff")
            self._at_start = False
        if not line:
            yield from self._dispatch()
            return
        if line.startswith(":"):
            return
        field, colon, value = line.partition(":")
        if not colon or field not in _FIELDS:
            self._keep_stray(line)
            return
        value = value.removeprefix(" ")
        if field == "data":
            if value.startswith("{") and self._data and self._data[-1].rstrip().endswith("}"):
                yield from self._dispatch()  # a server that forgets the empty line between events
            self._size += len(raw) + _LINE_COST
            if self._size > EVENT_BYTES:
                raise ReplyTooLarge(f"{in_words(EVENT_BYTES)} in one event")
            self._data.append(value)
        elif field == "event":
            self._name = value
        elif field == "error":  # llama.cpp before 2025 ends a failed stream like this
            yield from self._dispatch()
            yield ServerSentEvent("error", value)

    def _dispatch(self) -> Iterator[ServerSentEvent]:
        if self._data:
            event = ServerSentEvent(self._name, "\n".join(self._data), self._is_damaged)
            self._data = []
            self._name = ""
            self._size = 0
            self._is_damaged = False
            yield event
        elif self._name == "error":
            self._name = ""
            yield ServerSentEvent("error", "")
        else:
            self._name = ""

    def _keep_stray(self, line: str) -> None:
        self._stray_size += len(line) + _LINE_COST
        if self._stray_size > EVENT_BYTES:
            raise ReplyTooLarge(f"{in_words(EVENT_BYTES)} outside events")
        self._stray.append(line)
