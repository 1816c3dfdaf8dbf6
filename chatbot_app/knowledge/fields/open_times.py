"""Times of a question that are open to one side, or counted from the newest: "since 2021", "before March 2023", "the last
three quarters", "the two most recent reports". Those with two ends are read in `time_ranges`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from chatbot_app.core.document_fields import Period
from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.own_dates import day_of
from chatbot_app.knowledge.fields.periods import PeriodMention, are_joined
from chatbot_app.knowledge.values.dates import Date

_ONE_DAY = timedelta(days=1)
_MOST = 24  # documents that are counted from the newest
_BEFORE_IT, _BEHIND_IT = 60, 24  # characters around a time that are looked at
# Between "since" and its time: "the end of", "the quarter ended", "Anfang", "la fin de".
_FILLED = (
    r"(?:\s+(?:the|end|beginning|start|of|in|on|and|including|fiscal|financial|calendar|year|quarter|month|ended|early|mid|late|zum|dem|der|den|des|ende|anfang"
    r"|mitte|einschließlich|jahre?s?|la|le|l['’]année|fin|début|de|del|du|el|finales|principios|конца|начала|года|roku|het|jaar|året)){0,4}\W{0,3}$"
)


def _words(words: str) -> LatePattern:
    return LatePattern(rf"(?<![^\W_\u3000-\u9fff])(?:{words}){_FILLED}", re.IGNORECASE)


_SINCE = _words(
    r"since|starting(?:\s+(?:from|in|with))?|from(?=\s+the\s+(?:start|beginning))|seit|ab|depuis|dès|à\s+partir\s+d[eu]|à\s+compter\s+d[eu]"
    r"|desde|a\s+partir\s+d[eoa]l?|начиная\s+с|sedan|sinds|vanaf|dal|od|自从?|从"
)
_AFTER = _words(
    r"after|later\s+than|newer\s+than|nach|später\s+als|après|después\s+de|posterior(?:es)?\s+a|после|efter|dopo|depois\s+de|po"
)
_BEFORE = _words(
    r"before|prior\s+to|earlier\s+than|older\s+than|preceding|vor|früher\s+als|avant|antes\s+d[eoa]|anterior(?:es)?\s+a|до|раньше|före|innan|prima\s+del?|voor|przed"
)
_UNTIL = _words(
    r"until|till?|up\s+to|through(?:\s+to)?|no\s+later\s+than|bis(?:\s+zum)?|spätestens|jusqu['’](?:en|à|au)|hasta|fino\s+al?|até|tot(?:\s+en\s+met)?|aż\s+do"
)
_ONWARDS = LatePattern(
    r"\W{0,2}(?:on(?:wards?)?\b(?!\s+the)|and\s+(?:later|after|beyond|newer)\b|or\s+later\b|an\b|und\s+später\b|et\s+après\b|en\s+adelante\b|年?(?:以来|起|开始))",
    re.IGNORECASE,
)
_BACKWARDS = LatePattern(
    r"\W{0,2}(?:and\s+(?:earlier|before|older)\b|or\s+earlier\b|und\s+früher\b|et\s+avant\b)",
    re.IGNORECASE,
)
_AFTER_IT, _BEFORE_IT_IS = re.compile(r"\s?年?(?:以后|之后)"), re.compile(r"\s?年?(?:以前|之前)")

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "two zwei deux dos два две двух два две duas dois due två twee dwa dwie 两 二",
            "three drei trois tres три трёх трех três tre drie trzy 三",
            "four vier quatre cuatro четыре четырёх quatro quattro fyra cztery 四",
            "five fünf cinq cinco пять пяти cinque fem vijf pięć 五",
            "six sechs seis шесть sei sex zes sześć 六",
            "seven sieben sept siete семь sete sette sju zeven 七",
            "eight acht huit ocho восемь oito otto åtta 八",
            "nine neun neuf nueve девять nove nio negen 九",
            "ten zehn dix diez десять dez dieci tio tien 十",
        ),
        2,
    )
    for word in words.split()
}
# Not the 10 of "10-Q".
_N = rf"(?P<n>\d{{1,2}}(?![\d-])|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_YEARS = r"(?P<years>years?|jahren?|ans|années|años|лет|года?|anos|anni|år|jaren|年)"
_OTHERS = (
    r"(?P<others>quarters?|quartalen?|trimestres?|кварта\w+|trimestri|kvartalen?|kwartalen|季度?|half[- ]?years?|halbjahren?|semestres?"
    r"|(?:[\w-]{1,20}\s)?(?:reports?|filings?|releases?|statements?|invoices?|meetings?|minutes|10-?[qk]s?|20-fs?)|\w{0,30}berichten?|rechnungen|sitzungen|protokollen?|abschlüssen?"
    r"|rapports?|factures?|réunions?|informes?|facturas?|reuniones|отч[её]т\w*|relatórios?|份?报告)"
)
_LAST = (
    r"(?:last|latest|newest|most\s+recent|recent|past|preceding|previous|letzten?|vergangenen?|jüngsten?|neue?sten?|derni(?:er|ère)s|últim[oa]s"
    r"|последни[ех]|ultimi|ultime|senaste|laatste|ostatnie|最近的?|最新的?|过去)"
)
_BESIDE = r"(?:\s+(?:reported|fiscal|financial|available|published|consecutive|full|complete|annual|quarterly|board|interim))*\s*"
_COUNTED = LatePattern(
    rf"(?<![^\W_\u3000-\u9fff])(?:{_LAST}\s*{_N}|{_N}\s*{_LAST}){_BESIDE}[个份次]?(?:{_YEARS}|{_OTHERS})(?![^\W_\u3000-\u9fff])".replace(
        "(?P<n>", "(?P<first>", 1
    ).replace("(?P<n>", "(?P<second>", 1),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days from `first` to `last`, both included; None where it is open.

    `by_name`: it was named by a year or a part of one, so that a fiscal period counts by its name.
    """

    first: date | None = None
    last: date | None = None
    by_name: bool = False

    @property
    def is_of_days(self) -> bool:
        """Whether it has both ends, and they are days or months: "from February to May 2024"."""
        return self.first is not None and self.last is not None and not self.by_name

    def holds(self, period: Period | None, day: date | None) -> bool:
        """Whether what is about a period, or ended on a day, lies in it."""
        end = period.last_day if self.by_name and period is not None else day
        if end is None:
            return False
        return (self.first is None or self.first <= end) and (self.last is None or end <= self.last)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of the newest: of documents, or of years."""

    number: int
    years: bool = False


def open_periods(question: str, mentions: Sequence[PeriodMention]) -> dict[PeriodMention, Stretch]:
    """Return the mentions of years, halves and quarters that are open to one side; none of "from 2019 until 2021"."""
    found: dict[PeriodMention, Stretch] = {}
    joined = {mention for pair in pairwise(mentions) if are_joined(question, *pair) for mention in pair}
    for mention in mentions:
        period = mention.period
        if period is None or mention in joined:
            continue
        last = period.last_day
        first = date(last.year, last.month - period.months + 1, 1)
        stretch = _open_stretch(question, mention.start, mention.end, first, last, by_name=True)
        if stretch is not None:
            found[mention] = stretch
    return found


def open_day(question: str, start: int, end: int, when: Date) -> Stretch | None:
    """Return what is named by a day or a month at characters `start` to `end` that is open to one side, else None."""
    days = _first_and_last(when)
    return None if days is None else _open_stretch(question, start, end, *days, by_name=False)


def _first_and_last(when: Date) -> tuple[date, date] | None:
    """Return the days of a month, or a day twice; None where it does not exist."""
    first = day_of(when)
    if first is None:
        return None
    days = calendar.monthrange(first.year, first.month)[1]
    return first, first if when.day is not None else first.replace(day=days)


def counted_from_newest(question: str) -> Counted | None:
    """Return how many of the newest documents or years are asked for, None where nothing says."""
    found = _COUNTED.search(question)
    if found is None:
        return None
    written = (found["first"] or found["second"]).casefold()
    number = int(written) if written.isdecimal() else _NUMBERS[written]
    return Counted(number, years=found["years"] is not None) if 1 < number <= _MOST else None


def _open_stretch(
    text: str, start: int, end: int, first: date, last: date, *, by_name: bool
) -> Stretch | None:
    before, behind = text[max(0, start - _BEFORE_IT) : start], text[end : end + _BEHIND_IT]
    if _AFTER.search(before) or _AFTER_IT.match(behind):
        return Stretch(first=last + _ONE_DAY, by_name=by_name) if last < date.max else None
    if _BEFORE.search(before) or _BEFORE_IT_IS.match(behind):
        return Stretch(last=first - _ONE_DAY, by_name=by_name) if first > date.min else None
    if _UNTIL.search(before) or _BACKWARDS.compiled.match(behind):
        return Stretch(last=last, by_name=by_name)
    if _SINCE.search(before) or _ONWARDS.compiled.match(behind):
        return Stretch(first=first, by_name=by_name)
    return None
