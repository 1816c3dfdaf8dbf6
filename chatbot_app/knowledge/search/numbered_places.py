"""Numbered places of contracts and laws ("clause 7.3", "§ 5 Abs. 2", "Article 6"), and what stands at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_PLACE_WORD = (
    r"(?:clauses?|sections?|sec\.|articles?|art\.|artikel[ns]?|paragraphs?|para\.|points?|items?|rules?|chapters?|ziffern?|ziff\.|abschnitt(?:e?s)?|punkt(?:e?s)?"
    r"|klauseln?|regel|kapitel|alinéas?|cláusulas?|artículos?|apartados?|статья|статьи|пункт[ае]?|§{1,2})"
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,4}[a-z]?"
# "§ 5 Abs. 2", "Article 4(2)", "clause 3, paragraph 1".
_PART = r"(?:,?\s?(?:abs(?:atz|\.)|para(?:graph|\.)?|subsection|alinéa|apartado)\s?(?P<part>\d{1,2})|\s?\((?P<bracket>\d{1,2})\))?"
_PLACE = re.compile(
    rf"(?<![^\W_]){_PLACE_WORD}\s?(?P<number>{_NUMBER})(?![\w%]|[.,]\d){_PART}", re.IGNORECASE
)
_MARKS = r"[^\S\n]*[#*>|]*[^\S\n]*"
_ANY_PLACE = re.compile(
    rf"^{_MARKS}(?P<word>{_PLACE_WORD}\s?)?(?P<number>{_NUMBER})[.)]?(?=[\s–-])", re.IGNORECASE | re.MULTILINE
)
_PARAGRAPH = re.compile(r"^[^\S\n]*(?:\((\d{1,2})\)|(\d{1,2})[.)])(?=\s)", re.MULTILINE)


@dataclass(frozen=True)
class NumberedPlace:
    """A place by its number; `part` is that of its paragraph, "" for all of it."""

    number: str
    part: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """How it stands in a text: at the begin of a line, or named with a word for it."""
        return re.compile(
            rf"{self._begin.pattern}|(?<![^\W_]){_PLACE_WORD}\s?{self._written}", self._begin.flags
        )

    @cached_property
    def _begin(self) -> re.Pattern[str]:
        return re.compile(
            rf"^{_MARKS}(?P<word>{_PLACE_WORD}\s?)?{self._written}", re.IGNORECASE | re.MULTILINE
        )

    @property
    def _written(self) -> str:
        return rf"{re.escape(self.number)}(?![^\W_]|[.,]?\d)"

    def spans_in(self, text: str, headings: Sequence[str] = ()) -> list[tuple[int, int]]:
        """Return what of a text stands at the place: from where a line begins with it up to the next one like it.

        All of a text whose `headings` say it.
        """
        if any(self._begin.match(heading) for heading in headings):
            return [self._part_of(text, 0, len(text))]
        found = []
        for begin in self._begin.finditer(text):
            end = next(self._ends(text, begin), len(text))
            found.append(self._part_of(text, begin.start(), end))
        return found

    def _ends(self, text: str, begin: re.Match[str]) -> Iterator[int]:
        """Yield where other places begin behind this one that are none within it."""
        depth = self.number.count(".")
        for other in _ANY_PLACE.finditer(text, begin.end()):
            is_below = other["number"].count(".") > depth or (begin["word"] and not other["word"])
            if not is_below:
                yield other.start()

    def _part_of(self, text: str, start: int, end: int) -> tuple[int, int]:
        if not self.part:
            return start, end
        begins = list(_PARAGRAPH.finditer(text, start, end))
        for number, found in enumerate(begins):
            if self.part in found.groups():
                return found.start(), begins[number + 1].start() if number + 1 < len(begins) else end
        return start, end


def places_asked(question: str) -> list[NumberedPlace]:
    """Return the numbered places that a question names, each once."""
    found = (
        NumberedPlace(match["number"], match["part"] or match["bracket"] or "")
        for match in _PLACE.finditer(question)
    )
    return list(dict.fromkeys(found))
