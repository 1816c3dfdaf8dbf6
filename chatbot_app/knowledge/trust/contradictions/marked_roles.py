"""From where, where to and by whom: "from Paris to Rome" may be said in the other order, but not "from Rome to Paris"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from enum import Enum, auto

from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_WORD = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:[-’'][^\W_]+)*")
_END = re.compile(r"[.;!?](?:\s|$)")
_MOST = 16  # of a text
_LONGEST = 1_500  # characters of it
_BETWEEN = 2  # small words and signs between a preposition and what it stands before


class _Role(Enum):
    FROM = auto()
    TO = auto()
    BY = auto()


_ROLES = {
    word: role
    for role, words in {
        _Role.FROM: "from von aus vom de del desde depuis из с со от",
        _Role.TO: "to into onto nach à au a al hacia hasta en в на до к",
        _Role.BY: "by durch par por",
    }.items()
    for word in words.split()
}


def roles_exchanged(said: str, source: str) -> tuple[str, str] | None:
    """Return two that a statement has in each other's role; None where it has none so, or the source has them so as well."""
    mine, theirs = dict(_roles(said)), dict(_roles(source))
    for (one, first), (other, second) in itertools.combinations(theirs, 2):
        if (
            one is not other
            and first != second
            and {(other, first), (one, second)} <= mine.keys()
            and not {(other, first), (one, second)} & theirs.keys()
            and not {(one, first), (other, second)} & mine.keys()
        ):
            return theirs[one, first], theirs[other, second]
    return None


def _roles(text: str) -> Iterator[tuple[tuple[_Role, str], str]]:
    """Yield ((role, stem), word) of what stands behind a preposition."""
    found = 0
    text = text[:_LONGEST]
    words = list(_WORD.finditer(text))
    for place, word in enumerate(words):
        role = _ROLES.get(word.group().casefold())
        if role is None or found == _MOST:
            continue
        for behind in words[place + 1 : place + 2 + _BETWEEN]:
            plain = behind.group().casefold()
            if _END.search(text, word.end(), behind.start()) or plain in _ROLES:
                break
            if not (plain in STOP_WORDS or is_small(plain)):
                found += 1
                yield (role, stem(plain)), behind.group()
                break
