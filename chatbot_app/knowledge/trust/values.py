"""Numbers, units and dates of a text as values: "1.2 billion", "1,200 million" and "1.2bn" are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.knowledge.trust.dates import Date, dates_of
from chatbot_app.knowledge.trust.lexicon import (
    AMBIGUOUS_NUMBERS,
    MAGNITUDES,
    NUMBER_WORDS,
    ORDINALS,
    UNITS,
    Unit,
)

_SPACE = "\u00a0\u2009\u202f"  # what stands between thousands in print: no-break and thin spaces
# 1,234.5 · 1.234,5 · 1 234,5 · 1'234.5
_DIGITS = (
    rf"\d{{1,3}}(?:[{_SPACE}'’ ]\d{{3}})+(?:[.,]\d+)?(?![\d])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)"
    r"|\d+(?:[.,]\d+)?"
)
_QUANTITY = re.compile(
    rf"(?P<sign>(?<![\w)\]])[-−])?(?P<before>(?:US|A|C|HK)?\$|[€£¥₽₹₩]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|RUB)\b)?"
    rf"[{_SPACE} ]?(?<![\w.])(?P<digits>{_DIGITS})(?P<ordinal>(?:st|nd|rd|th|er|ère|º|ª)\b|\.(?=\s+Jahrhundert))?"
)
_AFTER = re.compile(rf"[{_SPACE} ]?-?(?P<word>[%‰]|°[CF]|[^\W\d_]+\.?|[$€£¥₽₹₩])(?P<square>²|\^2)?")
_GLUED = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_APPROXIMATE = re.compile(
    r"(?:about|approximately|approx\.?|around|roughly|nearly|almost|circa|ca?\.|~|≈|over|than|under|up to|etwa|rund"
    r"|ungefähr|fast|knapp|über|environ|près de|plus de|unos|cerca de|casi|más de|около|почти|более|примерно|约|近)"
    r"\s*(?:US)?[$€£¥]?\s*$",
    re.IGNORECASE,
)
_LOOK_BACK = 20
_TABLE_SCALE = re.compile(
    r"(?:\b(?:in|en)|\()\s*(?:US\$|[$€£])?\s*(thousands?|millions?|billions?|tausend|millionen|mio|mrd|milliarden"
    r"|milliers|milliards|miles|millones|тыс|млн|млрд)\b",
    re.IGNORECASE,
)
_ONE_LETTER = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "b": 1e9, "T": 1e12}
_SCALES = ("hundred", "thousand", "million", "billion", "trillion")
_NO_UNIT = Unit("")


class ValueKind(StrEnum):
    """What a value is, as far as it decides what it may be compared with."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Value:
    """A number, ordinal or date at characters `start` to `end` of a text.

    `readings` holds what the digits can mean in the base unit of `dimension` ("1.234" is 1.234 in English
    and 1234 in German; dimension "" where no unit is named), `step` half of the last place that is written
    (0 where the number is exact), `dates` what a date can mean.
    """

    kind: ValueKind
    start: int
    end: int
    readings: tuple[float, ...] = ()
    dimension: str = ""
    step: float = 0.0
    dates: tuple[Date, ...] = ()

    def comparable(self, other: Value) -> bool:
        """Whether both measure the same, so that they can agree or contradict each other."""
        if ValueKind.DATE in (self.kind, other.kind):
            return self.kind is other.kind
        if self.kind is not other.kind:
            return False
        return self.dimension == other.dimension or not self.dimension or not other.dimension

    def says(self, claimed: Value, scale: float = 1.0) -> bool:
        """Whether this value, of a source, says what `claimed` says.

        `scale` is what the plain numbers of the source's table are multiplied by (see `table_scale`).
        """
        if ValueKind.DATE in (self.kind, claimed.kind):
            return any(mine.said_by(said) for mine in _as_dates(claimed) for said in _as_dates(self))
        if not self.comparable(claimed):
            return False
        scales = (1.0, scale) if scale != 1.0 and claimed.dimension != "%" else (1.0,)
        return any(
            abs(said * factor - mine) <= max(claimed.step, self.step * factor, 1e-9 * abs(mine))
            for factor in scales
            for said in self.readings
            for mine in claimed.readings
        )


def values_of(text: str) -> list[Value]:
    """Return the values of a text, in the order in which they stand there."""
    text = _with_plain_digits(text)
    found = [Value(ValueKind.DATE, start, end, dates=dates) for start, end, dates in dates_of(text)]
    taken = bytearray(len(text))
    for value in found:
        taken[value.start : value.end] = b"\1" * (value.end - value.start)
    for value in [*_numbers(text), *_numbers_in_words(text)]:
        if 1 not in taken[value.start : value.end]:
            taken[value.start : value.end] = b"\1" * (value.end - value.start)
            found.append(value)
    return sorted(found, key=lambda value: value.start)


def table_scale(text: str) -> float:
    """Return what a table says its plain numbers are counted in ("in millions", "Mio. EUR"); 1 where nothing."""
    found = _TABLE_SCALE.search(text)
    word = found.group(1).casefold() if found else ""
    return MAGNITUDES.get(word, 1e3 if word == "miles" else 1.0)


def _as_dates(value: Value) -> tuple[Date, ...]:
    if value.dates or value.kind is not ValueKind.NUMBER or value.dimension:
        return value.dates
    return tuple(Date(int(reading)) for reading in value.readings if reading == int(reading))


def _with_plain_digits(text: str) -> str:
    """Return the text with every decimal digit as an ASCII one, at the same offsets."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if c > "\x7f" and unicodedata.decimal(c, None) is not None else c
        for c in text
    )


# --- digits ------------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[Value]:
    for match in _QUANTITY.finditer(text):
        start, end = match.start("digits"), match.end("digits")
        if _in_a_name(text, start):
            continue
        if not match["ordinal"] and (glued := _GLUED.match(text, end)) and not _counts(glued.group()):
            continue  # "3D", "747s": part of a name
        readings, step = _readings(match["digits"])
        if match["sign"]:
            readings = tuple(-reading for reading in readings)
        if match["ordinal"]:
            yield Value(ValueKind.ORDINAL, start, match.end(), readings)
            continue
        if match["before"]:
            start = match.start("before")
        factor, unit, end = _unit_behind(text, end, UNITS.get((match["before"] or "").removeprefix("US")))
        exact = factor == 1.0 and readings[0] == int(readings[0])
        if exact and _APPROXIMATE.search(text[max(0, start - _LOOK_BACK) : start]):
            exact, step = False, _rounded_step(match["digits"])
        scale = factor * unit.factor
        yield Value(
            ValueKind.NUMBER,
            start,
            end,
            tuple(reading * scale + unit.offset for reading in readings),
            unit.dimension,
            0.0 if exact else step * scale,
        )


def _unit_behind(text: str, end: int, unit: Unit | None) -> tuple[float, Unit, int]:
    """Return (magnitude, unit, where they end) of the words behind a number; `unit` stood before it."""
    factor = 1.0
    while (after := _AFTER.match(text, end)) is not None:
        magnitude = _magnitude(after["word"], unit is not None)
        if magnitude is not None and factor == 1.0:
            factor, end = magnitude, after.end("word")
            continue
        named = _unit(after["word"] + ("2" if after["square"] else ""))
        if named is not None and unit is None:
            unit, end = named, after.end()
        break
    return factor, unit or _NO_UNIT, end


def _readings(digits: str) -> tuple[tuple[float, ...], float]:
    """Return (what digits with separators can mean, half of the last place of the finest reading)."""
    digits = re.sub(rf"[{_SPACE}'’ ]", "", digits)
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return (float(digits),), 0.5
    last = marks[-1]
    if len(set(marks)) == 1 and len(marks) > 1:
        return (float(digits.replace(last, "")),), 0.5
    head, _, tail = digits.rpartition(last)
    head = re.sub(r"[.,]", "", head)
    decimal, step = float(f"{head}.{tail}"), 0.5 * 10.0 ** -len(tail)
    if len(marks) == 1 and len(tail) == 3 and head != "0" and len(head) <= 3:
        return (float(head + tail), decimal), step
    return (decimal,), step


def _rounded_step(digits: str) -> float:
    plain = re.sub(r"\D", "", digits)
    zeros = len(plain) - len(plain.rstrip("0"))
    return 0.5 * 10.0 ** (zeros if zeros < len(plain) else 0)


def _in_a_name(text: str, at: int) -> bool:
    """Whether the number is tied to a word before it: "COVID-19", "F-16", "H2"."""
    before = text[max(0, at - 2) : at]
    return (before[-1:].isalpha() and before[-1:].isascii()) or (
        len(before) == 2 and before[1] in "-‑" and before[0].isalpha()
    )


def _counts(word: str) -> bool:
    # Chinese and Japanese write what is counted right behind the number.
    return not word[0].isascii() or _unit(word) is not None or _magnitude(word, True) is not None


def _magnitude(word: str, with_unit: bool) -> float | None:
    plain = word.rstrip(".")
    if len(plain) == 1 and plain.isascii():
        return _ONE_LETTER.get(plain) if with_unit else None
    return MAGNITUDES.get(plain.casefold(), None if plain.isascii() else MAGNITUDES.get(plain[:1]))


def _unit(word: str) -> Unit | None:
    plain = word.rstrip(".")
    return UNITS.get(plain) or UNITS.get(plain.casefold())


# --- words -------------------------------------------------------------------------------------------


def _numbers_in_words(text: str) -> Iterator[Value]:
    """Yield "twenty-one", "three hundred", "third". "One" alone is seldom a number and is left out."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        plain = word.group().casefold()
        if plain in ORDINALS:
            yield Value(ValueKind.ORDINAL, word.start(), word.end(), (float(ORDINALS[plain]),))
        joined = not run or not text[run[-1].end() : word.start()].strip("- ")
        if joined and (plain in NUMBER_WORDS or (run and plain in _SCALES)):
            run.append(word)
            continue
        yield from _run_value(text, run)
        run = [word] if plain in NUMBER_WORDS else []
    yield from _run_value(text, run)


def _run_value(text: str, run: list[re.Match[str]]) -> Iterator[Value]:
    words = [word.group().casefold() for word in run]
    if not run or (len(run) == 1 and words[0] in AMBIGUOUS_NUMBERS):
        return
    total = current = 0.0
    for word in words:
        if word in _SCALES:
            current = (current or 1.0) * MAGNITUDES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        else:
            current += NUMBER_WORDS[word]
    factor, unit, end = _unit_behind(text, run[-1].end(), None)
    value = (total + current) * factor * unit.factor + unit.offset
    yield Value(ValueKind.NUMBER, run[0].start(), end, (value,), unit.dimension)
