"""Where a stretch of text stands now that was stored with its offsets: the document may have been read anew since.

What W3C's Web Annotation Data Model calls a text position selector (offsets) and a text quote selector (the words):
the offsets are believed only where the words stand there; else the words are looked for, near the offsets first,
as "robust locations" do (Phelps & Wilensky 2000).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot_app.knowledge.words.letters import FIRST_IDEOGRAPH, letters_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_PLACES = 200  # that are told apart
_FEWEST_LETTERS = 8  # fewer are looked for as they are written, signs and all: "5 %" is no "5"
_WINDOW = 250_000  # characters that are looked through at once: other threads have their turn in between
_MARKUP_BETWEEN = 2_000  # characters that may stand within a passage now and did not before
_SHORTEST_SEED, _LONGEST_SEED = 8, 24  # letters
_SEED_SHARE = 8  # a seed is this part of what is looked for
_FEWEST_ALIKE = 24  # letters; what is shorter is there, or it is not
_SHARE_ALIKE = 0.5  # of the seeds
_LONG = 200  # characters
_LONGEST_WORD = 60
_MOST_HITS = 50  # of a seed in a window: more says nothing of the place
_MOST_TRIED = 1_000  # places in a window with the same letters: a table of zeros has them everywhere
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where a text has the wanted words, nearest to the old place first; `alike` is what is most like them where none is."""

    places: tuple[Span, ...] = ()
    alike: Span | None = None


def stands_at(text: str, wanted: str, span: Span) -> bool:
    """Whether the words stand at a place, whatever white space and marks are between them."""
    there = text[max(0, span.start) : max(0, span.end)]
    if there == wanted:
        return True
    return says_the_same(there, wanted) and _is_whole(text, span.start, span.end)


def says_the_same(one: str, other: str) -> bool:
    """Whether two texts have the same letters and numbers: "R\\&D **1\\.5**" and "RD 1.5", not "1.5" and "15"."""
    letters = letters_of(one)[0]
    return bool(letters) and letters == letters_of(other)[0] and _numbers(one) == _numbers(other)


def find_anchors(text: str, wanted: str, near: int) -> Anchors:
    """Return where `wanted` stands in `text`, nearest to the character `near` first.

    Word for word where it does so anywhere; else by its letters and numbers, or where most of it stands. A second for 10 MB.
    """
    exact = _word_for_word(text, wanted, near)
    if exact or len(letters_of(wanted)[0]) < _FEWEST_LETTERS:
        return Anchors(exact)
    looking = _Looking(text, wanted, near)
    for first, last in _windows(len(text), near, len(wanted) + _MARKUP_BETWEEN):
        looking.look(first, last)
    return looking.found()


def _word_for_word(text: str, wanted: str, near: int) -> tuple[Span, ...]:
    found: set[Span] = set()
    if not wanted.strip():
        return ()
    for first, last in _windows(len(text), near, len(wanted)):
        start = text.find(wanted, first, last)
        while start >= 0:
            end = start + len(wanted)
            if _is_whole(text, start, end):
                found.add(Span(start, end))
            start = text.find(wanted, end, last)
        if len(found) >= MOST_PLACES:
            break
    return _nearest_first(found, near)


def _nearest_first(spans: Iterable[Span], near: int) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: (abs(span.start - near), span.start))[:MOST_PLACES])


class _Looking:
    """Looks for words through a text, a window at a time."""

    def __init__(self, text: str, wanted: str, near: int) -> None:
        self._text, self._near = text, near
        self._letters, places = letters_of(wanted)
        # The marks that the wanted words begin and end with.
        self._head, self._tail = wanted[: int(places[0])], wanted[int(places[-1]) + 1 :]
        if self._tail and unicodedata.combining(self._tail[0]):
            self._tail = self._tail[1:]
        self._numbers = _numbers(wanted)
        self._seeds = _seeds(self._letters)
        self._same: set[Span] = set()
        self._alike: Span | None = None
        self._share = 0.0

    def look(self, first: int, last: int) -> None:
        letters, places = letters_of(self._text[first:last])
        start, tried = letters.find(self._letters), 0
        while start >= 0 and len(self._same) < MOST_PLACES and tried < _MOST_TRIED:
            span = self._with_accent(_span(places, start, start + len(self._letters), first))
            if _is_whole(self._text, span.start, span.end):
                span = self._with_ends(span)
                if _numbers(self._text[span.start : span.end]) == self._numbers:
                    self._same.add(span)
                else:
                    self._keep_alike(1.0, span)
            start, tried = letters.find(self._letters, start + 1), tried + 1
        if self._seeds and not self._same:
            share, begin, end = _best_cluster(letters, self._seeds, len(self._letters))
            if share >= _SHARE_ALIKE:
                self._keep_alike(share, _whole_words(self._text, _span(places, begin, end, first)))

    def _with_accent(self, span: Span) -> Span:
        """Return a place with the accents of its last letter, which may be characters of their own."""
        end = span.end
        while end < len(self._text) and unicodedata.combining(self._text[end]):
            end += 1
        return Span(span.start, end)

    def _with_ends(self, span: Span) -> Span:
        """Return a place with the marks that the wanted words begin and end with, as far as they stand there."""
        start, end = span.start, span.end
        for mark in reversed(self._head):
            start -= start > 0 and self._text[start - 1] == mark
        for mark in self._tail:
            end += end < len(self._text) and self._text[end] == mark
        return Span(start, end)

    def _keep_alike(self, share: float, span: Span) -> None:
        if share > self._share:
            self._share, self._alike = share, span

    def found(self) -> Anchors:
        if self._same:
            return Anchors(_nearest_first(self._same, self._near))
        return Anchors(alike=self._alike)


def _windows(length: int, near: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping ranges of a text, the nearest first."""
    step = max(_WINDOW, 2 * overlap)
    ranges = [(first, min(length, first + step + overlap)) for first in range(0, length, step)]
    yield from sorted(ranges, key=lambda part: max(part[0] - near, near - part[1], 0))


def _seeds(letters: str) -> list[str]:
    """Return short stretches of a text, each half in the one before: where several stand together, most of it does."""
    if len(letters) < _FEWEST_ALIKE:
        return []
    size = min(_LONGEST_SEED, max(_SHORTEST_SEED, len(letters) // _SEED_SHARE))
    return [letters[start : start + size] for start in range(0, len(letters) - size + 1, size // 2)]


def _best_cluster(letters: str, seeds: list[str], length: int) -> tuple[float, int, int]:
    """Return the share of the seeds that stand together, and from where to where in `letters`."""
    hits: list[tuple[int, int]] = []
    for number, seed in enumerate(seeds):
        start, count = letters.find(seed), 0
        while start >= 0 and count < _MOST_HITS:
            hits.append((start, number))
            start, count = letters.find(seed, start + 1), count + 1
    hits.sort()
    best, begin, end = 0, 0, 0
    counts: dict[int, int] = {}
    left = 0
    for start, number in hits:
        counts[number] = counts.get(number, 0) + 1
        while start - hits[left][0] > length * 3 // 2:
            gone = hits[left][1]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            left += 1
        if len(counts) > best:
            best, begin, end = len(counts), hits[left][0], start + len(seeds[number])
    return best / len(seeds), begin, end


def _span(places: npt.NDArray[np.int64], begin: int, end: int, first: int) -> Span:
    return Span(first + int(places[begin]), first + int(places[end - 1]) + 1)


def _whole_words(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while _joins(text, start) and span.start - start < _LONGEST_WORD:
        start -= 1
    while _joins(text, end) and end - span.end < _LONGEST_WORD:
        end += 1
    return Span(start, end)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch neither begins nor ends within a word or a number: "cost 40" does not stand in "cost 400".

    A long one may: passages of what has no spaces do.
    """
    return end - start >= _LONG or not (_joins(text, start) or _joins(text, end))


def _joins(text: str, place: int) -> bool:
    """Whether the characters before and behind a place are of one word."""
    around = text[max(0, place - 1) : place + 1]
    return place > 0 and len(around) == 2 and all(c.isalnum() and ord(c) < FIRST_IDEOGRAPH for c in around)


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_ESCAPE.sub("", text))
