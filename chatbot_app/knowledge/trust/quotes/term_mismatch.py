"""Words of a question that nothing in the sentence which would be quoted comes near to, in whatever words it is said.

"How much does a filter cost?" meets "Wash the filter weekly" in its subject and is not answered by it: no token of the sentence, of its
title or headings lies near to "cost" (query term mismatch, Zhao & Callan 2012, by the tokens of late interaction, Khattab & Zaharia
2020). What is far from the library's subjects is told by the whole (`quote_confidence.answerable`), what lies near them by its one word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from chatbot_app.knowledge.embedder import TokenEmbedder, Vectors
from chatbot_app.knowledge.trust.quotes.certainty import fewness
from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.questions import is_question
from chatbot_app.knowledge.words.words import STOP_WORDS

# What the logarithm of the odds that a question is answered loses: so much for each unit of cosine by which the word that is met least,
# and how the question opens, are farther than all its tokens in the mean, above an allowance. Fitted on half 1 of the small
# libraries and half A of `tests/data/asked`, where to refuse an answer costs twice as much as to quote none.
LEAST_WORD, OPENING, ALLOWANCE = 14.5, 4.6, 3.0
# How much of it counts, in a library of any size, where the question names documents: what the questions about one company's reports
# choose for the other's. These choose 0.6, which is as good for the first's (`tests/data/silent_questions_of_reports.txt`).
OF_NAMED_DOCUMENTS = 0.4
_OPENING_TOKENS = 2  # "how many", "when did"
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 300  # characters of a title, of headings


def odds_of_mismatch(
    question: str,
    said: Sequence[str],
    embedder: TokenEmbedder,
    *,
    passages: int,
    names_documents: bool = False,
) -> float:
    """Return what the odds (their logarithm) lose for the word of a question that `said` is farthest from: 0 or less.

    `said` is the sentence and what stands above it, `passages` how many the library has: in few a person asks what lies near their
    subjects, of many (encyclopaedia articles) a tenth is answered in other words; `names_documents`: all of these speak of what the
    question names. 0 for what is no question, and in another language than English: the tokens of the built-in model that compares
    sentences are pieces of words there. Raises AppError where the embedding model cannot be used.
    """
    weight = max(fewness(passages), OF_NAMED_DOCUMENTS if names_documents else 0.0)
    if weight <= 0 or not (is_question(question) and _is_english(question)):
        return 0.0
    if question_language(said[0]) not in ("en", ""):  # a row has no small words
        return 0.0
    asked, *above = embedder.embed_tokens([question, *(text[:_LONGEST] for text in said if text.strip())])
    if not above or not asked.spans:
        return 0.0
    nearest = np.maximum.reduce([asked.nearest_in(one) for one in above])
    mean = float(nearest.mean())
    least = min(_nearest_words(question, asked.spans, nearest), default=mean) - mean
    opening = float(nearest[:_OPENING_TOKENS].mean()) - mean
    return weight * min(0.0, LEAST_WORD * least + OPENING * opening + ALLOWANCE)


def _nearest_words(question: str, spans: Sequence[tuple[int, int]], nearest: Vectors) -> list[float]:
    """Return how near each word of a question is met that says what it is about; `nearest` has shape (tokens,), as `spans`."""
    found = []
    for word in _WORD.finditer(question, 0, max(end for _, end in spans)):
        inside = [
            row for row, (start, end) in enumerate(spans) if word.start() <= start and end <= word.end()
        ]
        if inside and word.group().casefold() not in STOP_WORDS:
            found.append(float(nearest[inside].mean()))
    return found


def _is_english(text: str) -> bool:
    language = question_language(text)
    return language == "en" or (not language and text.isascii())
