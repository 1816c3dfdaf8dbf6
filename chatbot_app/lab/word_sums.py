"""Sums of meanings: king - man + woman lies near queen.

Mikolov, Yih & Zweig, "Linguistic regularities in continuous space word representations", 2013. The words that were given
are left out of the answers, as there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.lab_errors import SumEmpty, SumTooLong, SumUnreadable
from chatbot_app.lab.neighbours import nearest_to

_TERM = re.compile(r"\s*([+\-−–]?)\s*([^+\-−–]+)")
MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """A word or some words, and whether their vector is added (1) or taken away (-1)."""

    words: str
    sign: int


def read_sum(text: str) -> tuple[Term, ...]:
    """Read "king - man + woman"; a "-" within a word ("well-known") belongs to it. Raises SumUnreadable."""
    marked = re.sub(r"(?<=\S)-(?=\S)", "\u2010", text)  # the character of a hyphen, which is no sign
    terms: list[Term] = []
    end = 0
    for found in _TERM.finditer(marked):
        if found.start() != end:
            break
        end = found.end()
        if terms and not found[1]:
            break
        words = " ".join(found[2].replace("\u2010", "-").split())
        if not words:
            break
        terms.append(Term(words, 1 if found[1] in ("", "+") else -1))
    if not terms or end != len(marked):
        raise SumUnreadable()
    if len(terms) > MOST_TERMS:
        raise SumTooLong(most=MOST_TERMS)
    return tuple(terms)


def sum_of(vectors: npt.NDArray[np.float32], terms: tuple[Term, ...]) -> npt.NDArray[np.float32]:
    """Return the unit vector of a sum; `vectors` are unit vectors of the terms, shape (terms, dimension).

    Raises SumEmpty where the sum is nothing: a word taken away from itself.
    """
    signs = np.array([term.sign for term in terms], np.float32)
    total = signs @ vectors
    length = float(np.linalg.norm(total))
    if length < 1e-5:
        raise SumEmpty()
    unit: npt.NDArray[np.float32] = (total / length).astype(np.float32)
    return unit


def nearest_words(
    total: npt.NDArray[np.float32],
    words: list[str],
    vectors: npt.NDArray[np.float32],
    without: tuple[Term, ...] = (),
    count: int = 12,
) -> list[tuple[str, float]]:
    """Return (word, cosine) of the words nearest to a sum, nearest first; `vectors` has shape (words, dimension)."""
    given = {term.words.casefold() for term in without}
    rows, cosines = nearest_to(total, vectors, count + len(given))
    found = [(words[row], float(cosine)) for row, cosine in zip(rows, cosines, strict=True)]
    return [(word, cosine) for word, cosine in found if word.casefold() not in given][:count]
