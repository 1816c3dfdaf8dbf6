"""Markers like [1] in the text of an answer: which brackets cite a source, and which are the answer's own words.

An answer may hold `items[0]`, a list "[1, 2]", a formula or a footnote. Only a bracket that stands where a
citation can stand, and names sources that there are, is taken for one; nothing is ever changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"  # what may stand in a marker: "1", "1, 2", "1-3"
_MARKER = re.compile(rf"\[\s*({NUMBERS})\s*\]|【\s*({NUMBERS})[^\]】\n]{{0,20}}】")
_MARKER_AND_BLANK = re.compile(rf"[ \t]?(?:{_MARKER.pattern})")
_APART = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)"  # fenced code
    r"|(?P<ticks>`+)(?!`)[^\n]{1,400}?(?<!`)(?P=ticks)(?!`)"  # code in a line, which is short
    r"|(?m:^(?: {4}|\t)[^\n]*$)"  # indented code
    r"|\$\$.*?(?:\$\$|\Z)|\\\[.*?(?:\\\]|\Z)|\\\(.*?(?:\\\)|\Z)"  # mathematics
    r"|(?<![\w$\\])\$(?!\s)[^$\n]+?(?<![\s\\])\$(?!\d)"
    r"|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"  # the target of a link
    r"|<[A-Za-z/][^<>\n]*>|https?://\S+"
    r"|(?m:^ {0,3}\[[^\]\n]+\]:[^\n]*$)",  # the definition of a link or a footnote
    re.DOTALL,
)
_LONGEST_RANGE = 20
_NEAR = 60  # characters before and behind a bracket that tell what it is
_WORD = re.compile(r"\w[\w.]*\Z")
_IDENTIFIER = re.compile(r".*[\d_.].*|[a-z]+[A-Z].*")
_ENDS = frozenset(".,;:!?…)\"'”’»。，；：！？）、|*_")
_OPERATOR = re.compile(r"[ \t]*(?:[=+*/%^<>]|-[>=\d]|(?:\.\w)|\()")


@dataclass(frozen=True, slots=True)
class MarkedNumber:
    """One number of a marker; the digits stand at `start` to `end`, the whole marker around them.

    `sources` are the numbers that it names: several for the first of a range.
    """

    start: int
    end: int
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MarkerPlace:
    """A marker at characters `start` to `end`, brackets included, and its numbers in order."""

    start: int
    end: int
    numbers: tuple[MarkedNumber, ...]

    @property
    def sources(self) -> tuple[int, ...]:
        """The sources that it names, each once, in order."""
        return tuple(dict.fromkeys(source for number in self.numbers for source in number.sources))


def find_markers(text: str, offered: int) -> list[MarkerPlace]:
    """Return the markers in `text` that name sources 1 to `offered`, in order; the text is Markdown or plain."""
    if offered < 1 or not ("[" in text or "【" in text):
        return []
    spans = apart(text)
    starts = [start for start, _ in spans]
    found = []
    for match in _MARKER.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or match.start() >= spans[index][1]:
            found.append(match)
    indexed = _indexed_words(text, found)
    ends = {match.end() for match in found}
    spaced = any(match.start() and text[match.start() - 1].isspace() for match in found)
    places: list[MarkerPlace] = []
    for match in found:
        place = _place(match)
        if any(not 1 <= source <= offered for source in place.sources) or not place.sources:
            continue
        previous = places[-1].end if places else -1
        if match[2] or _can_stand(
            text, match, indexed, chained=match.start() == previous, ends=ends, spaced=spaced
        ):
            places.append(place)
    return places


def without_markers(text: str) -> str:
    """Return a text without what looks like a marker, wherever it stands, and the blank before it."""
    return _MARKER_AND_BLANK.sub("", text)


def apart(text: str) -> list[tuple[int, int]]:
    """Return where code, mathematics, addresses and definitions stand in a Markdown text, in order."""
    return [match.span() for match in _APART.finditer(text)]


def _can_stand(
    text: str, match: re.Match[str], indexed: frozenset[str], *, chained: bool, ends: set[int], spaced: bool
) -> bool:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    behind = text[match.end() : match.end() + _NEAR]
    if (
        behind.startswith(("(", "{", "^", "]"))
        or before.endswith(("\\", "[", "^"))
        or _WORDLIKE.match(behind)
    ):
        return False  # a link's text, a product, "[1]st"
    if behind.startswith("[") and not _MARKER.match(behind):
        return False
    if chained:
        return True
    if match.start() in ends:  # behind a number that is none: the second index of two
        return False
    if not before or before[-1].isspace():
        # Not the left side of "[1] = x", nor what an operator stands before.
        return not _OPERATOR.match(behind) and not re.search(r"(?:[=+/%^<>]|(?<![*\S])\*)[ \t]*\Z", before)
    last = before[-1]
    if not (last.isalnum() or last in "_)]"):
        return last not in "=+/%^<>&#@~" and not re.search(
            r"[\s\d]\*\Z", before
        )  # behind a full stop, a quotation mark, a comma
    if last in "_]":
        return False
    if ord(last) > 0x2E7F:  # Chinese and Japanese set no spaces
        return True
    closes = not behind.strip() or behind[0] in _ENDS or behind[0] == "\n"
    if match[1] is None or not match[1].isdigit():  # `a[1, 2]`
        return False
    word = _WORD.search(before)
    if word is not None and (word[0] in indexed or (_IDENTIFIER.match(word[0]) and not word[0].isdigit())):
        return False
    if _OPERATOR.match(behind) or behind.startswith("["):
        return bool(_MARKER.match(behind)) and not _OPERATOR.match(behind)
    return closes or (behind[0].isspace() and not spaced and last != ")")


_WORDLIKE = re.compile(r"\w")


def _indexed_words(text: str, found: Sequence[re.Match[str]]) -> frozenset[str]:
    """Return words that several brackets are attached to, or one with a zero: names of lists, not sentences."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for match in found:
        word = _WORD.search(text[max(0, match.start() - _NEAR) : match.start()])
        if word is not None and match[1] is not None:
            numbers[word[0]].add(match[1])
    return frozenset(word for word, said in numbers.items() if len(said) > 1 or "0" in said)


def _place(match: re.Match[str]) -> MarkerPlace:
    group = 1 if match[1] is not None else 2
    offset, inside = match.start(group), match[group]
    numbers: list[MarkedNumber] = []
    for part in re.finditer(r"[^,;]+", inside):
        digits = list(re.finditer(r"\d+", part[0]))
        first, last = int(digits[0][0]), int(digits[-1][0])
        between = range(first + 1, min(last, first + _LONGEST_RANGE)) if len(digits) > 1 else ()
        for number, found in enumerate(digits[:1] + digits[-1:] if len(digits) > 1 else digits):
            start = offset + part.start() + found.start()
            sources = (int(found[0]), *(between if number == 0 else ()))
            numbers.append(MarkedNumber(start, start + len(found[0]), sources))
    return MarkerPlace(match.start(), match.end(), tuple(numbers))
