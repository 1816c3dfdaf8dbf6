"""Amounts that are written in words around a half or a quarter: "half an hour", "a year and a half", "a fortnight"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.words.lexicon import FRACTIONS, MAGNITUDES, UNITS, Unit

# English and German, whose ways of counting halves are read here.
_COUNTS = {
    word: number
    for number, words in enumerate(
        "one ein eins eine|two zwei|three drei|four vier|five fünf|six sechs|seven sieben|eight acht|nine neun|ten zehn|eleven elf|twelve zwölf".split(
            "|"
        ),
        1,
    )
    for word in words.split()
}
_TIMES = "minute hour day week month year decade century mile kilometre kilometer metre meter litre liter pint kilo kilogram".split()
_LARGE = "million billion trillion dozen thousand hundred".split()
_HALVED = "|".join((*_TIMES, *_LARGE))
_HALF_OF_ONE = re.compile(
    rf"\bhalf[\s-]+(?:an?[\s-]+)?(?P<one>{_HALVED})\b"
    rf"|\b(?:an?|one)\s+(?P<more>{_HALVED})\s+and\s+a\s+half\b"
    r"|\b(?:eine?r?\s+)?halbe[ns]?\s+(?P<german>minute|stunde|tag|jahr|million|milliarde)\b"
    r"|\bune?\s+demi[e-]?\s*-?(?P<french>heure|journée)\b|\bmedi[ao]\s+(?P<spanish>hora|día|año|millón)\b",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s+and\s+a\s+half\s+(?P<unit>[^\W\d_]+)", re.IGNORECASE
)
_DOZEN = re.compile(r"\b(?:a|ein)\s+(?:dozen|Dutzend)\b", re.IGNORECASE)
_FORTNIGHT = re.compile(r"\b(?:a\s+)?fortnight\b", re.IGNORECASE)
# Where "of" does not say so, a word of measure does: "about a quarter work in Poland".
_ROUGH = re.compile(
    r"\b(?P<about>about|around|roughly|nearly|almost|approximately|(?:slightly\s+|just\s+|well\s+)?(?:over|under|more than|less than))\s+"
    r"(?P<share>half|(?:a|one|two|three|four)[\s-]+(?:half|thirds?|quarters?|fifths?|tenth))\b"
    r"(?!\s+(?:an?\b|past|to\b|hours?|minutes?|years?|centur\w+|million|billion|miles?|of fiscal|ended)|-)",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_NO_UNIT = Unit("")
_ROUGHLY = 3.0  # percent, that a share which is "about" a half can be off
_PLURALS = {"decade": ("year", 10.0), "century": ("year", 100.0), "kilo": ("kg", 1.0)}
_ENGLISH = {
    "stunde": "hour", "tag": "day", "jahr": "year", "milliarde": "billion", "heure": "hour", "journée": "day",
    "hora": "hour", "día": "day", "año": "year", "millón": "million",
}  # fmt: skip


def amounts_in_words(text: str) -> Iterator[Value]:
    """Yield the amounts of a text that halves, quarters and their like name."""
    for match in _AND_A_HALF.finditer(text):
        word = match["unit"].casefold()
        if word in UNITS or word in MAGNITUDES:
            yield _amount(text, match.start(), match.end(), _count(match["count"]) + 0.5, word)
    for match in _HALF_OF_ONE.finditer(text):
        word = next(word for word in match.groups() if word).casefold()
        yield _amount(text, match.start(), match.end(), 1.5 if match["more"] else 0.5, word)
    for match in _DOZEN.finditer(text):
        yield Value(ValueKind.NUMBER, match.start(), match.end(), (12.0,))
    for match in _FORTNIGHT.finditer(text):
        yield Value(ValueKind.NUMBER, match.start(), match.end(), (14 * UNITS["day"].factor,), "time")
    for match in _ROUGH.finditer(text):
        yield from _share(match)


def _amount(text: str, start: int, end: int, count: float, word: str) -> Value:
    word = _ENGLISH.get(word, word)
    if word not in MAGNITUDES:
        word, times = _PLURALS.get(word, (word, 1.0))
        unit = UNITS[word]
        return Value(
            ValueKind.NUMBER, start, end, (count * times * unit.factor + unit.offset,), unit.dimension
        )
    counted = _NEXT_WORD.match(text, end)
    unit = UNITS.get(counted[1].casefold(), _NO_UNIT) if counted is not None else _NO_UNIT
    end = counted.end() if counted is not None and unit is not _NO_UNIT else end
    return Value(ValueKind.NUMBER, start, end, (count * MAGNITUDES[word] * unit.factor,), unit.dimension)


def _count(word: str) -> float:
    return float(word) if word.isdigit() else float(_COUNTS[word.casefold()])


def _share(match: re.Match[str]) -> Iterator[Value]:
    words = " ".join(match["share"].casefold().replace("-", " ").split())
    share = next(
        (
            percent
            for name, percent in FRACTIONS.items()
            if name in (words, f"{words} of", words.replace("a ", "one ", 1))
        ),
        None,
    )
    if share is not None:
        about = match["about"].casefold()
        step = 0.5 if about.endswith(("over", "under", "than")) else _ROUGHLY
        yield Value(ValueKind.NUMBER, match.start("share"), match.end("share"), (share,), "%", (step,), ())
