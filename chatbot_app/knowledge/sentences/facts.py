"""The facts of a statement, its numbers, dates and names, and what a sentence of a source has in place of one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.designations import is_exact
from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.names import Name, is_said_by, names_of, runs_of, word_forms
from chatbot_app.knowledge.words.thesaurus import is_common
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

TEMPLATE_STEMS = frozenset(
    stem(word)
    for word in "answer question source sources document documents passage text provided according based mention"
    " mentioned stated states say says following information context article".split()
)
STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
MOST_FACTS = 24  # of one statement
_FULL_NAME = 2  # words
_LOOK_BACK = 60  # characters before a noun
# "Which fort was rebuilt: Caroline." What is said behind a colon alone is what was asked for, also where it begins a sentence.
_SAID_ALONE = re.compile(r":\s+(?=[^\W\d_])((?:[^\s.!?:;]+\s*){1,3})[.!]?\s*$")
_NEXT_WORD = re.compile(r"[\s-]*([^\W\d_]+)")
# Behind an article or an adjective a German noun is seldom a name.
_COMMON_NOUN = re.compile(
    r"(?:^|\W)(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|kein\w*|ihr\w*|sein\w*|im|am|zum|zur|vom|beim|\d[\d.,]*"
    r"|[a-zäöüß]+(?:e|en|er|es|em))\s+$",
    re.IGNORECASE,
)
# What is not so ("10 mg instead of 20 mg") may be said elsewhere.
_INSTEAD = re.compile(
    r"\b(?:instead of|rather than|statt|anstatt|anstelle von|nicht|not|au lieu de|en (?:lugar|vez) de|вместо)\s+(?:US)?[$€£]?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:^|\W)(?:der|die|das|den|dem|des|eine?[nmrs]?|keine?[nmrs]?|ihre?[nmrs]?|seine?[nmrs]?|im|am|zum|zur|vom|beim|jede[nmrs]?)\s+$",
    re.IGNORECASE,
)
# What nouns end with, and offices and professions.
GERMAN_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|ität|tat|tum|nis|ment|ling|beilage|zahl)(?:en|s|e|se)?$|(?:direktor|leiter|vorsitzend|sprecher|meister"
    r"|minister|prasident|professor|doktor|ingenieur|architekt|arzt|vorstand|mitglied|trainer|inhaber|kapitan|kassenprufer|chef)"
    r"(?:er|en|in|s|e|es|n|innen)?$"
)
_LONG_NOUN = 10  # letters of a word that is mostly a compound
_TELLING_NOUNS = frozenset(
    "ansicht angabe angaben aussage meinung auskunft bericht text dokument quelle protokoll vertrag unterlagen grund grunde person personen"
    " beginn ende anfang anspruch antrag fall jahr jahre monat monate woche wochen tag tage stunde stunden uhr euro prozent million millionen"
    " mitte teil hohe lange breite zeit kosten preis menge zahl art weise hilfe folge folgen form stelle wahl besitz betrieb bau geld".split()
)
# Behind these stands a noun rather than a place or a person.
_BEFORE_NOUN = re.compile(
    r"(?:^|\W)(?:laut|gemäß|ohne|mit|auf|zu|an|unter|über|vor|und|oder|als|per|pro|für|um|gegen|wegen|trotz|während|je|statt|inklusive|plus)\s+$",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"([^\W\d_]+) $")
# Said of a person before the name.
TITLES = frozenset(
    "ceo cfo coo cto president chairman chairwoman director captain professor prof dr doctor minister mayor councillor"
    " architect engineer sergeant inspector detective substitute goalkeeper herr herrn frau".split()
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value or name of a statement, and the stems of the words that it is written with."""

    value: Value | None
    names: tuple[str, ...]
    words: frozenset[str]
    text: str
    is_soft: bool = False  # a number in words: "two bodies" need not be counted in the source
    counted: str = ""  # the stem of the word behind a value
    said: frozenset[str] = frozenset()  # all forms of the statement's words
    before: str = ""  # the word before it, lower case: "in" Hamburg


def common_nouns(text: str) -> frozenset[str]:
    """Return the forms of German words that have a capital letter and stand behind an article: no names, mostly."""
    return frozenset(
        name.form
        for name in names_of(text)
        if _ARTICLE.search(text, max(0, name.start - _LOOK_BACK), name.start)
    )


def facts_of(
    text: str, capitalised: Set[str], is_german: bool = False, common: Set[str] = frozenset()
) -> list[Fact]:
    """Return the facts of a statement, values first, each kind in order.

    `capitalised` are the names of the sources that begin no sentence: what begins one is a name where it is among these.
    Of German text a noun is none: what stands behind an article, is `common` in the sources, or looks like one.
    """
    facts = []
    values = values_of(text)
    said = frozenset(word_forms(text))
    for value in values:
        written = text[value.start : value.end]
        is_soft = value.kind is not ValueKind.DATE and not (
            ((value.dimension and value.dimension != "%") or any(c.isdigit() for c in written))
            and not _INSTEAD.search(text, max(0, value.start - _LOOK_BACK), value.start)
        )
        facts.append(
            Fact(
                value,
                (),
                frozenset(stems(written)),
                written,
                is_soft,
                _next_stem(text, value.end),
                said,
                _word_before(text, value.start),
            )
        )
    named: list[Name] = []
    alone = _SAID_ALONE.search(text)
    for name in names_of(text):
        if any(value.start < name.end and name.start < value.end for value in values):
            continue
        is_sure = not name.is_first or name.form in capitalised or name.is_acronym
        if not is_sure and (alone is None or name.start != alone.start(1)):
            continue
        if stem(name.form) in STOP_STEMS or stem(name.form) in TEMPLATE_STEMS:
            continue
        named.append(name)
    for run in _each_designation_alone(runs_of(text, named)):
        if len(run) > 1 and run[0].form in TITLES:
            run = run[1:]
        if is_german:
            run = _without_nouns(text, run, capitalised, common)
        if not run:
            continue
        written = text[run[0].start : run[-1].end]
        forms = tuple(name.form for name in run)
        before = _word_before(text, run[0].start)
        facts.append(Fact(None, forms, frozenset(stems(written)), written, said=said, before=before))
    return facts


def _each_designation_alone(runs: Iterable[list[Name]]) -> Iterator[list[Name]]:
    """Yield runs of names in which none is a designation: of "Airbus A320" both have to be said."""
    for run in runs:
        for alone, names in itertools.groupby(run, lambda name: name if is_exact(name.form) else None):
            yield [alone] if alone is not None else list(names)


def names_in_german(text: str, names: Sequence[Name], capitalised: Set[str], common: Set[str]) -> list[Name]:
    """Return the words of a German text that may be names, of those that have a capital letter."""
    return [name for run in runs_of(text, names) for name in _without_nouns(text, run, capitalised, common)]


def _without_nouns(text: str, run: list[Name], capitalised: Set[str], common: Set[str]) -> list[Name]:
    """Return the words of a run of capitalised German words that may be names."""
    if len(run) > 1:
        kept = [name for name in run if not (name.form in common or GERMAN_NOUN.search(name.form))]
        return kept if len(kept) > 1 or not kept else _without_nouns(text, kept, capitalised, common)
    [name] = run
    if name.is_acronym or is_exact(name.form):
        return run
    before = max(0, name.start - _LOOK_BACK), name.start
    if name.form in common or name.form in _TELLING_NOUNS or _COMMON_NOUN.search(text, *before):
        return []
    if name.form in capitalised:
        return run
    is_noun = (
        GERMAN_NOUN.search(name.form) is not None
        or len(name.form) >= _LONG_NOUN
        or _BEFORE_NOUN.search(text, *before) is not None
        or any(is_common(form, "de") for form in forms_of(name.form, "de").own)
    )
    return [] if is_noun else run


def is_counted_otherwise(sentence: SourceSentence, fact: Fact) -> bool:
    """Whether a sentence counts the same things as a number in words, and finds another number of them."""
    assert fact.value is not None
    return any(
        value.comparable(fact.value)
        and not value.says(fact.value)
        and _next_stem(sentence.text, value.end) == fact.counted
        for value in sentence.values
    )


def replaces(sentence: SourceSentence, fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether a sentence has something of the same kind as a fact that no fact of the statement says."""
    if fact.value is None:
        return any(
            not name.is_first and not is_said_by(name.form, fact.said) for name in names_of(sentence.text)
        )
    said = [one.value for one in facts if one.value is not None]
    return any(
        value.comparable(fact.value) and not any(value.says(one, sentence.scale) for one in said)
        for value in sentence.values
    )


def has_another_full_name(sentence: SourceSentence, fact: Fact) -> bool:
    """Whether a sentence has a name of two words or more, none of which is said, where a fact is such a name."""
    if len(fact.names) < _FULL_NAME:
        return False
    names = [name for name in names_of(sentence.text) if not is_said_by(name.form, fact.said)]
    return any(
        not sentence.text[one.end : other.start].strip(" .") for one, other in itertools.pairwise(names)
    )


def said_instead(sentence: SourceSentence, fact: Fact, facts: Sequence[Fact]) -> str | None:
    """Return what the source says in place of one of the facts of a statement, None where nothing comparable stands there.

    What the statement says as well stands in no other's place; best is what stands behind the same word ("in Kiel").
    """
    if fact.value is not None:
        return _value_instead(sentence, fact, [one.value for one in facts if one.value is not None])
    names = names_of(sentence.text)
    places = [place for place, name in enumerate(names) if not name.is_first]
    places = [place for place in places if is_exact(names[place].form) is is_exact(fact.names[0])]
    if not places:
        return None
    others = [place for place in places if not is_said_by(names[place].form, fact.said)] or places
    at = others[_best_placed(sentence.text, [names[place].start for place in others], fact.before)]
    end = names[at].end
    for name in names[at + 1 :]:
        if sentence.text[end : name.start].strip(" ."):
            break
        end = name.end  # "Julia Prats"
    return sentence.text[names[at].start : end]


def _value_instead(sentence: SourceSentence, fact: Fact, said: Sequence[Value]) -> str | None:
    assert fact.value is not None
    alike = [
        value
        for value in sentence.values
        if value.dimension == fact.value.dimension or not fact.value.dimension or sentence.is_row
        if value.comparable(fact.value) and not value.says(fact.value)
    ]
    others = [value for value in alike if not any(value.says(one, sentence.scale) for one in said)] or alike
    if not others:
        return None
    value = others[_best_placed(sentence.text, [value.start for value in others], fact.before)]
    return sentence.text[value.start : value.end]


def _best_placed(text: str, starts: Sequence[int], before: str) -> int:
    """Return which of some places stands right behind a word, the first where none does."""
    behind = (at for at, start in enumerate(starts) if before and _word_before(text, start) == before)
    return next(behind, 0)


def _word_before(text: str, start: int) -> str:
    """Return the word right before a place, lower case; "" where none stands there."""
    found = _LAST_WORD.search(text, max(0, start - _LOOK_BACK), start)
    return found.group(1).casefold() if found else ""


def _next_stem(text: str, end: int) -> str:
    """Return the stem of the word that stands right behind a place; "" where none does."""
    found = _NEXT_WORD.match(text, end)
    return stem(found.group(1).casefold()) if found else ""
