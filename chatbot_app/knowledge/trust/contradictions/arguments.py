"""What stands behind the same word and preposition: "an inquiry led by the coastguard" is none that is led by the company.

A statement and a sentence are compared by their triples (content word, preposition, what follows): two that agree in the
first two and share nothing of the third say different things, where the sentence says the third of nothing else.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot_app.knowledge.words.language import content_stems, is_small
from chatbot_app.knowledge.words.names import is_said_by, name_form, word_forms
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.;:!?,()|]")
_PREPOSITIONS = frozenset(
    "by to from with into onto for in at near through under via against towards".split()
)
_ENDS = _PREPOSITIONS | frozenset(
    "during while when before after until since as because who which that".split()
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|cannot|without|instead|rather|unlike|than)\b|n['’]t\b", re.IGNORECASE
)
_ASKS = re.compile(r"[?“\"]|\b(?:what|who|whom|whose|which|how|when|where|why)\b", re.IGNORECASE)
_MOST_OBJECT = 3  # content words
_BETWEEN = 2  # small words between a word and its preposition
_FEWEST_SHARED = 2  # content words, but for those compared
_SHARE = 0.6  # of a statement's
_MOST = 24  # triples of a text
_LONGEST = 1_500  # characters


@dataclass(frozen=True, slots=True)
class _Triple:
    anchor: str
    preposition: str
    objects: tuple[str, ...]  # stems of the content words behind the preposition
    written: str
    has_number: bool
    is_name: bool


def another_argument(said: str, source: str) -> tuple[str, str] | None:
    """Return (what a statement has behind a preposition, what a sentence has there), None where no such two differ."""
    if _ASKS.search(said) or _DENIAL.search(said) or len(source) > _LONGEST:
        return None
    theirs = list(itertools.islice(_triples(source), _MOST))
    words = set(content_stems(said))
    source_words = set(content_stems(source))
    forms = word_forms(source)
    for mine in itertools.islice(_triples(said), _MOST):
        same = [one for one in theirs if (one.anchor, one.preposition) == (mine.anchor, mine.preposition)]
        if not same or mine.has_number or any(one.has_number for one in same):
            continue
        own = set(mine.objects)
        if own & source_words or any(related_to(word) & source_words for word in own):
            continue
        if any(
            words & set(one.objects) or any(related_to(word) & words for word in one.objects) for one in same
        ):
            continue
        if any(is_said_by(name_form(word), forms) for word in mine.written.split()):
            continue
        # Common nouns may say the same in other words, but for who did it.
        if any(one.is_name != mine.is_name for one in same) or not (mine.is_name or mine.preposition == "by"):
            continue
        rest = words - own - {mine.anchor}
        shared = rest & source_words
        if len(shared) >= max(_FEWEST_SHARED, _SHARE * len(rest)):
            return mine.written, same[0].written
    return None


def _triples(text: str) -> Iterator[_Triple]:
    tokens = list(_TOKEN.finditer(text))
    words = [token.group().casefold() for token in tokens]
    for place, word in enumerate(words):
        if word not in _PREPOSITIONS:
            continue
        before = next(
            (
                one
                for one in reversed(words[max(0, place - 1 - _BETWEEN) : place])
                if not (one in STOP_WORDS or is_small(one))
            ),
            "",
        )
        if not before or not before[0].isalpha():
            continue
        objects: list[int] = []
        for at in range(place + 1, min(len(words), place + 7)):
            if not words[at][0].isalnum() or (objects and words[at] in _ENDS):
                break
            if words[at] in STOP_WORDS or is_small(words[at]):
                if objects:
                    break
                continue
            objects.append(at)
            if len(objects) == _MOST_OBJECT:
                break
        if objects:
            first, last = tokens[objects[0]], tokens[objects[-1]]
            yield _Triple(
                stem(before),
                word,
                tuple(stem(words[at]) for at in objects),
                text[first.start() : last.end()],
                any(c.isdigit() for at in objects for c in words[at]),
                first.group()[0].isupper(),
            )
