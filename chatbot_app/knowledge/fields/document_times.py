"""What time a document is about, and its own date: by its title page, the stretches that its tables count, its name."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from chatbot_app.core.document_fields import Period
from chatbot_app.knowledge.fields.kinds import DocumentKind, is_kind
from chatbot_app.knowledge.fields.own_dates import day_of, iso_text
from chatbot_app.knowledge.fields.periods import PeriodMention, periods_of
from chatbot_app.knowledge.tables.markdown import is_row
from chatbot_app.knowledge.values.dates import Date, dates_of
from chatbot_app.knowledge.words.lexicon import MONTHS

_DATE_WITHIN = 40  # characters behind "nine months ended"
_ENDED = re.compile(
    r"(?P<what>(?:quarter|fiscal|annual|transition|reporting|semi-?annual|half[- ]?year|interim|month|week|year|period|quarterly|trimestre"
    r"|exercice|ejercicio|esercizio|exercício|kvartal(?:et)?|kwartaal|boekjaar|kwartał|rok|semestre|geschäftsjahr|quartal|halbjahr|rumpfgeschäftsjahr)s?(?:ly)?(?:\s+(?:period|year|quarter|\d{4}))?)"
    r"\s+(?:ended|ending|that\s+ended|(?<=weeks\s)to|(?<=months\s)to|clos(?:e|ing)?(?:\s+le)?|terminado\s+el|cerrado\s+(?:el|al?)|chius[oa]\s+al|findo\s+em|encerrado\s+em|eindigend\s+op|geëindigd\s+op|zakończon\w{1,3}(?:\s+dnia)?|som\s+slutade(?:\s+den)?|zum|bis\s+zum|vom[^\n]{3,40}bis)\b",
    re.IGNORECASE,
)
_TITLE_LINES = 12
_LONGEST_TITLE = 80  # characters
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_LAST_DAY = r"(?:2[89]|3[01])(?:st|th|\.)?"
_MONTHS_TO = re.compile(
    rf"(?<![^\W_])(?:{_MONTH})\.?(?:\s1(?:st)?)?,?\s?(?:-|–|—|to|through|until|bis|à|al?|till|til|tot|do|по)\s?(?:{_LAST_DAY}\s(?:de\s)?)?(?P<last>{_MONTH})\.?(?:\s{_LAST_DAY})?,?\s+(?:of\s+|de\s+)?(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_ONLY_A_DAY = re.compile(
    r"\W*(?:as\s+(?:of|at)|at|zum|per|stand|au|al|на)?\W*(?:(?:and|und|et|y|и)\s+(?:19|20)\d\d)?\W*",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"quarter|quartal|trimestre|kvartal|kwarta|квартал|季|四半期|q[1-4]|[1-4]q|fiscal|financial\s+year|\bfy|geschäftsjahr|exercice|ejercicio|финансов",
    re.IGNORECASE,
)
_AROUND = 40  # characters
_YEAR = 12  # months
_OF_ANY_TIME = (
    "report",
    "financial statements",
    "earnings release",
)  # kinds that say nothing of how long a time it is
# How many months end, by a word of what ends; "half-year" is no year.
_LENGTHS = (
    (6, ("half", "semi", "halbjahr", "semestre")),
    (3, ("quarter", "quartal", "trimestre", "kvartal", "kwarta")),
    (
        _YEAR,
        (
            "year",
            "annual",
            "geschäftsjahr",
            "exercice",
            "ejercicio",
            "esercizio",
            "exercício",
            "boekjaar",
            "rok",
        ),
    ),
)
_COUNT_BEFORE = re.compile(
    r"\b(?P<count>three|six|nine|twelve|thirteen|twenty[- ]six|thirty[- ]nine|fifty[- ](?:two|three)|3|6|9|12|13|26|39|5[23])[\s-]+$",
    re.IGNORECASE,
)
_MONTHS_ENDED = re.compile(
    r"\b(?P<count>three|six|nine|thirteen|twenty[- ]six|thirty[- ]nine|3|6|9|13|26|39)[- ](?P<unit>months?|weeks?)(?:\s+periods?)?\s+(?:ended|ending)\b",
    re.IGNORECASE,
)
_QUARTER_OF = {
    "three": 1, "3": 1, "thirteen": 1, "13": 1, "six": 2, "6": 2, "twentysix": 2, "26": 2,
    "nine": 3, "9": 3, "thirtynine": 3, "39": 3,
    "twelve": 4, "12": 4, "fiftytwo": 4, "52": 4, "fiftythree": 4, "53": 4,
}  # fmt: skip


def period_and_end(
    kind: DocumentKind | None, named: Period | None, front: str, text: str
) -> tuple[Period | None, str]:
    """Return (period, ISO date of its end), where they are said; the page counts before the name."""
    end, months = _period_end(front, kind)
    titled = _period_on_page(front, kind)
    if end is None:
        if titled is None or (
            named is not None and named.year == titled.year and named.part and not titled.part
        ):
            return (named, "") if kind is None or not kind.dated or kind.periodic else (None, "")
        return titled, ""
    last = day_of(end)
    iso = iso_text(end)
    if last is None or (kind is not None and kind.dated and not kind.periodic):
        return named, iso
    is_quarterly = kind is not None and is_kind(kind.name, "quarterly report")
    is_annual = kind is not None and (
        is_kind(kind.name, "annual report") or (kind.name in _OF_ANY_TIME and months == _YEAR)
    )
    quarter = _quarter_by_months(text, last) if is_quarterly or not is_annual else 0
    is_titled = titled is not None and bool(titled.part) and titled.could_end(last)
    if kind is not None and kind.name == "half-year report":
        return _half_said(text, last, titled, named), iso
    if named is not None and named.could_end(last) and not (is_titled and _is_another(named, titled)):
        fits = not named.part.startswith("Q") or not quarter or named.part == f"Q{quarter}"
        if fits and (named.part or not is_quarterly) and not (named.part.startswith("Q") and is_annual):
            return named, iso
    if is_annual:
        return _year_said(text, last) or Period.of_calendar(last, _YEAR), iso
    if is_titled:
        return titled, iso
    if months == 6 and kind is not None and kind.name in _OF_ANY_TIME:
        return _first_half(last), iso
    said = _quarter_said(text, last, quarter)
    if said is not None:
        return said, iso
    if quarter:
        fiscal = Period(last.year, f"Q{quarter}")
        candidates = (fiscal, Period(last.year + 1, fiscal.part), Period(last.year - 1, fiscal.part))
        return next((item for item in candidates if _ends_in_its_year(item, last)), fiscal), iso
    if is_quarterly:
        return Period.of_calendar(last, 3), iso
    if kind is not None and kind.name in _OF_ANY_TIME:
        usual = 3 if kind.name == "earnings release" else _YEAR
        return titled or Period.of_calendar(last, months if months == 3 else usual), iso
    return named, iso


def _is_another(named: Period, titled: Period | None) -> bool:
    """Whether a title page says another quarter, or another half, than the name of the file."""
    return titled is not None and named.part[:1] == titled.part[:1] and named != titled


def _half_said(text: str, end: date, *said: Period | None) -> Period:
    """Return the half year that a report calls its own, on its title or in its name; else that of the fiscal year.

    Where the text names one alone that is older ("H1 FY2023: £222 million"), that is the one it compares with.
    """
    usual = _first_half(end)
    for period in said:
        if period is not None and period.part.startswith("H") and period.could_end(end):
            return period
    named = {
        period.year: period
        for mention in _period_mentions(text)
        if (period := mention.period) is not None and period.part == usual.part and mention.is_fiscal
    }
    if usual.year in named:
        return named[usual.year]
    own = named.get(usual.year - 1)  # of a year that is named after the one in which it begins
    return own if own is not None and own.could_end(end) and usual.year - 2 in named else usual


def _first_half(end: date) -> Period:
    """Return the half year that ends on a day; a report on it is one on the first half of a fiscal year."""
    near = end - timedelta(days=8)
    return Period(near.year + (near.month + 5) // 12 if near.month != 12 else near.year + 1, "H1")


def _ends_in_its_year(period: Period, end: date) -> bool:
    """Whether the fiscal year of a quarter that ends on a day is named after the year in which it ends."""
    left = {"Q1": 9, "Q2": 6, "Q3": 3, "Q4": 0}[period.part]
    near = end - timedelta(days=8)
    return near.year + (near.month - 1 + left) // 12 == period.year


def _period_end(front: str, kind: DocumentKind | None) -> tuple[Date | None, int]:
    """Return the day of "for the quarterly period ended June 25, 2022", the first with a day that is written, and how
    many months end there, 0 where that is not said.

    Of a report also that of a title's line: "January–June 2024", "1 January – 30 June 2024", "zum 30. Juni 2023", "December 31, 2023 and 2022".
    """
    for found in _ENDED.finditer(front):
        rest = front[found.end() : found.end() + 60]
        for start, _end, meanings in sorted(dates_of(rest), key=lambda item: item[0]):
            if start <= 12 and meanings[0].year is not None and meanings[0].month is not None:
                return meanings[0], _months_ended(
                    front[max(0, found.start() - 20) : found.start()], found["what"]
                )
    if kind is None or not kind.periodic or kind.dated:
        return None, 0
    lines = [line for line in (line.strip(" #*_|\t") for line in front.split("\n")) if line][:_TITLE_LINES]
    return next(
        filter(None, (_end_in_title(kind.pattern.compiled.sub(" ", line)) for line in lines)), None
    ), 0


def _months_ended(before: str, what: str) -> int:
    """Return how many months a stretch has: "nine" and "months", "52" and "weeks", "", "quarter"; 0 where nothing says."""
    what = what.casefold()
    if what.startswith(("month", "week")):
        counted = _COUNT_BEFORE.search(before)
        return (
            3 * _QUARTER_OF[re.sub(r"[\s-]", "", counted["count"].casefold())] if counted is not None else 0
        )
    return next((months for months, words in _LENGTHS if any(word in what for word in words)), 0)


def _end_in_title(line: str) -> Date | None:
    """Return the end of the months that a title's line names, or the last day of a month of which it consists."""
    if len(line) > _LONGEST_TITLE:
        return None
    months = _MONTHS_TO.search(line)
    if months is not None:
        month, year = MONTHS[months["last"].casefold()], int(months["year"])
        return Date(year, month, calendar.monthrange(year, month)[1])
    for start, end, meanings in dates_of(line):
        when = meanings[0]
        if when.year is None or when.month is None or when.day is None or day_of(when) is None:
            continue
        around = f"{line[:start]} {line[end:]}"
        if when.day == calendar.monthrange(when.year, when.month)[1] and _ONLY_A_DAY.fullmatch(around):
            return when
    return None


def _period_on_page(front: str, kind: DocumentKind | None) -> Period | None:
    """Return the period that a short line of a title page names: "Annual Report 2022", "Results for Q3 2023"."""
    if kind is None or not (kind.periodic or kind.name == "press release"):
        return None
    # The heads of a table may begin with the oldest time.
    lines = [line for line in (line.strip() for line in front.split("\n")) if line and not is_row(line)][:25]
    if kind.name == "half-year report":  # a sentence says with what it compares
        lines = [line for line in lines if not line.endswith(".")]
    found: list[PeriodMention] = []
    for line in lines:
        if len(line) <= 100 or (found == [] and kind.dated and len(line) < 200):
            # A release says in its title which year it is about, and beside it on which day it came out.
            is_title = kind.name == "earnings release" and kind.pattern.search(line) is not None
            days = [(start, end) for start, end, meanings in dates_of(line) if meanings[0].month is not None]
            if kind.name == "report":
                # "Reporting date: 5 April 2024" tells when it was written, and not that it is about the year.
                for start, end in days:
                    line = line[:start] + "·" * (end - start) + line[end:]
            found += periods_of(line, lone_years=not kind.dated or (is_title and not days))
    parts = [mention for mention in found if mention.part and mention.year is not None]
    years = [mention for mention in found if not mention.part]
    if parts and not is_kind(kind.name, "annual report"):
        return parts[0].period
    if years and not is_kind(kind.name, "quarterly report"):
        # Beside "Fiscal Year 2022" stands when it was printed: "March 2023".
        return min(years, key=lambda mention: not mention.is_fiscal).period
    return None


def _quarter_by_months(text: str, end: date) -> int:
    """Return the quarter that a report is about, by the longest stretch that its tables count up to its last day
    ("nine months ended July 1"); 0 where there is none."""
    own: Counter[int] = Counter()
    undated: Counter[int] = Counter()
    for match in _MONTHS_ENDED.finditer(text):
        quarter = _QUARTER_OF[re.sub(r"[\s-]", "", match["count"].casefold())]
        behind = text[match.end() : match.end() + _DATE_WITHIN]
        first = min(dates_of(behind), key=lambda item: item[0], default=None)
        if first is None:
            undated[quarter] += 1
        elif any((when.month, when.day) == (end.month, end.day) for when in first[2]):
            own[quarter] += 1
    # Once may be a note on another period.
    often = [quarter for quarter, count in (own or undated).items() if count > 1]
    return max(often, default=0)


def _period_mentions(text: str) -> Iterator[PeriodMention]:
    """Yield the periods of a long text; only its surroundings of telling words are looked at, which is ten times faster."""
    start = end = 0
    for hint in _HINT.finditer(text):
        if hint.start() - _AROUND > end:
            yield from periods_of(text[start:end])
            start = max(0, hint.start() - _AROUND)
        end = hint.end() + _AROUND
    yield from periods_of(text[start:end])


def _quarter_said(text: str, end: date, quarter: int) -> Period | None:
    """Return the fiscal quarter that a report calls its own ("third quarter of 2023"): named often, fitting, newest."""
    counts: Counter[Period] = Counter()
    for mention in _period_mentions(text):
        period = mention.period
        if period is not None and period.part.startswith("Q") and period.could_end(end):
            counts[period] += 2 if mention.is_fiscal else 1
    if quarter:
        counts = Counter({item: n for item, n in counts.items() if item.part == f"Q{quarter}"})
    if not counts:
        return None
    most = max(counts.values())
    return max((item for item, count in counts.items() if 2 * count >= most), key=lambda item: item.year)


def _year_said(text: str, end: date) -> Period | None:
    """Return the fiscal year that an annual report calls its own."""
    counts: Counter[Period] = Counter()
    for mention in _period_mentions(text):
        period = mention.period
        if period is not None and not period.part and mention.is_fiscal and period.could_end(end):
            counts[period] += 1
    # A fiscal year that ends early may have the name of either calendar year.
    return max(counts, key=lambda item: (counts[item], item.year), default=None)
