"""JSON of any size as a stream of values: an array at the top is read item by item, lines one by one.

A value that is broken, too large or too deep is left out, and reading goes on behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chatbot_app.chat.transfer.reading_limits import MOST_CHARACTERS, MOST_PARTS

_FIRST_READ = 1 << 18
_SKIPPED = re.compile(r"[\s,\x00\ufeff]*")
_IN_TEXT = re.compile(r'\\.|"|\\', re.DOTALL)
_IN_LISTS = re.compile(r'"|[\[{]+|[\]}]+')
_ON_TOP = re.compile(r'["\[\]{},\n]')


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a file; `array` numbers the array at the top that it is an item of, None where it stands alone."""

    value: Any
    array: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where a value could not be read, and why."""

    reason: str


class _Window:
    """The part of a text that is looked at; what lies before `place` is forgotten."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self.text = ""
        self.place = 0
        self.is_at_end = False

    def grow(self) -> None:
        """Read on: as much again as is there, so that a long value is looked at a few times only."""
        if self.place:
            self.text, self.place = self.text[self.place :], 0
        more = self._read(max(_FIRST_READ, len(self.text)))
        self.is_at_end = not more
        self.text += more

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go on behind what matches."""
        while True:
            match = pattern.match(self.text, self.place)
            self.place = match.end() if match is not None else self.place
            if self.place < len(self.text) or self.is_at_end:
                return
            self.grow()

    @property
    def next(self) -> str:
        return self.text[self.place : self.place + 1]


def values_of(read: Callable[[int], str]) -> Iterator[Value | Broken]:
    """Yield the values of a text that `read(characters)` gives out in portions, "" at its end."""
    window = _Window(read)
    arrays = 0
    window.skip(_SKIPPED)
    while window.next:
        if window.next == "[":
            window.place += 1
            yield from _items(window, arrays)
            arrays += 1
        else:
            yield from _one(window, None)
        window.skip(_SKIPPED)


def _items(window: _Window, array: int) -> Iterator[Value | Broken]:
    window.skip(_SKIPPED)
    while window.next and window.next != "]":
        yield from _one(window, array)
        window.skip(_SKIPPED)
    if window.next:
        window.place += 1
    else:
        yield Broken("The end of the file is missing: it was cut off.")


_DECODER = json.JSONDecoder(strict=False)  # texts with control characters in them are common


def _one(window: _Window, array: int | None) -> Iterator[Value | Broken]:
    """Yield the value at the place of the window, and go on behind it."""
    while True:
        length = len(window.text) - window.place
        if length > MOST_CHARACTERS:
            yield Broken(
                f"Parts of the file are longer than {MOST_CHARACTERS // 1024**2} million characters."
            )
            break
        if length > _FIRST_READ * 16 and _parts(window) > MOST_PARTS:
            yield Broken("Parts of the file consist of more pieces than can be read.")
            break
        try:
            value, end = _DECODER.raw_decode(window.text, window.place)
        except RecursionError:
            yield Broken("Parts of the file are nested too deeply.")
            break
        except ValueError as error:
            if not window.is_at_end and _may_go_on(error, window):
                window.grow()
                continue
            yield Broken("Parts of the file are no valid JSON.")
            break
        if end == len(window.text) and not window.is_at_end and window.next not in '[{"':
            window.grow()  # a number may go on
            continue
        window.place = end
        yield Value(value, array)
        return
    _skip_value(window)


def _may_go_on(error: ValueError, window: _Window) -> bool:
    """Whether more of the text could make a value of what is none yet: it is, where the error is near its end."""
    if not isinstance(error, json.JSONDecodeError):
        return False  # a number of thousands of digits
    if error.msg.startswith("Unterminated string"):
        return True
    return error.pos >= len(window.text) - 16


def _parts(window: _Window) -> int:
    return sum(window.text.count(mark, window.place) for mark in ",[{")


def _skip_value(window: _Window) -> None:
    """Go behind a value that cannot be read, by its brackets and strings; one without any ends at a comma or a line."""
    if window.next in ("]", "}"):
        window.place += 1
        return
    depth = 0
    is_in_text = False
    while True:
        wanted = _IN_TEXT if is_in_text else _IN_LISTS if depth else _ON_TOP
        match = wanted.search(window.text, window.place)
        if match is None or (match.group() == "\\" and not window.is_at_end):
            if window.is_at_end:
                window.place = len(window.text)
                return
            window.place = len(window.text) if match is None else match.start()
            window.grow()
            continue
        mark = match.group()
        if not depth and not is_in_text and mark in ",\n]}":
            window.place = match.start()
            return
        window.place = match.end()
        if mark == '"':
            is_in_text = not is_in_text
        elif mark[0] in "[{":
            depth += len(mark)
            continue
        elif mark[0] in "]}":
            window.place -= max(0, len(mark) - depth)  # what closes more than this is not of it
            depth = max(0, depth - len(mark))
        if not depth and not is_in_text and mark[0] in ']}"':
            return
