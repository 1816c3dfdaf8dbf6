"""What tells documents apart that resemble each other: whose they are, of which kind, about which time."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

FIELD_NAMES = ("company", "kind", "period", "date")  # those that a person sees and corrects

_CANONICAL = re.compile(r"(?P<first>\d{4}/)?(?P<year>\d{4})(?:-(?P<part>Q[1-4]|H[12]))?")
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
# A fiscal quarter of 52- and 53-week years ends up to a week after the month that it belongs to.
_WEEKS_OVER = datetime.timedelta(days=8)
_MONTHS_OF = {"": 12, "H1": 6, "H2": 6, "Q1": 3, "Q2": 3, "Q3": 3, "Q4": 3}
_MONTHS_LEFT = {"": 0, "H1": 6, "H2": 0, "Q1": 9, "Q2": 6, "Q3": 3, "Q4": 0}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a part of one: `part` is "", "H1", "H2" or "Q1" to "Q4". `year` is the fiscal year where a
    document names one. `is_split`: it is written as "2021/22", `year` being the later one.
    """

    year: int
    part: str = ""
    is_split: bool = False

    @classmethod
    def from_text(cls, text: str) -> Period | None:
        """Return the period of a canonical text ("2023-Q3", "2022", "2021/2022"), None for any other."""
        found = _CANONICAL.fullmatch(text)
        if found is None:
            return None
        return cls(int(found["year"]), found["part"] or "", found["first"] is not None)

    def to_text(self) -> str:
        """Return the canonical text."""
        year = f"{self.year - 1}/{self.year}" if self.is_split else str(self.year)
        return f"{year}-{self.part}" if self.part else year

    @property
    def shown(self) -> str:
        """The period as people write it: "Q3 2023", "2022", "2021/22"."""
        year = f"{self.year - 1}/{self.year % 100:02}" if self.is_split else str(self.year)
        return f"{self.part} {year}" if self.part else year

    @property
    def months(self) -> int:
        """How many months it has."""
        return _MONTHS_OF[self.part]

    @property
    def last_day(self) -> datetime.date:
        """Its last day by the calendar, as if the fiscal year was one of it."""
        return _end_of_month(self.year, 12 - _MONTHS_LEFT[self.part])

    def could_end(self, end: datetime.date) -> bool:
        """Whether a fiscal period of this name can end on a day, whichever month the fiscal year ends in.

        A fiscal year is named after the calendar year in which it ends, or in which most of it lies.
        """
        months = (end - _WEEKS_OVER).month + _MONTHS_LEFT[self.part]
        year, month = (end - _WEEKS_OVER).year + (months - 1) // 12, (months - 1) % 12 + 1
        return year == self.year or (year == self.year + 1 and month <= 6)

    @classmethod
    def of_calendar(cls, end: datetime.date, months: int) -> Period:
        """Return the part of a calendar year of that many months (3, 6 or 12) that ends about a day."""
        day = end - _WEEKS_OVER
        if months == 12:
            return cls(day.year)
        if months == 6:
            return cls(day.year, f"H{(day.month - 1) // 6 + 1}")
        return cls(day.year, f"Q{(day.month - 1) // 3 + 1}")


def parse_iso_date(text: str) -> tuple[int, int | None, int | None] | None:
    """Return (year, month, day) of "2023-07-01", "2023-07" or "2023"; None for any other text and no real day."""
    found = _ISO_DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        datetime.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return year or 0, month, day


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """The fields of a document; "" where nothing says.

    `company` is an organisation as it writes itself, several separated by "; ". `period` is the canonical text
    of a `Period`, `date` an ISO date, perhaps without day or month: the end of the period, or the day of a
    letter, an invoice, a meeting. `aliases` are other names of the company, such as its ticker. `corrected`
    names the fields that a person wrote; the others were read.
    """

    company: str = ""
    kind: str = ""
    period: str = ""
    date: str = ""
    aliases: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.company or self.kind or self.period or self.date)

    @property
    def period_value(self) -> Period | None:
        """The period as a value."""
        return Period.from_text(self.period)

    @property
    def period_shown(self) -> str:
        """The period as people write it."""
        value = self.period_value
        return value.shown if value is not None else self.period

    @property
    def last_day(self) -> datetime.date | None:
        """The date as a day: the last one of a month or year, the end of the calendar period without a date."""
        parts = parse_iso_date(self.date)
        if parts is not None:
            year, month, day = parts
            return datetime.date(year, month, day) if month and day else _end_of_month(year, month or 12)
        period = self.period_value
        return None if period is None else period.last_day

    @property
    def summary(self) -> str:
        """Company, kind, period and date on one line: what tells the document from its likes."""
        parts = [self.company, self.kind, self.period_shown]
        if self.date and self.date != self.period_shown:
            parts.append(f"ended {self.date}" if self.period else self.date)
        return ", ".join(part for part in parts if part)

    def with_texts(self, texts: Mapping[str, str]) -> DocumentFields:
        """Return the fields with others in the place of those that are named."""
        return replace(
            self,
            company=texts.get("company", self.company),
            kind=texts.get("kind", self.kind),
            period=texts.get("period", self.period),
            date=texts.get("date", self.date),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "aliases": list(self.aliases), "corrected": sorted(self.corrected)}

    @classmethod
    def from_dict(cls, value: object) -> DocumentFields:
        """Rebuild stored fields; what is damaged is left out."""
        if not isinstance(value, dict):
            return cls()
        texts = {name: str(value.get(name) or "") for name in FIELD_NAMES}
        aliases, corrected = value.get("aliases"), value.get("corrected")
        return cls(
            aliases=tuple(map(str, aliases)) if isinstance(aliases, list | tuple) else (),
            corrected=frozenset(map(str, corrected)) if isinstance(corrected, list | tuple) else frozenset(),
        ).with_texts(texts)


NO_FIELDS = DocumentFields()


def _end_of_month(year: int, month: int) -> datetime.date:
    following = (
        datetime.date(year + month // 12, month % 12 + 1, 1) if year < 9999 else datetime.date(9999, 12, 31)
    )
    return following - datetime.timedelta(days=1)


class FieldMatch(StrEnum):
    """How a document's fields stand to what a question names."""

    NONE = ""  # the question names nothing that the document says anything about
    FITS = "fits"
    ALSO = "also"  # the one that what is asked for is compared with
    DIFFERS = "differs"  # a document of the same kind is asked for, not this one


@dataclass(frozen=True, slots=True)
class FieldsAsked:
    """What a question names, as it was understood; `documents` of the library fit.

    `several`: it asks about more than one of them. `by_names`: they are told from others of the same form by what they alone have.
    """

    companies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    documents: int = 0
    several: bool = False
    by_names: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        names = {name: list(getattr(self, name)) for name in ("companies", "kinds", "periods")}
        return {**names, "documents": self.documents, "several": self.several}
