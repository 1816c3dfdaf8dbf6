"""What comes first: "remove the tank first, then open the door" and a statement that has it before the other way round."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Set

from chatbot_app.knowledge.words.language import content_stems

_CONNECTIVE = re.compile(r"\b(?:before|after|and then|then|until|once)\b", re.IGNORECASE)
_END = re.compile(r"[.;:!?]")
# Says of neither that it came first.
_NO_ORDER = re.compile(
    r"\b(?:before (?:or|and|as well as) (?:\w+ )?after|after (?:or|and|as well as) (?:\w+ )?before)\b",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of a step
_MOST = 12  # connectives of a sentence
_LATER_FIRST = frozenset(("after", "once"))
_NUMBER_BEHIND = re.compile(
    r"\s*(?:the\s+)?(?:\d|end\b|start\b|January|February|March|April|May|June|July|August|September|October|November|December)",
    re.IGNORECASE,
)


def in_another_order(said: str, source: str) -> tuple[str, str] | None:
    """Return (what a source has first, what comes then) where a statement has the two the other way round; else None."""
    if said.strip() in source or _NO_ORDER.search(said) or _NO_ORDER.search(source):
        return None
    theirs = [
        (set(content_stems(first)), set(content_stems(then)), first, then) for first, then in _steps(source)
    ]
    if not theirs:
        return None
    for first, then in _steps(said):
        mine_first, mine_then = set(content_stems(first)), set(content_stems(then))
        for their_first, their_then, one, other in theirs:
            if _is(mine_first, their_then, their_first) and _is(mine_then, their_first, their_then):
                return one.strip(), other.strip()
    return None


def _is(mine: Set[str], theirs: Set[str], other: Set[str]) -> bool:
    """Whether a step is one of the source's, and not the other one."""
    own = mine & theirs - other
    return len(own) >= max(1, 0.5 * len(mine)) and not mine & other - theirs


def _steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield (what comes first, what comes then)."""
    for found in itertools.islice(_CONNECTIVE.finditer(text), _MOST):
        before = _END.split(text[max(0, found.start() - _LONGEST) : found.start()])[-1]
        behind = _END.split(text[found.end() : found.end() + _LONGEST])[0]
        if _NUMBER_BEHIND.match(behind):
            continue
        if not before.strip():  # "Before you open the door, remove the tank."
            behind, _, before = behind.partition(",")
        pair = before, behind
        if before.strip() and behind.strip():
            yield pair[::-1] if found.group().casefold() in _LATER_FIRST else pair
