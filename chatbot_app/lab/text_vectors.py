"""The classic vectors of texts: what they were before models learnt them.

A bag of words counts each word; its order is lost. TF-IDF weighs a word by how few texts have it: Spärck Jones, "A
Statistical Interpretation of Term Specificity" (1972); Salton and Buckley, "Term-weighting Approaches" (1988).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class TextVectors:
    """`terms` in alphabetical order; `matrix` has a row for each text, shape (texts, terms)."""

    terms: tuple[str, ...]
    matrix: Matrix


def bag_of_words(texts: Sequence[str]) -> TextVectors:
    """Return how often each word, in lower case, stands in each text, shape (texts, words)."""
    counts = [Counter(_WORD.findall(text.casefold())) for text in texts]
    terms = tuple(sorted(set().union(*counts)))
    matrix = np.array([[count[term] for term in terms] for count in counts], np.float64)
    return TextVectors(terms, matrix.reshape(len(texts), len(terms)))


def tf_idf(bag: TextVectors) -> TextVectors:
    """Return count × idf with idf = ln((1 + n) / (1 + texts with the word)) + 1, each row of length 1 (or 0).

    As scikit-learn's TfidfVectorizer weighs by default: 1 is added so that a word in every text still counts.
    """
    texts = len(bag.matrix)
    idf = np.log((1 + texts) / (1 + (bag.matrix > 0).sum(axis=0))) + 1
    return TextVectors(bag.terms, _of_length_one(bag.matrix * idf))


def cosines(matrix: Matrix) -> Matrix:
    """Return the cosine of the angle between any two rows, shape (rows, rows); 0 where a row has no length."""
    rows = _of_length_one(matrix)
    product: Matrix = rows @ rows.T
    return product


def _of_length_one(matrix: Matrix) -> Matrix:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: Matrix = matrix / np.where(lengths == 0, 1, lengths)
    return scaled
