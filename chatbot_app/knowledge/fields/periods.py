"""Years, halves and quarters in a text: "Q3 2023", "3Q23", "third quarter of fiscal 2023", "FY2022", "1. Halbjahr 2023"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chatbot_app.core.document_fields import Period
from chatbot_app.knowledge.values.dates import full_year, with_plain_digits

_FREE = r"(?<![^\W_])"  # not inside a word; an underscore separates in names of files
_END = r"(?-i:(?![^\W_\u3000-\u9fff]))"  # scripts without spaces have no such border
_UP_TO = {3: "Q1", 6: "H1", 9: "Q3"}  # months of a year
_MONTHS_IN_WORDS = {
    word: number
    for number, words in (
        (3, "three drei trois tres три"),
        (6, "six sechs seis шест"),
        (9, "nine neun neuf nueve девят"),
    )
    for word in words.split()
}
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4}
# What ordinals begin with, in English, German, French, Spanish and Russian; Swedish, Danish, Dutch, Italian, Portuguese and Polish.
_STARTS = {
    "first": 1, "erst": 1, "premier": 1, "primer": 1, "перв": 1, "i": 1,
    "först": 1, "første": 1, "eerst": 1, "primo": 1, "primeir": 1, "pierwsz": 1,
    "second": 2, "zweit": 2, "deuxi": 2, "segundo": 2, "втор": 2, "ii": 2,
    "andra": 2, "ande": 2, "tweed": 2, "drug": 2,
    "third": 3, "dritt": 3, "troisi": 3, "tercer": 3, "трет": 3, "iii": 3,
    "tredj": 3, "derd": 3, "terzo": 3, "terceir": 3, "trzec": 3,
    "fourth": 4, "viert": 4, "quatri": 4, "cuarto": 4, "четв": 4, "iv": 4,
    "fjärd": 4, "fjerd": 4, "vierd": 4, "quarto": 4, "czwart": 4,
}  # fmt: skip
_WORDS = (
    r"first|second|third|fourth|erste[nrs]?|zweite[nrs]?|dritte[nrs]?|vierte[nrs]?"
    r"|première?|premier|deuxième|second|troisième|quatrième|primer|segundo|tercer|cuarto"
    r"|första|andra|tredje|fjärde|første|ande[nt]|fjerde|eerste|tweede|derde|vierde|primo|secondo|terzo|quarto|primeiro|terceiro"
    r"|(?:pierwsz|drug|trzec|czwart)\w{1,3}|перв\w{1,3}|втор\w{1,3}|трет\w{1,4}|четв\w{2,6}"
)
_DIGIT = r"[1-4](?:st|nd|rd|th|er|e|ème|:[ae]|[.º°ª]|-?[йгом]{1,2})?"
# One that stands by itself: "And in the third?", "Et au 2e ?", "¿Y en el tercero?".
LONE_ORDINAL = rf"(?:{_WORDS}|primero|tercero|primera|tercera|segunda|cuarta|{_DIGIT})"
_QUARTER = (
    rf"{_FREE}(?:q[1-4]|[1-4]q|(?:{_WORDS}|{_DIGIT})[\s-]+(?:fiscal[\s-]+)?"
    r"(?:quarters?|quartal[es]?n?|trimestres?|kvartal(?:et|s)?|kwartaal|kwarta[łl]\w{0,3}|квартал\w{0,2}))"
    rf"|{_FREE}(?:iv|i{{1,3}})\s+(?:квартал\w{{0,2}}|kwarta[łl]\w{{0,3}})|{_FREE}kvartal\s[1-4](?!\d)"
    r"|第?\s?[一二三四1-4]\s?季(?:\s?度)?|第[1-4一二三四]四半期"
)
_HALF = (
    rf"{_FREE}(?:h[12]|[12]h|(?:{_WORDS}|{_DIGIT})[\s-]+"
    r"(?:half(?:[\s-]year)?|halbjahr(?:es)?|semestres?|halvår(?:et)?|halfjaar|półrocz\w{1,2}|полугоди\w)|i{1,2}\s+(?:полугоди\w|półrocz\w{1,2}))|上半年|下半年"
)
# The first nine months: the report about the quarter that ends them has their figures.
_FIRST = r"(?:first|initial|ersten?|premiers|primeros|первы\w)"
_COUNT = r"(?:[369]|three|six|nine|drei|sechs|neun|trois|neuf|tres|seis|nueve|три|шесть|девять)"
_MONTHS = r"(?:months|monate?n?|mois|meses|месяц\w{0,2})(?![^\W_])"
_FIRST_MONTHS = rf"{_FREE}(?:{_FIRST}\s+{_COUNT}\s+{_MONTHS}|{_COUNT}\s+{_FIRST}\s+{_MONTHS})"
_PART = rf"(?P<part>(?P<quarter>{_QUARTER})|(?P<half>{_HALF})|(?P<months>{_FIRST_MONTHS}))"
# Only beside a year: S1 2024, 3T 2023, 半年度, 9M 2023, nine months of 2023, Neunmonatsbericht 2023.
_SHORT_PART = (
    rf"(?P<part>(?P<quarter>{_FREE}(?:t[1-4]|[1-4]t))|(?P<half>{_FREE}(?:s[12]|[12]s)|半年)"
    rf"|(?P<months>{_FREE}(?:[369]m|(?:[369]|drei|sechs|neun)-?monats?(?:bericht|mitteilung|abschluss|zahlen)\w{{0,2}})))"
)
_FISCAL = (
    r"(?:(?:the\s+)?(?:fiscal|financial|calendar)(?:[\s-]+year)?|fy|geschäftsjahr(?:e?s)?"
    r"|(?:l['’])?exercice|ejercicio|esercizio|exercício|räkenskapsåret|regnskabsåret|boekjaar|rok\w?\s+obrotow\w{1,3}|финансов\w+\s+год\w?)"
)
_FULL_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SPLIT = r"(?P<split>\s?[/–-]\s?(?:(?:19|20)?\d\d))?"
_AFTER_YEAR = r"(?!\d|[.,]\d)"
_SPACES = r"[\s_-]*"
_OF = r"(?:of|des|de|du|del|di|do|van|von|in|im|w|za|за)\s+"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Q4 and full year 2023
        rf"{_PART}\s*(?:and|&|\+|und|et|y)\s*(?:the\s+)?(?:full[\s-]+(?:fiscal[\s-]+)?year|fy|gesamtjahr|année|año){_SPACES}{_FULL_YEAR}{_AFTER_YEAR}",
        # Q3 2023, Q3-2023, Q3/2023, third quarter of fiscal year 2023, 3. Quartal des Geschäftsjahres 2021/22
        rf"{_PART}[\s,._/-]*(?:{_OF})?(?:jahres\s+)?(?:{_FISCAL}[\s_-]*)?['’]?{_FULL_YEAR}{_SPLIT}{_AFTER_YEAR}",
        # Q3FY23, 3Q23, Q3'23, 1H-24, Q3/23
        rf"{_PART}[_/-]?(?:fy[\s_-]?)?['’]?(?P<short>\d\d){_END}(?![.,%]\d)",
        rf"{_PART}[\s,]+fy[\s_-]?['’]?(?P<short>\d\d){_END}",  # Q3 FY24
        # 2023 Q3, 2023-Q3, FY2023 third quarter, 2023年第三季度
        rf"(?<!\d)(?:{_FISCAL}[\s_-]*)?{_FULL_YEAR}{_SPLIT}(?:\s*年(?:度|\s?\d{{1,2}}月期)?)?[\s,._/-]*前?{_PART}{_END}",
        rf"{_FREE}fy['’]?(?P<short>\d\d)[\s,._/-]*{_PART}{_END}",
        rf"(?<!\d){_FULL_YEAR}(?P<part>(?P<quarter>q[1-4])|(?P<half>h[12])){_END}",  # 2023Q3
        rf"{_SHORT_PART}{_END}[\s,._/-]*(?:{_OF})?['’]?{_FULL_YEAR}{_SPLIT}{_AFTER_YEAR}",
        rf"{_FREE}(?P<part>(?P<months>{_COUNT}\s{_MONTHS}))\s(?:(?:of|de|des|du)\s)?{_FULL_YEAR}{_AFTER_YEAR}",
        rf"{_FREE}(?P<part>(?P<quarter>[1-4]t)|(?P<months>[69]m))(?P<short>\d\d){_END}(?![.,%]\d)",  # 3T23, 9M23
        rf"(?<!\d){_FULL_YEAR}{_SPLIT}(?:\s*年)?[\s,._/-]*(?P<part>(?P<quarter>t[1-4]|[1-4]t)|(?P<half>s[12]|[12]s|半年)"
        rf"|(?P<months>[369]m|(?<!\d)1月?\s?[-–~至到]\s?[369]月)){_END}",  # 2024 S1, 2024年半年度, 2024年1-6月
    )
)
_YEAR_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_FREE}{_FISCAL}[\s_-]*['’]?{_FULL_YEAR}{_SPLIT}{_AFTER_YEAR}",  # fiscal 2023, Geschäftsjahr 2021/22
        rf"{_FREE}fy[\s_-]?['’]?(?P<short>\d\d){_END}(?:/(?P<later>\d\d))?",  # FY23, FY22/23
    )
)
_LONE_PART = re.compile(rf"{_PART}(?-i:(?![^\W\d_\u3000-\u9fff]))", re.IGNORECASE)
# The first of "third and fourth quarters", "vom 1. bis zum 3. Quartal".
_LISTED_PART = re.compile(
    rf"{_FREE}(?P<quarter>{_WORDS}|{_DIGIT})(?=(?:\s*,\s*|\s*[-–—]\s*|\s+(?:and|or|und|oder|et|y|и|to|through|bis|au|à|al|по|до)\s+)(?:(?:the|zum|dem|le|el)\s+)?(?:{_WORDS}|{_DIGIT})[\s,]+"
    r"(?:(?:and|or|und|oder|et|y|и)\s+(?:\w+)\s+)?(?:quarters?|quartal|trimestre|квартал))",
    re.IGNORECASE,
)
# "1929 CST", "at 2000 hours" are times of day.
_NO_TIME_OF_DAY = (
    r"(?-i:(?!\s?(?:(?:E|C|M|P|A|AK|H)[SD]T|CES?T|MES?Z|UTC|GMT|BST|MSK|JST)\b|\s(?:[Hh]rs?|[Hh]ours|Uhr)\b))"
)
_LONE_YEAR = re.compile(
    rf"(?<=\s)['’](?P<short>\d\d)(?![\w'’])|(?-i:(?<![^\W\u3000-\u9fff])(?<![A-Z]-))(?<![.,$€£¥#]){_FULL_YEAR}(?P<split>\s?/\s?(?:(?:19|20)?\d\d))?(?![\w.,]\d|[^\W年财]|\s*[%$€£¥])"
    rf"{_NO_TIME_OF_DAY}"
)
_LONGEST_RANGE = 60  # periods
_RANGE = re.compile(
    r"\s*(?:-|–|—|to|through|until|till|bis|à|au|al?|hasta|até|ao|po|по|до|til|tot|do|至|到)(?:\s+(?:the|zum|al?|el|le|o|il))?\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|между)\s+(?:(?:the|dem|el|le)\s+)?$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|und|et|y|и)(?:\s+(?:the|dem|el|le))?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period at characters `start` to `end` of a text; `year` is None where only a part is named."""

    start: int
    end: int
    year: int | None
    part: str = ""
    is_split: bool = False
    is_fiscal: bool = False  # said to be a fiscal one

    @property
    def period(self) -> Period | None:
        """The period, None without a year."""
        return None if self.year is None else Period(self.year, self.part, self.is_split)


def periods_of(text: str, *, lone_years: bool = False) -> list[PeriodMention]:
    """Return the periods that a text names, in order. `lone_years`: a bare "2023" is one, too."""
    text = with_plain_digits(text)
    taken = bytearray(len(text))
    found: list[PeriodMention] = []

    def take(match: re.Match[str], mention: PeriodMention) -> None:
        if 1 not in taken[match.start() : match.end()]:
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(mention)

    for form in (*_FORMS, *_YEAR_FORMS, *((_LONE_YEAR,) if lone_years else ()), _LISTED_PART, _LONE_PART):
        for match in form.finditer(text):
            mention = _mention(match)
            if mention is not None:
                take(match, mention)
    return sorted(found, key=lambda mention: mention.start)


def with_years(mentions: list[PeriodMention]) -> list[PeriodMention]:
    """Return parts with the year of the next mention that has one ("Q1 and Q2 2023"), else of the one before.

    Where no part has a year, years that stand alone are theirs: "Q3 sales in 2021 and 2022".
    """
    mentions = _with_lone_years(mentions)
    dated: list[PeriodMention] = []
    for place, mention in enumerate(mentions):
        if mention.year is None:
            others = (*mentions[place + 1 :], *reversed(mentions[:place]))
            year = next((other.year for other in others if other.year is not None and other.part), None)
            mention = PeriodMention(mention.start, mention.end, year, mention.part)
        dated.append(mention)
    return dated


def _with_lone_years(mentions: list[PeriodMention]) -> list[PeriodMention]:
    parts = [mention for mention in mentions if mention.part]
    years = [mention for mention in mentions if not mention.part and mention.year is not None]
    if not years or any(part.year is not None for part in parts):
        return mentions
    # Where each stands is what joins them to ranges: the years do, unless there are more of the parts.
    by_year = len(years) >= len(parts)
    return [
        replace(
            year if by_year else part,
            year=year.year,
            part=part.part,
            is_split=year.is_split,
            is_fiscal=year.is_fiscal or part.is_fiscal,
        )
        for year, part in (
            ((year, part) for part in parts for year in years)
            if by_year
            else ((year, part) for year in years for part in parts)
        )
    ] or mentions


def with_ranges(text: str, mentions: list[PeriodMention]) -> list[PeriodMention]:
    """Return the mentions with the years or quarters between two that a text joins ("2019 to 2022", "Q1–Q3 2023")."""
    filled: list[PeriodMention] = []
    for before, mention in zip([None, *mentions], mentions, strict=False):
        if before is not None and are_joined(text, before, mention):
            filled += (
                PeriodMention(before.start, mention.end, year, part)
                for year, part in _between(before, mention)
            )
        filled.append(mention)
    return filled


def are_joined(text: str, before: PeriodMention, mention: PeriodMention) -> bool:
    """Whether a text joins two mentions to a range: "2019 to 2022", "between 2019 and 2022"."""
    between = text[before.end : mention.start]
    if _RANGE.fullmatch(between):
        return True
    return _AND.fullmatch(between) is not None and _BETWEEN.search(text[: before.start]) is not None


def _between(first: PeriodMention, last: PeriodMention) -> list[tuple[int, str]]:
    """Return the (year, part) that lie between two of the same length; none where they are too far apart."""
    if first.year is None or last.year is None or first.part[:1] != last.part[:1]:
        return []
    parts = {"": 1, "H": 2, "Q": 4}[first.part[:1]]
    begin = first.year * parts + int(first.part[1:] or 1) - 1
    end = last.year * parts + int(last.part[1:] or 1) - 1
    if not 0 < end - begin <= _LONGEST_RANGE:
        return []
    places = range(begin + 1, end)
    return [(n // parts, f"{first.part[:1]}{n % parts + 1}" if parts > 1 else "") for n in places]


def _mention(match: re.Match[str]) -> PeriodMention | None:
    groups = match.groupdict()
    part = ""
    if groups.get("quarter"):
        part = f"Q{ordinal_number(groups['quarter'] or '')}"
    elif groups.get("half"):
        half = groups["half"] or ""
        part = (
            "H1" if half in ("上半年", "半年") else "H2" if half == "下半年" else f"H{ordinal_number(half)}"
        )
    elif groups.get("months"):
        part = _UP_TO.get(_count(groups["months"] or ""), "Q0")
    if part[1:] == "0":
        return None
    year: int | None = None
    split = False
    if groups.get("year"):
        year = int(groups["year"] or 0)
        later = _later_year(year, groups.get("split"))
        if later is not None:
            year, split = later, True
    elif groups.get("short"):
        short = int(groups["short"] or 0)
        year = full_year(short)
        if groups.get("later") and int(groups["later"] or 0) == (short + 1) % 100:
            year, split = year + 1, True
    fiscal = re.search(_FISCAL, match.group(), re.IGNORECASE) is not None
    return PeriodMention(match.start(), match.end(), year, part, split, fiscal)


def _later_year(year: int, split: str | None) -> int | None:
    """Return the second year of "2021/22"; None where what follows is another thing."""
    digits = re.sub(r"\D", "", split or "")
    return year + 1 if digits and int(digits) % 100 == (year + 1) % 100 else None


def _count(months: str) -> int:
    """Return how many months are named, 0 where letters of other alphabets stand for those of a number ("sıx")."""
    digits = re.findall(r"[369]", months)
    words = re.findall(r"[^\W\d_]+", months.casefold())
    named = (number for word in words for start, number in _MONTHS_IN_WORDS.items() if word.startswith(start))
    return int(digits[-1]) if digits else next(named, 0)


def ordinal_number(word: str) -> int:
    """Return which of four an ordinal names, 0 where it is none."""
    digits = re.search(r"[1-4]", word)
    if digits:
        return int(digits.group())
    for sign, number in _HAN.items():
        if sign in word:
            return number
    plain = word.casefold()
    roman = re.match(r"(iv|i{1,3})\s", plain)
    if roman:
        return _STARTS[roman.group(1)]
    return next(
        (number for start, number in _STARTS.items() if len(start) > 3 and plain.startswith(start)), 0
    )
