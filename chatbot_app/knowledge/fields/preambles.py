"""How an agreement begins: "This Agreement is made as of the 15th day of December, 1997 by and between Excite, Inc. ("Excite") and …".

Who makes it, and on which day, stands in one sentence that runs over lines, with their addresses and with what the text calls them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.companies import company_key, company_names
from chatbot_app.knowledge.fields.own_dates import iso_text
from chatbot_app.knowledge.values.dates import Date, dates_of

_BEGINS_WITHIN = 3500  # characters of a text; what agrees further down is told of
_LONGEST_PARTIES = 1500
_MOST_PARTIES = 4
_LONGEST_NAME = 80

_ACT = (
    r"(?:agreement|contract|lease|deed|licen[cs]e|amendment|addendum|indenture|\w{0,30}vertrag|vereinbarung|contrat|convention|accord|contrato|acuerdo|convenio"
    r"|contratto|accordo)"
)
_BETWEEN = r"(?:(?:by\s)?(?:and\s|&\s)?(?:between|among|amongst)|zwischen|entre|tra)(?:\sand\samong)?"
_MADE = r"(?:made|entered|dated|effective|executed|concluded|signed|geschlossen|conclu|celebrado|stipulato)"
_OPENING = LatePattern.any_of(
    # A sentence about itself; "an agreement between Egypt and Israel" is one that is told of.
    rf"\b(?:this|the\spresent|dieser|ce|le\sprésent|este|el\spresente|questo)\s(?:[\w&/'’,.()-]+\s){{0,12}}?{_ACT}\b.{{0,320}}?\b{_BETWEEN}\b[:,]?\s",
    rf"\b{_ACT}\W.{{0,60}}?\b{_MADE}\b.{{0,160}}?\b{_BETWEEN}\b[:,]?\s",
    rf"(?:^|\W){_ACT}\s{_BETWEEN}\b[:,]?\s",
)
_ENDS = LatePattern(
    r"\b(?:WHEREAS|Whereas|RECITALS?|Recitals|W\s?I\s?T\s?N\s?E\s?S\s?S|Witnesseth|(?:NOW|Now),?\s+(?:THEREFORE|therefore)|BACKGROUND|Background|(?i:in\sconsideration)"
    r"|TABLE\sOF\sCONTENTS|Table\sof\sContents|ARTICLE|Präambel|PRÉAMBULE|(?:THE|The)\s(?:PARTIES|parties|Parties)|(?:this|This)\s[Aa]greement)\b|(?<![\w.])(?:1|§\s?1|I|A)\.\s+[A-Z]"
)
# "a Virginia corporation", "eine Gesellschaft deutschen Rechts": what a party is has the look of a name.
_DESCRIBED = re.compile(
    r",?\s(?:an?|any|eine?r?|une?)\s(?:[\w.-]+\s){0,4}?(?i:corporation|company|partnership|trust|association|bank|entity|subsidiary|affiliate|division|llc|l\.l\.c\.|inc\.|limited|gmbh)\b"
)
_DEFINED = re.compile(r"\(([^()]{0,60}?)[“\"„'‘”](?P<term>[^“”\"()]{1,40}?),?[”\"“'’]")
_WORD = r"[A-ZÄÖÜÉÈÀØÅ0-9][\w&.'’/+-]*"
_PERSON = re.compile(
    r"\s*(?:,|;|\b(?:and|between|und|et|y|e)\b|the\b|der\b|(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|Mme|M|Sr|Sra)\b\.?|\s)*"
    rf"(?P<name>{_WORD}(?:\s(?:(?:of|the|for|de|von|van|and|&)\s)?{_WORD}){{0,5}})\s*(?:,[^,]|\(|$)"
)
_JOINED = re.compile(r"\s(?:AND|And)\s")
_ITSELF = frozenset("this the dieser ce le este el questo".split())
# "Illinois 60605 and AB Watley, Inc.", "Jena, und der Nordlicht AG": the address of the one before.
_ADDRESS = re.compile(
    r"^.*?(?:\d.*?\s(?:and|und|et|y|e)\s(?=\S+\s)|,\s(?:and|und|et|y|e)\s(?:the|der|die|das|la|le|el)\s)"
)
_NO_NAME = frozenset(
    "liability company limited corporation partnership agreement year investment stock party parties licensor licensee distributor supplier customer consultant"
    " company owner operator vendor reseller franchisor franchisee seller buyer lessor lessee landlord tenant contractor client provider sponsor".split()
)
_ARTICLE = re.compile(r"^(?:the|THE)\s")
_NUMBERS = frozenset(map(str, range(100)))
_PIECES = re.compile(r"[);]")
_ALIAS = re.compile(r"[A-Za-z][\w&@.-]{1,9}")


@dataclass(frozen=True, slots=True)
class Preamble:
    """Who makes an agreement, as they are written there, what else the text calls them by their letters ("IMNTV"), and the ISO date
    on which it is made, "" where none is whole."""

    parties: tuple[str, ...]
    aliases: tuple[str, ...]
    date: str


def preamble_of(text: str) -> Preamble | None:
    """Return how a text begins as an agreement of two or more; None where it does not. Only its first page is looked at."""
    front = " ".join(text[: _BEGINS_WITHIN + _LONGEST_PARTIES].split())
    for opening in _OPENING.finditer(front[:_BEGINS_WITHIN]):
        behind = front[opening.end() : opening.end() + _LONGEST_PARTIES]
        ends = _ENDS.search(behind)
        behind = behind[: ends.start()] if ends is not None else behind
        found = list(_parties(behind))[:_MOST_PARTIES]
        is_of_itself = opening.group().split(None, 1)[0].casefold() in _ITSELF
        if len(found) > 1 or (found and (is_of_itself or len(_DEFINED.findall(behind)) > 1)):
            aliases = (alias for _name, alias in found if alias)
            return Preamble(tuple(name for name, _ in found), tuple(aliases), _day(opening.group(), behind))
    return None


def _parties(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, what else its letters are written as, or "") of those between whom an agreement is made."""
    known: set[str] = set()
    for piece in _PIECES.split(_JOINED.sub(" and ", text)):
        said, bracket, _term = piece.partition("(")
        names = list(company_names(_DESCRIBED.sub(" ", f"{said}\n{bracket}")))
        term = _DEFINED.search(f"{piece})")
        if not names and term is not None and (person := _PERSON.match(said)) is not None:
            names = [person["name"]]
        for written in names:
            name = _ARTICLE.sub("", _ADDRESS.sub("", written))
            key = set(company_key(name))
            if len(name) > _LONGEST_NAME or key <= known or _NO_NAME.issuperset(key - _NUMBERS):
                continue
            known |= key
            called = term["term"] if term is not None else ""
            yield name, called if called and _abbreviates(called, name) else ""


def _abbreviates(term: str, name: str) -> bool:
    """Whether a term is letters of a name in their order ("IMNTV" of "Independent Music Network"), and no part ("the Licensor")."""
    if not _ALIAS.fullmatch(term) or term.islower() or term.title() == term:
        return False
    letters = iter(name.casefold())
    return all(letter in letters for letter in term.casefold() if letter.isalpha())


def _day(opening: str, behind: str) -> str:
    """Return the ISO date of the first day that is named where an agreement begins, before those of its parties."""
    for text in (opening, behind):
        days = (meanings[0] for _s, _e, meanings in sorted(dates_of(text), key=lambda item: item[0]))
        if day := next(filter(_is_whole, days), None):
            return iso_text(day)
    return ""


def _is_whole(when: Date) -> bool:
    return None not in (when.year, when.month, when.day)
