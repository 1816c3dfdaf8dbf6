"""What a question says about the documents that it asks: which time, which kind, the latest, several of them.

Rules over the words of English, German, French, Spanish, Russian and Chinese, as those of `follow_ups`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.kinds import kinds_asked
from chatbot_app.knowledge.fields.named_times import named_times
from chatbot_app.knowledge.fields.open_times import Counted, Stretch, counted_from_newest
from chatbot_app.knowledge.fields.periods import PeriodMention
from chatbot_app.knowledge.fields.relative_times import (
    EARLIER_YEAR,
    EINHEIT,
    LAST_YEAR,
    PREVIOUS,
    UNIDAD,
    UNIT,
    UNITE,
    is_followed,
    is_year_after,
    ordinals_of,
)
from chatbot_app.knowledge.fields.time_ranges import DayRange
from chatbot_app.knowledge.values.dates import Date

_NEWEST = LatePattern.any_of(
    r"\b(?:latest|newest|most\s+recent(?:ly)?|most\s+current)\b",
    rf"\b(?:last|current)\s+(?:(?:reported|fiscal|financial|available|published|board|quarterly|annual)\s+)*(?!years?\b|months?\b){UNIT}\b",
    r"\b(?:neu|jüng|aktuell)(?:e?st)?e[nrms]?\s+(?:\w+\s+)?" + EINHEIT + r"\b",
    r"\b(?:neuste|neueste|jüngste)[nrms]?\b",
    r"\bletzte[nrms]?\s+(?!jahr\b|jahre[sn]?\b|\w{0,30}monat)" + EINHEIT + r"\b",
    rf"\b(?:derni(?:er|ère)s?\s+(?!an\b|année|mois){UNITE}|(?:le|la|les)\s+plus\s+récente?s?)\b",
    rf"\b(?:últim[oa]s?\s+(?!año|mes){UNIDAD}|más\s+recientes?)\b",
    r"\b(?:последн\w+\s+(?!год\b|месяц)|новейш)\w+",
    r"\byear[- ]to[- ]date\b|\bYTD\b",  # what the newest report counts
    r"最新|最近一(?:期|季|份|个季度)|最近的",
)
_OLDEST = LatePattern.any_of(
    rf"\b(?:oldest|earliest|very\s+first)\s+(?:\w+\s+)?{UNIT}\b",
    r"\b(?:älteste|früheste)[nrms]?\b",
    r"最早的?",
)
# A time without one of the document's own: what was first, began, or was ever so is not asked of the newest.
_SOME_TIME = LatePattern.any_of(
    r"\b(?:first(?!\s+name)|earliest|oldest|original(?:ly)?|initial(?:ly)?|begin\w*|began|begun|start(?:s|ed)?|ever|history|histor\w+|ago|earlier"
    r"|before(?!\s+(?:income\s+)?(?:tax|provision))|since|until|till|used\s+to|when)\b",
    r"\b(?:zuerst|erste[nrms]?|ursprünglich\w*|anfangs|früher|bisher|jemals|wann|seit|bis|vor)\b",
    r"\b(?:premi(?:er|ère)s?|d['’]abord|initialement|autrefois|quand|depuis|avant|primer[oa]?s?|originalmente|cuándo|desde|antes)\b",
    r"\b(?:перв\w+|сначала|изначально|когда|раньше|прежде)\b|最早|首次|第一|起初|何时|什么时候|以前",
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|\bin\s+may\b",
)
_YEAR_OVER_YEAR = LatePattern.any_of(
    r"\byear[- ](?:over|on|to)[- ](?:prior[- ])?year\b|\byoy\b|\by/y\b",
    r"\b(?:same|corresponding|comparable|equivalent|prior[- ]year)\s+(?:quarter|period|half|months?|time)\s*(?:(?:of|in|from|a|the|one)\s+)*"
    r"(?:last|previous|prior|preceding|year)\b|\b(?:prior|previous)[- ]year\s+(?:quarter|period)\b",
    r"\b(?:compar\w+|versus|vs\.?|against|than|relative)\s+(?:to|with)?\s*(?:the\s+|in\s+)*(?:last|previous|prior|preceding)\s+(?:fiscal\s+)?year\b",
    r"\b(?:gegenüber|im\s+vergleich\s+zu\w?|verglichen\s+mit)\s+(?:dem\s+)?vorjahr\w{0,10}|\bvorjahres(?:quartal|zeitraum|periode)\w{0,2}",
    r"\bpar\s+rapport\s+à\s+(?:l['’]an|l['’]exercice)|\brespecto\s+al?\s+(?:mismo|año|ejercicio)|\binteranual\b|同比",
)
_SEVERAL = LatePattern.any_of(
    r"\b(?:over|through(?:out)?|across)\s+(?:the\s+)?(?:time|years?|quarters?|months?)\b",
    r"\b(?:over|across|between|among|throughout|during|for|in|of|from)\s+(?:all\s+|each\s+|the\s+|these\s+|those\s+|every\s+|different\s+|various\s+|both\s+)+"
    r"(?:[\w'’-]+\s+){0,2}(?:quarters|years|periods|reports|filings|documents|10-?[QK]s|invoices|contracts|meetings|months)\b",
    rf"\b(?:each|every)\s+(?:of\s+(?:the|these)\s+)?(?:reported\s+|fiscal\s+|of\s+)?{UNIT}\b",
    r"\b(?:these|those|all|both|different)\s+(?:the\s+)?(?:[\w'’-]+\s+)?(?:quarters|years|periods|reports|filings|documents|10-?[QK]s|invoices|contracts"
    r"|meetings|statements|minutes)\b",
    r"\b(?:reported|reporting|previous|prior|past|preceding|earlier|recent|last\s+(?:few|several|two|three|four|five|six|eight|\d+))\s+"
    r"(?:fiscal\s+)?(?:quarters|years|months|periods|reports|filings|10-?[QK]s|meetings)\b",
    r"\breporting\s+period\b|\bquarter[- ](?:over|on|by|to)[- ]quarter\b|\byear\s+by\s+year\b|\bhistorical(?:ly)?\b|\bsequential(?:ly)?\b",
    r"\bhow\s+(?:has|have)\b.{1,160}?\b(?:chang|evolv|develop|fluctuat|trend|grow|progress|var(?:y|ied)|shift)\w*",
    r"\btrends?\b|\bevolution\b|\bdevelopment\s+of\b|\bwhich\s+(?:of\s+(?:the|these)\s+)?(?:quarters?|years?|reports?|contracts?|invoices?|meetings?)\b",
    r"\b(?:im\s+(?:laufe\s+der\s+zeit|zeitverlauf)|über\s+die\s+(?:jahre|quartale|zeit)|in\s+(?:allen|jedem|den)\s+(?:\w+\s+)?(?:quartalen|jahren|berichten)"
    r"|alle[nr]?\s+(?:quartale|jahre|berichte|rechnungen|verträge|protokolle)n?|entwicklung|entwickelt)\b",
    r"\b(?:au\s+fil\s+d|évolu|tous\s+les\s+(?:trimestres|rapports|ans)|chaque\s+(?:trimestre|année|rapport))\w*",
    r"\b(?:a\s+lo\s+largo|evolucion|cada\s+(?:trimestre|año|informe)|todos\s+los\s+(?:trimestres|años|informes))\w*",
    r"\bс\s+течением\s+времени|\bдинамик\w|\bкажд\w+\s+(?:квартал|год|отч[её]т)\w*",
    r"各季度|各年度|历年|历次|每个?季度|每年|变化趋势|逐[季年]|趋势",
)
_COMPARES = LatePattern.any_of(
    r"\bcompar\w+|\bversus\b|\bvs\b|\bdiffer\w*|\bcontrast\w*|\bthan\b|\bbetween\b|\bboth\b",
    r"\bvergl(?:eich|ichen)\w*|\bunterschied\w*|\bgegenüber\b",
    r"\bcompar\w+|\bpar\s+rapport|\bdiffér\w+|\bdiferen\w+|\bfrente\s+a\b|\bсравн\w+|比较|相比|对比",
)
_SECOND_NEWEST = LatePattern.any_of(
    rf"\b(?:second|2nd|next)[\s-]+(?:to[\s-]+)?(?:most[\s-]+recent|latest|newest|last)\s+(?:[\w-]+\s+)?{UNIT}\b",
    r"\bzweit(?:neue|jüng|letz)\w{0,5}\s+(?:\w+\s+)?"
    + EINHEIT
    + r"\b|\bvorletzte[nrms]?\s+(?:\w+\s+)?"
    + EINHEIT
    + r"\b",
    rf"\bavant-derni(?:er|ère)s?\s+{UNITE}\b|\bpenúltim[oa]\s+{UNIDAD}\b|\bпредпоследн\w+|倒数第二",
)
_COMPANIES = r"(?:compan(?:y|ies)|firms?|corporations?|unternehmen|firmen?|konzerne?|gesellschaft(?:en)?|entreprises?|sociétés?|empresas?|compañías?|компани\w{1,3}|aziend[ae]|società|företag(?:en)?|bedrijven|spółk\w{1,2})"
_OF_THEM = r"(?:\s+(?:of|one|the|these|those|my|our|two|three|four|five|six|\d{1,2}|der|dieser|drei|zwei|vier|les|des|de|las|estas|из|этих)){0,4}"
_EACH_COMPANY = LatePattern.any_of(
    rf"\b(?:each|every|all|both|which\s+of|these|those|jede[nrms]?|alle[nr]?|welche[nrms]?\s+(?:von|der)|chacune?|chaque|toutes|laquelle|lesquelles|cada|todas|cuál|кажд\w{{2}}|все[хм]?|ogni|varje|elk|każd\w)"
    rf"{_OF_THEM}\s+{_COMPANIES}\b",
    # "Which company makes steel?" asks for one, "which company earned the most?" compares all.
    rf"\b(?:which|what|welche[nrms]?|quelles?|qué|как\w{{2}}|quale|vilket|welk|któr\w){_OF_THEM}\s+{_COMPANIES}\b.{{0,80}}?"
    r"\b(?:most|more|high(?:er|est)|low(?:er|est)|great(?:er|est)|least|less|fewe(?:r|st)|larg(?:er|est)|small(?:er|est)|bigg(?:er|est)|better|best|fast(?:er|est)|am\s+\w+sten"
    r"|mehr|meisten|höher\w{0,2}|höchste\w?|niedriger?\w{0,3}|größer\w{0,2}|größte\w?|kleiner\w{0,2}|kleinste\w?|(?:le|la|les)\s+(?:plus|moins)|más|menos|mayor|menor|больш\w+|наибол\w+|самы\w+)\b",
    r"各(?:家)?公司|每(?:家|个)公司|哪(?:家|个|些)公司.{0,20}最|所有公司",
)
_EACH_QUARTER = LatePattern.any_of(
    r"\b(?:each|every|all|by|per)\s+(?:of\s+)?(?:the\s+)?(?:four\s+)?(?:fiscal\s+)?quarters?\b|\bquarter\s+by\s+quarter\b",
    r"\b(?:jede[nms]?|alle[nr]?|pro|je)\s+(?:vier\s+)?quartale?n?\b|\b(?:chaque|par)\s+trimestre|\b(?:cada|por)\s+trimestre|\bкажд\w+\s+квартал\w?|各季度|每个?季度",
)
_QUARTER_ASKED = re.compile(r"quarter|quartal|trimestre|квартал|季", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says. `periods` may lack a year, never both year and part; `dates` are days and months.
    `stretches` are times that are open to one side or join two days, which are in neither; `ranges` those that lack a year, which
    only the question before can tell; `counted`: so many of the newest.

    `newest`, `oldest`, `previous`, `last_year` and `year_over_year` are meant by the documents' own dates.
    `several`: about more than one document, whichever they are; `compares`: about those that it names.
    """

    kinds: tuple[str, ...] = ()
    periods: tuple[PeriodMention, ...] = ()
    dates: tuple[Date, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    ranges: tuple[DayRange, ...] = ()
    counted: Counted | None = None
    newest: bool = False
    oldest: bool = False
    previous: bool = False
    last_year: bool = False
    is_followed: bool = False  # the part of a year or the month after that of the question before
    is_year_after: bool = False
    ordinals: tuple[
        int, ...
    ] = ()  # parts of a year that only the question before can tell: "and in the third?"
    years_back: int = 1  # 2 where `last_year` is the one before the last
    year_over_year: bool = False
    several: bool = False
    compares: bool = False
    each_quarter: bool = False  # of the year that it names
    each_company: bool = False  # about all companies that there are: "each company", "which of the companies"
    quarters: bool = False  # it speaks of quarters
    leans_back: bool = False  # "previous" and "last year" are meant from the time of the question before, which `periods` have
    some_time: bool = False  # it speaks of a time that no document's date tells: "first", "since"

    @property
    def names_time(self) -> bool:
        """Whether it says which time it asks about."""
        return bool(
            self.periods
            or self.dates
            or self.stretches
            or self.counted
            or self.newest
            or self.oldest
            or self.previous
            or self.last_year
        )

    @property
    def is_timeless(self) -> bool:
        """Whether it speaks of no time at all, and compares none: then what is newest is meant."""
        return not (self.names_time or self.some_time or self.year_over_year or self.several or self.compares)


@lru_cache(64)  # the same question is read for its documents and for its years
def read_question(question: str) -> Asked:
    """Return what a question says about the documents that it asks."""
    times = named_times(question)
    counted = counted_from_newest(question)
    # "The second newest" is the one before the newest, and "the last two years" are not last year.
    is_earlier = EARLIER_YEAR.search(question) is not None
    is_second = _SECOND_NEWEST.search(question) is not None
    return Asked(
        tuple(kind.name for kind in kinds_asked(question)),
        times.periods,
        times.dates,
        times.stretches,
        times.ranges,
        counted,
        newest=not (is_second or counted) and _NEWEST.search(question) is not None,
        oldest=_OLDEST.search(question) is not None,
        previous=not counted and (is_second or PREVIOUS.search(question) is not None),
        last_year=is_earlier or LAST_YEAR.search(question) is not None,
        is_followed=is_followed(question),
        is_year_after=is_year_after(question),
        ordinals=() if times.periods else ordinals_of(question),
        years_back=2 if is_earlier else 1,
        year_over_year=_YEAR_OVER_YEAR.search(question) is not None,
        several=_SEVERAL.search(question) is not None,
        each_quarter=_EACH_QUARTER.search(question) is not None,
        each_company=_EACH_COMPANY.search(question) is not None,
        compares=_COMPARES.search(question) is not None,
        quarters=_QUARTER_ASKED.search(question) is not None,
        some_time=_SOME_TIME.search(question) is not None,
    )


def leaning_on(asked: Asked, earlier: Asked) -> Asked:
    """Return what a follow-up asks: what it does not name itself is meant as in the question before."""
    kinds = asked.kinds or earlier.kinds
    year = _year_of(earlier)
    if asked.ranges and year is not None:
        # "And from March to May?" after one about January 2024.
        stretches = tuple(filter(None, (one.in_year(year).stretch for one in asked.ranges)))
        asked = replace(asked, stretches=(*asked.stretches, *stretches), ranges=())
    moved = _moved(asked, earlier)
    if moved is not None:
        return replace(moved, kinds=kinds)
    if not asked.names_time:
        return replace(
            earlier,
            kinds=kinds,
            several=asked.several or earlier.several,
            compares=asked.compares or earlier.compares,
            each_company=asked.each_company or earlier.each_company,
            some_time=asked.some_time or earlier.some_time,
        )
    is_relative = (asked.previous or asked.last_year) and not (asked.periods or asked.dates)
    if is_relative and (earlier.periods or earlier.dates or earlier.newest):
        # "And in the quarter before?" after one about Q2 2023.
        return replace(
            asked,
            kinds=kinds,
            periods=earlier.periods,
            dates=earlier.dates,
            newest=earlier.newest,
            quarters=asked.quarters or earlier.quarters,
            leans_back=True,
        )
    parts = list(dict.fromkeys(mention.part for mention in earlier.periods))
    has_years_alone = bool(asked.periods) and not any(
        mention.part or mention.is_fiscal for mention in asked.periods
    )
    if has_years_alone and len(parts) == 1 and parts[0] and not asked.each_quarter:
        # "And in 2021?" after one about Q3 2022.
        return replace(
            asked, kinds=kinds, periods=tuple(replace(one, part=parts[0]) for one in asked.periods)
        )
    years = [mention.year for mention in earlier.periods if mention.year is not None and mention.part]
    periods = tuple(
        replace(mention, year=years[0]) if mention.year is None and years else mention
        for mention in asked.periods
    )
    return replace(asked, kinds=kinds, periods=periods)


def _moved(asked: Asked, earlier: Asked) -> Asked | None:
    """Return what a question asks that names the time after that of the one before, or another part of its year by its number
    alone; None where it does neither, or that one has no such time."""
    if asked.periods or asked.dates or asked.stretches:
        return None
    parts = [mention for mention in earlier.periods if mention.part]
    if asked.ordinals:
        if not parts:
            return None
        kind = parts[-1].part[:1]
        numbered = (replace(parts[-1], part=f"{kind}{number}") for number in asked.ordinals)
        return replace(asked, periods=tuple(numbered), ordinals=(), quarters=True)
    if not (asked.is_followed or asked.is_year_after):
        return None
    periods = tuple(filter(None, (_next(one, by_year=asked.is_year_after) for one in earlier.periods)))
    dates = tuple(filter(None, (_next_month(when, by_year=asked.is_year_after) for when in earlier.dates)))
    if not (periods or dates):
        return None
    return replace(asked, periods=periods, dates=dates, is_followed=False, is_year_after=False)


def _next(mention: PeriodMention, *, by_year: bool) -> PeriodMention | None:
    """Return the period after one, or the same of the next year; None without a year, and where a year has no parts."""
    if mention.year is None or not (by_year or mention.part):
        return None
    if by_year:
        return replace(mention, year=mention.year + 1)
    kind, number = mention.part[0], int(mention.part[1:])
    is_last = number >= (4 if kind == "Q" else 2)
    return replace(mention, year=mention.year + is_last, part=f"{kind}{1 if is_last else number + 1}")


def _next_month(when: Date, *, by_year: bool) -> Date | None:
    """Return the month after one, or the same of the next year; None for days, and where it lacks its year."""
    if when.year is None or when.month is None or when.day is not None:
        return None
    if by_year:
        return Date(when.year + 1, when.month)
    return Date(when.year + when.month // 12, when.month % 12 + 1)


def _year_of(asked: Asked) -> int | None:
    """Return the latest year that a question names, None where it names none."""
    years = {mention.year for mention in asked.periods} | {when.year for when in asked.dates}
    years |= {stretch.last.year for stretch in asked.stretches if stretch.last is not None}
    return max((year for year in years if year is not None), default=None)
