"""Values that a sentence does not write but that follow from those it does: a difference, a sum, a share, a limit that is kept.

"Revenue rose from 389.1 to 412.6 million" says that it rose by 23.5 million, by 6 %, and that it is more than 400 million.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.values.bounds import Bound, bound_of
from chatbot_app.knowledge.values.dates import Date
from chatbot_app.knowledge.values.measures import Value, ValueKind, difference
from chatbot_app.knowledge.words.opposites import way_of

MOST_COMPARED = 8  # values of a sentence
MOST_ABOVE = 2.0  # times what is said, for "more than" it; a share in percent may be any
_LOOK_BACK = 12  # characters before an age, and behind it
_MOST_REMEMBERED = 64  # statements, each of which is compared with every sentence
_ALMOST_EXACT = 1e-6
# What a statement has that says by how much two values differ.
OF_CHANGE = frozenset(
    """by more less fewer higher lower than difference gap increased decreased rose fell grew dropped declined gained lost up
    down um mehr weniger teurer billiger höher de más menos aumentaron plus moins shortened cut reduced raised longer shorter
    increase decrease rise fall growth drop decline extra additional cheaper dearer aumentó bajó subió subieron""".split()
)
OF_A_SUM = re.compile(
    r"\b(?:total\w*|across all|in all|all (?:two|three|four|five|six)|together|combined|altogether|in all|sum|overall|insgesamt|zusammen|gesamt\w*|ensemble|juntos|conjunto|всего"
    r"|вместе)\b|合计|总共|一共",
    re.IGNORECASE,
)
_AGED = re.compile(r"\b(?:aged?|was|at|old)\b[\s\w,]{0,6}$", re.IGNORECASE)
_OF_CENTURIES = re.compile(r"[-\s]*(?:centur|jahrhundert|si[èe]cle|век)", re.IGNORECASE)
_LESS = re.compile(
    r"\s*(?:[^\W\d_]+\s+)?(?:less|fewer|lower|below|down|weniger|moins|menos|меньше)\b", re.IGNORECASE
)
_MORE = re.compile(
    r"\s*(?:[^\W\d_]+\s+)?(?:more|higher|above|up|mehr|plus|más|больше)\b(?!\s+or\b)", re.IGNORECASE
)
_LATER = re.compile(
    r"\s*(?:later|after\w*|on\b|später|darauf|plus tard|après|después|más tarde|спустя)", re.IGNORECASE
)
_AFTER_THAT = LatePattern(r"\b(?:через|спустя|au bout d['’e]|al cabo de)\s*\Z", re.IGNORECASE)
_SOONER = re.compile(
    r"\s*(?:earlier|before|previously|früher|zuvor|plus tôt|avant|antes|раньше)", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:about|approximately|around|roughly|nearly|almost|some|etwa|rund|ungefähr|knapp|environ|unos|около|примерно)\s+$",
    re.IGNORECASE,
)
_DURATIONS = {"time", "calendar"}
_DAY = 24 * 3600  # seconds
_MONTH = 30.44 * 24 * 3600  # seconds
_ABOUT_AS_LONG = 0.1
_YEAR_BEFORE = LatePattern(
    r"\b(?:(?:a|one) year (?:earlier|before|ago)|(?:the |in )?(?:previous|prior|preceding|last) (?:financial |fiscal )?year|the year before"
    r"|(?:im|zum|dem|des|gegenüber dem|als im) vorjahre?s?\b|ein jahr (?:zuvor|davor|früher)|im jahr (?:zuvor|davor)|годом ранее|прошлого года"
    r"|прошлом году|предыдущ\w+ год\w*|l['’]année précédente|un an plus tôt|el año anterior|un año antes)\b|上年|去年|前一年|同期",
    re.IGNORECASE,
)


def follows(
    statement: str, claimed: Value, source: str, values: Sequence[Value], above: Sequence[Value] = ()
) -> bool:
    """Whether a value that a statement claims follows from those of a sentence, `source`, and the dates `above` it."""
    if not values and claimed.kind is not ValueKind.ORDINAL:
        return False
    values = values[:MOST_COMPARED]
    if claimed.kind is ValueKind.DATE:
        return _is_said_in_parts(claimed, values, above) or any(
            date.said_by(own) for date in _dates_reached(source, values, above) for own in claimed.dates
        )
    if claimed.kind is ValueKind.ORDINAL and (century := _century(statement, claimed)) is not None:
        dates = [date for value in (*values, *above) for date in value.dates]
        return any(date.year is not None and (date.year - 1) // 100 == century - 1 for date in dates)
    if claimed.kind is not ValueKind.NUMBER:
        return False
    if _keeps_limit(statement, claimed, source, values) or _is_age(statement, claimed, source, values):
        return True
    if claimed.dimension == "clock":
        return _is_clock_reached(claimed, source, (*values, *above))
    before = statement[max(0, claimed.start - 2 * _LOOK_BACK) : claimed.start]
    if (
        claimed.dimension in _DURATIONS
        and _ABOUT.search(before)
        and any(_is_about_as_long(value, claimed) for value in values)
    ):
        return True
    return any(
        found.dimension == claimed.dimension and found.says(claimed)
        for found in _derived(statement, claimed, source, values)
    )


def _is_clock_reached(claimed: Value, source: str, values: Sequence[Value]) -> bool:
    """Whether a time of day is another one and a duration later, or earlier where the sentence says so."""
    times = [value for value in values if value.dimension == "clock"]
    durations = [value for value in values if value.dimension == "time" and value.readings[0] < _DAY]
    return any(
        abs(time + sign * by.readings[0] / 60 - mine) < 1
        for by in durations
        for sign in ((-1,) if _SOONER.match(source, by.end) else (1,))
        for value in times
        for time in value.readings
        for mine in claimed.readings
    )


def _is_about_as_long(value: Value, claimed: Value) -> bool:
    """Whether a time in weeks or days is about one in months or years: "a month and a half" of six weeks."""
    if {value.dimension, claimed.dimension} != _DURATIONS or not value.readings or not claimed.readings:
        return False
    mine, theirs = (
        abs(one.readings[0]) * (_MONTH if one.dimension == "calendar" else 1.0) for one in (claimed, value)
    )
    return abs(mine - theirs) <= _ABOUT_AS_LONG * theirs


def _derived(statement: str, claimed: Value, source: str, values: Sequence[Value]) -> Iterator[Value]:
    numbers = [
        value for value in values if value.kind is ValueKind.NUMBER and value.dimension == claimed.dimension
    ]
    yield from _differences(statement, claimed, values)
    yield from _ages_between(statement, claimed, values)
    yield from _shares_in_words(claimed, source, values, numbers)
    yield from _sums(statement, claimed, source, numbers)
    yield from _more_or_less(claimed, source, numbers)


def _differences(statement: str, claimed: Value, values: Sequence[Value]) -> Iterator[Value]:
    """Yield how far values lie apart, and by what share they changed."""
    is_of_change = _is_of_change(statement)
    pairs = list(itertools.combinations(values, 2))
    if is_of_change or claimed.dimension == "calendar":
        for one, other in pairs:
            apart = difference(one, other)
            if apart is not None:
                yield _of(apart.dimension, apart.readings[0], claimed)
    if claimed.dimension == "%" and is_of_change and (way := way_of(statement)):
        for one, other in pairs:
            apart = difference(one, other)
            if apart is not None and one.kind is ValueKind.NUMBER and one.dimension != "%":
                sizes = abs(one.readings[0]), abs(other.readings[0])
                base = min(sizes) if way > 0 else max(sizes)
                if base:
                    yield _like(claimed, 100 * apart.readings[0] / base)


def _ages_between(statement: str, claimed: Value, values: Sequence[Value]) -> Iterator[Value]:
    if claimed.dimension or not _AGED.search(statement, max(0, claimed.start - _LOOK_BACK), claimed.start):
        return
    for one, other in itertools.combinations(values, 2):
        if one.dates and other.dates:
            yield from (_like(claimed, float(age)) for age in _ages(one.dates[0], other.dates[0]))


def _shares_in_words(
    claimed: Value, source: str, values: Sequence[Value], numbers: Sequence[Value]
) -> Iterator[Value]:
    """Yield what a share in words is of each amount, and what is left of that: "60 euros, half of that for children"."""
    for part in values:
        if part.dimension == "%" and not any(c.isdigit() for c in source[part.start : part.end]):
            share = part.readings[0] / 100
            yield from (
                _like(claimed, value.readings[0] * of)
                for value in numbers
                if value.dimension not in ("", "%")
                for of in (share, 1 - share)
            )


def _sums(statement: str, claimed: Value, source: str, numbers: Sequence[Value]) -> Iterator[Value]:
    if claimed.dimension in _DURATIONS:  # "1 h 40 min"
        yield from (
            _like(claimed, one.readings[0] + other.readings[0])
            for one, other in itertools.pairwise(numbers)
            if not source[one.end : other.start].strip()
        )
    if len(numbers) > 1 and OF_A_SUM.search(statement):
        yield from (
            _like(claimed, sum(value.readings[0] for value in among))
            for among in (numbers, *itertools.combinations(numbers, 2))
        )


def _more_or_less(claimed: Value, source: str, numbers: Sequence[Value]) -> Iterator[Value]:
    """Yield each number with what another is less or more, sooner or later, than it."""
    for by in numbers:
        sign = (
            1
            if _LESS.match(source, by.end) or _LATER.match(source, by.end)
            else -1
            if _MORE.match(source, by.end) or _SOONER.match(source, by.end)
            else 0
        )
        if sign:
            yield from (
                _like(claimed, value.readings[0] + sign * by.readings[0])
                for value in numbers
                if value is not by
            )


def _is_age(statement: str, claimed: Value, source: str, values: Sequence[Value]) -> bool:
    """Whether a sentence gives the age that is claimed in other words: "a 38-year-old", "at age 38", "Jones (38)"."""
    for value in values:
        pair = {claimed.dimension: (statement, claimed), value.dimension: (source, value)}
        if value.kind is not ValueKind.NUMBER or pair.keys() != {"", "calendar"}:
            continue
        (plain_text, plain), (_, years) = pair[""], pair["calendar"]
        before = plain_text[max(0, plain.start - _LOOK_BACK) : plain.start]
        is_apart = before.rstrip()[-1:] in (",", "(") and plain_text[plain.end : plain.end + 1] in (",", ")")
        if (is_apart or _AGED.search(before)) and years.readings[0] == 12.0 * plain.readings[0]:
            return True
    return False


def _century(statement: str, claimed: Value) -> int | None:
    """Return which century an ordinal counts ("the 19th century", "siglo XIX"), None where it counts anything else."""
    return int(claimed.readings[0]) if _OF_CENTURIES.match(statement, claimed.end) else None


def _keeps_limit(statement: str, claimed: Value, source: str, values: Sequence[Value]) -> bool:
    """Whether a sentence has a value on the side of a claimed one that the statement names: 18,412 is more than 18,000."""
    near = [value for value in values if _is_comparable(value, claimed)]
    bound = _claimed_bound(statement, claimed) if near else None
    if bound is None:
        return False
    limit = claimed.readings[0]
    return any(
        (abs(value.readings[0]) - limit) * bound.value > 0 and bound_of(source, value) is None
        for value in near
    )


@lru_cache(maxsize=_MOST_REMEMBERED)
def _is_of_change(statement: str) -> bool:
    return not OF_CHANGE.isdisjoint(re.findall(r"\w+", statement.casefold()))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _claimed_bound(statement: str, claimed: Value) -> Bound | None:
    return bound_of(statement, claimed)


def _is_comparable(value: Value, claimed: Value) -> bool:
    """Whether two numbers are of one measure, and one is no more than some times the other."""
    if value.kind is not ValueKind.NUMBER or value.dimension != claimed.dimension:
        return False
    low, high = sorted((abs(value.readings[0]), claimed.readings[0]))
    return low > 0 and (claimed.dimension == "%" or high <= MOST_ABOVE * low)


def _is_said_in_parts(claimed: Value, values: Sequence[Value], above: Sequence[Value]) -> bool:
    """Whether a sentence says the day or month that is claimed, and it or what stands above it the year."""
    said = [date for value in values for date in value.dates if date.year is None]
    # The year of another day in the same sentence need not be its.
    dates = [date for value in values for date in value.dates if date.day is None]
    dates += [date for value in above for date in value.dates]
    years = {date.year for date in dates if not date.is_decade}
    return any(
        own.year in years and any((own.month, own.day) == (date.month, date.day) for date in said)
        for own in claimed.dates
        if own.year is not None and own.month is not None
    )


def _dates_reached(source: str, values: Sequence[Value], above: Sequence[Value]) -> Iterator[Date]:
    """Yield the years to which "six years later" or "than the year before" leads from those of a sentence and of what stands above it."""
    years = [
        date.year
        for value in (*values, *above)
        for date in value.dates
        if date.year is not None and not date.is_decade
    ]
    if _YEAR_BEFORE.search(source):
        yield from (Date(year - 1) for year in years)
    for by in values:
        if by.dimension != "calendar" or not by.readings or by.readings[0] % 12:
            continue
        is_later = _LATER.match(source, by.end) or _AFTER_THAT.search(
            source[max(0, by.start - 2 * _LOOK_BACK) : by.start]
        )
        sign = 1 if is_later else -1 if _SOONER.match(source, by.end) else 0
        if sign:
            yield from (Date(year + sign * round(by.readings[0] / 12)) for year in years)


def _ages(one: Date, other: Date) -> tuple[int, ...]:
    """Return the full years that may lie between two dates."""
    if one.year is None or other.year is None or one.is_decade or other.is_decade:
        return ()
    first, last = sorted((date.year or 0, date.month or 0, date.day or 0) for date in (one, other))
    years = last[0] - first[0]
    if not first[1] or not last[1]:
        return (years - 1, years)
    return (years - (last[1:] < first[1:]),)


def _like(claimed: Value, reading: float) -> Value:
    """Return a value of the measure of a claimed one, exact, which that one may round."""
    return _of(claimed.dimension, reading, claimed)


def _of(dimension: str, reading: float, claimed: Value) -> Value:
    half = _ALMOST_EXACT * max(abs(reading), 1.0)
    return Value(ValueKind.NUMBER, claimed.start, claimed.end, (reading,), dimension, (), (half,))
