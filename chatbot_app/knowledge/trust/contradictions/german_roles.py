"""Who does what to whom in a German clause, whose order does not tell: by articles, prepositions and the passive.

"Fontana wurde von Lindquist gekauft" is "Lindquist kaufte Fontana", and "den Architekten lobte die Bürgermeisterin" begins with
whom she praised. Of names without articles the first does it. Where nothing tells ("die Kasse prüft Herr Wolf"), nobody is said to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.trust.contradictions.left_over import may_say_the_same
from chatbot_app.knowledge.words.inflection import forms_of, forms_or_stem
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.thesaurus import is_common, synonyms_of

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[.,;:!?()–]")
_MOST_CLAUSES = 12  # of either text, each compared with each
_MOST_SAID = 4  # of them in a statement
_MOST_VERBS = 6  # of a clause
_MOST_WORDS = 160
_MOST_SENTENCES = 100  # of the sources
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
# These say again who was named before.
_SAID_AGAIN = frozenset(
    """unternehmen firma konzern gesellschaft gruppe verein betrieb hersteller anbieter stadt gemeinde land staat mann frau künstler
    künstlerin autor autorin verfasser forscher forscherin team klub mannschaft haus bank stiftung behörde amt organisation partei
    institut museum schule universität hochschule kirche mensch person leute""".split()
)


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun or name with what stands before it: its forms, and the words as they are written."""

    forms: frozenset[str]
    text: str
    preposition: str


@dataclass(frozen=True, slots=True)
class _Clause:
    agent: _Noun | None
    patients: tuple[_Noun, ...]
    others: tuple[_Noun, ...]  # behind prepositions
    verbs: tuple[str, ...]  # lower-case content words that describe no noun
    has_pronoun: bool
    is_told: bool = True  # who does it: by an article, the passive, or the order of names

    @property
    def nouns(self) -> tuple[_Noun, ...]:
        return (*((self.agent,) if self.agent else ()), *self.patients, *self.others)


def done_by_another(said: str, sentences: Sequence[str], nearest: str) -> tuple[str, str] | None:
    """Return (who does it by a statement, who does it by the sentences); None where that is not another.

    Either the two have changed places, or both have it done to the same, and the one whom the statement names is another one of
    whom the sentences speak. `nearest` is the one that says most of the statement; in the others a verb has to be the same, not a
    related one.
    """
    mine = [clause for clause in _clauses(said)[:_MOST_SAID] if clause.agent is not None and clause.verbs]
    if not mine:
        return None
    sentences = sentences[:_MOST_SENTENCES]
    found: tuple[str, str] | None = None
    for sentence in (nearest, *sentences):
        for clause in _clauses(sentence):
            for one in mine:
                if not _same_deed(one.verbs, clause.verbs, also_related=sentence is nearest):
                    continue
                if _says_so(one, clause):
                    return None
                found = found or _exchanged(one, clause) or _another(one, clause, sentences)
    return found


def _says_so(mine: _Clause, clause: _Clause) -> bool:
    """Whether a clause has somebody do it whom the statement has do it as well, or may have."""
    assert mine.agent is not None
    return clause.agent is not None and (_is_same(mine.agent, clause.agent) or clause.agent in mine.others)


def _exchanged(mine: _Clause, clause: _Clause) -> tuple[str, str] | None:
    if mine.agent is None or clause.agent is None or not (mine.is_told and clause.is_told):
        return None
    done_to = any(_is_same(mine.agent, noun) for noun in clause.patients)
    done_by = any(_is_same(clause.agent, noun) for noun in (*mine.patients, *mine.others))
    return (mine.agent.text, clause.agent.text) if done_to and done_by else None


def _another(mine: _Clause, clause: _Clause, sentences: Sequence[str]) -> tuple[str, str] | None:
    if mine.agent is None or clause.agent is None or mine.has_pronoun or clause.has_pronoun:
        return None
    if not (mine.is_told and clause.is_told) or any(_is_same(mine.agent, noun) for noun in clause.nouns):
        return None
    if any(_is_same(clause.agent, noun) for noun in mine.nouns):
        return None
    if not any(_is_same(one, other) for one in mine.patients for other in clause.patients):
        return None
    if _may_be_same(mine.agent, clause.agent):
        return None
    if _is_common(mine.agent):
        if _is_common(clause.agent):
            return mine.agent.text, clause.agent.text
        if not _SAID_AGAIN.isdisjoint(mine.agent.text.casefold().split()):
            return None
    elsewhere = (noun for text in sentences for one in _clauses(text) for noun in one.nouns)
    if any(_is_same(mine.agent, noun) for noun in elsewhere):
        return mine.agent.text, clause.agent.text
    return None


def _is_same(one: _Noun, other: _Noun) -> bool:
    return not one.forms.isdisjoint(other.forms)


def _is_common(noun: _Noun) -> bool:
    """Whether a noun is no name."""
    return " " not in noun.text and any(is_common(form, "de") for form in noun.forms)


def _may_be_same(one: _Noun, other: _Noun) -> bool:
    return any(
        may_say_the_same(mine.casefold(), theirs.casefold(), "de")
        for mine in one.text.split()
        for theirs in other.text.split()
    )


def _same_deed(mine: Sequence[str], theirs: Sequence[str], also_related: bool) -> bool:
    for one in mine:
        own = forms_of(one, "de")
        for other in theirs:
            their = forms_of(other, "de")
            if own.own & their.own or own.own & their.parts or own.parts & their.own:
                return True
            if also_related and any(synonyms_of(form, "de") & their.own for form in own.own):
                return True
    return False


@lru_cache(maxsize=512)
def _clauses(text: str) -> list[_Clause]:
    words = [match.group() for match in itertools.islice(_TOKEN.finditer(text), _MOST_WORDS)]
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _BREAKS or word in _JOINS:
            runs.append([])
        else:
            runs[-1].append(word)
    return [_clause(run) for run in runs if len(run) > 1][:_MOST_CLAUSES]


def _clause(words: Sequence[str]) -> _Clause:
    small = small_words("de")
    particle = words[-1] if words[-1] in _PARTICLES else ""
    bare: list[tuple[_Noun, str]] = []
    behind: list[_Noun] = []
    verbs: list[str] = []
    has_pronoun = False
    preposition = article = ""
    place = 0
    is_after_noun = False
    while place < len(words):
        word = words[place]
        form = word.casefold()
        if _is_noun(word, place, words):
            run = [word]
            while place + 1 < len(words) and words[place + 1][0].isupper() and form not in _TIMES:
                place += 1
                run.append(words[place])
            noun = _noun(run, preposition)
            if preposition:
                behind.append(noun)
            elif not (is_after_noun and _GENITIVE.match(article)):
                bare.append((noun, article))
            preposition = article = ""
            is_after_noun = True
        elif form in _PREPOSITIONS:
            preposition, article, is_after_noun = form, "", False
        elif _ARTICLE.match(form) and place + 1 < len(words):
            article = form
        elif form in _PRONOUNS:
            has_pronoun = True
            is_after_noun = False
        elif word[0].isalpha() and not _describes(words, place, bool(preposition or article)):
            if particle and place < len(words) - 1 and not form.endswith(("en", "lich", "ig")):
                verbs.append(f"{particle}{form}")
            elif not (form in small or is_small(form)) or form in _BECOMING:
                verbs.append(form)
            if not preposition:
                is_after_noun = False
        place += 1
    is_passive = _is_passive(words)
    deeds = tuple(verb for verb in verbs if verb not in _BECOMING)[:_MOST_VERBS]
    nouns = [noun for noun, _ in bare]
    if is_passive:
        agent = next((noun for noun in behind if noun.preposition in _BY), None)
        others = tuple(noun for noun in behind if noun is not agent)
        return _Clause(agent, tuple(nouns), others, deeds, has_pronoun)
    likely = [(noun, before) for noun, before in bare if not _is_no_subject(noun, before)]
    first = likely[0][0] if likely and not (has_pronoun and len(nouns) < 2) else None
    is_told = len(likely) == 1 or not any(before or _is_common(noun) for noun, before in likely)
    if likely and not is_told:
        is_told = likely[0][1] == "der"
    rest = tuple(noun for noun in nouns if noun is not first)
    return _Clause(first, rest, tuple(behind), deeds, has_pronoun, is_told)


def _is_noun(word: str, place: int, words: Sequence[str]) -> bool:
    if not word[0].isupper() or len(word) < 2:
        return False
    form = word.casefold()
    if _ARTICLE.match(form) or form in _PREPOSITIONS or form in _PRONOUNS:
        return False
    return place > 0 or not (is_small(form) or form in small_words("de"))


def _is_no_subject(noun: _Noun, article: str) -> bool:
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


def _noun(run: Sequence[str], preposition: str) -> _Noun:
    forms = frozenset().union(*(forms_or_stem(word.casefold(), "de") for word in run))
    return _Noun(forms, " ".join(run), preposition)
