"""What a question names and nothing that was found says: another model, a person, a thing that is counted, the price of what has none.

"What is the delivery rate of the Aqualift 7?" meets the manual of the Aqualift 9 in every other word, "How many herons were counted?"
a row for each bird but these. The words of such a question lie near to what is told, so that neither vectors nor reading tell them from
one that is answered; that the very thing is never named does. In English and German; another number is told in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.trust.quotes.certainty import fewness
from chatbot_app.knowledge.trust.quotes.nowhere_words import (
    ASKED,
    COUNTED,
    DAYS,
    MEASURED,
    MONEY,
    NO_DESIGNATION,
    OF_QUESTIONS,
    PRICE,
)
from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.names import initials, names_of, word_forms
from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.thesaurus import synonyms_of
from chatbot_app.knowledge.words.words import STOP_WORDS, stem


class Unsaid(StrEnum):
    """What is asked for and never named."""

    NUMBER = "number"  # "Aqualift 7", where another Aqualift is told of
    NAME = "name"
    COUNTED = "counted"  # "how many herons"
    THING = "thing"
    ELSEWHERE = "elsewhere"  # such a name or noun that another document alone says
    PRICE = "price"
    MEASURE = "measure"  # "how heavy", where nothing has a weight
    PROPERTY = "property"  # "what is the line regulation of"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, with what stands above it: all of it, and what is of the document that is quoted first."""

    all: str
    own: str


# What the logarithm of the odds that a question is answered loses, in the smallest libraries. Of 310 questions in English and German that
# are answered and were looked at (`tests/data/near_and_silent/seen`, small library 1, `asked` A …) the first six were met by one, so that
# no fit limits their weight: with these, most of what was quoted of silent ones comes below the threshold, and the rest is doubted.
ODDS = {
    Unsaid.NUMBER: 6.0,  # as a code that stands nowhere (`exactly_asked.NOWHERE`)
    Unsaid.NAME: 2.0,
    Unsaid.COUNTED: 3.0,
    Unsaid.THING: 3.0,
    Unsaid.ELSEWHERE: 0.0,  # it is doubted alone: what is quoted may call the same otherwise
    Unsaid.PRICE: 1.0,
    Unsaid.MEASURE: 1.0,
    Unsaid.PROPERTY: 1.5,  # of 245 questions that are answered three do not have it: no doubt is raised for it
}
# From this `fewness` of a library on it counts: in larger ones much is said in other words, and the first passages do not hold all
# that is said of a thing (of German questions about 20 articles, at .68, one in twenty would be doubted for a noun).
_COUNTS_FROM, _DOUBTED_FROM, _DOUBTED_FOR_NOUNS_FROM = 0.5, 0.7, 0.75
_NOUNS = frozenset({Unsaid.THING, Unsaid.ELSEWHERE})
_LANGUAGES = ("en", "de")
_LONGEST_QUESTION = 300  # characters that are looked at
_SHORTEST = 4  # letters of a thing
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SAYS_LITTLE = STOP_WORDS | OF_QUESTIONS | DAYS | MONTHS.keys()
_ENDS_OF_COMPOUNDS = tuple(one for one in OF_QUESTIONS if len(one) > _SHORTEST)
_POSSESSIVE = re.compile(r"['’]s?$")
# A word and the number or letter that tells it from others of its kind: "line 48", "class 6a", "Schale D", "NV3054".
_BEHIND = r"[ -]?(?P<number>\d{1,5}(?:\.\d{1,3}){0,2}[a-z]?|(?<=[ -])[A-HJ-Z])(?![^\W_]|[.,:]\d|\s?[%°€$£])"
_NUMBERED = re.compile(rf"(?<![^\W_])(?P<word>[^\W\d_]{{2,}}){_BEHIND}")
_CLASS = re.compile(r"(?<![^\W_]|[.,:/-])(?P<number>\d{1,2}[a-f])(?![^\W_]|[.,:/-]\w)")  # "the trip of 3a"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def counts_in(passages: int) -> bool:
    """Whether anything follows from what is never named in a library of so many passages."""
    return fewness(passages) > _COUNTS_FROM


def odds_of_unsaid(missing: Set[Unsaid], passages: int) -> float:
    """Return what the logarithm of the odds that a question is answered loses in a library of so many passages, 0 or more."""
    weight = max(0.0, (fewness(passages) - _COUNTS_FROM) / (1 - _COUNTS_FROM))
    return weight * max((ODDS[one] for one in missing), default=0.0)


def is_doubted(missing: Set[Unsaid], passages: int) -> bool:
    """Whether quotes may not answer, for what is never named, in a library of so many passages."""
    few = fewness(passages)
    by_nouns = bool(missing & _NOUNS) and few >= _DOUBTED_FOR_NOUNS_FROM
    return by_nouns or (bool(missing - _NOUNS - {Unsaid.PROPERTY}) and few >= _DOUBTED_FROM)


def unsaid(question: str, found: Found) -> frozenset[Unsaid]:
    """Return what a question names and nothing that was found says."""
    asked = without_kinds(question[:_LONGEST_QUESTION])
    return frozenset(_unsaid(asked, found))


def _unsaid(question: str, found: Found) -> Iterator[Unsaid]:
    has_another = any(_has_another(match["word"], match["number"], found) for match in _numbered(question))
    if has_another or any(
        _is_of_another_class(match["number"], found) for match in _CLASS.finditer(question)
    ):
        yield Unsaid.NUMBER
    language = question_language(question) or ("en" if question.isascii() else "")
    if language not in _LANGUAGES or question_language(found.own) not in (language, ""):
        return
    said = _Said(found.all, language)
    counted = COUNTED.search(question)
    if counted is not None and said.lacks(counted["thing"]):
        yield Unsaid.COUNTED
    if said.lacks_one_with_capital(question):
        yield Unsaid.THING if language == "de" else Unsaid.NAME
    elif _Said(found.own, language).lacks_one_with_capital(question):
        yield Unsaid.ELSEWHERE
    if language == "en":
        asked = ASKED.search(question)
        if asked is not None and any(said.lacks(one) for one in asked["things"].split()):
            yield Unsaid.PROPERTY
    if any(asked.search(question) and not told.search(found.own) for asked, told in MEASURED):
        yield Unsaid.MEASURE
    if PRICE.search(question) and not MONEY.search(found.own):
        yield Unsaid.PRICE


def _numbered(question: str) -> Iterator[re.Match[str]]:
    for match in _NUMBERED.finditer(question):
        if match["word"].casefold() not in NO_DESIGNATION and not _YEAR.fullmatch(match["number"]):
            yield match


def _has_another(word: str, number: str, found: Found) -> bool:
    """Whether the document says a word with other numbers behind it, and nowhere this number, nor any other document both."""
    beside = re.compile(rf"(?<![^\W_]){re.escape(word)}(?: (?:nr|no)\.)?{_BEHIND}", re.IGNORECASE)
    number = number.casefold()
    others = {match["number"].casefold() for match in beside.finditer(found.own)}
    if (
        not others
        or number in others
        or number in (match["number"].casefold() for match in beside.finditer(found.all))
    ):
        return False
    alone = re.compile(rf"(?<![^\W_])(?<!\d[.,]){re.escape(number)}(?![^\W_]|[.,]\d)", re.IGNORECASE)
    return alone.search(found.own) is None


def _is_of_another_class(number: str, found: Found) -> bool:
    """Whether the document says what has the form of "3a", and nothing that was found says this one."""
    return bool(_CLASS.search(found.own)) and number not in (
        match["number"] for match in _CLASS.finditer(found.all)
    )


def _with_capitals(question: str) -> Iterator[str]:
    """Yield the words with a capital letter inside of a question: names, and in German all nouns."""
    for match in _WORD.finditer(question):
        if match.start() and match.group()[0].isupper():
            yield match.group()


class _Said:
    """The words of a text, and what is related to them."""

    def __init__(self, text: str, language: str) -> None:
        self._language = language
        self._text = text
        self._plain = text.casefold()
        self._forms, self._parts = _forms_of_words(self._plain, language)

    def lacks(self, word: str) -> bool:
        """Whether neither a word is there nor a related one, a part of it or one that it is a part of; not where it says little."""
        plain = _POSSESSIVE.sub("", word.casefold())
        if len(plain) < _SHORTEST or is_small(plain) or plain in _SAYS_LITTLE:
            return False
        if self._language == "de" and any(plain.endswith(one) for one in _ENDS_OF_COMPOUNDS):
            return False
        forms = forms_of(plain, self._language)
        own = forms.own | {stem(plain)}
        if not own.isdisjoint(self._forms | self._parts) or not forms.parts.isdisjoint(self._forms):
            return False
        if any(part in self._plain for part in (plain[:-1], *plain.split("-"))):
            return False
        related = (
            related_to(stem(plain))
            if self._language == "en"
            else frozenset().union(*(synonyms_of(one, "de") for one in own))
        )
        return related.isdisjoint(self._forms)

    def lacks_one_with_capital(self, question: str) -> bool:
        """Whether a name of a question, in German a noun, is lacking."""
        lacking = any(self.lacks(one) for one in _with_capitals(question))
        if not lacking or self._language == "de":
            return lacking
        # "Amazon Web Services" is said by "AWS".
        return not initials(names_of(question)) & word_forms(self._text)


@lru_cache(maxsize=4)  # of the question that is asked, and those before
def _forms_of_words(text: str, language: str) -> tuple[Set[str], Set[str]]:
    """Return the forms of the words of a text, and those of their parts."""
    forms: set[str] = set()
    parts: set[str] = set()
    for word in set(_WORD.findall(text)):
        found = forms_of(word, language)
        forms |= found.own | {stem(word)}
        parts |= found.parts
    return forms, parts
