"""Another of the same name: North Korea for South Korea, Anna Berg for Peter Berg, the Bank of Scotland for the Bank of America.

Names are compared part by part. What one of the two leaves out is no difference ("Berg", "Amanda Smith" for "Amanda Lee Smith"), nor is a
title; they are two where each has, in the same place, something that the other has not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.sentences.clauses import CLAUSE_END
from chatbot_app.knowledge.sentences.facts import GERMAN_NOUN, TITLES
from chatbot_app.knowledge.sentences.offices import OF_ANYTHING
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.words.exclusive_words import exclude
from chatbot_app.knowledge.words.inflected_opposites import are_opposite
from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.language import content_stems, is_small
from chatbot_app.knowledge.words.lexicon import MAGNITUDES, UNITS
from chatbot_app.knowledge.words.names import NO_NAMES, is_said_by, name_form
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.thesaurus import LANGUAGES, is_common
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_BETWEEN = re.compile(
    r"\.? (?:(?P<link>of|de|du|des|del|della|di|da|von|van)(?: (?:the|la|las|los|le|les|der|den|dem))? )?"
)
_OF = "of"  # stands for each of these
# A side of the world in one word with what lies there.
_SIDE = re.compile(r"(nord|süd|ost|west|ober|unter|nieder)-?([^\W\d_]{4,})", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|von|vom|durch|par|por)\s+(?:[^\W\d_]+\s+)?$", re.IGNORECASE)
_CLAUSE = re.compile(rf"{CLAUSE_END.pattern}|,\s+", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]{3}")
_VOWELS = re.compile(r"[аеёиоуыэюяй]")
# Said of a person before the name, beside those of `facts`.
_TITLES = TITLES | frozenset(
    """king queen prince princess duke duchess earl count baron lord lady sir emperor empress pope bishop archbishop cardinal saint chancellor
    senator governor general colonel major lieutenant admiral secretary premier judge justice coach vice prime federal
    prasident kanzler kanzlerin konig konigin kaiser furst graf roi reine rey reina don dona presidente general ministro ministre""".split()
)
# Given names and what they are for short, where that does not begin alike.
_SAME_NAMES = (
    "bill billy william will", "bob bobby rob robert", "dick rick richard", "jim jimmy james", "joe joseph", "mike mick michael",
    "jack john johnny jon", "ted ned edward", "tony anthony", "kate kathy katherine catherine", "liz beth betty elizabeth",
    "peggy meg margaret", "harry henry hank", "chuck charlie charles", "larry lawrence laurence", "hans johannes johann",
)  # fmt: skip
_SHORT_FORMS = {
    form: frozenset(n for n, names in enumerate(_SAME_NAMES) if form in names.split())
    for form in " ".join(_SAME_NAMES).split()
}
_SHORTEST_SHORT_FORM = 3  # letters
_LOOK_BACK = 120  # characters before a name
_LONGEST_NAME = 6  # words; more with capitals are a title
_LONGEST_ABBREVIATION = 3  # letters: "St."
_MOST_APART = 3  # words
_MOST_NAMES = 24  # of a text
_LONGEST = 1_500  # characters of it


@dataclass(frozen=True, slots=True)
class _FullName:
    """A name as it is written at characters `start` to `end`, and its words as names are compared; "of" stands between two."""

    start: int
    written: str
    words: tuple[str, ...]

    @property
    def telling(self) -> list[str]:
        return [word for word in self.words if word != _OF]

    def stands_in(self, forms: set[str]) -> bool:
        """Whether a text has all its words, of which these are the forms."""
        return all(is_said_by(word, forms) for word in self.telling)

    def may_be(self, other: _FullName) -> bool:
        """Whether one of two names is the other, or leaves out a part of it."""
        short, long = sorted((self.telling, other.telling), key=len)
        return all(any(_same(word, theirs) for theirs in long) for word in short)


def namesake(
    statement: str, sentence: SourceSentence, sentences: Sequence[SourceSentence], language: str
) -> tuple[str, str] | None:
    """Return (name of a statement, name of another that a sentence has instead); None where it may be the same one.

    `sentences` are all of the sources, `language` theirs.
    """
    mine = [name for name in _full_names(statement[:_LONGEST]) if len(name.telling) > 1]
    if not mine:
        return None
    theirs: tuple[_FullName, ...] | None = None
    for name in mine:
        if name.stands_in(sentence.forms):
            continue
        theirs = _full_names(sentence.text[:_LONGEST]) if theirs is None else theirs
        if any(name.may_be(other) for other in theirs):
            continue
        for other in theirs:
            if (
                _are_two(name, other, language)
                and not any(another.may_be(other) for another in _full_names(statement[:_LONGEST]))
                and (_acts(other, sentence.text) or not _is_elsewhere(name, sentence, sentences))
            ):
                return name.written, other.written
    return None


def _are_two(one: _FullName, other: _FullName, language: str) -> bool:
    """Whether two names have words in common, and in one place each something that tells them apart."""
    mine, theirs = list(one.words), list(other.words)
    first = 0
    while first < min(len(mine), len(theirs)) and _same(mine[first], theirs[first]):
        first += 1
    last = 0
    while last < min(len(mine), len(theirs)) - first and _same(mine[-1 - last], theirs[-1 - last]):
        last += 1
    shared = [word for word in (*mine[:first], *mine[len(mine) - last :]) if word != _OF]
    if not shared or (last and mine[-last] == _OF):
        return False  # "the University of Oxford" and "the Mayor of Oxford"
    mine, theirs = mine[first : len(mine) - last], theirs[first : len(theirs) - last]
    if _OF in mine or _OF in theirs or max(len(mine), len(theirs)) > _MOST_APART:
        return False
    mine, theirs = (
        [word for word in words if word not in _TITLES and word not in OF_ANYTHING]
        for words in (mine, theirs)
    )
    pairs = list(itertools.product(mine, theirs))
    if not pairs or any(_same(a, b) or stem(b) in related_to(stem(a)) for a, b in pairs):
        return False
    if any(_exclude(a, b, language) for a, b in pairs):
        return True
    if language != "de" and all(_is_word(word, language) for word in shared):
        return True  # "the Finance Department", "the Red River"; in German any two nouns
    return not any(
        all(_is_word(word, language) for word in words) for words in (mine, theirs)
    )  # "Chancellor Merkel"


def _exclude(one: str, other: str, language: str) -> bool:
    return (
        stem(other) in opposites_of(stem(one))
        or exclude((stem(one),), (stem(other),))
        or (language in LANGUAGES and are_opposite(one, other, language))
    )


def _is_word(form: str, language: str) -> bool:
    """Whether a word of a name is one of the language as well."""
    if language == "de" and GERMAN_NOUN.search(form):
        return True
    if language in LANGUAGES:
        return any(is_common(one, language) for one in (form, *forms_of(form, language).own))
    return bool(related_to(stem(form)))


@lru_cache(maxsize=4096)
def _same(one: str, other: str) -> bool:
    if one == other or is_said_by(one, {other}) or is_said_by(other, {one}):
        return True
    short, long = sorted((one, other), key=len)
    if (len(short) >= _SHORTEST_SHORT_FORM and long.startswith(short)) or not _called(one).isdisjoint(
        _called(other)
    ):
        return True  # Tim, Timothy
    is_russian = _CYRILLIC.match(one) is not None
    return is_russian and _VOWELS.sub("", stem(one)) == _VOWELS.sub("", stem(other))  # Павел, Павла


def _called(form: str) -> frozenset[int]:
    """Return the numbers of the lines of given names among which a name is."""
    return _SHORT_FORMS.get(form, frozenset())


def _acts(name: _FullName, text: str) -> bool:
    """Whether a sentence says of a name that it does something: it begins a clause, or "by" stands before it."""
    before = _CLAUSE.split(text[max(0, name.start - _LOOK_BACK) : name.start])[-1] or ""
    return _BY.search(before) is not None or all(word.isdigit() for word in content_stems(before))


def _is_elsewhere(name: _FullName, sentence: SourceSentence, sentences: Sequence[SourceSentence]) -> bool:
    """Whether the source has a name above a sentence, or anywhere else."""
    if name.stands_in(sentence.heading_forms):
        return True
    words = set(name.telling)
    return any(other.source == sentence.source and words <= other.forms for other in sentences)


@lru_cache(maxsize=512)
def _full_names(text: str) -> tuple[_FullName, ...]:
    return tuple(itertools.islice(_names(text), _MOST_NAMES))


def _names(text: str) -> Iterator[_FullName]:
    run: list[re.Match[str]] = []
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper():
            continue
        form = name_form(word)
        is_small_word = form in STOP_WORDS or is_small(form) or form in MAGNITUDES or form in UNITS
        gap = _BETWEEN.fullmatch(text, run[-1].end(), match.start()) if run else None
        if run and (gap is None or is_small_word or not _goes_on(run[-1].group(), gap)):
            if words and len(run) <= _LONGEST_NAME:
                yield _name(text, run, words)
            run, words = [], []
        if is_small_word:
            continue
        if words and gap is not None and gap["link"]:
            words.append(_OF)
        run.append(match)
        if len(form) < 2 or form in NO_NAMES:
            continue  # an initial, "Mr"
        side = _SIDE.fullmatch(word)
        words += [name_form(part) for part in side.groups()] if side is not None else [form]
    if words and len(run) <= _LONGEST_NAME:
        yield _name(text, run, words)


def _goes_on(word: str, gap: re.Match[str]) -> bool:
    """Whether a name goes on behind one of its words, that is no possessive; behind a full stop an abbreviation alone."""
    return not _POSSESSIVE.search(word) and (gap.group()[0] != "." or len(word) <= _LONGEST_ABBREVIATION)


def _name(text: str, run: Sequence[re.Match[str]], words: Sequence[str]) -> _FullName:
    return _FullName(run[0].start(), _POSSESSIVE.sub("", text[run[0].start() : run[-1].end()]), tuple(words))
