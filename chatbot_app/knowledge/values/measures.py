"""Values: what a number, a date or an amount means, and when one says another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from chatbot_app.knowledge.values.dates import Date

MOST_ROUNDED = 0.01  # of a number
_FEWEST_DIGITS = 10  # two places


class ValueKind(StrEnum):
    """What a value is, as far as it decides what it may be compared with."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Value:
    """A number, ordinal or date at characters `start` to `end` of a text.

    `readings` holds what the digits can mean in the base unit of `dimension` ("1.234" is 1.234 in English
    and 1234 in German; dimension "" where no unit is named), `steps` by how much each can be off (0 where it is
    exact), `halves` half of its last place, `dates` what a date can mean.

    `mark` is the "." or "," of digits that may part thousands or decimals, `decimal` says of each reading whether it takes it
    for decimals. `says_scale`: with a magnitude or a unit of measure, "EUR 154 thousand", "412 t"; no table scales it.
    """

    kind: ValueKind
    start: int
    end: int
    readings: tuple[float, ...] = ()
    dimension: str = ""
    steps: tuple[float, ...] = ()
    halves: tuple[float, ...] = ()
    dates: tuple[Date, ...] = ()
    is_plain: bool = False
    mark: str = ""
    decimal: tuple[bool, ...] = ()
    says_scale: bool = False

    def comparable(self, other: Value) -> bool:
        """Whether both measure the same, so that they can agree or contradict each other."""
        if ValueKind.DATE in (self.kind, other.kind):
            return self.kind is other.kind
        if self.kind is not other.kind:
            return False
        return self.dimension == other.dimension or not self.dimension or not other.dimension

    def says(self, claimed: Value, scale: float = 1.0, exactly: bool = False) -> bool:
        """Whether this value, of a source, says what `claimed` says.

        `scale` is what the plain numbers of the source's table are multiplied by (see `table_scale`). What is
        claimed may be the source's number, rounded, unless `exactly`: 1,094 km of 1,094.26 km, 29,032 feet of 8,848.86 m; of
        a plain one the fraction alone.
        """
        if ValueKind.DATE in (self.kind, claimed.kind):
            return any(mine.said_by(said) for mine in _as_dates(claimed) for said in _as_dates(self))
        if not self.comparable(claimed):
            return False
        is_scaled = scale != 1.0 and claimed.dimension != "%" and not self.says_scale
        return any(
            abs(said * factor - mine) <= max(step, own_step * factor, 1e-9 * abs(mine))
            or (
                not exactly
                and (
                    (_is_finer(own_half * factor, half) and abs(said * factor - mine) <= half)
                    or (not claimed.is_plain and _is_rounded(mine, said * factor, half))
                )
            )
            for factor in ((1.0, scale) if is_scaled else (1.0,))
            for (said, own_step, own_half), (mine, step, half) in self._pairs(claimed)
        )

    def in_notation(self, decimal_mark: str) -> Value:
        """Return the value as who writes decimals with `decimal_mark` means it; "" says nothing of it."""
        if not self.mark or not decimal_mark:
            return self
        kept = [n for n, is_decimal in enumerate(self.decimal) if is_decimal == (self.mark == decimal_mark)]
        if not kept:
            return self
        return replace(
            self,
            readings=tuple(self.readings[n] for n in kept),
            steps=tuple(self.steps[n] for n in kept),
            halves=tuple(self.halves[n] for n in kept),
            decimal=tuple(self.decimal[n] for n in kept),
        )

    def _pairs(
        self, claimed: Value
    ) -> Iterator[tuple[tuple[float, float, float], tuple[float, float, float]]]:
        """Yield what both may mean together: "4,377" beside "4,377" is not once in thousands and once with decimals."""
        without_sign = claimed.dimension == "%"
        is_alike = self.mark != "" and self.mark == claimed.mark
        for mine, reading in enumerate(self._each(without_sign)):
            for other, claim in enumerate(claimed._each(without_sign)):
                if not is_alike or self.decimal[mine] == claimed.decimal[other]:
                    yield reading, claim

    def _each(self, without_sign: bool = False) -> Iterator[tuple[float, float, float]]:
        """Yield (reading, by how much it can be off, half of its last place).

        `without_sign`: what fell by 2 % is "-2 %" in a table and "down 2 %" in a sentence.
        """
        exact = (0.0,) * len(self.readings)
        readings = tuple(map(abs, self.readings)) if without_sign else self.readings
        return zip(readings, self.steps or exact, self.halves or exact, strict=True)


def difference(one: Value, other: Value) -> Value | None:
    """Return by how much two values of one measure differ, None where they are none; of two dates in years."""
    if one.kind is not other.kind or one.dimension != other.dimension:
        return None
    if one.kind is ValueKind.DATE:
        years = [value.dates[0].year for value in (one, other) if value.dates and value.dates[0].year]
        if len(years) < 2:
            return None
        return Value(ValueKind.NUMBER, one.start, one.end, (12.0 * abs(years[0] - years[1]),), "calendar")
    if one.kind is not ValueKind.NUMBER or not one.readings or not other.readings:
        return None
    size = abs(one.readings[0] - other.readings[0])
    return Value(ValueKind.NUMBER, one.start, one.end, (size,), one.dimension)


def _is_rounded(claimed: float, source: float, half: float) -> bool:
    """Whether a claimed number is a source's, rounded to two places or more, with zeros behind: 91,500 of 91,482."""
    if half <= 0 or claimed == 0 or abs(claimed - source) > MOST_ROUNDED * abs(source):
        return False
    place = 2 * half  # of the last digit
    digits = round(abs(claimed) / place)
    while digits and digits % 10 == 0:
        digits, place = digits // 10, place * 10
    return digits >= _FEWEST_DIGITS and abs(claimed - source) <= place / 2


def _is_finer(half: float, than: float) -> bool:
    return 0 < half < 0.999 * than


def _as_dates(value: Value) -> tuple[Date, ...]:
    if value.dates or value.kind is not ValueKind.NUMBER or value.dimension:
        return value.dates
    return tuple(Date(int(reading)) for reading in value.readings if reading == int(reading))
