"""Opposites where a statement and a sentence speak of the same: “sales rose” and “sales fell”."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from chatbot_app.knowledge.words.antonyms import is_denying
from chatbot_app.knowledge.words.opposites import (
    RECIPROCAL,
    clauses_of,
    converse,
    opposites_of,
    unspaced_opposites,
)

SAME_CLAUSE = 3  # content words, from which two clauses speak of the same however their words stand
NEAR = 2  # content words on each side, one of which the two texts must share

_COMPARED = re.compile(r"\b(?:than|als)\b", re.IGNORECASE)
_COMPARATIVE = re.compile(r"\w{2,}er|worse|less", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Placed:
    text: str
    stem: str
    near: frozenset[str]  # stems of the content words beside it, inside the clause
    before: frozenset[str]  # those that stand before it, small words where none does
    behind: frozenset[str]
    clause: frozenset[str]  # all of its clause


def opposed(
    said: str,
    source: str,
    said_denials: Sequence[Set[str]] = (),
    source_denials: Sequence[Set[str]] = (),
    contraries: Callable[[str], Set[str]] | None = None,
    fewest: int = 1,
) -> Iterator[tuple[str, str]]:
    """Yield (word of `said`, word of `source`) that say the opposite about the same.

    The two stand beside a word that both texts have, neither text has both, and neither is denied in one text alone
    (see `negation.denied`): “did not rise” and “fell” are no contradiction. `contraries` gives the opposites of a stem,
    those of `opposites_of` where it is not given; `fewest` is how many words beside them both texts must have.
    """
    mine, theirs = _placed(said), _placed(source)
    # Which of two it is tells `comparisons`.
    are_compared = _COMPARED.search(said) and _COMPARED.search(source)
    my_stems, their_stems = {word.stem for word in mine}, {word.stem for word in theirs}
    for word in mine:
        if word.stem in their_stems or (are_compared and _COMPARATIVE.fullmatch(word.text)):
            continue
        against = (contraries or opposites_of)(word.stem)
        for other in theirs:
            if (
                (other.stem in against or is_denying(word.text, other.text))
                and other.stem not in my_stems
                # Where the source has both sides, one word beside them does not say which is meant.
                and (
                    len(word.near & other.near)
                    >= max(fewest, 1 + bool(their_stems & opposites_of(other.stem)))
                    or (
                        contraries is not None
                        and len(word.clause & other.clause) >= SAME_CLAUSE
                        and not their_stems & opposites_of(other.stem)
                    )
                )
                and (word.stem not in RECIPROCAL or word.before & other.before)
                and (word.stem not in converse() or word.behind & other.behind)
                and _is_denied(word.stem, said_denials) is _is_denied(other.stem, source_denials)
            ):
                yield word.text, other.text
    for group in unspaced_opposites():
        for mine_side, their_side in itertools.permutations(group.sides, 2):
            my_word = next((word for word in mine_side if word in said), None)
            their_word = next((word for word in their_side if word in source), None)
            if my_word and their_word and not _any(mine_side, source) and not _any(their_side, said):
                yield my_word, their_word


def _placed(text: str) -> list[_Placed]:
    found: list[_Placed] = []
    for clause in clauses_of(text):
        content = [word.stem for word in clause if not word.is_small]
        whole = frozenset(content)
        count = 0  # of the content words before the place
        small: list[str] = []  # the words before it: of "he bought" and "she sold" they tell who
        for word in clause:
            before = content[max(0, count - NEAR) : count]
            count += not word.is_small
            after = content[count : count + NEAR]
            found.append(
                _Placed(
                    word.text,
                    word.stem,
                    frozenset(before + after),
                    frozenset(before or small[-NEAR:]),
                    frozenset(after),
                    whole,
                )
            )
            small.append(word.text.casefold())
    return found


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)


def _is_denied(stemmed: str, denials: Sequence[Set[str]]) -> bool:
    return any(stemmed in scope for scope in denials)
