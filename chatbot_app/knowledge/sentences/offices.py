"""Who holds which office: "Timothy D. Cook / Chief Executive Officer", "CFO Luca Maestri", "Ann Lee, as Treasurer"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.names import name_form, word_forms
from chatbot_app.knowledge.words.words import STOP_WORDS

# What stands between "chief" and "officer", by the letter that stands for it: CEO, CFO.
CHIEFS = {
    "ceo": "executive",
    "cfo": "financial",
    "coo": "operating",
    "cto": "technology",
    "cio": "information",
    "cmo": "marketing",
    "cao": "accounting",
    "chro": "human resources",
}
_CHIEF = (
    r"chief\s+(?P<chief>(?:[a-z]+\s+(?:(?:and|&)\s+)?){0,2}[a-z]+)\s+officer|(?P<short>"
    + "|".join(CHIEFS)
    + r")"
    r"|(?P<executive>chief\s+executive)"
)
# Held by one person at a time, each with all of its names.
_SINGLE = {
    "chair": r"chair(?:man|woman|person)(?:\s+of\s+the\s+board)?|chair\s+of\s+the\s+board|aufsichtsratsvorsitzende\w?",
    "general counsel": r"general\s+counsel",
    "treasurer": r"treasurer|schatzmeister(?:in)?",
    "controller": r"(?:worldwide|corporate)\s+controller|controller",
    "ceo": r"vorstandsvorsitzende\w?|président[- ]directeur\s+général|director\s+ejecutivo|генеральн\w+\s+директор\w?",
    "cfo": r"finanzvorstand|finanzvorständin|directeur\s+financier|director\s+financiero|финансов\w+\s+директор\w?",
}
_SHARED = (
    r"(?:(?:senior|executive|group|corporate|assistant)\s+){0,3}vice\s+president|vice\s+chair\w*|president|(?:corporate\s+|company\s+|assistant\s+)?secretary"
    r"|managing\s+director|principal\s+(?:executive|financial|accounting)\s+officer|geschäftsführer(?:in)?|prokurist(?:in)?|director"
)
_OFFICE = LatePattern(
    r"\b(?:"
    + "|".join(
        [
            _CHIEF,
            *(f"(?P<single{n}>{form})" for n, form in enumerate(_SINGLE.values())),
            f"(?P<shared>{_SHARED})",
        ]
    )
    + r")\b",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_a-z][\w’'-]*"  # begins with a capital letter, or with one of a script that has none
_PERSON = re.compile(rf"{_WORD}\.?(?:[^\S\n]+(?:{_WORD}\.?|de|van|von|der|la|del|di|al|bin)(?![\w]))*")
_PARTICLES = frozenset("de van von der la del di al bin".split())
_NO_FIRST_WORDS = STOP_WORDS | _PARTICLES | set("mr mrs ms dr prof sir herr frau by date exhibit".split())
_NAME_WORD = re.compile(r"[^\s,]+")
_UNIT = re.compile(
    r"[^\S\n]*(?:,[^\S\n]*)?(?:(?:of|at|for|von|bei|der|des|de|du)[^\S\n]+(?:the[^\S\n]+)?)?([A-Z][\w&-]*(?:\.\w+)?(?:[^\S\n]+[A-Z][\w&-]*){0,3})"
)
_OF_WHOM = re.compile(r"\s*(?:of|at|for|von|bei|der|des|de|du)\s+(?:the\s+)?", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"\b(?:inc|corp|corporation|llc|ltd|gmbh|ag|plc|company|board|committee|act|form|registrant)\b",
    re.IGNORECASE,
)
OF_ANYTHING = frozenset("inc corp corporation llc ltd plc gmbh ag the company registrant".split())
# What may stand between an office and who holds it.
_OTHERS = r"(?:company|corporation|group|registrant|firm|business|bank|board)"
_NAMED = r"(?-i:[A-Z][\w.&-]*(?:[,’']?\s+[A-Z][\w.&-]*){0,3})"
_OF = rf"(?:(?:of|at|for|von|bei|der|des|de|du)\s+(?:the\s+|our\s+)?(?:{_NAMED}|{_OTHERS}\b))"
_IS = r"(?:is|was|are|has\s+been|serves|served|acts|became|remains|ist|war|est|es|by|named|called)(?:\s+(?:currently|now|still|today))?"
_WHOSE = rf"(?:{_NAMED}['’]s?|(?:the\s+)?{_OTHERS}['’]s)"
# Nothing is given back: a run of what may be read in two ways would be tried in all of them.
_BEFORE_OFFICE = re.compile(
    rf"(?>\s|[,(/–—-]|{_WHOSE}|\b(?:as|and|und|et|y|our|the|a|an|der|die|das|le|la|el|also|former|{_IS}|its?)\b)*+",
    re.IGNORECASE,
)
_WHOSE_BEFORE = re.compile(r"([A-Z][\w.&-]*)['’]s?\s+\Z")
_BEHIND_OFFICE = re.compile(rf"(?>\s|[,:)?/–—-]|\b(?:{_IS})\b|{_OF})*+", re.IGNORECASE)
_VERB = re.compile(rf"\b{_IS}\b", re.IGNORECASE)
_PAST = LatePattern(
    r"\b(?:former|formerly|until|previous|previously|ex|resign\w*|retire\w*|succe\w+|replac\w+|predecessor|appoint\w*|not|never|no longer"
    r"|interim|acting|was|were|bis|ehemalig\w*|nicht|kein\w*|ancien\w*|anterior)\b",
    re.IGNORECASE,
)
_MOST = 24  # offices of a text
_SHORTEST_START = 4  # letters of a name that may stand for all of it
_LONGEST_BETWEEN = 160  # characters between a name and an office


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, as a text writes the name, and the office that the person holds by it; `unit` is of what, where it is said."""

    office: str
    person: str
    unit: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The words of the name, as names are compared."""
        return tuple(name_form(word.rstrip(".")) for word in self.person.split())

    def is_same_person(self, other: Holder) -> bool:
        """Whether two may be one: the same last name, and first names that begin alike ("Tim" and "Timothy D.")."""
        mine, theirs = self.names, other.names
        if mine[-1] != theirs[-1]:
            return False
        return len(mine) == 1 or len(theirs) == 1 or mine[0][:1] == theirs[0][:1]

    def is_same_office(self, other: Holder) -> bool:
        """Whether two may be one office: of what, is not said of both, or in a word that both have ("Amazon", "Amazon.com")."""
        mine, theirs = word_forms(self.unit) - OF_ANYTHING, word_forms(other.unit) - OF_ANYTHING
        is_one = (
            not mine or not theirs or any(a.startswith(b) or b.startswith(a) for a in mine for b in theirs)
        )
        return self.office == other.office and is_one

    def is_held_by(self, other: Holder) -> bool:
        """Whether another text says the same of the same person."""
        return self.is_same_office(other) and self.is_same_person(other)


def begins(short: str, name: str) -> bool:
    """Whether a form is a name or its beginning, "Amazon" of "Amazon.com"."""
    return short == name or (len(short) >= _SHORTEST_START and name.startswith(short))


def names_office(text: str) -> bool:
    """Whether a text names an office."""
    return _OFFICE.search(text) is not None


def names_person(text: str, known: Set[str]) -> bool:
    """Whether a text has a name of two words that may be a person's, none of them among the forms that are `known`."""
    names = (text[start:end] for start, end in _people(text, []))
    return any(" " in name and not known & {name_form(word) for word in name.split()} for name in names)


def without_offices(text: str) -> str:
    """Return a text without the offices that it names."""
    return _OFFICE.sub(" ", text)


def speaks_of_the_past(text: str) -> bool:
    """Whether a text says of an office that it was held, was taken or is not held."""
    return _PAST.search(text) is not None


def holders_of(text: str) -> list[Holder]:
    """Return who holds which office that one person has at a time, by a statement or a block of lines, in order."""
    offices = list(itertools.islice(_OFFICE.finditer(text), _MOST))
    if not any(_key(match) for match in offices):
        return []
    taken = [match.span() for match in offices]
    people = list(_people(text, taken))
    found: list[Holder] = []
    for office in offices:
        key = _key(office)
        holder = _holder(text, office.span(), taken, people) if key else ""
        if holder:
            unit = _unit(text, office.end())
            found.append(Holder(key, holder, "" if unit in holder else unit))
    return list(dict.fromkeys(found))


def _unit(text: str, end: int) -> str:
    """Return what an office that ends at a place is said to be of: "Amazon Web Services"."""
    match = _UNIT.match(text, end)
    return match[1] if match is not None and not names_office(match[1]) else ""


def _holder(
    text: str, office: tuple[int, int], taken: list[tuple[int, int]], people: list[tuple[int, int]]
) -> str:
    """Return the name of who holds the office at a place, "" where none stands beside it."""
    before = [person for person in people if person[1] <= office[0]][-1:]
    behind = [person for person in people if person[0] >= office[1]][:1]
    lead = _without(text, taken, before[0][1], office[0]) if before else ""
    rest = _without(text, taken, office[1], behind[0][0]) if behind else ""
    is_behind = bool(behind) and _BEHIND_OFFICE.fullmatch(rest) is not None
    if is_behind and _VERB.search(rest):
        return text[slice(*behind[0])]
    if before and _BEFORE_OFFICE.fullmatch(lead):
        name = text[slice(*before[0])]
        # "Apple Chief Executive Officer Tim Cook": what stands before it without a mark or a verb is whose officer it is.
        is_apart = bool(lead.strip()) or "\n" in lead or not is_behind
        if is_apart and (" " in name or _VERB.search(lead)):
            return name
    return text[slice(*behind[0])] if is_behind and " " in text[slice(*behind[0])] else ""


def unit_asked(question: str) -> str:
    """Return what an office in a question is of: "Microsoft" in "the CEO of Microsoft", "Microsoft's CEO"; "" where nothing says."""
    match = _OFFICE.search(question)
    if match is None:
        return ""
    whose = _WHOSE_BEFORE.search(question[max(0, match.start() - _LONGEST_BETWEEN) : match.start()])
    return whose[1] if whose is not None else _unit(question, match.end())


def offices_of(text: str) -> frozenset[str]:
    """Return the offices that a text names, of those that one person has at a time."""
    return frozenset(key for match in itertools.islice(_OFFICE.finditer(text), _MOST) if (key := _key(match)))


def _key(match: re.Match[str]) -> str:
    """Return the office, "" for one that several hold."""
    if match["short"]:
        return match["short"].casefold()
    if match["executive"]:
        return "ceo"
    if match["chief"]:
        words = " ".join(match["chief"].casefold().split())
        return next((short for short, chief in CHIEFS.items() if chief == words), f"chief {words} officer")
    return next((key for n, key in enumerate(_SINGLE) if match[f"single{n}"]), "")


def _people(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where the names of persons stand: capitalised words on one line, none of them of an office or a company."""
    for start, end in itertools.chain.from_iterable(
        _pieces(*match.span(), taken) for match in _PERSON.finditer(text)
    ):
        words = list(_NAME_WORD.finditer(text, start, end))
        while words and words[0].group().casefold().rstrip(".") in _NO_FIRST_WORDS:
            words.pop(0)
        if not words:
            continue
        ends = [last for _, last in taken if last <= words[0].start()]
        if ends and _OF_WHOM.fullmatch(text, ends[-1], words[0].start()):
            continue  # "the CFO of Amazon"
        name = text[words[0].start() : words[-1].end()]
        plain = {word.group().casefold() for word in words} - _PARTICLES
        if name.endswith(("'s", "’s")) or _NO_PERSON.search(name) or plain & STOP_WORDS or len(name) < 3:
            continue
        yield words[0].start(), words[-1].end() - (name.endswith(".") and not name.endswith(("Jr.", "Sr.")))


def _pieces(start: int, end: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of a run of capitalised words is left beside the offices in it: "Apple" and "Tim Cook" beside "CEO"."""
    for first, last in taken:
        if first < end and start < last:
            yield start, first
            start = last
    yield start, end


def _without(text: str, taken: list[tuple[int, int]], start: int, end: int) -> str:
    """Return what stands between two places, without the offices in it; "…" where that is long."""
    if end - start > _LONGEST_BETWEEN:
        return "…"
    return "".join(
        " " if any(first <= i < last for first, last in taken) else text[i] for i in range(start, end)
    )
