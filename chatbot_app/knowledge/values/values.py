"""Numbers, units and dates of a text as values: "1.2 billion", "1,200 million" and "1.2bn" are one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.values.amounts_in_words import amounts_in_words
from chatbot_app.knowledge.values.clock_times import times_of_day
from chatbot_app.knowledge.values.dates import dates_of, with_plain_digits, with_plain_letters
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.notation import SPACE, open_mark, readings_of, rounded_step
from chatbot_app.knowledge.values.spelled_numbers import spelled_numbers
from chatbot_app.knowledge.words.designations import designations_of
from chatbot_app.knowledge.words.lexicon import (
    FRACTIONS,
    MAGNITUDES,
    OTHER_CURRENCIES,
    UNITS,
    VULGAR_FRACTIONS,
    Unit,
)

_UNSPACED = (
    "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # kana, Han, Hangul: what is counted stands right behind
)
_CODES = "|".join(("USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "RUB", *OTHER_CURRENCIES))
# 1,234.5 · 1.234,5 · 1 234,5 · 1'234.5
_DIGITS = (
    rf"\d{{1,3}}(?:[{SPACE}'’ ]\d{{3}})+(?:[.,]\d+)?(?![\d])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)"
    r"|\d+(?:[.,]\d+)?"
)
_QUANTITY = re.compile(
    rf"(?P<sign>(?<![\w)\]])[-−](?=\S))?(?P<before>(?:US|A|C|HK)?\$|[€£¥₽₹₩]|\b(?:{_CODES})\b)?"
    rf"[{SPACE} ]?(?<![^\W{_UNSPACED}])(?<!\.)(?P<digits>{_DIGITS})(?P<ordinal>(?:st|nd|rd|th|er|ère|º|ª)\b|\.(?=\s+Jahrhundert))?"
)
_AFTER = re.compile(
    rf"[{SPACE} ]?-?(?P<word>[%‰]|°[CF]|(?:[kKTM]|Md)[$€£]|[^\W\d_²³]+\.?|[$€£¥₽₹₩])(?P<power>[²³]|\^[23]|(?<=m)[23](?![^\W_]))?"
)
_OF = re.compile(r"\s+(?:de\s+|d['’])(?=[^\W\d_])", re.IGNORECASE)  # "10,6 millones de euros"
_AGAIN_IN_WORDS = re.compile(r"\s?\((?:[^\W\d_]+[\s-]?){1,6}\)(?=\s[^\W\d_])")  # "14 (fourteen) days"
_TIMES_SIGN = re.compile(r"(?<=\d)(?<!(?<!\d)0)[xX](?=\d)")  # 20x30 is 20 × 30, 0x30 a number of another kind
_LOSS = re.compile(r"\)\s?%")
_GLUED = re.compile(r"[^\W\d_]+")
_APPROXIMATE = re.compile(
    r"(?:about|approximately|approx\.?|around|roughly|nearly|almost|circa|ca?\.|~|≈|over|than|under|up to|etwa|rund"
    r"|ungefähr|fast|knapp|über|environ|près de|plus de|unos|cerca de|casi|más de|около|почти|более|примерно|约|近)"
    r"\s*(?:US)?[$€£¥]?\s*$",
    re.IGNORECASE,
)
_LOOK_BACK = 20  # characters before a number
_LINK = 4  # characters: " de "
_MOST_DIGITS = 300  # more are no amount, and past what a float can hold
# "From 9.8 to 10.6 million euros": the unit of the second is that of the first.
_UP_TO_NEXT = re.compile(
    rf"\s*(?:to|and|bis|auf|und|a|à|et|y|до|и|[-–—])\s*(?P<digits>{_DIGITS})", re.IGNORECASE
)
_SPAN = re.compile(r"\b(?:from|between|von|zwischen|de|entre|от|с|между)\s+$", re.IGNORECASE)
# "6,000 operating hours", "five working days", "drei volle Tage".
_KIND_OF_UNIT = re.compile(
    r"\s(?:operating|calendar|business|working|consecutive|full|whole|additional|more|extra|further|square|cubic|volle[nrs]?|ganze[nrs]?|weitere[nrs]?"
    r"|aufeinanderfolgende[nrs]?|jours|consecutivos)(?=\s(?P<unit>[^\W\d_]+))",
    re.IGNORECASE,
)
_COMPOUND_UNIT = re.compile(
    r"[^\W\d_]{3,}?(tagen?|stunden|wochen|monaten?|jahren?|minuten|kilometern?|euro)$"
)
_POWERS = str.maketrans({"²": "2", "³": "3", "^": ""})
_LONGEST_UNSPACED = 4  # characters of a unit
_ONE_LETTER = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "b": 1e9, "T": 1e12}
_CHINESE_PERCENT = "百分之"
_MEASURE_WORDS = frozenset(
    "个個名位家人次本张張台辆輛件条條只隻间間层層岁歲页頁"
)  # what one sign alone counts
_NO_UNIT = Unit("")


_FRACTION = re.compile(
    r"\b(?P<share>"
    + "|".join(
        re.escape(words).replace(r"\ ", r"[\s-]+") for words in sorted(FRACTIONS, key=len, reverse=True)
    )
    + r")\b(?!\s+(?:hours?|minutes?|years?|million|of fiscal|ended|quarter))",
    re.IGNORECASE,
)


def values_of(text: str) -> list[Value]:
    """Return the values of a text, in the order in which they stand there."""
    text = _TIMES_SIGN.sub("×", with_plain_digits(with_plain_letters(text)))
    designations = [slice(one.start, one.end) for one in designations_of(text)]
    found = [
        Value(ValueKind.DATE, start, end, dates=dates)
        for start, end, dates in dates_of(text, with_months=True)
        if any(date.month for date in dates)
        or not _is_inside(start, end, designations)  # 2016/679 is no year
    ]
    taken = bytearray(len(text))
    for value in found:
        taken[value.start : value.end] = b"\1" * (value.end - value.start)
    times = list(times_of_day(text))
    for span in designations:
        is_time = any(time.start < span.stop and span.start < time.end for time in times)
        if not is_time and 1 not in taken[span]:
            taken[span] = b"\1" * (span.stop - span.start)
    for value in [
        *times,
        *amounts_in_words(text),
        *_fractions(text),
        *_numbers(text),
        *_numbers_in_words(text),
    ]:
        # "Hundred hundred …", a hundred and sixty times, is past what a float can hold.
        if 1 not in taken[value.start : value.end] and all(map(math.isfinite, value.readings)):
            taken[value.start : value.end] = b"\1" * (value.end - value.start)
            found.append(value)
    return sorted(found, key=lambda value: value.start)


def _is_inside(start: int, end: int, spans: Sequence[slice]) -> bool:
    """Whether characters are a part of one of some spans, but not all of it."""
    return any(
        span.start <= start and end <= span.stop and end - start < span.stop - span.start for span in spans
    )


# --- digits ------------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[Value]:
    for match in _QUANTITY.finditer(text):
        start, end = match.span("digits")
        if end - start > _MOST_DIGITS or _in_a_name(text, start):
            continue
        if not match["ordinal"] and (glued := _GLUED.match(text, end)) and not _counts(glued.group()):
            continue  # "3D", "747s": part of a name
        readings, halves, end = _read_digits(text, match)
        if match["ordinal"]:
            yield Value(ValueKind.ORDINAL, start, match.end(), readings)
        else:
            yield _quantity(text, match, readings, halves, end)


def _read_digits(text: str, match: re.Match[str]) -> tuple[tuple[float, ...], tuple[float, ...], int]:
    """Return (what the digits can mean, half a step of the last of them, where they end), with a sign and a fraction behind."""
    readings, halves = readings_of(match["digits"])
    end = match.end("digits")
    if text[end : end + 1] in VULGAR_FRACTIONS:  # 38½
        part = unicodedata.numeric(text[end])
        readings, halves = tuple(reading + part for reading in readings), (0.05,) * len(readings)
        end += 1
    if match["sign"]:
        readings = tuple(-reading for reading in readings)
    return readings, halves, end


def _in_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of a number with the brackets around it where what it counts stands behind them: "ninety (90) days",
    a loss of "(415) thousand"."""
    if text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")":
        magnitude, counted, _ = _unit_behind(text, end + 1, None)
        end += magnitude != 1.0 or counted.dimension in ("time", "calendar")
        start -= magnitude != 1.0
    return start, end


def _quantity(
    text: str, match: re.Match[str], readings: tuple[float, ...], halves: tuple[float, ...], end: int
) -> Value:
    """Return a number with its unit; `end` is where its digits end."""
    first = "sign" if match["sign"] else "before" if match["before"] else "digits"
    start, behind = _in_brackets(text, match.start(first), end)
    factor, unit, end = _unit_behind(text, behind, UNITS.get((match["before"] or "").removeprefix("US")))
    mark = open_mark(match["digits"], text[behind : end + _LINK])
    if not mark:
        readings, halves = readings[:1], halves[:1]
    rounded = _APPROXIMATE.search(text[max(0, start - _LOOK_BACK) : start]) is not None
    steps = tuple(
        half if factor != 1.0 or half < 0.5 else rounded_step(match["digits"]) if rounded else 0.0
        for half in halves
    )
    if unit is _NO_UNIT and factor == 1.0 and (shared := _shared_unit(text, start, end)) is not None:
        factor, unit = shared
        plain = factor * unit.factor  # as it is written, it may be said as well
        readings = (*readings, *((reading - unit.offset) / plain for reading in readings))
        halves, steps = (*halves, *(half / plain for half in halves)), (*steps, *steps)
    scale = factor * unit.factor
    return Value(
        ValueKind.NUMBER,
        start,
        end,
        tuple(reading * scale + unit.offset for reading in readings),
        unit.dimension,
        tuple(step * scale for step in steps),
        tuple(half * scale for half in halves),
        is_plain=match["digits"].isdigit() and scale == 1.0 and not (unit.dimension or rounded),
        mark=mark,
        decimal=tuple(n % 2 == 1 for n in range(len(readings))) if mark else (),
        says_scale=scale != 1.0 or (unit.dimension not in ("", "%") and not unit.dimension.isupper()),
    )


def _unit_behind(text: str, end: int, unit: Unit | None) -> tuple[float, Unit, int]:
    """Return (magnitude, unit, where they end) of the words behind a number; `unit` stood before it."""
    factor = 1.0
    if (kind := _KIND_OF_UNIT.match(text, end)) is not None and (
        named := unit_named(kind["unit"])
    ) is not None:
        return factor, (unit or named), kind.end("unit")
    if (loss := _LOSS.match(text, end)) is not None:  # "(2)%", as accounts write a fall
        return factor, UNITS["%"], loss.end()
    if (again := _AGAIN_IN_WORDS.match(text, end)) is not None and _unit_behind(text, again.end(), None)[
        1
    ] is not _NO_UNIT:
        end = again.end()
    while (after := _AFTER.match(text, end)) is not None:
        word = _word_behind(after["word"])
        stop = after.start("word") + len(word)
        is_thousands = word == "miles" and _OF.match(text, stop) is not None  # "12 miles de euros"
        magnitude = 1e3 if is_thousands else _magnitude(word, unit is not None)
        if magnitude is not None and factor == 1.0:
            factor, end = magnitude, stop
            if (
                unit is None
                and (of := _OF.match(text, end)) is not None
                and (counted := _AFTER.match(text, of.end())) is not None
            ):
                unit = unit_named(counted["word"] + (counted["power"] or "").translate(_POWERS))
                end = counted.end() if unit is not None else end
            continue
        power = (after["power"] or "").translate(_POWERS)
        named = unit_named(word + power)
        if named is not None and unit is None:
            unit, end = named, after.end() if power else stop
        break
    return factor, unit or _NO_UNIT, end


def _shared_unit(text: str, start: int, end: int) -> tuple[float, Unit] | None:
    """Return (magnitude, unit) of the second number of a span, for the first; None where it has none either."""
    following = _UP_TO_NEXT.match(text, end)
    if following is None:
        return None
    between = following.group()[: -len(following["digits"])].strip()
    if between not in "-–—" and not _SPAN.search(text, max(0, start - _LOOK_BACK), start):
        return None
    factor, unit, _ = _unit_behind(text, following.end(), None)
    return None if factor == 1.0 and unit is _NO_UNIT else (factor, unit)


def _word_behind(word: str) -> str:
    """Return the magnitude or unit that a run of letters without spaces begins with, all of it where there is none."""
    if not word[0] >= "\u3040":
        return word
    starts = (word[:length] for length in range(min(_LONGEST_UNSPACED, len(word)), 0, -1))
    return next((start for start in starts if start in UNITS or start in MAGNITUDES), word)


def _in_a_name(text: str, at: int) -> bool:
    """Whether the number is tied to a word before it: "COVID-19", "F-16", "H2"."""
    before = text[max(0, at - 2) : at]
    return (before[-1:].isalpha() and before[-1:].isascii()) or (
        len(before) == 2 and before[1] in "-‑" and before[0].isalpha()
    )


def _counts(word: str) -> bool:
    # Chinese and Japanese write what is counted right behind the number.
    plain = word.rstrip("²³")
    return not word[0].isascii() or unit_named(plain) is not None or _magnitude(plain, True) is not None


def _magnitude(word: str, with_unit: bool) -> float | None:
    plain = word.rstrip(".")
    if len(plain) == 1 and plain.isascii():
        return _ONE_LETTER.get(plain) if with_unit else None
    return MAGNITUDES.get(plain.casefold())


def unit_named(word: str) -> Unit | None:
    """Return the unit that a word names, None where it names none."""
    plain = word.rstrip(".")
    found = UNITS.get(plain) or UNITS.get(plain.casefold())
    if found is None and (compound := _COMPOUND_UNIT.match(plain.casefold())) is not None:
        return UNITS.get(compound[1])  # "29 Urlaubstage"
    return found


def _fractions(text: str) -> Iterator[Value]:
    """Yield "a third", "two-thirds", "half of", "drei Viertel" as shares in percent."""
    for match in _FRACTION.finditer(text):
        share = FRACTIONS[re.sub(r"[\s-]+", " ", match.group("share").casefold())]
        yield Value(ValueKind.NUMBER, match.start("share"), match.end("share"), (share,), "%", (0.5,))


# --- words -------------------------------------------------------------------------------------------


def _numbers_in_words(text: str) -> Iterator[Value]:
    """Yield "twenty-one", "three hundred euros", "third", 百分之五. "One" alone is seldom a number and is left out."""
    for spelled in spelled_numbers(text):
        if spelled.is_ordinal:
            yield Value(ValueKind.ORDINAL, spelled.start, spelled.end, (float(spelled.number),))
            continue
        factor, unit, end = _unit_behind(text, spelled.end, None)
        if text[max(0, spelled.start - 3) : spelled.start] == _CHINESE_PERCENT:
            unit = UNITS["%"]
        elif (
            spelled.end - spelled.start == 1
            and text[spelled.start] > "z"
            and unit is _NO_UNIT
            and text[end : end + 1] not in _MEASURE_WORDS
        ):
            continue  # 十分 is "very"
        readings = (spelled.number * factor * unit.factor + unit.offset,)
        yield Value(ValueKind.NUMBER, spelled.start, end, readings, unit.dimension)
