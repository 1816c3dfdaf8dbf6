"""German clauses read for who does what to whom: by articles, prepositions and the passive, for the order does not tell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.words.inflection import forms_or_stem
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.thesaurus import is_common

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[.,;:!?()–]")
_MOST_CLAUSES = 12  # of a text, each compared with each
_MOST_VERBS = 6  # of a clause
_MOST_WORDS = 160
_BREAKS = frozenset(".;:!?()–,")
_JOINS = frozenset("und oder aber sondern während dass weil obwohl nachdem bevor wobei".split())
_PREPOSITIONS = frozenset(
    """in im ins an am ans auf aufs aus bei beim mit nach seit vor vorm zu zum zur von vom durch für gegen ohne um über unter
    zwischen neben hinter wegen trotz während laut gemäß bis ab als wie je pro statt innerhalb außerhalb gegenüber""".casefold().split()
)
_BY = frozenset("von vom durch".split())
_NOT_NOMINATIVE = re.compile(r"(?:den|dem|des|(?:k?ein|ihr|sein|mein|unser|dies|jed|jen|welch)e[nms])$")
_GENITIVE = re.compile(r"(?:des|der|(?:k?ein|ihr|sein|unser|dies)e[sr])$")
_ARTICLE = re.compile(
    r"(?:der|die|das|den|dem|des|(?:k?ein|ihr|sein|mein|unser|dies|jed|jen|welch)(?:e[nmsr]?)?)$"
)
_FEMININE = re.compile(r"(?:in|ung|heit|keit|schaft|ion|tät|ur|ik|ie)$")
_PRONOUNS = frozenset("er sie es wir ich ihr man wer dies das".split())
_BECOMING = frozenset("wird werden wurde wurden worden würde würden".split())
_BEING = frozenset("ist sind war waren sei seien".split())
_PARTICIPLE = re.compile(
    r"(?:(?:\w{0,9}?ge\w{2,}|(?:be|ver|er|ent|emp|zer|miss|über|unter|um|hinter|wider)\w{2,})(?:t|en)|\w{3,}iert)$"
)
_TIMES = frozenset(
    """januar jänner februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch donnerstag
    freitag samstag sonnabend sonntag frühjahr frühling sommer herbst winter jahr""".split()
)
# The particles of verbs that are written apart, where they end a clause.
_PARTICLES = frozenset(
    "ab an auf aus bei ein fest fort frei her hin los mit nach nieder statt teil um vor weg weiter wieder zu zurück zusammen".split()
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun or name with what stands before it: its forms, and the words as they are written."""

    forms: frozenset[str]
    text: str
    preposition: str


@dataclass(frozen=True, slots=True)
class Clause:
    """Who does it, to whom, what else is named, and what is done."""

    agent: Noun | None
    patients: tuple[Noun, ...]
    others: tuple[Noun, ...]  # behind prepositions
    verbs: tuple[str, ...]  # lower-case content words that describe no noun
    has_pronoun: bool
    is_told: bool = True  # who does it: by an article, the passive, or the order of names

    @property
    def nouns(self) -> tuple[Noun, ...]:
        """All that it names."""
        return (*((self.agent,) if self.agent else ()), *self.patients, *self.others)


@lru_cache(maxsize=512)
def clauses_of(text: str) -> list[Clause]:
    """Return the first clauses of a text."""
    words = [match.group() for match in itertools.islice(_TOKEN.finditer(text), _MOST_WORDS)]
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _BREAKS or word in _JOINS:
            runs.append([])
        else:
            runs[-1].append(word)
    return [_ClauseReader(run).clause() for run in runs if len(run) > 1][:_MOST_CLAUSES]


class _ClauseReader:
    """Reads the words of a clause one after the other: its nouns, what they stand behind, and its verbs."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._particle = words[-1] if words[-1] in _PARTICLES else ""
        self._bare: list[tuple[Noun, str]] = []  # behind no preposition, each with its article
        self._behind: list[Noun] = []
        self._verbs: list[str] = []
        self._has_pronoun = False
        self._preposition = self._article = ""  # before the place that is read
        self._is_after_noun = False

    def clause(self) -> Clause:
        """Return the clause with its roles."""
        place = 0
        while place < len(self._words):
            if _is_noun(self._words[place], place, self._words):
                place = self._take_noun(place)
            else:
                self._take_other(place)
                place += 1
        return self._done_to() if _is_passive(self._words) else self._done()

    def _take_noun(self, place: int) -> int:
        """Take the noun or name that begins at a place; return the place behind it."""
        end = place + 1
        if self._words[place].casefold() not in _TIMES:
            end += sum(1 for _ in itertools.takewhile(_is_capitalised, self._words[end:]))
        noun = _noun(self._words[place:end], self._preposition)
        if self._preposition:
            self._behind.append(noun)
        elif not (self._is_after_noun and _GENITIVE.match(self._article)):
            self._bare.append((noun, self._article))
        self._preposition = self._article = ""
        self._is_after_noun = True
        return end

    def _take_other(self, place: int) -> None:
        word = self._words[place]
        form = word.casefold()
        if form in _PREPOSITIONS:
            self._preposition, self._article, self._is_after_noun = form, "", False
        elif _ARTICLE.match(form) and place + 1 < len(self._words):
            self._article = form
        elif form in _PRONOUNS:
            self._has_pronoun = True
            self._is_after_noun = False
        elif word[0].isalpha() and not _describes(
            self._words, place, bool(self._preposition or self._article)
        ):
            self._take_verb(form, place)

    def _take_verb(self, form: str, place: int) -> None:
        """Take a word that describes no noun; one that is small is none, unless it makes the passive."""
        if self._particle and place < len(self._words) - 1 and not form.endswith(("en", "lich", "ig")):
            self._verbs.append(f"{self._particle}{form}")
        elif not (form in small_words("de") or is_small(form)) or form in _BECOMING:
            self._verbs.append(form)
        if not self._preposition:
            self._is_after_noun = False

    @property
    def _deeds(self) -> tuple[str, ...]:
        return tuple(verb for verb in self._verbs if verb not in _BECOMING)[:_MOST_VERBS]

    def _done_to(self) -> Clause:
        """Return a clause in the passive: who does it stands behind "von" or "durch"."""
        agent = next((noun for noun in self._behind if noun.preposition in _BY), None)
        others = tuple(noun for noun in self._behind if noun is not agent)
        return Clause(agent, tuple(noun for noun, _ in self._bare), others, self._deeds, self._has_pronoun)

    def _done(self) -> Clause:
        """Return a clause in the active: the first noun that may be its subject does it."""
        nouns = [noun for noun, _ in self._bare]
        likely = [(noun, before) for noun, before in self._bare if not _is_no_subject(noun, before)]
        first = likely[0][0] if likely and not (self._has_pronoun and len(nouns) < 2) else None
        is_told = len(likely) == 1 or not any(before or is_no_name(noun) for noun, before in likely)
        if likely and not is_told:
            is_told = likely[0][1] == "der"
        rest = tuple(noun for noun in nouns if noun is not first)
        return Clause(first, rest, tuple(self._behind), self._deeds, self._has_pronoun, is_told)


def is_no_name(noun: Noun) -> bool:
    """Return whether a noun is a common one."""
    return " " not in noun.text and any(is_common(form, "de") for form in noun.forms)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def _is_noun(word: str, place: int, words: Sequence[str]) -> bool:
    if not word[0].isupper() or len(word) < 2:
        return False
    form = word.casefold()
    if _ARTICLE.match(form) or form in _PREPOSITIONS or form in _PRONOUNS:
        return False
    return place > 0 or not (is_small(form) or form in small_words("de"))


def _is_no_subject(noun: Noun, article: str) -> bool:
    if _NOT_NOMINATIVE.match(article):
        return True
    return article == "der" and _FEMININE.search(noun.text.split()[0].casefold()) is not None


def _describes(words: Sequence[str], place: int, is_behind: bool) -> bool:
    """Whether a word stands before a noun that it describes; `is_behind` an article or a preposition."""
    if place + 1 == len(words):
        return False
    if not words[place + 1][0].isupper():
        return is_behind and words[place].endswith(("e", "en", "er", "es", "em"))
    return words[place].endswith(
        ("e", "en", "er", "es", "em") if is_behind else ("er", "es", "em", "ue", "ige", "iche", "ische")
    )


def _is_passive(words: Sequence[str]) -> bool:
    forms = [word.casefold() for word in words]
    by = not _BY.isdisjoint(forms)
    has_participle = any(_PARTICIPLE.match(form) and form not in _BECOMING for form in forms)
    if not _BECOMING.isdisjoint(forms):
        return has_participle
    return by and not _BEING.isdisjoint(forms) and (has_participle or "zu" in forms)


def _noun(run: Sequence[str], preposition: str) -> Noun:
    forms = frozenset().union(*(forms_or_stem(word.casefold(), "de") for word in run))
    return Noun(forms, " ".join(run), preposition)
