"""The facts of a statement, its numbers, dates and names, and what a sentence of a source has in place of one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from chatbot_app.knowledge.search.words import STOP_WORDS, stem, stems
from chatbot_app.knowledge.trust.measures import Value, ValueKind
from chatbot_app.knowledge.trust.names import Name, is_said_by, names_of, word_forms
from chatbot_app.knowledge.trust.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.values import values_of

TEMPLATE_STEMS = frozenset(
    stem(word)
    for word in "answer question source sources document documents passage text provided according based mention"
    " mentioned stated states say says following information context article".split()
)
STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
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


def facts_of(text: str, capitalised: Set[str], is_german: bool = False) -> list[Fact]:
    """Return the facts of a statement, values first, each kind in order.

    `capitalised` are the names of the sources that begin no sentence: what begins one is a name where it is among these.
    Of German text a noun behind an article is none.
    """
    facts = []
    values = values_of(text)
    said = frozenset(word_forms(text))
    for value in values:
        written = text[value.start : value.end]
        is_soft = value.kind is not ValueKind.DATE and not (
            (value.dimension and value.dimension != "%") or any(c.isdigit() for c in written)
        )
        facts.append(
            Fact(value, (), frozenset(stems(written)), written, is_soft, _next_stem(text, value.end), said)
        )
    runs: list[list[Name]] = []
    alone = _SAID_ALONE.search(text)
    for name in names_of(text):
        if any(value.start < name.end and name.start < value.end for value in values):
            continue
        if name.is_first and name.form not in capitalised and (alone is None or name.start != alone.start(1)):
            continue
        if stem(name.form) in STOP_STEMS or stem(name.form) in TEMPLATE_STEMS:
            continue
        if runs and not text[runs[-1][-1].end : name.start].strip(" .-"):
            runs[-1].append(name)
        else:
            runs.append([name])
    for run in runs:
        if (
            len(run) == 1
            and is_german
            and _COMMON_NOUN.search(text, max(0, run[0].start - _LOOK_BACK), run[0].start)
        ):
            continue
        written = text[run[0].start : run[-1].end]
        forms = tuple(name.form for name in run)
        facts.append(Fact(None, forms, frozenset(stems(written)), written, said=said))
    return facts


def is_counted_otherwise(sentence: SourceSentence, fact: Fact) -> bool:
    """Whether a sentence counts the same things as a number in words, and finds another number of them."""
    assert fact.value is not None
    return any(
        value.comparable(fact.value)
        and not value.says(fact.value)
        and _next_stem(sentence.text, value.end) == fact.counted
        for value in sentence.values
    )


def has_itself(sentence: SourceSentence, fact: Fact) -> bool:
    """Whether a fact stands in a sentence itself, all of it."""
    if fact.value is not None:
        return sentence.says(fact.value)
    return all(is_said_by(form, sentence.forms) for form in fact.names)


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


def said_instead(sentence: SourceSentence, fact: Fact) -> str | None:
    """Return what the source says in place of a fact, None where nothing comparable stands there."""
    if fact.value is not None:
        for value in sentence.values:
            if value.comparable(fact.value) and not value.says(fact.value):
                return sentence.text[value.start : value.end]
        return None
    names = names_of(sentence.text)
    at = next((place for place, name in enumerate(names) if not name.is_first), None)
    if at is None:
        return None
    end = names[at].end
    for name in names[at + 1 :]:
        if sentence.text[end : name.start].strip(" ."):
            break
        end = name.end  # "Julia Prats"
    return sentence.text[names[at].start : end]


def _next_stem(text: str, end: int) -> str:
    """Return the stem of the word that stands right behind a place; "" where none does."""
    found = _NEXT_WORD.match(text, end)
    return stem(found.group(1).casefold()) if found else ""
