"""Days and months that a question joins: "from February to May 2024", "vom 3. bis 9. März", "du 3 au 9 mars 2024", "2024年2月到5月".

What one end leaves out it has from the other: its year, its month, or both.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.open_times import Stretch
from chatbot_app.knowledge.fields.own_dates import day_of
from chatbot_app.knowledge.values.dates import Date, dates_of, with_plain_digits, with_plain_letters
from chatbot_app.knowledge.words.lexicon import MONTHS

# As they stand behind "между".
_WITH = {
    name: number
    for number, name in enumerate(
        "январём февралём мартом апрелем маем июнем июлем августом сентябрём октябрём ноябрём декабрём".split(),
        1,
    )
}
_NAMES = MONTHS | _WITH | {name.replace("ё", "е"): number for name, number in _WITH.items()}
_MONTH = LatePattern(
    rf"(?<![^\W_])(?P<name>{'|'.join(sorted(map(re.escape, _NAMES), key=len, reverse=True))})(?![^\W_])\.?"
    r"(?:(?:\s+(?:of|de|del|di|do))?,?\s+(?P<year>(?:19|20)\d\d)(?![\w]|[.,]\d))?"
    r"|(?:(?P<han_year>(?:19|20)\d\d)\s?年\s?)?(?<!\d)(?P<number>1[0-2]|0?[1-9])\s?月(?:份|(?P<day>[0-3]?\d)\s?[日号])?",
    re.IGNORECASE,
)
_EDGE = (
    r"(?:(?:the|dem|el|le|la|les|il|o|a)\s+)?(?:(?:very\s+)?(?:beginning|start|middle|end|early|mid|late|anfang|mitte|ende|début|fin|mi|principios|mediados"
    r"|finales|начала|середины|конца)(?:[\s-]+(?:of|de|des|del|du|d['’])?\s*)?)?(?:(?:the|dem|de|del|di|d['’])\s*)?"
)
_TO = (
    r"(?:\s*(?:[-–—~]|to|through|thru|until|till|up\s+to|bis(?:\s+zum)?|à|au|al?|hasta|até|ao|по|до|till?|tot(?:\s+en\s+met)?|t/m|do|至|到)"
    rf"(?:\s+{_EDGE}|\s*))"
)
_AND = rf"(?:\s*(?:and|und|et|y|e|и|och|og|en|i|和|与)(?:\s+{_EDGE}|\s*))"
_JOINT = LatePattern(_TO, re.IGNORECASE)
_AND_JOINT = LatePattern(_AND, re.IGNORECASE)
_LISTED = LatePattern(r"\s*(?:,|、|,?\s(?:and|or|und|oder|sowie|et|ou|y|e|o|и|или)\s|和)\s*", re.IGNORECASE)
_BETWEEN_WORD = "between|zwischen|entre|между|mellan|mellem|tussen|tra|fra|między"
_FROM_WORD = rf"from|von|vom|d[eu]|del|desde|с|со|от|från|van|vanaf|da|dal|od|из|{_BETWEEN_WORD}"
_BETWEEN = LatePattern(rf"(?<![^\W_])(?:{_BETWEEN_WORD})\s+{_EDGE}$", re.IGNORECASE)
_FROM = LatePattern(rf"(?<![^\W_])(?:{_FROM_WORD})\s+{_EDGE}$|从$", re.IGNORECASE)
_LONE_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.|-?го|-?е)?"
_DAY_BEFORE = LatePattern(rf"(?<![\w.,:/-]){_LONE_DAY}(?P<joint>{_TO}|{_AND})$", re.IGNORECASE)
_DAY_BEHIND = LatePattern(
    rf"(?P<joint>{_TO}|{_AND}){_LONE_DAY}(?:(?P<han>\s?[日号])|(?![\w:/]|[.,]\d|\s*%))(?:,?\s+(?P<year>(?:19|20)\d\d)(?!\w))?",
    re.IGNORECASE,
)
_TELLS_APART = LatePattern(
    r"compar|differ|unterschied|verg?le?ich|différ|diferen|разниц|сравн|比较|差", re.IGNORECASE
)
_YEAR_BEHIND = LatePattern(r",?\s+(?P<year>(?:19|20)\d\d)(?!\w)")
_LONE_YEAR = LatePattern(r"(?<![\w.,$€£#-])(?P<year>(?:19|20)\d\d)(?![\w%€$£]|[.,]\d)")
_WINDOW = 60  # characters before a time that are looked at


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one day or month to another at characters `start` to `end` of a question; both lack a year, or none does.

    `spans` are the places of its words, also those of a year that stands apart from it.
    """

    spans: tuple[tuple[int, int], ...]
    first: Date
    last: Date

    def in_year(self, year: int) -> DayRange:
        """Return it with the year that its last day lies in; itself where it names one."""
        if self.last.year is not None:
            return self
        first, last = _with_years(self.first, Date(year, self.last.month, self.last.day))
        return DayRange(self.spans, first, last)

    @property
    def stretch(self) -> Stretch | None:
        """Its days; None without a year, where there is no such day or it ends before it begins."""
        first, last = day_of(self.first), day_of(self.last)
        if self.last.year is None or first is None or last is None:
            return None
        if self.last.day is None:
            last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
        return Stretch(first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class _End:
    start: int
    end: int
    when: Date


def ranges_of(question: str) -> list[DayRange]:
    """Return the ranges of days and months that a question names, in order; without a year where it names none."""
    text = with_plain_digits(with_plain_letters(question))
    ends = _ends(text)
    found: list[DayRange] = []
    used = -1
    for one, other in pairwise(ends):
        if one.start >= used and _are_joined(text, one, other):
            first, last = _filled(one.when, other.when)
            if first.year is None and not _is_opened(text, one):
                continue  # "the march to May's house"
            behind = _YEAR_BEHIND.compiled.match(text, other.end)
            is_its_own = behind is not None and int(behind["year"]) == last.year  # "March 3–9, 2024"
            end = behind.end() if behind is not None and is_its_own else other.end
            found.append(DayRange(((one.start, end),), first, last))
            used = end
    return _with_year_apart(text, found)


def listed_dates(question: str) -> list[tuple[int, int, Date]]:
    """Return (start, end, month) of those that have their year from a later one: "in February and May 2024"."""
    text = with_plain_digits(with_plain_letters(question))
    ends = _ends(text)
    found: list[tuple[int, int, Date]] = []
    year: int | None = None
    for one, other in reversed(list(zip_longest(ends, ends[1:]))):
        if one.when.year is not None:
            year = one.when.year
        elif other is None or not _LISTED.compiled.fullmatch(text[one.end : other.start]):
            year = None
        elif year is not None and one.when.day is None and other.when.day is None:
            found.append((one.start, one.end, Date(year, one.when.month)))
    return found[::-1]


def _ends(text: str) -> list[_End]:
    """Return all days and months of a text, in order, with the days that stand without a month beside them."""
    ends = [
        _End(start, end, meanings[0])
        for start, end, meanings in dates_of(text)
        if meanings[0].month is not None and not meanings[0].is_decade
    ]
    for found in _MONTH.finditer(text):
        if any(one.start < found.end() and found.start() < one.end for one in ends):
            continue
        if found["number"]:
            when = Date(_int(found["han_year"]), int(found["number"]), _int(found["day"]))
        else:
            when = Date(_int(found["year"]), _NAMES[found["name"].casefold()])
        ends.append(_End(*found.span(), when))
    ends.sort(key=lambda one: one.start)
    return sorted([*ends, *_lone_days(text, ends)], key=lambda one: one.start)


def _lone_days(text: str, ends: Sequence[_End]) -> list[_End]:
    """Return the days that stand before or behind a day with its month: "from 3 to 9 March", "March 3 to 9, 2024"."""
    found: list[_End] = []
    for number, end in enumerate(ends):
        if end.when.day is None:
            continue
        floor = ends[number - 1].end if number else 0
        before = _DAY_BEFORE.search(text[floor : end.start])
        if before is not None and 1 <= int(before["day"]) <= 31:
            when = Date(end.when.year, end.when.month, int(before["day"]))
            found.append(_End(floor + before.start(), floor + before.start("joint"), when))
        behind = _DAY_BEHIND.compiled.match(text, end.end)
        following = ends[number + 1].start if number + 1 < len(ends) else len(text)
        if (
            behind is not None
            and behind.end() <= following
            and 1 <= int(behind["day"]) <= 31
            and end.when.year is None
        ):
            year = _int(behind["year"])
            found.append(
                _End(behind.start("day"), behind.end(), Date(year, end.when.month, int(behind["day"])))
            )
        elif behind is not None and behind["han"] and behind.end() <= following:
            when = Date(end.when.year, end.when.month, int(behind["day"]))
            found.append(_End(behind.start("day"), behind.end(), when))
    return found


def _are_joined(text: str, one: _End, other: _End) -> bool:
    joint = text[one.end : other.start]
    if (one.when.day is None) != (other.when.day is None):
        return False
    if _JOINT.compiled.fullmatch(joint):
        return True
    if _AND_JOINT.compiled.fullmatch(joint) is None or _TELLS_APART.search(text):
        return False
    return _BETWEEN.search(text[max(0, one.start - _WINDOW) : one.start]) is not None


def _is_opened(text: str, one: _End) -> bool:
    return _FROM.search(text[max(0, one.start - _WINDOW) : one.start]) is not None


def _filled(one: Date, other: Date) -> tuple[Date, Date]:
    """Return two ends with the year of each other: from November to February 2023 begins in 2022."""
    if other.year is None and one.year is not None:
        earlier = (other.month or 0, other.day or 0) < (one.month or 0, one.day or 0)
        return one, Date(one.year + earlier, other.month, other.day)
    return _with_years(one, other)


def _with_years(one: Date, other: Date) -> tuple[Date, Date]:
    if one.year is not None or other.year is None:
        return one, other
    later = (one.month or 0, one.day or 0) > (other.month or 0, other.day or 0)
    return Date(other.year - later, one.month, one.day), other


def _with_year_apart(text: str, found: list[DayRange]) -> list[DayRange]:
    """Return ranges with the one year that stands elsewhere: "In 2024, what was decided from February to May?"."""
    if not any(one.last.year is None for one in found):
        return found
    rest = text
    for one in found:
        for start, end in one.spans:
            rest = rest[:start] + "·" * (end - start) + rest[end:]
    years = list(_LONE_YEAR.finditer(rest))
    if len(years) != 1:
        return found
    year, span = int(years[0]["year"]), years[0].span()
    return [
        one if one.last.year is not None else replace(one.in_year(year), spans=(*one.spans, span))
        for one in found
    ]


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None
