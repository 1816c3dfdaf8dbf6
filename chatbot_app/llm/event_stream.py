"""Server-sent events out of bytes, as servers really send them.

The client library's own decoder drops what is not an event (a web page, a JSON body, an `error:` line);
here it is kept, so that it can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_FIELDS = {"data", "event", "error", "id", "retry"}

MAX_LINE_BYTES = 16 * 1024 * 1024  # no token is that long: past it, it is no event stream
MAX_STRAY_CHARACTERS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: its name ("" by default) and its data, lines joined by newlines."""

    name: str
    data: str


class LineTooLong(Exception):
    """The bytes hold no line end for `MAX_LINE_BYTES`."""


class EventStreamDecoder:
    """Turns bytes, cut anywhere, into events; lines end in LF, CRLF or CR.

    `stray` collects the lines that belong to no event: the body of a server that did not stream.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._name = ""
        self._data: list[str] = []
        self._stray: list[str] = []
        self._stray_length = 0
        self._at_start = True

    @property
    def stray(self) -> str:
        """Everything outside events, with its line ends."""
        return "\n".join(self._stray)

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Yield the events that `data` completes; raises LineTooLong."""
        searched = max(len(self._buffer) - 1, 0)
        self._buffer += data
        start = 0
        for match in _LINE_END.finditer(self._buffer, searched):
            line = bytes(self._buffer[start : match.start()])
            start = match.end()
            yield from self._take_line(line)
        del self._buffer[:start]
        if len(self._buffer) > MAX_LINE_BYTES:
            raise LineTooLong

    def end(self) -> Iterator[ServerSentEvent]:
        """Yield what the last bytes held without the line ends that were due."""
        rest = bytes(self._buffer).rstrip(b"\r")
        self._buffer.clear()
        if rest:
            yield from self._take_line(rest)
        yield from self._dispatch()

    def _take_line(self, raw: bytes) -> Iterator[ServerSentEvent]:
        # Decoding whole lines keeps characters intact that packets cut in two.
        line = raw.decode("utf-8", errors="replace")
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
            self._data.append(value)
        elif field == "event":
            self._name = value
        elif field == "error":  # llama.cpp before 2025 ends a failed stream like this
            yield from self._dispatch()
            yield ServerSentEvent("error", value)

    def _dispatch(self) -> Iterator[ServerSentEvent]:
        if self._data:
            event = ServerSentEvent(self._name, "\n".join(self._data))
            self._data = []
            self._name = ""
            yield event
        elif self._name == "error":
            self._name = ""
            yield ServerSentEvent("error", "")
        else:
            self._name = ""

    def _keep_stray(self, line: str) -> None:
        if self._stray_length < MAX_STRAY_CHARACTERS:
            self._stray.append(line[:MAX_STRAY_CHARACTERS])
            self._stray_length += len(line)
