"""Quotes for a question in another language than the documents: words in common tell nothing, vectors of sentences all.

The sentences of the best passages are compared with the question by the multilingual model; whether they answer it, by the nearest
of them and the nearest passage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.embedder import CrossLingualEmbedder
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of
from chatbot_app.knowledge.tables.named_rows import label_of
from chatbot_app.knowledge.trust.quotes.certainty import fewness, log_odds
from chatbot_app.knowledge.trust.quotes.embedded_sentences import EMBEDDED, count_embedded
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.words.words import stem, stems

SHARPNESS = 20.0  # of the cosines, as scores of a ranking
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]{3}")

# Cosine of the nearest sentence from which such a question is not refused, and how much of the log odds a unit of it is. Chosen on half 1
# of the articles, asked in German, Russian and Chinese: 14 % of those are refused that three quotes answer and 70 % of those that
# the articles are silent on (half 2: 16 and 70; of the rest 19 and 67, 23 and 67 are said to be uncertain). The distance of
# languages differs: of German and Russian ones 3 to 9 %, of Chinese ones 34 and 42.
NEAR, SLOPE = 0.28, 13.0
# That much less in the smallest libraries: the nearest of a few sentences is farther by chance. Of questions on other articles 90 of 100
# lie below .17 where one article is all there is, below .35 among sixty.
NEARER_OF_FEW = 0.08

NEARER_OF_EXACT = (
    0.2  # of cosine, that a passage is nearer which holds the error code or the date that is asked for
)

# The same by the nearest passage, where no model compares sentences: of half 1 it refuses 88 of 100 questions that are not answered
# and 69 that are (half 2: 96 and 69; from .22 on 76, 49 and 83, 47): a wrong quote weighs more than none, for the nearest
# passages are named all the same.
PASSAGE_NEAR, PASSAGE_SLOPE = 0.26, 20.0


def scores_across(
    question: str,
    asked: FieldsAsked | None,
    evidence: Sequence[Evidence],
    sentences: Sequence[Sentence],
    embedder: CrossLingualEmbedder,
) -> Features:
    """Return how well sentences, those of the best passage first, answer a question in another language.

    Of a row of a table its label is compared, and of a question that names documents (`asked`) what it asks of them: heads
    and titles say nothing but a company and a time. float32, shape (len(sentences),). Raises AppError where the embedding model
    cannot be used.
    """
    texts = [_label(one, evidence) if one.is_row else one.text for one in sentences[:EMBEDDED]]
    count = count_embedded(texts)
    scores = np.full(len(sentences), -SHARPNESS, np.float32)
    scores[:count] = SHARPNESS * embedder.cosines_across(_beside_names(question, asked), texts[:count])
    return scores


def _label(row: Sentence, evidence: Sequence[Evidence]) -> str:
    """Return the label of a row and the sections it stands in, with what it says in words, without its figures."""
    written = evidence[row.source].passage.text[row.start : row.end]
    label = label_of(written)
    if not label or row.value:
        return row.text
    words = [cell for cell in cells_of(written)[1:] if _LETTERS.search(cell) and not is_figure(cell)]
    return ", ".join([f"{row.text.partition(label)[0]}{label}", *words])


def _beside_names(question: str, asked: FieldsAsked | None) -> str:
    """Return a question without the company and the time that it names, all of it where nothing else is there."""
    if asked is None:
        return question
    kept = question
    for mention in reversed(periods_of(question, lone_years=True)):
        kept = kept[: mention.start] + kept[mention.end :]
    named = stems(" ".join((*asked.companies, *asked.kinds)))
    kept = _WORD.sub(lambda word: "" if stem(word[0].casefold()) in named else word[0], kept)
    return " ".join(kept.split()) if _WORD.search(kept) else question


def with_exact_things(evidence: Sequence[Evidence], sentences: Sequence[Sentence]) -> Features:
    """Return what the scores of sentences gain whose passage holds what is asked for exactly, float32, shape (len(sentences),).

    An error code is the same in every language.
    """
    held = np.array([item.scores.exact for item in evidence], np.float32)
    gained: Features = SHARPNESS * NEARER_OF_EXACT * held[[sentence.source for sentence in sentences]]
    return gained


def confidence_across(score: float, threshold: float, passages: int) -> float:
    """Return how sure the sentence that is quoted first, with its score of `scores_across`, makes that the question is answered.

    It is `threshold` at NEAR in a library of many `passages`, and below that in one of few.
    """
    near = NEAR - NEARER_OF_FEW * fewness(passages)
    return _confidence(SLOPE * (score / SHARPNESS - near), threshold)


def confidence_of_passages(evidence: Sequence[Evidence], threshold: float) -> float:
    """Return how sure the nearest passage makes that the question is answered; `threshold` at PASSAGE_NEAR."""
    nearest = max((item.scores.vector or 0.0 for item in evidence), default=0.0)
    return _confidence(PASSAGE_SLOPE * (nearest - PASSAGE_NEAR), threshold)


def _confidence(odds: float, threshold: float) -> float:
    """Return the probability at `odds` (their logarithm) above those of `threshold`."""
    return 1 / (1 + math.exp(-(log_odds(threshold) + odds)))
