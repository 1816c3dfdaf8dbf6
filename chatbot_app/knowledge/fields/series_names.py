"""How a document is called, what its names share with those of others, and where they say that it stands among them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.fields.own_dates import date_in_name
from chatbot_app.knowledge.values.dates import dates_of
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.words import STOP_WORDS

_LONGEST_NAME = 120  # characters

_SEASONS = {
    **dict.fromkeys(("spring", "frühjahr", "frühling", "printemps", "primavera", "ss"), 4),
    **dict.fromkeys(("summer", "sommer", "été", "verano", "sose"), 7),
    **dict.fromkeys(("autumn", "fall", "herbst", "automne", "otoño", "ws", "wise"), 10),
    **dict.fromkeys(("winter", "hiver", "invierno"), 12),
}
# What is counted by a version; the first of them says only that one follows.
_OF_VERSIONS = frozenset(
    "v ver version versions versión версия rev revision revisions révision revisión revisionsstand fassung auflage ausgabe edition edición édition release build issue"
    " entwurf draft редакция выпуск 版 版本 修订".split()
)
_LAST_VERSION = frozenset(
    "final finale finalversion endfassung endversion signed unterschrieben approved definitiv définitif definitivo итог итоговый 定稿 终稿".split()
)
_FIRST_VERSION = frozenset(
    "draft entwurf brouillon borrador черновик vorläufig preliminary 草稿 草案".split()
)
_COUNTED = frozenset(
    "week kw kalenderwoche semaine semana неделя round runde journée jornada тур no nr nº n° num number nummer numéro número номер part teil partie parte часть vol"
    " volume band tome tomo том chapter kapitel unit lesson lektion session sitzung sprint day tag issue heft episode folge lecture vorlesung meeting"
    " 周 第 期 号 章 课".split()
)
_STAGES = frozenset({"rc", "beta", "alpha", "dev", "pre"})
_NO_NAMES = (
    _STAGES
    | frozenset(MONTHS)
    | frozenset(_SEASONS)
    | _OF_VERSIONS
    | _LAST_VERSION
    | _FIRST_VERSION
    | _COUNTED
)
_TOKEN = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ0-9])|(?<=[A-Z]{2})(?=\d)")
VERSION = re.compile(
    r"(?<![\w.])[vV]?(?P<numbers>\d{1,6}(?:\.\d{1,6}){1,4})(?:[-_.]?(?P<stage>rc|beta|alpha|dev|pre)[-_.]?\d*)?(?![\w]|\.\d)"
)
_COUNT = re.compile(
    rf"(?<![^\W\d_])(?P<what>{'|'.join(sorted(map(re.escape, _OF_VERSIONS | _COUNTED), key=len, reverse=True))})(?![^\W\d_])[\s._:#№-]{{0,3}}(?:(?P<number>\d{{1,6}})(?!\d|\.\d)|(?P<letter>[A-Za-z])(?![^\W_]))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,-])(?P<number>\d{1,4})(?![\w.,-]*\d)")
_VERSION_NUMBERS = 5
_YEAR = range(1900, 2100)
NO_YEAR = 1  # of a month that is named alone
_EASTERN = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """How a document is called: its title, the name of its file, the first line of its text."""

    document_id: str
    path: str
    title: str = ""
    opening: str = ""

    def each(self) -> tuple[str, ...]:
        """Return its names, each once; a first line that is long is a sentence, and no name."""
        name = PurePath(self.path).stem
        heading = next((line for line in self.opening.split("\n") if line.strip()), "").strip(" #*_|\t")
        told = [" ".join(clean_text(one).replace("_", " ").split()) for one in (self.title, name, heading)]
        return tuple(dict.fromkeys(one for one in told if 0 < len(one) <= _LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in its series, as far as its names and its date tell."""

    day: date | None = None
    version: tuple[float, ...] | None = None
    number: tuple[int, ...] | None = None


def shape_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that are neither time nor number nor version; () where hardly anything is left."""
    if _EASTERN.search(name):
        plain = re.sub(r"[\d一二三四五六七八九十年月日第期号版周]+|[vV](?=\d)", " ", name)
        return tuple(plain.casefold().split())
    kept = []
    for token in _TOKEN.findall(_PIECE.sub(" ", name)):
        word = token.casefold()
        if len(word) > 1 and not word[0].isdigit() and word not in _NO_NAMES and word not in STOP_WORDS:
            kept.append(word)
    return tuple(kept)


def place_of(one: DocumentNames, day: date | None) -> Place:
    """Return where a document stands in its series: by its `day` or one in its names, by its version and its numbers."""
    version: tuple[float, ...] | None = None
    numbers: tuple[int, ...] | None = None
    named_day: date | None = None
    for name in one.each():
        version = version or _version_of(name)
        named_day = named_day or _day_of(name)
        numbers = numbers or tuple(_numbers_of(name)) or None
    return Place(day or named_day, version, numbers)


def _version_of(name: str) -> tuple[float, ...] | None:
    """Return a version as numbers: (2, 10, 0), a letter by its place, "final" behind all others; None without one."""
    spaced = _without_dates(_PIECE.sub(" ", name))
    words = {token.casefold() for token in _TOKEN.findall(spaced)}
    if words & _LAST_VERSION:
        return (math.inf,)
    found = next(iter(versions_in(spaced)), None)
    if found is None and words & _FIRST_VERSION:
        return (-1.0,)
    return found


def versions_in(text: str) -> list[tuple[float, ...]]:
    """Return the versions that a text names, as numbers that compare: (2, 10, 0), a candidate before its release."""
    found: list[tuple[float, ...]] = []
    for match in VERSION.finditer(text):
        numbers = [float(number) for number in match["numbers"].split(".")]
        found.append(_padded(numbers, -1.0 if match["stage"] else 0.0))
    for match in _COUNT.finditer(_PIECE.sub(" ", text)):
        if match["what"].casefold() in _OF_VERSIONS:
            letter = match["letter"]
            found.append(_padded([_place_of_letter(letter) if letter else float(match["number"])]))
    return found


def _padded(numbers: list[float], stage: float = 0.0) -> tuple[float, ...]:
    """Return the numbers of a version, "3" as "3.0", with its stage behind them: a candidate comes before its release."""
    return (*numbers, *[0.0] * (_VERSION_NUMBERS - len(numbers)), stage)


def counts_in(text: str) -> set[int]:
    """Return the numbers that count documents in a text: of weeks, meetings, issues; no versions."""
    return {
        int(match["number"])
        for match in _COUNT.finditer(_PIECE.sub(" ", text))
        if match["number"] and match["what"].casefold() not in _OF_VERSIONS
    }


def _numbers_of(name: str) -> list[int]:
    """Return the numbers in a name that count: those behind "week", else those of a few digits that are no year."""
    counts = [
        int(match["number"])
        for match in _COUNT.finditer(_without_dates(_PIECE.sub(" ", name)))
        if match["number"] and match["what"].casefold() not in _OF_VERSIONS
    ]
    if counts:
        return counts
    return [
        number
        for match in _NUMBER.finditer(_without_dates(name))
        if (number := int(match["number"])) not in _YEAR
    ]


def _without_dates(name: str) -> str:
    for start, end, meanings in sorted(dates_of(name), key=lambda item: -item[0]):
        if meanings[0].month is not None:
            name = f"{name[:start]} {name[end:]}"
    return name


def _day_of(name: str) -> date | None:
    """Return the day that a name tells, the first of a month, a season or a year."""
    parts = [int(part) for part in date_in_name([name]).split("-") if part]
    if not parts:
        words = [token.casefold() for token in _TOKEN.findall(name)]
        # "board_jan": of one year, as far as the names tell.
        return next((date(NO_YEAR, MONTHS[word], 1) for word in words if word in MONTHS), None)
    season = next(
        (_SEASONS[word.casefold()] for word in _TOKEN.findall(name) if word.casefold() in _SEASONS), 1
    )
    month = parts[1] if len(parts) > 1 else season
    try:
        return date(parts[0], month, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None


def _place_of_letter(letter: str) -> float:
    return float(ord(letter.casefold()) - ord("a") + 1)
