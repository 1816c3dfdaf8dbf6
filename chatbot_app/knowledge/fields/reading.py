"""The fields of a document, read from the name of its file, its title and its first pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from chatbot_app.core.document_fields import DocumentFields, Period
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.fields.companies import (
    company_key,
    company_names,
    institution_of,
    institution_titled,
    parties_of,
    registrant_of,
    tickers_of,
    without_receivers,
)
from chatbot_app.knowledge.fields.document_times import period_and_end
from chatbot_app.knowledge.fields.kinds import BY_NAME, DocumentKind, is_kind, kind_in_name, kind_of_page
from chatbot_app.knowledge.fields.own_dates import (
    date_in_name,
    labelled_date,
    own_date,
    period_in_name,
    titled_date,
)
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.fields.preambles import Preamble, preamble_of
from chatbot_app.knowledge.tables.labelled_rows import lines_of_labels
from chatbot_app.knowledge.tables.markdown import is_row
from chatbot_app.knowledge.values.dates import dates_of
from chatbot_app.knowledge.words.lexicon import MONTHS

# Characters of the text that are looked at: the title page; and where a report says which quarter it is about.
FRONT_CHARACTERS = 4000
READ_CHARACTERS = 60_000

_LONGEST = 120  # characters of a field
_LONGEST_LINE = 400
_CAMEL = re.compile(
    r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|(?<=[A-Za-z])(?=(?:19|20)\d\d(?!\d))|(?<=(?<!\d)[12]\d{3})(?=[A-Za-z])"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w&'’.-]*")
_NO_NAME_WORDS = frozenset(
    "final draft copy signed scan scanned version rev revised new old the of and for from to in a an der die das und von vom zum"
    " im le la de du des el los form report filing statement results financial pdf doc docx document file en fr us eng english"
    " deutsch print web full complete summary appendix annex part vol volume no nr page pages untitled download attachment fy hy ytd cy q h agm".split()
)


# They tell of other people's offers, letters and studies: a firm that is named further down is not whose they are.
_OF_OTHERS = frozenset({"minutes", "agenda", "protocol"})
_PROGRAMS = frozenset(
    "py pyi js mjs ts tsx jsx java c h cc cpp hpp cs go rs rb php swift kt kts scala sh bash zsh ps1 sql r jl lua pl pm hs ml ex exs erl clj dart m mm vue"
    " svelte css scss less gradle cmake make dockerfile proto graphql bat".split()
)
_MAILS = frozenset({".eml", ".msg"})
# Kinds that say of a word in the name of a file nothing: a project, a product, a person.
_OF_ANYBODY = frozenset({"policy", "manual", "thesis", "paper", "protocol"})
_DIGIT = re.compile(r"\d")
_NUMERIC = re.compile(r"\s*[-+–(]?\s*(?:[$€£¥]|[A-Z]{3})?\s*[-–]?\d[\d.,'’\s]*(?:[$€£¥%)]|[A-Z]{3})?\s*")
_CELLS = 12
_HEAD_LINES = 8
_LONGEST_HEAD = 120  # characters
_SENTENCE_END = re.compile(r"(?<!Inc)(?<!Corp)(?<!Ltd)(?<!Co)[.!?]$")
_FEW_WORDS = 3  # of a name and its place: no sentence


def read_fields(path: str, title: str, text: str) -> DocumentFields:
    """Return the fields that a document's file name, title and first pages say.

    Only the first `READ_CHARACTERS` of `text` are looked at. What a title page says counts before the name.
    """
    is_mailbox = PurePath(path).suffix.lower() == ".mbox" or PurePath(path).name.lower() == "mbox"
    # A mailbox holds letters of many people and times: its name alone says what it is.
    text = "" if is_mailbox else clean_text(text[:READ_CHARACTERS])
    if PurePath(path).suffix.lower().removeprefix(".") in _PROGRAMS:
        # "retry_policy.py" is no policy, and what a program says of dates and firms is not of itself.
        return DocumentFields(date=date_in_name([_plain_name(path)]))
    text = lines_of_labels(text)
    front = _front_of(text)
    name = _plain_name(path)
    names = [name, *([title] if title and _plain_name(title) != name else [])]
    is_mail = PurePath(path).suffix.lower() in _MAILS
    kind = _kind(names, front)
    preamble = _preamble(kind, front, text)
    kind = BY_NAME["contract"] if preamble is not None else kind
    is_plain_mail = is_mail and kind is None
    if is_plain_mail or (is_mail and _is(kind, "letter")):
        kind = BY_NAME["mail"]
    period, day = _times(kind, names, front, text)
    # A year alone is in many titles: it makes no report of a text.
    is_known = kind is not None or (period is not None and bool(period.part))
    company, aliases = "", tuple[str, ...]()
    if preamble is not None:
        company, aliases = _joined(preamble.parties), preamble.aliases
        day = preamble.date or day
    elif not is_plain_mail:  # whom a few lines mention is not whose they are
        company, aliases = _company(
            kind, names, front, is_known=is_known, has_period=period is not None, is_mail=is_mail
        )
    if kind is None and period is None and not company:
        # A date alone, in a text of which nothing else is known, mostly is one that the text tells of.
        day = labelled_date(front) or date_in_name(names)
    if _is(kind, "report") and period is None and not day:
        day = titled_date(front)
    return DocumentFields(
        company[:_LONGEST],
        kind.name if kind is not None else "",
        period.to_text() if period is not None else "",
        "" if period is not None and day == str(period.year) else day,
        aliases,
    )


def _preamble(kind: DocumentKind | None, front: str, text: str) -> Preamble | None:
    """Return how a text begins as an agreement, where its title page says nothing else of it: the report that it was filed with
    often names its file."""
    titled = kind_of_page(front)
    is_form = titled is not None and "filing" in titled.broader and not registrant_of(front)
    is_open = (
        titled is None
        or is_form
        or titled.name == "contract"
        or (kind is not None and kind.name == "contract")
    )
    return preamble_of(text) if is_open else None


def _joined(parties: Iterable[str]) -> str:
    """Return names as a field holds them, as many as it has room for."""
    joined = ""
    for name in parties:
        longer = f"{joined}; {name}" if joined else name
        joined = longer if len(longer) <= _LONGEST else joined
    return joined


def _is(kind: DocumentKind | None, name: str) -> bool:
    return kind is not None and kind.name == name


def _times(kind: DocumentKind | None, names: list[str], front: str, text: str) -> tuple[Period | None, str]:
    """Return (what a document is about, the day on which it ended or which is its own); None and "" where nothing says."""
    named = next(filter(None, map(period_in_name, names)), None)
    period, end = period_and_end(kind, named, front, text)
    if _is(kind, "half-year report") and period is not None and not period.part:
        period = replace(period, part="H1")
    day = end
    is_release = _is(kind, "earnings release")
    # The day on which results came out is none on which it ended.
    came_out = kind is not None and kind.periodic and period is not None and (bool(period.part) or is_release)
    if not day and not came_out and (kind is None or kind.dated or period is None):
        day = own_date(names, front, kind)
    is_lone = period is not None and not (period.part or day) and named is None
    if _is(kind, "report") and not end and period is not None and not period.part:
        written = labelled_date(front)
        if written.startswith(f"{period.year}-"):  # a report of that day within the year, not on the year
            period, day = None, written
    if is_lone and kind is not None and kind.dated and not is_release:
        period = None
    return period, day


def _front_of(text: str) -> str:
    """Return the title page: the first characters, lines of reasonable length."""
    return "\n".join(line[:_LONGEST_LINE] for line in text[:FRONT_CHARACTERS].split("\n"))


def _plain_name(path: str) -> str:
    """Return the name of a file as words: without ending, with spaces for underscores and between "Report2023"."""
    stem = clean_text(PurePath(path).stem if "." in path[-6:] else PurePath(path).name)
    spaced = stem.replace("_", " ").replace("+", " ").replace("%20", " ")
    return " ".join(_CAMEL.sub(" ", spaced).split())


# --- kind ----------------------------------------------------------------------------------------------


def _kind(names: list[str], front: str) -> DocumentKind | None:
    on_page = kind_of_page(front)
    in_name = next(filter(None, map(kind_in_name, names)), None)
    if on_page is None or in_name is None:
        return on_page or in_name
    # "report" on the page and "annual report" in the name are one, and the name says more; so it does than "Smith Reports".
    return in_name if is_kind(in_name.name, on_page.name) or on_page.name == "report" else on_page


# --- companies -----------------------------------------------------------------------------------------


def _company(
    kind: DocumentKind | None,
    names: list[str],
    front: str,
    *,
    is_known: bool,
    has_period: bool,
    is_mail: bool,
) -> tuple[str, tuple[str, ...]]:
    """Return (company, its other names). Without any other field nothing is a company's document."""
    # A mail is named after its subject, and that of a folder of mails is nobody's name.
    left = [] if is_mail else _left_in_name(names[0], kind)
    # "20080116X00055" is a number, and "X00055" no symbol.
    tickers = tuple(
        word for word in left if word.isupper() and 1 < len(word) <= 6 and not _DIGIT.search(word)
    )
    if (kind is None and not is_known) or (kind is not None and kind.name == "résumé"):
        return "", ()  # a résumé names those for whom somebody has worked
    registrant = registrant_of(front)
    if registrant:
        return registrant, tuple(dict.fromkeys([*tickers_of(front), *tickers]))
    if kind is not None and kind.name == "contract":
        return parties_of(front), ()
    if kind is not None and kind.name in _OF_OTHERS:
        front = "\n".join(_head_lines(front))
    if kind is not None and is_kind(kind.name, "report"):
        # An authority reports on firms: what stands first is whose report it is.
        named = ((institution_of(line), next(company_names(line), "")) for line in _head_lines(front))
        authority, firm = next(filter(any, named), ("", ""))
        if authority and not firm:
            return authority, tickers
    # What a row with a day or an amount names is what was bought, or who was paid.
    front = "\n".join(line for line in front.split("\n") if not _is_entry(line))
    # Whom a letter or a bill is for may stand above whose it is; of a receiver alone it is better than nothing.
    front = others if any(company_names(others := without_receivers(front))) else front
    found = list(company_names(front))
    if found:
        return _best_company(found, names, front), tuple(dict.fromkeys([*tickers_of(front), *tickers]))
    titles = (line for line in _head_lines(front) if kind is not None and kind.pattern.search(line))
    # "U.S. Department of Labor Strategic Plan FY 2022"
    bare = kind.pattern.compiled.sub(" ", front) if kind is not None and kind.name == "plan" else front
    institution = institution_of(bare) or next(filter(None, map(institution_titled, titles)), "")
    if institution:
        return institution, tickers
    is_firms = kind.name not in _OF_ANYBODY if kind is not None else True
    if kind is not None and kind.name == "report":
        is_firms = has_period
    if not is_firms:
        return "", tickers
    # Numbers of things and weeks ("SN-20481", "KW24") are nobody's name.
    return " ".join([word for word in left if not _DIGIT.search(word)][:4]), tickers


def _is_entry(line: str) -> bool:
    """Whether a line is a row of a table with a day or an amount in a cell."""
    if not is_row(line):
        return False
    cells = line.strip(" |").split("|")[:_CELLS]
    return any(
        _NUMERIC.fullmatch(cell) or any(len(cell) - (end - start) < 3 for start, end, _ in dates_of(cell))
        for cell in cells
    )


def _head_lines(front: str) -> list[str]:
    """Return the first lines of a page, where it says whose it is, up to the first sentence or the next heading."""
    lines = [line.strip() for line in front.split("\n") if line.strip()][:_HEAD_LINES]
    ends = (
        number
        for number, line in enumerate(lines)
        if len(line) > _LONGEST_HEAD
        or (number and line.startswith("#"))
        or (_SENTENCE_END.search(line) and len(line.split()) > _FEW_WORDS)
    )
    return lines[: next(ends, len(lines))]


def _best_company(found: list[str], names: list[str], front: str) -> str:
    """Return the one that the file is named after, else the one that is named in the most places, the first of those."""
    named = {word.casefold() for name in names for word in _NAME_WORD.findall(name)}
    for company in found:
        if any(word in named for word in company_key(company) if len(word) > 2):
            return company
    words = Counter(word for line in front.split("\n") for word in company_key(line))
    counts = {company: words[company_key(company)[0]] for company in found}
    return max(found, key=lambda company: (counts[company], -found.index(company)))


def _left_in_name(name: str, kind: DocumentKind | None) -> list[str]:
    """Return the words of a file's name that are neither kind nor time: mostly whose document it is."""
    rest = name
    for mention in reversed(periods_of(rest, lone_years=True)):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    for start, end in _date_spans(rest):
        rest = f"{rest[:start]} {rest[end:]}"
    if kind is not None:
        rest = kind.pattern.sub(" ", rest)
        for other in kind.broader:
            if other in BY_NAME:
                rest = BY_NAME[other].pattern.sub(" ", rest)
    words = [word.strip(".-'’&") for word in _NAME_WORD.findall(rest)]
    return [
        word
        for word in words
        if len(word) > 1 and word[0].isupper() and word.casefold() not in _NO_NAME_WORDS
        and word.casefold() not in MONTHS
    ]  # fmt: skip


def _date_spans(text: str) -> Iterator[tuple[int, int]]:
    spans = [(start, end) for start, end, _ in dates_of(text)]
    yield from sorted(spans, reverse=True)
