"""A statement in the notation of its sources: the WHO for the World Health Organization, research and development for R&D.

What a source introduces in brackets, "Deutsche Bahn (DB)", is told as Schwartz and Hearst do ("A simple algorithm for identifying
abbreviation definitions in biomedical text", 2003); what none introduces, by the initials of words that stand beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.language import content_stems, is_small
from chatbot_app.knowledge.words.thesaurus import is_known
from chatbot_app.knowledge.words.words import STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ELISION = re.compile(r"\b[^\W\d_]{1,2}['’](?=[^\W\d_])")
_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_ACRONYM = re.compile(
    rf"(?<![\w&.])(?:[A-Z]{{2}}\. ?[A-Z]{{2}}\.|(?:{_CAPITAL}\.){{2,6}}|{_CAPITAL}(?:&?{_CAPITAL}){{1,6}}s?)(?![\w&])"
)
_BRACKETS = re.compile(r"\(([^()\n]{2,80})\)")
_END_OF_FULL = re.compile(r"[^()\[\]\n]*$")
_LONGEST_FULL = 120  # characters before a bracket
_JOINS = frozenset("and und et y и e".split())
_QUOTED = re.compile(r"“([^”]+)”")
_END = "."  # between sentences, and in the place of what is no word
_SHORTEST_COMPOUND = 9  # letters
_SHORTEST_PART = 4
_MOST_SOURCE = 100_000  # characters that are read of all sources
_MOST_STATEMENT = 1_500
_MOST_ACRONYMS = 200  # of all sources
_MOST_PLACES = 400  # at which the initials of one may stand
_BESIDE = 200  # characters on each side of a place that tell whether it is meant
_MOST_VARIANTS = 3


@dataclass(frozen=True, slots=True)
class _Initials:
    """The first letters of a text's words, small ones left out or not; where each stands."""

    letters: str
    spans: list[tuple[int, int]]

    def places(self, short: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of what has some initials."""
        at = self.letters.find(short)
        for _ in range(_MOST_PLACES):
            if at < 0:
                return
            last = at + len(short)
            # The parts of one compound begin and end together, and none is left out.
            begins = at == 0 or self.spans[at - 1] != self.spans[at]
            ends = last == len(self.spans) or self.spans[last] != self.spans[last - 1]
            if begins and ends and self.spans[at] != self.spans[last - 1]:
                yield self.spans[at][0], self.spans[last - 1][1]
            at = self.letters.find(short, at + 1)


class Abbreviations:
    """What the sources call something for short, and what such words stand for there."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        """`texts` are those of the sources, `language` is theirs."""
        self._text = "\n".join(texts)[:_MOST_SOURCE]
        self._language = language
        self._initials: list[_Initials] | None = None  # made when they are asked for
        self._introduced = dict(_introduced(self._text))
        found = (_plain(match.group()) for match in _ACRONYM.finditer(self._text))
        self._acronyms = list(dict.fromkeys(found))[:_MOST_ACRONYMS]

    def variants(self, statement: str, reason: str) -> list[str]:
        """Return a statement with what it says in full said for short, or the other way round, as the sources say it; likeliest first.

        `reason` says why the statement is doubted: what it quotes of the statement has to be told otherwise.
        """
        statement = statement[:_MOST_STATEMENT]
        doubted = [quoted for quoted in _QUOTED.findall(reason) if quoted in statement]
        short = self._said_for_short(statement)
        found = [*([short] if short != statement else []), *self._said_in_full(statement)]
        return [one for one in found if not doubted or any(quoted not in one for quoted in doubted)][
            :_MOST_VARIANTS
        ]

    # --- inside --------------------------------------------------------------------------------------

    def _said_for_short(self, statement: str) -> str:
        """Return a statement with the acronyms of the sources in the place of the words that they stand for."""
        found: list[tuple[int, int, str]] = []
        for full, acronym in self._introduced.items():
            if (match := re.search(re.escape(full), statement, re.IGNORECASE)) is not None:
                found.append((*match.span(), acronym))
        sequences = _sequences(statement, self._language) if self._acronyms else []
        for acronym in self._acronyms:
            for letters in sequences:
                found += ((start, end, acronym) for start, end in letters.places(_letters(acronym)))
        found.sort(key=lambda one: (one[0] - one[1], one[0]))  # the longest first
        taken: list[tuple[int, int, str]] = []
        for start, end, acronym in found:
            if all(end <= other[0] or other[1] <= start for other in taken):
                taken.append((start, end, acronym))
        for start, end, acronym in sorted(taken, reverse=True):
            statement = f"{statement[:start]}{acronym}{statement[end:]}"
        return statement

    def _said_in_full(self, statement: str) -> Iterator[str]:
        """Yield a statement with words of the sources in the place of its acronyms."""
        known = {acronym: full for full, acronym in self._introduced.items()}
        for match in _ACRONYM.finditer(statement):
            acronym = _plain(match.group())
            meant = [known[acronym]] if acronym in known else self._spelled_out(acronym, statement)
            for full in meant:
                yield f"{statement[: match.start()]}{full}{statement[match.end() :]}"

    def _spelled_out(self, acronym: str, statement: str) -> list[str]:
        """Return what the sources have with the initials of an acronym, nearest to the other words of a statement first."""
        if acronym in self._acronyms:
            return []
        if self._initials is None:
            self._initials = _sequences(self._text, self._language)
        places = [place for letters in self._initials for place in letters.places(_letters(acronym))]
        words = set(content_stems(statement))

        def nearness(place: tuple[int, int]) -> int:
            beside = self._text[max(0, place[0] - _BESIDE) : place[1] + _BESIDE]
            return len(words & set(content_stems(beside)))

        nearest = sorted(places[:_MOST_PLACES], key=nearness, reverse=True)
        return list(dict.fromkeys(self._text[start:end] for start, end in nearest))[:_MOST_VARIANTS]


def _plain(acronym: str) -> str:
    """Return an acronym without full stops, a plural's "s" and a plural's doubled letters ("EE. UU.")."""
    letters = acronym.replace(".", "").replace(" ", "")
    if " " in acronym or (len(letters) == 4 and letters[0] == letters[1] and letters[2] == letters[3]):
        letters = letters[::2]
    return letters.rstrip("s")


def _letters(acronym: str) -> str:
    return acronym.replace("&", "").casefold()


def _sequences(text: str, language: str) -> list[_Initials]:
    """Return the initials of a text's words: without small words, with them, and those of the parts of German compounds."""
    kinds: list[tuple[list[str], list[tuple[int, int]]]] = [([], []) for _ in range(3)]
    done = 0
    text = _ELISION.sub(lambda found: " " * len(found.group()), text)
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        if text[done : match.start()].strip(" -,«»“”\"'’&"):
            for letters, spans in kinds:
                letters.append(_END)
                spans.append((done, match.start()))
        done = match.end()
        is_left_out = word in STOP_WORDS or is_small(word)
        for kind, (letters, spans) in enumerate(kinds):
            if is_left_out and kind != 1:
                continue
            parts = _parts(word) if kind == 2 and language == "de" else word[0]
            letters += parts
            spans += [match.span()] * len(parts)
    return [_Initials("".join(letters), spans) for letters, spans in kinds[: 3 if language == "de" else 2]]


@lru_cache(maxsize=10_000)
def _parts(word: str) -> str:
    """Return the initials of the parts of a German compound: "zb" of "Zentralbank"."""
    if len(word) < _SHORTEST_COMPOUND:
        return word[0]
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        if any(is_known(form, "de") for form in forms_of(word[cut:], "de").own):
            return word[0] + word[cut]
    return word[0]


def _introduced(text: str) -> Iterator[tuple[str, str]]:
    """Yield (what a text says in full, what it is called for short) of what stands in brackets."""
    for match in _BRACKETS.finditer(text):
        before = _END_OF_FULL.search(text[max(0, match.start() - _LONGEST_FULL) : match.start()])
        assert before is not None
        yield from _pair(before.group().rstrip(), match[1].strip(" \"“”„'"))


def _pair(before: str, inside: str) -> Iterator[tuple[str, str]]:
    """Yield (in full, for short) of what stands before a bracket and in it, where one is the other's short form."""
    if (short := _ACRONYM.fullmatch(inside)) is not None:
        full = _long_form(_plain(short.group()), before)
        if full:
            yield full, _plain(short.group())
        return
    last = before.split()[-1:]
    if last and _ACRONYM.fullmatch(last[0]) and _long_form(_plain(last[0]), inside) == inside:
        yield inside, _plain(last[0])


def _long_form(short: str, before: str) -> str:
    """Return the words at the end of a text that a short form stands for, "" where none do.

    Each of its letters is looked for from the right; the first begins a word.
    """
    words = before.split()[-min(len(short) + 5, 2 * len(short)) :]
    text = " ".join(words)
    letters = _letters(short)
    at = len(text)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            text[at].casefold() != letters[place] or (place == 0 and at > 0 and text[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    return text[at:]
