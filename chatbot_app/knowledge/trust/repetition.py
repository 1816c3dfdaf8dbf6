"""Circles: a stream that has begun to repeat itself, noticed while it arrives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.words.sentence_ends import sentence_spans

# How often a sentence or line must come in a row, alone or in turn with others, before it is a circle. A
# refrain comes three times, an anaphora too; what a model writes in a circle never ends by itself.
REPEATS = 4
REPEATS_OF_SHORT = 8  # "Yes." or "- no": fewer than SHORT_WORDS words
SHORT_WORDS = 4
LONGEST_CYCLE = 8  # sentences or lines

# Inside one sentence or line: a run of words that comes again and again without an end.
WORD_REPEATS = 5
FEWEST_REPEATED_WORDS = 20
LONGEST_WORD_CYCLE = 60
SAME_CHARACTER = 400  # one character without end; rules and dotted leaders are shorter

# Nearly the same sentence over and over ("The 3rd is …", "The 4th is …"): share of the 5-grams of a window of
# words, numbers set equal, that stood in the window before.
WINDOW_WORDS = 300
GRAM = 5
REPEATED_SHARE = 0.8

CHECK_EVERY = 48  # characters that arrive between two looks
TAIL = 12  # characters at the end of a circle that must have come before: most looks end with this
CHECK_WINDOW_EVERY = 480  # characters between two looks for sentences that are nearly the same
REQUESTED_FACTOR = 25  # where the person asked for repetition ("write it 20 times")

_REACH = 6_000  # characters that are looked back

_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|[^\W_]+")
_LIST_NUMBER = re.compile(r"^\s*(?:\d+[.):]|[-*•])\s*")
_REQUEST = re.compile(
    r"\b(repeat(edly)?|\d+ times|times in a row|chorus|refrain|wiederhol\w*|\d+[ -]?mal|répète\w*|\d+ fois"
    r"|repite\w*|\d+ veces|повтор\w*|\d+ раз)\b|重复|遍",
    re.IGNORECASE,
)


def asks_for_repetition(question: str) -> bool:
    """Whether a person asks for the same thing many times."""
    return _REQUEST.search(question) is not None


class RepetitionWatch:
    """Watches one answer as it arrives; code and tables are left alone.

    The work per character is bounded: only the newest stretch of the text is looked at.
    """

    def __init__(self, *, requested: bool = False) -> None:
        """`requested` says that the person asked for repetition, see `asks_for_repetition`."""
        self._factor = REQUESTED_FACTOR if requested else 1
        self._text = ""
        self._unseen = 0
        self._window_checked = 0
        self._fence = ""
        self._fence_seen = 0  # up to here the lines were looked through for fences
        self._prose_from = 0

    def append(self, text: str) -> int | None:
        """Take more of the answer; return where it must be cut (in characters of the whole) once it circles."""
        self._text += text
        self._unseen += len(text)
        if self._unseen < CHECK_EVERY:
            return None
        self._unseen = 0
        self._follow_fences()
        if self._fence:
            return None
        return self._circle()

    def _follow_fences(self) -> None:
        """Note where prose begins again: behind the last code block or table."""
        while (stop := self._text.find("\n", self._fence_seen)) >= 0:
            line = self._text[self._fence_seen : stop]
            fence = _FENCE.match(line)
            if fence and self._fence in ("", fence.group(1)):
                self._fence = "" if self._fence else fence.group(1)
                self._prose_from = stop + 1
            elif not self._fence and line.lstrip().startswith("|"):
                self._prose_from = stop + 1
            self._fence_seen = stop + 1
        rest = self._text[self._fence_seen :]
        if not self._fence and (_FENCE.match(rest) or rest.lstrip().startswith("|")):
            self._prose_from = len(self._text)

    def _circle(self) -> int | None:
        start = max(self._prose_from, len(self._text) - _REACH * self._factor)
        recent = self._text[start:]
        if not recent.strip():
            return None
        cut = self._same_character(recent)
        if cut is None and recent.count(recent[-TAIL:]) >= REPEATS - 1:
            cut = _cycle_of_units(recent, self._factor)
            if cut is None:
                cut = _cycle_of_words(recent, self._factor)
        if cut is None and self._factor == 1 and len(self._text) >= self._window_checked + CHECK_WINDOW_EVERY:
            self._window_checked = len(self._text)
            cut = _nearly_the_same(recent)
        return None if cut is None else start + cut

    def _same_character(self, recent: str) -> int | None:
        last = recent[-1]
        run = len(recent) - len(recent.rstrip(last))
        return len(recent) - run + 1 if run >= SAME_CHARACTER * self._factor and not last.isspace() else None


def good_end(text: str, cut: int) -> int:
    """Return where the last whole sentence or line before `cut` ends; `cut` where there is none."""
    end = 0
    for start, stop in sentence_spans(text, 0, cut):
        if stop < cut or text[start:stop].rstrip("\"'”’»)*_")[-1:] in ".!?…。！？:":
            end = stop
    return end or len(text[:cut].rstrip())


def _units(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, normal form) of the sentences and lines of a text, list numbers left out."""
    units = []
    for begin, stop in sentence_spans(text, 0, len(text)):
        at = begin
        for line in text[begin:stop].split("\n"):
            plain = " ".join(_WORD.findall(_LIST_NUMBER.sub("", line.casefold())))
            if plain:
                units.append((at, at + len(line), plain))
            at += len(line) + 1
    return units


def _cycle_of_units(text: str, factor: int) -> int | None:
    """Return where the first round of a cycle of sentences or lines ends, None where there is none."""
    units = _units(text)
    forms = [form for _start, _end, form in units]
    for period in range(1, min(LONGEST_CYCLE, len(forms) // 2) + 1):
        # The newest unit may be half there: it may be the beginning of the one a round before.
        for last in (len(forms), len(forms) - 1):
            matched = _matched(forms[:last], period)
            rounds = matched // period + 1
            words = sum(len(form.split()) for form in forms[last - period : last])
            needed = REPEATS if words >= SHORT_WORDS else REPEATS_OF_SHORT
            if period > 2 and words >= 3 * SHORT_WORDS:
                needed -= 1
            if rounds >= needed * factor:
                return units[last - matched - 1][1]
    return None


def _matched(forms: Sequence[str], period: int) -> int:
    """Return how many of the last forms are the same as the one a period before them."""
    at = len(forms) - 1
    while at >= period and forms[at] == forms[at - period]:
        at -= 1
    return len(forms) - 1 - at


def _cycle_of_words(text: str, factor: int) -> int | None:
    tail = text[-_REACH * factor :]
    offset = len(text) - len(tail)
    words = [(found.start(), found.end(), found.group().casefold()) for found in _WORD.finditer(tail)]
    forms = [form for _start, _end, form in words]
    for period in range(1, min(LONGEST_WORD_CYCLE, len(forms) // WORD_REPEATS) + 1):
        if forms[-1] != forms[-1 - period]:
            continue
        matched = _matched(forms, period)
        rounds = matched // period + 1
        if rounds >= WORD_REPEATS * factor and rounds * period >= FEWEST_REPEATED_WORDS * factor:
            return offset + words[len(forms) - matched - 1][1]
    return None


def _nearly_the_same(text: str) -> int | None:
    words = [
        (found.start(), "#" if found.group()[0].isdigit() else found.group().casefold())
        for found in _WORD.finditer(text)
    ]
    if len(words) < WINDOW_WORDS:
        return None
    window = words[-WINDOW_WORDS:]
    seen: set[tuple[str, ...]] = set()
    repeated = 0
    first_repeat: int | None = None
    for at in range(len(window) - GRAM + 1):
        gram = tuple(form for _start, form in window[at : at + GRAM])
        if gram in seen:
            repeated += 1
            first_repeat = window[at][0] if first_repeat is None else first_repeat
        seen.add(gram)
    return first_repeat if repeated >= REPEATED_SHARE * (len(window) - GRAM + 1) else None
