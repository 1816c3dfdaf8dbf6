"""What a question names exactly: identifiers, file names, quoted phrases, dates and amounts, in any notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from chatbot_app.knowledge.search.numbered_places import places_asked
from chatbot_app.knowledge.values.clock_times import spoken_times
from chatbot_app.knowledge.values.dates import Date
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.lexicon import MONTHS, UNITS
from chatbot_app.knowledge.words.words import UNSPACED

MOST_PHRASES = 48  # that one question looks up
_LONGEST_NUMBER = 12  # digits of a number that is looked up

_QUOTED = re.compile(
    r"“([^“”]{2,200})”|„([^„“”]{2,200})[“”]|«([^«»]{2,200})»|\"([^\"]{2,200})\"|「([^「」]{2,200})」"
)
_FILE = re.compile(r"[\w()+-][\w .()+-]{0,80}?\.[a-z][a-z0-9]{1,4}\b(?!\()", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_](?:[\w.:/#+&-]*[^\W_])?(?:\(\))?|__?\w+")
_PARTS = re.compile(r"[^\W_]+")
_BETWEEN = r"[\s\-_./:#‐-–]{0,2}"
_CAMEL = re.compile(r"[a-zß-ÿ][A-Z]|[A-Z]{2,}[a-z]{2,}")
# 20231187, 4711-0815, 1090-2, 2.14.3; no score (24-10), no years (1990-1999).
_LONG_NUMBER = re.compile(r"^\d{5,}$|^(?=(?:\D*\d){6})\d+(?:[-/]\d+)+$|^\d{4,}-\d{1,3}$|^\d+(?:\.\d+){2,}$")
_NUMBERED = re.compile(rf"{_LONG_NUMBER.pattern}|^\d+(?:[-/]\d+)+$")  # and no amount either
_YEARS = re.compile(r"^(?:1[5-9]|20)\d\d[-/](?:\d\d|\d{4})$")
_OPTION = re.compile(r"(?<!\S)--[a-z][\w-]+")
# "version 3", "Rev. B"; in names of files and titles "v3", too.
_VERSION_WORD = r"(?:versions?|revisions?|rev\.?|fassung|ausgabe|edition|версия|versión)"
_VERSION = re.compile(
    rf"(?<![^\W_]){_VERSION_WORD}\s(?P<name>\d{{1,3}}(?:\.\d{{1,3}})?|[A-H])(?![\w%]|\.\d)",
    re.IGNORECASE,
)
_ANY_VERSION = re.compile(
    rf"(?<![^\W_])(?:{_VERSION_WORD}\s?|v\.?\s?)(?:\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}|[A-H])(?![^\W_])",
    re.IGNORECASE,
)
_SPACED_CODE = re.compile(
    r"(?<![^\W_])(?<![-/.])(?P<letters>[A-Z]{2,6})\s\d{2,6}(?:-\d{1,3})?[A-Za-z]?(?![^\W_]|[.,:/-]\d|\s?%)"
)
_YEAR_ALONE = re.compile(r"\s(?:1[5-9]|20)\d\d$")
# What stands before a number in capitals and makes no code of it: eras, weeks, fiscal years, pages, units.
_NO_CODES = frozenset("AD BC CE BCE KW CW WK FY GJ PP AM PM NO NR USA US UK EU UN".split())
_FIGURES_APART = re.compile(r"\d[^\w\s]+\d")
_SPLIT = 4  # pieces of a code at most that are looked up as one word and as several
_CAPITALS = 6  # letters of a word that is written in capitals: a constant, not an abbreviation
# Written with a digit and a letter, and still no name of a thing: 3rd, 1990s, 5km, 12h, Q3, FY2023.
_ORDINARY = re.compile(
    r"^(?:\d+(?:st|nd|rd|th|s|er|h|am|pm|[a-zµ°%]{1,3})|(?:q|fy|h)\d{1,4}|\d{1,2}:\d\d(?:am|pm)?)$",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"^\d+(?:st|nd|rd|th)?(?:-[^\W\d_]{3,})+(?:-\d+)?$"
)  # 2-point, 3rd-and-9, 24-Yard-Line
_EXTENSIONS = frozenset(
    "pdf docx doc odt rtf txt md html htm xml csv tsv xlsx xls ods pptx ppt odp epub eml msg json jsonl yaml yml toml"
    " ini cfg py js ts tsx java c h cpp hpp cs go rs rb php sh sql r ipynb tex log png jpg jpeg tif tiff zip".split()
)


@dataclass(frozen=True, slots=True)
class Thing:
    """An exact thing: `pattern` is how it stands in a text, `phrases` how the index is asked for it.

    `alike` is how it and others with its letters and other figures stand there: "WX 720" beside "WX 710"; None without both.
    """

    pattern: re.Pattern[str]
    phrases: tuple[str, ...]
    alike: re.Pattern[str] | None = None


class ExactThings:
    """The exact things of a question; false where it has none. `files` are names of files, casefolded, `codes` the identifiers
    with a figure (not those within words of scripts without spaces), `places` those that have a number, `versions` those of documents.
    """

    def __init__(self, question: str) -> None:
        self.files = frozenset(_file_names(question))
        self._quoted = [" ".join(words.casefold().split()) for words in _quotations(question)]
        values = values_of(question)
        spaced = [] if question.isupper() else list(_spaced_codes(question, values))
        self._things = [_thing(word) for word in _identifiers(question, self.files, values, spaced)]
        self.codes = [
            thing
            for thing in self._things
            if any(map(str.isdigit, thing.phrases[0])) and not UNSPACED.search(thing.phrases[0])
        ]
        self.places = places_asked(question)
        self.versions = [_version(found["name"]) for found in _VERSION.finditer(question)]
        numbers = [match for match in _TOKEN.finditer(question) if _NUMBERED.match(match.group())] + spaced
        self._values = [
            value
            for value in values
            if _is_exact(value, question) and (value.kind is ValueKind.DATE or not _overlaps(value, numbers))
        ]

    @property
    def clocks(self) -> list[Value]:
        """The times of day that are asked for."""
        return [value for value in self._values if value.dimension == "clock"]

    def __bool__(self) -> bool:
        return bool(
            self.files or self._quoted or self._things or self._values or self.places or self.versions
        )

    def phrases(self) -> list[str]:
        """Return FTS5 phrases, in quotation marks, one of which stands wherever an exact thing may be."""
        found: dict[str, None] = {}
        for text in self._quoted:
            found[_phrase(text)] = None
        for name in sorted(self.files):
            found[_phrase(PurePath(name).stem)] = None
        for thing in (*self._things, *self.versions):
            found.update(dict.fromkeys(thing.phrases))
        for place in self.places:
            found[_phrase(" ".join(_PARTS.findall(place.number)))] = None
        for value in self._values:
            found.update(dict.fromkeys(map(_phrase, _notations(value))))
        found.pop('""', None)
        return list(found)[:MOST_PHRASES]

    def held_by(self, text: str, path: str, title: str, headings: Sequence[str] = ()) -> float:
        """Return the share of the exact things that a passage holds, or that name its document, 0 to 1.

        Numbered places may stand in the `headings` above it.
        """
        total = len(self.files) + len(self._quoted) + len(self._things) + len(self._values)
        total += len(self.places) + len(self.versions)
        if not total:
            return 0.0
        held = sum(thing.pattern.search(text) is not None for thing in self._things)
        placed = "\n".join((*headings, text)) if self.places else ""
        held += sum(place.pattern.search(placed) is not None for place in self.places)
        held += sum(
            names_version(version, path, title) or version.pattern.search(text) is not None
            for version in self.versions
        )
        if self._quoted:
            plain = " ".join(text.casefold().split())
            held += sum(words in plain for words in self._quoted)
        if self.files:
            names = (PurePath(path).name.casefold(), title.casefold())
            held += sum(_names_file(name, names) or name in text.casefold() for name in self.files)
        if self._values:
            said = values_of(text)
            held += sum(any(value.says(asked, exactly=True) for value in said) for asked in self._values)
        return held / total


def _overlaps(value: Value, matches: Sequence[re.Match[str]]) -> bool:
    return any(match.start() < value.end and value.start < match.end() for match in matches)


def _names_file(asked: str, names: Sequence[str]) -> bool:
    """Whether a file has the name that is asked for, or ends in it: "report final.pdf" is asked for as "final.pdf"."""
    return any(
        name in (asked, PurePath(asked).stem) or name.endswith((f" {asked}", f"_{asked}", f"-{asked}"))
        for name in names
    )


def _quotations(question: str) -> Iterator[str]:
    for match in _QUOTED.finditer(question):
        yield next(group for group in match.groups() if group)


def _file_names(question: str) -> Iterator[str]:
    """Yield the names of files, lower case: with spaces only where they stand in quotation marks."""
    for words in _quotations(question):
        if _FILE.fullmatch(words.strip()) and _extension(words) in _EXTENSIONS:
            yield words.strip().casefold()
    for token in question.split():
        word = token.strip("“”„\"'«»()[]{}?!,;:")
        if _FILE.fullmatch(word) and _extension(word) in _EXTENSIONS:
            yield word.casefold()


def _extension(name: str) -> str:
    return PurePath(name.strip()).suffix[1:].casefold()


def _identifiers(
    question: str, files: frozenset[str], values: Sequence[Value], spaced: Sequence[re.Match[str]]
) -> Iterator[str]:
    """Yield part numbers, error codes, names of code and the like, each once; `values` and `spaced` codes are the question's."""
    seen = set()
    # A year alone is none: 1090-2 is a number of a standard.
    dates = [value for value in values if any(date.month for date in value.dates)]
    shouted = question.isupper()
    yield from dict.fromkeys(match.group() for match in _OPTION.finditer(question))
    yield from dict.fromkeys(match.group() for match in spaced)
    for match in _TOKEN.finditer(question):
        word = match.group()
        if any(_overlaps(date, [match]) for date in dates) or any(
            code.start() <= match.start() and match.end() <= code.end() for code in spaced
        ):
            continue
        key = word.casefold()
        is_capital = len(word) >= _CAPITALS and word.isupper() and not shouted
        if key in seen or any(key in name for name in files) or not (is_capital or _is_identifier(word)):
            continue
        seen.add(key)
        yield word


def _spaced_codes(question: str, values: Sequence[Value]) -> Iterator[re.Match[str]]:
    """Yield codes with a space: "CS 305", "ISO 9001", "EN 1090-2"; no amounts, years or weeks."""
    said = [value for value in values if value.dimension or any(date.month for date in value.dates)]
    for match in _SPACED_CODE.finditer(question):
        is_of_time = _YEAR_ALONE.search(match.group()) or match["letters"] in _NO_CODES
        if not is_of_time and not any(_overlaps(value, [match]) for value in said):
            yield match


def _is_identifier(word: str) -> bool:
    letters, digits = any(c.isalpha() for c in word), any(c.isdigit() for c in word)
    if not letters:
        return _is_long_number(word)
    if _ORDINARY.match(word) or _COMPOUND.match(word):
        return False
    if digits or word.endswith("()") or "_" in word or "::" in word:
        return True
    return _CAMEL.search(word) is not None and not word.istitle()


def _is_long_number(word: str) -> bool:
    return _LONG_NUMBER.match(word) is not None and not _YEARS.match(word)


def _thing(word: str) -> Thing:
    parts = _PARTS.findall(word)
    split = [piece for part in parts for piece in re.findall(r"\d+|[^\W\d_]+", part)]
    pattern = rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, split))}(?![^\W_])"
    # "CS305" stands as one word in the index, "CS 305" and "CS-305" as two.
    is_short = len(split) <= _SPLIT and not _FIGURES_APART.search(word)
    forms = (parts, split, ["".join(parts)]) if is_short else (parts,)
    phrases = dict.fromkeys(" ".join(form) for form in forms)
    return Thing(re.compile(pattern, re.IGNORECASE), tuple(map(_phrase, phrases)), _alike(split))


def _alike(split: Sequence[str]) -> re.Pattern[str] | None:
    if all(map(str.isdigit, split)) or not any(map(str.isdigit, split)):
        return None
    pieces = (r"\d+" if piece.isdigit() else re.escape(piece) for piece in split)
    return re.compile(rf"(?<![^\W_]){_BETWEEN.join(pieces)}(?![^\W_])", re.IGNORECASE)


def _version(name: str) -> Thing:
    pattern = rf"(?<![^\W_])(?:{_VERSION_WORD}\s?|v\.?\s?){re.escape(name)}(?![^\W_]|\.\d)"
    return Thing(re.compile(pattern, re.IGNORECASE), (_phrase(" ".join(["version", *_PARTS.findall(name)])),))


def names_version(version: Thing, path: str, title: str) -> bool:
    """Whether the name of a file, or its title, says that it is a version: "Travel policy v3.docx"."""
    return any(version.pattern.search(name) for name in _names(path, title))


def says_version(path: str, title: str) -> bool:
    """Whether the name of a file, or its title, says which version it is."""
    return any(_ANY_VERSION.search(name) for name in _names(path, title))


def _names(path: str, title: str) -> tuple[str, str]:
    return PurePath(path).stem.replace("_", " ").replace("-", " "), title


def _is_exact(value: Value, question: str) -> bool:
    """Whether a value says enough to be looked for: a day or month, an amount, a long number; not a year alone."""
    if value.kind is ValueKind.DATE:
        return any(
            date.month is not None and (date.year is not None or date.day is not None) for date in value.dates
        )
    if value.kind is ValueKind.ORDINAL:
        return False
    written = question[value.start : value.end]
    if not any(c.isdigit() for c in written) and value.dimension != "clock":  # "half past seven"
        return False
    return bool(value.dimension and value.dimension != "calendar") or sum(c.isdigit() for c in written) >= 4


def _notations(value: Value) -> Iterator[str]:
    """Yield how a date or an amount may be written, as the index splits it into words."""
    for date in value.dates:
        yield from _dates(date)
    if value.dimension == "clock":
        for minutes in map(int, value.readings):
            yield f"{minutes // 60} {minutes % 60:02}"
            yield f"{minutes // 60:02} {minutes % 60:02}"
            yield f"{minutes // 60 % 12 or 12} {minutes % 60:02}"
            yield from spoken_times(minutes)
        return
    for reading in value.readings:
        factors = {
            unit.factor for unit in UNITS.values() if unit.dimension == value.dimension and not unit.offset
        }
        factors |= {1.0, 1e3, 1e6, 1e9} if value.dimension in ("", "USD", "EUR", "GBP") else set()
        for factor in sorted(factors, key=lambda factor: abs(factor - 1)):
            yield from _numbers(reading / factor)


def _dates(date: Date) -> Iterator[str]:
    year, month, day = date.year, date.month, date.day
    names = [name for name, number in MONTHS.items() if number == month and len(name) > 2]
    if day is None:
        for name in names:
            yield f"{name} {year}"
        yield f"{year} {month:02}" if month else f"{year}"
        return
    assert month is not None
    if year is not None:
        for one, two in ((f"{month:02}", f"{day:02}"), (f"{month}", f"{day}")):
            yield f"{year} {one} {two}"
            yield f"{two} {one} {year}"
            yield f"{one} {two} {year}"
        yield f"{year}年{month}月{day}日"
    for name in names:
        yield f"{name} {day}"
        yield f"{day} {name}"


def _numbers(number: float) -> Iterator[str]:
    """Yield a number as words of digits: "1 41" for 1.41, "1410" and "1 410" for 1,410."""
    written = f"{number:.4f}".rstrip("0").rstrip(".")
    if abs(float(written) - number) > 1e-9 * abs(number) or len(written) > _LONGEST_NUMBER or number < 0.001:
        return
    whole, _, fraction = written.partition(".")
    grouped = f"{int(whole):,}".replace(",", " ")
    for digits in dict.fromkeys((whole, grouped)):
        yield f"{digits} {fraction}".strip()
        if len(fraction) == 1:
            yield f"{digits} {fraction}0"


def _phrase(text: str) -> str:
    return '"' + text.replace('"', " ").strip() + '"'
