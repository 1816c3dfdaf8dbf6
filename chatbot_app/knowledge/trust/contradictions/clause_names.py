"""Of whom a sentence with several clauses says something: "the harp class was founded by Mairi Dunn; the choir, by Stead".

A name belongs to its clause. It is in the wrong one where a statement has the words of another clause, which has a name of its
own in the same part: who does it, by whom it is done, who it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.sentences.facts import common_nouns
from chatbot_app.knowledge.words.language import content_stems, is_small
from chatbot_app.knowledge.words.names import Name, is_said_by, name_form, names_of, runs_of, word_forms
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_BREAK = re.compile(
    r"[;,()、，；]\s*|\s(?:[-–—]|and|while|whereas|but|und|während|aber|sowie|et|tandis que|mais|y|mientras|pero|и|а|но)\s",
    re.IGNORECASE,
)
# What goes on with the clause before: a relative clause, or one without a subject of its own.
_GOES_ON = re.compile(
    r"\s*(?:who|which|that|whose|whom|where|as|because|after|before|when|although|though|if|including|(?:der|die|das|dem|den)(?!\s+(?-i:[A-ZÄÖÜ]))|deren|dessen|welche[rsnm]?|wo|weil|nachdem|bevor|als"
    r"|qui|que|dont|où|quien|cuyo|котор\w+)\s",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?:“\"]|\b(?:what|who|whom|whose|which)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|von|durch|par|por)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_IS = re.compile(
    r"\b(?:is|are|was|were|became|remains|ist|sind|war|waren|wurde|est|était|es|era|fue|является|был|была)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:\w+\s+){0,2}$")  # an article and a title
_MOST_PARTS = 12
_LOOK_BACK = 40  # characters before a name
_LONGEST = 1_500  # characters of a sentence
_POSSESSIVE = re.compile(r"['’]")


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause of a sentence: its content words, its names, and those that do it, by whom it is done or who it is."""

    words: frozenset[str]
    names: frozenset[str]
    actors: tuple[str, ...]
    actor: str


def another_clause(said: str, source: str) -> tuple[str, str] | None:
    """Return (name of a statement, name that the sentence has instead in the clause whose words it takes); None where none is."""
    mine = _names_of(said)
    if not mine or len(source) > _LONGEST or _ASKS.search(said):
        return None  # a question with its answer has an order of its own
    parts = _parts(source)
    if len(parts) < 2:
        return None
    forms = word_forms(said)
    my_names = {name.form for name in mine if not name.is_first or is_said_by(name.form, _all(parts))}
    words = set(content_stems(said)) - {stem(form) for form in my_names}
    for place, own in enumerate(parts):
        here = {form for form in own.names if form in my_names}
        if not here or any(form in part.names for form in here for part in parts if part is not own):
            continue
        if not here & set(own.actors) or not _acts(said, here):
            continue
        for other in parts[:place] + parts[place + 1 :]:
            if not other.actors or any(is_said_by(form, forms) for form in other.actors):
                continue
            if words & (other.words - own.words) and not words & (own.words - other.words):
                return next(said[n.start : n.end] for n in mine if n.form in here), other.actor
    return None


def _names_of(text: str) -> list[Name]:
    """Return the words of names, without small words and German nouns that begin with a capital letter."""
    nouns = common_nouns(text)
    return [
        name
        for name in names_of(text)
        if not (name.form in nouns or name.form in STOP_WORDS or is_small(name.form))
    ]


def _all(parts: Sequence[_Part]) -> set[str]:
    return {form for part in parts for form in part.names}


def _parts(text: str) -> list[_Part]:
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _BREAK.finditer(text):
        spans.append((start, found.start()))
        start = found.end()
    spans.append((start, len(text)))
    names = _names_of(text)
    joined: list[tuple[int, int]] = []
    for start, end in spans[: 4 * _MOST_PARTS]:
        if not text[start:end].strip():
            continue
        if joined and (_GOES_ON.match(text[start:end]) or not _has_more(text, start, end, names)):
            joined[-1] = joined[-1][0], end  # of a name alone, that of the clause before, or one of several
        elif joined and not _has_more(text, *joined[-1], names) and not _inside(names, start, end):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return [_part(text, start, end, names) for start, end in joined[:_MOST_PARTS]]


def _has_more(text: str, start: int, end: int, names: Sequence[Name]) -> bool:
    """Whether something of content stands beside the names between two places."""
    return bool(
        set(content_stems(text[start:end])) - {stem(name.form) for name in _inside(names, start, end)}
    )


def _inside(names: Sequence[Name], start: int, end: int) -> list[Name]:
    return [name for name in names if start <= name.start < end]


def _part(text: str, start: int, end: int, names: Sequence[Name]) -> _Part:
    inside = [
        name for name in _inside(names, start, end) if not (name.is_first and _is_lone(text, name, names))
    ]
    actors: list[Name] = []
    for run in runs_of(text, inside):
        before = text[max(start, run[0].start - _LOOK_BACK) : run[0].start]
        is_first = _OPENING.fullmatch(text[start : run[0].start]) is not None
        is_owner = _POSSESSIVE.match(text[run[-1].end - 2 : run[-1].end + 1].lstrip()) is not None
        is_owner = is_owner or text[run[-1].start : run[-1].end].endswith(("'s", "’s"))
        last = before.split()[-1:]
        # "Den Vorsitz führt Ann Lee": in German a clause may end with who does it.
        is_last = not text[run[-1].end : end].strip(" .") and any(
            word.islower() and word.endswith(("t", "te", "ten", "et", "ieß")) and not is_small(word)
            for word in last
        )
        is_apart = before.rstrip().endswith(",")
        if (
            not actors
            and not is_owner
            and (is_first or is_last or is_apart or _BY.search(before) or _IS.search(before))
        ):
            actors = run
    forms = frozenset(name.form for name in inside)
    return _Part(
        frozenset(content_stems(text[start:end])) - {stem(form) for form in forms},
        forms,
        tuple(name.form for name in actors),
        text[actors[0].start : actors[-1].end] if actors else "",
    )


def _is_lone(text: str, name: Name, names: Sequence[Name]) -> bool:
    """Whether a word that begins a sentence has no name behind it: it may be any word."""
    behind = [other for other in names if other.start > name.end]
    return not behind or bool(text[name.end : behind[0].start].strip(" ."))


def _acts(said: str, forms: set[str]) -> bool:
    """Whether a statement says of a name that it does or is something."""
    part = _part(said, 0, len(said), _names_of(said))
    if part.actors and forms & set(part.actors):
        return True
    return any(
        name_form(match.group()) in forms
        and (
            _BY.search(said, max(0, match.start() - _LOOK_BACK), match.start())
            or _IS.search(said, max(0, match.start() - _LOOK_BACK), match.start())
        )
        for match in re.finditer(r"[^\W_]+", said)
    )
