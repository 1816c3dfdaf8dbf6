"""Years that a question names, and which documents tell of other years but never of these.

"What was Nordwind's revenue in 2019?" is not answered by its report on 2023, however near its row for revenue lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, YearsAsked
from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.asking import read_question
from chatbot_app.knowledge.fields.kinds import root_kind
from chatbot_app.knowledge.values.dates import full_year, with_plain_digits
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.storage.word_search import WordSearch

# A contract of 2024 still holds in 2026, and so may notes; a report, a bill, minutes tell of their own time.
_KEPT_TO = frozenset({"", "contract", "policy", "manual", "résumé"})
_LONGEST_QUESTION = 2000  # characters that are looked at
_MOST_YEARS = 12  # of a question
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?![\d]|[.,]\d)")
# 2015–2020, from 2015 to 2020, zwischen 2015 und 2020: what is told of both is told of what lies between.
_SPAN = LatePattern(
    r"(?<!\d)((?:1[5-9]|20)\d\d)\s?(?:[-–—/~]|to|through|until|till|bis|à|au|a|al|по|до|至|到)\s?((?:1[5-9]|20)?\d\d)(?!\d)"
    r"|\b(?:between|zwischen|entre|между)\s((?:1[5-9]|20)\d\d)\s(?:and|und|et|y|и)\s((?:1[5-9]|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# Since 2015, from 2015 on, ab 2015: every later year.
_SINCE = LatePattern(
    r"\b(?:since|from|as\s+of|starting|seit|ab|depuis|dès|à\s+partir\s+de|desde|a\s+partir\s+de|начиная\s+с)"
    r"\W+(?:[^\W\d]+\W+|\d{1,2}\W+){0,4}((?:1[5-9]|20)\d\d)(?!\d)|((?:1[5-9]|20)\d\d)\s?年?(?:以来|起|开始)",
    re.IGNORECASE,
)
_DECADE = LatePattern(
    r"(?<!\d)((?:1[5-9]|20)\d)0(?:['’]?s\b|er\b|-х)|(?:années|años)\s+((?:1[5-9]|20)\d)0", re.IGNORECASE
)
_SHORT_DATE = LatePattern(
    r"(?<![\d./-])\d{1,2}[./-]\d{1,2}[./-](\d\d)(?![\d./-])|\bFY\s?(\d\d)\b|['’](\d\d)\b", re.IGNORECASE
)
# A number of four digits that is a year: "in 1850", "March 2022", "| 2023 |"; not "1850 people", "1500 Euro".
_IS_YEAR = LatePattern(
    r"(?:\b(?:in|since|during|until|year|years|ended|fy|im|jahre?s?|seit|ab|en|depuis|année|exercice|año|ejercicio|в|с|годы?)\s+"
    r"|[^\W\d_]{3}\.?,?\s|\d{1,2}(?:st|nd|rd|th)?[./,-]\s?)(?:1[5-9]|20)\d\d(?![\d,.]\d|\d|\s*[%$€£]|\s(?:[^\W\d_]+s|people|person(?:en)?|euro|rubel|dollar|km|kg|k?m[²2]?|g|t|cm|mm|руб\w*|человек)\b)"
    r"|(?:^|\|)[ \t]*(?:1[5-9]|20)\d\d[ \t]*(?:\||$)|(?:1[5-9]|20)\d\d\s?年",
    re.IGNORECASE | re.MULTILINE,
)
# "Since 2020", "before 2020": what answers it may be told of any year on that side.
_OPEN = LatePattern(
    r"\b(?:since|after|before|until|till|through|by|prior\s+to|up\s+to|later\s+than|earlier\s+than|starting|seit|nach|vor|bis|ab|spätestens"
    r"|depuis|dès|après|avant|jusqu['’](?:en|à|au)|à\s+partir\s+d[eu]|desde|hasta|antes\s+de|después\s+de|a\s+partir\s+de|с|со|до|после|начиная\s+с|к)"
    rf"\W+(?:(?:{'|'.join(map(re.escape, MONTHS))}|\d{{1,2}}(?:st|nd|rd|th)?|the|end|beginning|start|of|fiscal|year|early|mid|late|dem|der|ende|anfang|jahre?s?|la|fin|fine[sl]|de|del|l['’]an(?:née)?|año|конца|начала)\W+){{0,4}}"
    r"(?:1[5-9]|20)\d\d(?!\d)|(?:1[5-9]|20)\d\d\s?年?(?:以来|以后|之后|以前|之前|起|为止|\s+(?:or\s+later|or\s+earlier|onwards?|on\b))",
    re.IGNORECASE,
)
_TWO_DIGITS = re.compile(r"\d\d")  # the fewest that a year is written with
_FIRST_YEAR = 1500  # an earlier one is no year in a text, but a number


def years_asked(question: str) -> tuple[int, ...]:
    """Return the years that a question names, ascending; those between two that it joins, too.

    None of "since 2020" or "before 2020": what answers it may be told of any year on that side.
    """
    question = question[:_LONGEST_QUESTION]
    if not _TWO_DIGITS.search(with_plain_digits(question)):
        return ()  # most questions: to read them takes longer than all that is read of passages
    asked = read_question(question)
    named = {mention.year for mention in asked.periods} | {when.year for when in asked.dates}
    joined = [
        range(one.first.year, one.last.year + 1)
        for one in asked.stretches
        if one.first is not None and one.last is not None
    ]
    named.update(*joined)  # "from November 2022 to February 2023"
    years = tuple(sorted(year for year in named if year is not None and year >= _FIRST_YEAR))
    if joined and len(joined) == len(asked.stretches):
        return years
    is_span = 1 < len(years) == years[-1] - years[0] + 1  # "from 2019 to 2021"
    return () if not is_span and _OPEN.search(question) else years


def tells_of(years: Iterable[int], text: str) -> bool:
    """Whether a text names one of some years, or a time that one lies in."""
    text = with_plain_digits(text)
    told = set(_years_of(text))
    pairs = ((one or three, two or four) for one, two, three, four in _SPAN.compiled.findall(text))
    spans = [(int(first), _later(int(first), last)) for first, last in pairs]
    since = min((int(one or two) for one, two in _SINCE.compiled.findall(text)), default=9999)
    return any(
        year in told or since <= year or any(first <= year <= last for first, last in spans) for year in years
    )


def read_years(question: str, evidence: Sequence[Evidence], words: WordSearch) -> YearsAsked | None:
    """Return the years that a question names and which of the documents that were found tell of others only.

    None where it names none. Of documents that differ in company or time nothing is told. Raises StoreError.
    """
    years = years_asked(question)
    if not years or len(years) > _MOST_YEARS:
        return None
    telling, silent, in_force = set[str](), set[str](), set[str]()
    for item in evidence:
        if item.match is FieldMatch.DIFFERS:
            continue
        document, fields = item.passage.document_id, item.fields
        text = f"{item.title}\n{fields.period} {fields.date}\n{item.passage.context}\n{item.passage.text}"
        text = with_plain_digits(text)
        if tells_of(years, text):
            telling.add(document)
        elif fields.period or fields.date or _IS_YEAR.search(text):
            silent.add(document)
            if (
                not fields.period
                and root_kind(fields.kind) in _KEPT_TO
                and min(years) > max(_years_of(text), default=0)
            ):
                in_force.add(document)
    silent -= telling | in_force
    if silent:  # in what was found: the year may stand elsewhere in them
        silent -= words.documents_with(_match(years), sorted(silent))
    return YearsAsked(years, frozenset(silent))


def _match(years: Iterable[int]) -> str:
    """Return the FTS5 expression for passages that may tell of some years: 2019, FY19, FY2019, 2018/19, the 2010s."""
    forms: dict[str, None] = {}
    for year in years:
        short = f"{year % 100:02}"
        for form in (
            f'"{year}"*',
            f'"fy{short}"',
            f'"fy{year}"',
            f'"{year - 1} {short}"',
            f'"{year // 10}0s"',
        ):
            forms[form] = None
    return " OR ".join(forms)


def _years_of(text: str) -> Iterator[int]:
    yield from (int(found) for found in _YEAR.findall(text))
    for one, two, three in _SHORT_DATE.compiled.findall(text):
        yield full_year(int(one or two or three))
    for decade in chain.from_iterable(_DECADE.compiled.findall(text)):
        if decade:
            yield from range(int(decade) * 10, int(decade) * 10 + 10)


def _later(first: int, last: str) -> int:
    """Return the second year of "2018/19" or "2018–2021"."""
    year = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    return max(first, year)
