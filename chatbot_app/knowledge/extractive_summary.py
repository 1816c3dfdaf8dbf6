"""A summary of a text by its own sentences, without a language model: those that carry most of it.

LexRank (Erkan & Radev 2004, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization"), its
continuous variant: a sentence counts as much as the sentences that resemble it. Resemblance is the cosine of tf-idf
vectors, for short texts together with that of embedding vectors.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot_app.knowledge.words.sentence_ends import sentence_spans
from chatbot_app.knowledge.words.small_words import LANGUAGES
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems, unspaced_share

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder, Vectors

DAMPING = 0.15  # Erkan & Radev 2004, section 3.2: the share that every sentence gets
ROUNDS = 60  # of the power method; it has converged after some twenty
ALIKE = 0.6  # cosine of words above which a second sentence says nothing new
MOST_EMBEDDED = 120  # sentences: a second of two cores; longer texts are ranked by words alone
MOST_SENTENCES = 10_000  # of a text; what follows is not read, which is said
FEWEST, MOST = 3, 7  # sentences of a summary
SHARE = 0.25  # of the sentences, between these
FEWEST_TERMS = 3  # rare words; a sentence with fewer is a heading or an aside
LONGEST = 600  # characters of a sentence that is quoted
_COMPARED_EACH = 2_000  # sentences; of more, the matrix of all pairs would take gigabytes
_WIDTH, _NARROW = 4096, 1024  # of a hashed tf-idf vector; of many sentences

_CODE = re.compile(r"^```.*?(?:^```|\Z)", re.DOTALL | re.MULTILINE)
_STOP_STEMS = frozenset(
    stem(word) for word in (*STOP_WORDS, *(w for language in LANGUAGES for w in language.common.split()))
)


@dataclass(frozen=True, slots=True)
class ExtractiveSummary:
    """Places (start, end) in a text of the sentences that carry most of it, in the order of the text.

    `sentences` is how many were read; `is_whole` is False where the text has more. `cut` are the ends of those that
    go on in the text.
    """

    spans: tuple[tuple[int, int], ...]
    sentences: int
    is_whole: bool = True
    cut: frozenset[int] = frozenset()


def summarise(
    text: str, embedder: Embedder | None = None, *, is_wanted: Callable[[], bool] = lambda: True
) -> ExtractiveSummary:
    """Return the sentences of a text that carry most of it; none where it has none. Blocks.

    Without `embedder`, or once `is_wanted` says no, words alone decide. Raises AppError where the embedding model
    cannot be used.
    """
    spans: list[tuple[int, int]] = []
    is_whole = True
    code = [found.span() for found in _CODE.finditer(text)]
    for span in sentence_spans(text, 0, len(text)):
        if any(start < span[1] and span[0] < end for start, end in code):
            continue
        if len(spans) == MOST_SENTENCES:
            is_whole = False
            break
        if any(character.isalnum() for character in text[span[0] : span[1]]):
            spans.append(span)
    terms = [_terms(text[start:end]) for start, end in spans]
    fit = [place for place, found in enumerate(terms) if len(found) >= FEWEST_TERMS] or list(
        range(len(spans))
    )
    if len(fit) <= 1:
        return _summary([spans[place] for place in fit], len(spans), is_whole)
    words = _tf_idf([terms[place] for place in fit])
    vectors = None
    is_latin = unspaced_share(text[:4_000]) < 0.3  # the built-in embedding model knows no other scripts
    if embedder is not None and len(fit) <= MOST_EMBEDDED and is_latin and is_wanted():
        vectors = embedder.embed([text[start:end] for start, end in (spans[place] for place in fit)])
    scores = _ranks(words, vectors)
    wanted = min(max(math.ceil(SHARE * len(fit)), FEWEST), MOST, max(1, len(fit) - 1))
    chosen: list[int] = []
    for place in sorted(range(len(fit)), key=lambda place: -scores[place]):
        if len(chosen) == wanted:
            break
        if all(float(words[place] @ words[other]) < ALIKE for other in chosen):
            chosen.append(place)
    return _summary([spans[fit[place]] for place in sorted(chosen)], len(spans), is_whole)


def _summary(chosen: Sequence[tuple[int, int]], sentences: int, is_whole: bool) -> ExtractiveSummary:
    places = tuple((start, min(end, start + LONGEST)) for start, end in chosen)
    cut = frozenset(mine[1] for mine, whole in zip(places, chosen, strict=True) if mine != whole)
    return ExtractiveSummary(places, sentences, is_whole, cut)


def _terms(sentence: str) -> set[str]:
    """Return the stems of the rare words of a sentence; of scripts without spaces the characters, and their pairs."""
    found = stems(sentence) - _STOP_STEMS
    return found.union(*(pair for pair in found if unspaced_share(pair) == 1.0))


def _tf_idf(terms: Sequence[set[str]]) -> Vectors:
    """Return unit vectors, float32, shape (len(terms), _WIDTH or _NARROW)."""
    import numpy as np

    frequency = Counter(term for found in terms for term in found)
    width = _WIDTH if len(terms) <= _COMPARED_EACH else _NARROW
    found = np.zeros((len(terms), width), np.float32)
    for row, sentence in enumerate(terms):
        for term in sentence:
            # The same in every run, which `hash` is not.
            found[row, zlib.crc32(term.encode("utf-8", "replace")) % width] += math.log(
                1 + len(terms) / frequency[term]
            )
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.maximum(norms, 1e-9)
    return found


def _ranks(words: Vectors, vectors: Vectors | None) -> Vectors:
    """Return how central each sentence is, float32, shape (len(words),)."""
    import numpy as np

    count = len(words)
    rank = np.full(count, 1 / count, np.float32)
    if count <= _COMPARED_EACH:
        similarity = words @ words.T
        if vectors is not None:
            similarity = (similarity + np.maximum(vectors @ vectors.T, 0)) / 2
        np.fill_diagonal(similarity, 0)  # else what resembles nothing would keep its share for itself
        sums = similarity.sum(axis=1, keepdims=True)
        spread = np.divide(similarity, sums, out=np.zeros_like(similarity), where=sums > 0)
        for _ in range(ROUNDS):
            rank = DAMPING / count + (1 - DAMPING) * (spread.T @ rank)
        return rank
    # The same without the matrix.
    sums = words @ words.sum(axis=0) - 1
    share = np.divide(1, sums, out=np.zeros_like(sums), where=sums > 1e-3)
    for _ in range(ROUNDS):
        given = rank * share
        rank = DAMPING / count + (1 - DAMPING) * (words @ (words.T @ given) - given)
    return rank
