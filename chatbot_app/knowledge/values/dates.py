"""Days, months and years in a text, in any of the usual forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from chatbot_app.knowledge.words.lexicon import MONTHS

_MONTH = rf"(?P<month>{'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})\.?"
# Months of some languages that are names, ranks or words of others: without a day before them or a year behind them they are none.
_OTHER_WORDS = frozenset({"maja", "maj", "mei", "marca", "augustus", "ene"})
# One that is an English word is a month between a day and a year alone: "3 ago 2023".
_INSIDE = MONTHS | {"ago": 8}
_NAMES_WITHIN = "|".join(sorted(map(re.escape, _INSIDE), key=len, reverse=True))
_LEADING_MONTH = (
    rf"(?P<month>{'|'.join(sorted(map(re.escape, MONTHS.keys() - _OTHER_WORDS), key=len, reverse=True))})\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:(?P<year>[12]\d{3})|['’](?P<short>\d\d))"
_OF = r"(?:(?:\s+day)?\s+of|\s+de|\s+del)?"  # "this 3rd day of March, 2001"


class _Months(Enum):
    """Where a form has the name of a month."""

    NOWHERE = "nowhere"
    FIRST = "first"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a date."""

    pattern: re.Pattern[str]
    months: _Months

    @classmethod
    def of(cls, pattern: str) -> _Form:
        """Compile a form."""
        first = pattern.startswith((rf"\b{_MONTH}", rf"\b{_LEADING_MONTH}"))
        months = _Months.FIRST if first else _Months.LATER if "(?P<month>" in pattern else _Months.NOWHERE
        return cls(re.compile(pattern, re.IGNORECASE), months)

    def found(self, text: str, months: list[int]) -> Iterator[re.Match[str]]:
        """Yield what `pattern.finditer` does; `months` are all places where names of months may begin.

        Eighty names are not looked for at each word, form by form.
        """
        if self.months is _Months.FIRST:
            end = 0
            for place in months:
                if place >= end and (found := self.pattern.match(text, place)):
                    yield found
                    end = found.end()
        elif months or self.months is _Months.NOWHERE:
            yield from self.pattern.finditer(text)


def _any_of(names: Iterable[str], place: int) -> str:
    return "".join(sorted({name[place] for name in names}))


# What names of months begin with, and first what is sooner seen not to be there.
MONTH_BEGINS = re.compile(
    rf"\b(?=[{_any_of(_INSIDE, 0)}][{_any_of(_INSIDE, 1)}][{_any_of(_INSIDE, 2)}])"
    rf"(?={'|'.join(sorted({name[:3] for name in _INSIDE}))})",
    re.IGNORECASE,
)
FORMS = tuple(
    _Form.of(form)
    for form in (
        rf"\b{_LEADING_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",  # July 1, 2023
        rf"\b{_DAY}{_OF}\s+(?P<month>{_NAMES_WITHIN})\.?{_OF},?\s+{_YEAR}\b",  # 1 July 2023, 1. Juli 2023, 1 de julio de 2023
        rf"\b{_DAY}-(?P<month>{_NAMES_WITHIN})\.?-(?:(?P<year>[12]\d{{3}})|(?P<short>\d\d))\b",  # 1-Jul-2023, as sheets have it
        r"\b(?P<year>[12]\d{3})[-/.](?P<number>[01]?\d)[-/.](?P<day>[0-3]?\d)\b",  # 2023-07-01
        r"\b(?P<one>[0-3]?\d)(?P<mark>[./-])(?P<two>[0-3]?\d)(?P=mark)(?P<year>[12]\d{3})\b",  # 01.07.2023, 7/1/2023
        # 31.12.19, 7/1/23; not 3.11.12 of a program
        r"(?<![\w./-])(?P<one>[0-3]\d)(?P<mark>[.-])(?P<two>[01]\d)(?P=mark)(?P<short>\d\d)(?![\w/-]|\.\d)",
        r"(?<![\w./-])(?P<one>[0-3]?\d)(?P<mark>/)(?P<two>[0-3]?\d)/(?P<short>\d\d)(?![\w/-]|\.\d)",
        r"(?P<year>[12]\d{3})\s*年(?:\s*(?P<number>[01]?\d)\s*月(?:\s*(?P<day>[0-3]?\d)\s*日)?)?",
        rf"\b{_MONTH}(?:{_OF},?\s+{_YEAR}|-(?P<later>[12]\d{{3}}))\b",  # July 2023, Jul-2023
        rf"\b{_LEADING_MONTH}\s+{_DAY}\b(?![.,:]?\d|%)",  # July 1
        rf"\b{_DAY}{_OF}\s+{_MONTH}\b",  # 1 July
        r"(?<![\w.,])(?P<day>[0-3]\d)\.(?P<number>[01]\d)\.(?![\w.])",  # 03.06., as accounts have it
    )
)
# 12. bis 16. Mai, 12 to 16 May, May 12–16: one of the days stands without its month.
_SPAN = r"\s*(?:bis(?:\s+zum)?|to|until|and|und|au|al|y|et|по|и|[-–—])\s*"
SPANS = (
    _Form.of(
        rf"(?<![\w.,])[0-3]?\d(?:st|nd|rd|th|\.)?(?={_SPAN}{_DAY}{_OF}\s+{_MONTH}\b(?:{_OF},?\s+{_YEAR}\b)?)"
    ),
    _Form.of(
        rf"\b{_LEADING_MONTH}\s+{_DAY}\s*[-–—]\s*(?P<other>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s*{_MONTH.replace('(?P<month>', '(?:')}\b|[.,:]?\d|%)(?:,?\s+{_YEAR}\b)?"
    ),
)
# In July, from April.
LONE_MONTH = _Form.of(
    rf"\b(?:in|of|from|since|until|by|im|ab|seit|bis|en|de|depuis|desde|hasta|в|с|до|к)\s+{_LEADING_MONTH}\b"
)
# The 1980s, the 1980's, the 80s, die 1980er, les années 80.
_DECADE = re.compile(
    r"(?=[1-9])(?:"  # sooner seen than what stands before
    r"(?<![\w.,])(?P<century>1[0-9]|20)(?P<decade>\d)0(?:s|['’]s|er|-х)\b"
    r"|(?:(?<=the )|(?<=années )|(?<=años )|(?<=['’]))(?P<short>[1-9])0(?:s|['’]s)?\b(?![.,]?\d|\s*%))"
)
# A number of four digits is a year unless something else is said of it.
_LONE_YEAR = re.compile(
    r"(?<![\w.,$€£¥#-])(?P<year>1[0-9]\d{2}|20\d{2})(?![\w.,]\d|\w|\s*[%$€£¥]"
    r"|\s(?:m|km|ft|mm|cm|kg|g|t|ml|l|MW|GW|kW|[kMGT]Wh|metres?|meters?|feet|miles?|tonn?e?s?|litres?|people|euros?|dollars?)\b)"
)

_DIGIT = re.compile(r"\d")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_CHINESE_YEAR = re.compile(r"(?<![〇零○一二三四五六七八九])[一二][〇零○一二三四五六七八九]{3}(?=\s?年)")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# Regular expressions take the dotted and the dotless letter of Turkish for an i where case does not matter, `casefold` does not.
_TURKISH = str.maketrans("\u0130\u0131", "Ii")


@dataclass(frozen=True, slots=True)
class Date:
    """A day, month, year or decade; None where the text does not say. Months and days count from 1.

    `year` of a decade is its first.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    is_decade: bool = False

    def said_by(self, other: Date) -> bool:
        """Whether `other` names each part that this date names, with the same value."""
        if self.is_decade:
            return self.year is not None and other.year is not None and self.year // 10 == other.year // 10
        if other.is_decade:
            return False
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)


def dates_of(text: str, with_months: bool = False) -> Iterator[tuple[int, int, tuple[Date, ...]]]:
    """Yield (start, end, what it can mean) of each date; "03/04/2023" can mean two days.

    `with_months`: a month alone ("in July") is one as well.
    """
    text = with_plain_digits(with_plain_letters(text))
    months = [found.start() for found in MONTH_BEGINS.finditer(text)]
    if not months and not _DIGIT.search(text):
        return
    taken = bytearray(len(text))
    for found in _DECADE.finditer(text):
        start, end = found.span()
        taken[start:end] = b"\1" * (end - start)
        years = (
            [int(found["century"]) * 100 + int(found["decade"]) * 10]
            if found["century"]
            else [century + int(found["short"]) * 10 for century in (1900, 1800)]
        )
        yield start, end, tuple(Date(year, is_decade=True) for year in years)
    for form in (*FORMS, LONE_MONTH) if with_months else FORMS:
        for found in form.found(text, months):
            start, end = found.span()
            if form is LONE_MONTH:
                start = found.start("month")
            if 1 in taken[start:end]:
                continue
            dates = _meanings(found.groupdict())
            if dates:
                taken[start:end] = b"\1" * (end - start)
                yield start, end, dates
    for form in SPANS:
        for found in form.found(text, months):
            start, end = found.span("other") if "other" in form.pattern.groupindex else found.span()
            if 1 in taken[start:end]:
                continue
            day = re.match(r"\d+", text[start:end])
            dates = _meanings({**found.groupdict(), "day": day.group() if day else None})
            if dates:
                taken[start:end] = b"\1" * (end - start)
                yield start, end, dates
    for found in _LONE_YEAR.finditer(text):
        start, end = found.span()
        if 1 not in taken[start:end]:
            yield start, end, (Date(int(found["year"])),)


def full_year(short: int) -> int:
    """Return the year of which two digits are written: 1970 to 2069."""
    return 2000 + short if short < 70 else 1900 + short


def with_plain_digits(text: str) -> str:
    """Return the text with every decimal digit as an ASCII one, those of Chinese years too, at the same offsets."""
    if text.isascii():
        return text
    plain = _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found.group())), text)
    return _CHINESE_YEAR.sub(lambda found: found.group().translate(_CHINESE_DIGITS), plain)


def with_plain_letters(text: str) -> str:
    """Return the text with every i as an ASCII one, at the same offsets: its words stand in tables."""
    return text if text.isascii() else text.translate(_TURKISH)


def _meanings(parts: dict[str, str | None]) -> tuple[Date, ...]:
    written = parts.get("year") or parts.get("later")
    year = int(written) if written else None
    if parts.get("short"):
        year = full_year(int(parts["short"] or 0))
    if parts.get("mark"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        orders = [(two, one)] if parts["mark"] == "." else [(one, two), (two, one)]
        return tuple(dict.fromkeys(Date(year, month, day) for month, day in orders if _exists(month, day)))
    month = _INSIDE[name.casefold()] if (name := parts.get("month")) else None
    if parts.get("number"):
        month = int(parts["number"] or 0)
    day = int(parts["day"] or 0) if parts.get("day") else None
    if month is not None and not _exists(month, day if day is not None else 1):
        return ()
    return (Date(year, month, day),)


def _exists(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31
