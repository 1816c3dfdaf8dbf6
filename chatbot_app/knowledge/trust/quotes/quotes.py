"""Quotes: the sentences of the documents that answer a question, word for word, and whether any does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.trust import Quote, Quotes
from chatbot_app.knowledge.cross_encoding import CrossEncoder
from chatbot_app.knowledge.embedder import (
    CrossLingualEmbedder,
    TokenEmbedder,
    TokenVectors,
    embed_queries,
)
from chatbot_app.knowledge.search.reading_order import is_readable
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of
from chatbot_app.knowledge.trust.quotes import quote_weights
from chatbot_app.knowledge.trust.quotes.across_languages import (
    confidence_across,
    confidence_of_passages,
    scores_across,
    with_exact_things,
)
from chatbot_app.knowledge.trust.quotes.amounts_asked import (
    LEAST_SAID,
    amount_said,
    named_rows,
    odds_of_amount,
)
from chatbot_app.knowledge.trust.quotes.certainty import is_certain
from chatbot_app.knowledge.trust.quotes.embedded_sentences import EMBEDDED, count_embedded
from chatbot_app.knowledge.trust.quotes.exactly_asked import told_exactly
from chatbot_app.knowledge.trust.quotes.missing_parts import (
    YEAR_MISSING,
    less_sure,
    odds_of_missing,
    years_missing,
)
from chatbot_app.knowledge.trust.quotes.newest_statements import newest_statements_first
from chatbot_app.knowledge.trust.quotes.offices_asked import office_said
from chatbot_app.knowledge.trust.quotes.quote_features import (
    FEATURES,
    Features,
    Nearness,
    Question,
    features_of,
    nearness_of,
    with_nearness,
)
from chatbot_app.knowledge.trust.quotes.quote_windows import chosen_windows, titles_last
from chatbot_app.knowledge.trust.quotes.read_answers import read_passages, with_answers
from chatbot_app.knowledge.trust.quotes.term_mismatch import odds_of_mismatch
from chatbot_app.knowledge.words.questions import terms_beside_names

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

PASSAGES = 10  # that quotes are taken from: twice as many as a model is shown, for reading them costs little
QUOTED = 3
QUOTED_OF_SEVERAL = 5  # of a question about several documents, one of each
# A row whose label the question says ("total net sales") holds what is asked for: prose about it has the same words,
# and the weights were fitted on prose. By the share of the question that the label takes up.
NAMED_ROW_SCORE = 6.0
NAMED_ROW_CONFIDENCE = 0.9
OF_ANOTHER = 4.0  # that a sentence of a report which another one is asked for has less: another company, another quarter
# Name and title beside each other, where it is asked who holds an office: more than anything that only has the word "CEO".
OFFICE_SCORE = 20.0
NOBODY_HOLDS = 2.0  # of the logarithm of the odds, where documents are named and none of them says so
# What is added to the logarithm of the odds that a question is answered, where it names documents that are there by company,
# kind or time: its words for them are in all their passages and so count nothing. Set with the figures of the reports of
# both companies in view (`fit_named_rows.py`): one would choose 1.5 for the other, the other 1.0.
NAMES_DOCUMENTS = 1.5
OF_A_SECTION = (
    0.75  # of that, where the row stands in a section ("AWS: Operating income") that is not asked for
)

# What tells whether a question is answered: of the best sentence, and the greatest of all sentences.
OF_BEST = (
    "coverage",
    "coverage with context",
    "coverage with neighbours",
    "coverage with passage",
    "cosine",
    "nearest tokens",
    "nearest tokens of rare words",
    "cosine with the sentence before",
    "pairs of neighbouring words in common",
    "rarest word held",
    "number asked, missing",
    "date asked, missing",
    "person asked, missing",
    "place asked, missing",
    "unit asked, missing",
    "cosine of the passage",
    "read as an answer",
    "passage read as an answer",
)
GREATEST = (
    "coverage with context",
    "cosine",
    "nearest tokens",
    "nearest tokens of rare words",
    "nearest token of the rarest word",
    "pairs of neighbouring words in common",
    "read as an answer",
    "passage read as an answer",
)
_BEST_COLUMNS = [FEATURES.index(name) for name in OF_BEST]
_GREATEST_COLUMNS = [FEATURES.index(name) for name in GREATEST]

KNOWN = 0.5  # familiarity from which the embedding model's sentences are compared


def find_quotes(
    retrieval: Retrieval, embedder: Embedder | None = None, *, question: str = "", limit: int = QUOTED
) -> Quotes:
    """Return the sentences that answer a question best, with their neighbours where there is room.

    `retrieval` is the search for it with `PASSAGES` passages, `question` what the person wrote where the search
    completed it. Raises AppError where the embedding model cannot be used.
    """
    evidence = retrieval.best_first()
    sentences = sentences_of([item.passage for item in evidence])
    if not sentences:
        return Quotes((), True, 0.0)
    terms = terms_beside_names(dict(retrieval.terms), retrieval.asked)
    asked = Question(question or retrieval.searched or retrieval.question, terms)
    table = features_of(asked, evidence, sentences)
    weights = by_words = _weights_of(retrieval, None)
    if embedder is not None and retrieval.familiarity >= KNOWN:
        nearness = nearness_to(asked, sentences, table @ by_words.features, embedder)
        table = with_nearness(table, sentences, nearness)
        was_read = isinstance(embedder, CrossEncoder) and is_readable(retrieval)
        if isinstance(embedder, CrossEncoder) and was_read:
            table = with_answers(table, sentences, read_passages(asked.text, evidence, embedder))
        weights = _weights_of(retrieval, embedder, was_read=was_read)
    scores = table @ weights.features
    across: Features | None = None
    if embedder is not None and retrieval.is_foreign and isinstance(embedder, CrossLingualEmbedder):
        across = scores_across(asked.text, retrieval.asked, evidence, sentences, embedder)
        scores = across + with_exact_things(evidence, sentences)
    differs = np.array([item.match is FieldMatch.DIFFERS for item in evidence])
    scores -= OF_ANOTHER * differs[[sentence.source for sentence in sentences]]
    rows = named_rows(asked, evidence, sentences)
    scores += (
        NAMED_ROW_SCORE * rows.shares * np.where(rows.section_asked, 1.0, rows.of_a_section(OF_A_SECTION))
    )
    sure, known = NAMED_ROW_CONFIDENCE * float(rows.of_question.max()), 0.0
    held = office_said(asked.text, sentences, evidence)
    if held is not None:
        scores += OFFICE_SCORE * held
        sure = max(sure, NAMED_ROW_CONFIDENCE * float(held.max()))
    exactly = told_exactly(asked.text, sentences, evidence)
    scores += exactly.scores
    if exactly.is_place_held:
        sure = max(sure, NAMED_ROW_CONFIDENCE)
    if retrieval.asked is not None:
        said = amount_said(asked.text, terms, evidence)
        known = NAMES_DOCUMENTS + odds_of_amount(asked.text, said, rows)
        if held is not None and not held.any():
            known -= NOBODY_HOLDS
        if said is not None and said < LEAST_SAID:
            sure = 0.0  # a row is named, but not all that is asked for: "the net sales of the iPhone" in others' reports
    known += exactly.odds
    scores = titles_last(scores, sentences, evidence)
    ranked = newest_statements_first(scores, sentences, evidence) if retrieval.newest_first else scores
    apart = _documents_asked(retrieval, evidence, sentences)
    if apart is not None:
        limit = max(limit, min(QUOTED_OF_SEVERAL, int(apart.max()) + 1))
    windows = chosen_windows(sentences, ranked, limit, apart)
    nearest = int(np.argmax(ranked))
    if retrieval.asked is not None and (held is None or not held.any()):
        quoted = [sentences[i] for first, last in windows[:1] for i in range(first, last + 1)]
        missing = odds_of_missing(asked.text, terms, evidence, sentences, quoted)
        known += missing
        sure = 0.0 if missing < 0 else sure
    if embedder is not None and retrieval.familiarity >= KNOWN and isinstance(embedder, TokenEmbedder):
        best = sentences[nearest]
        place = evidence[best.source]
        shown = (best.text, place.title, place.passage.context)
        known += odds_of_mismatch(
            asked.text,
            shown,
            embedder,
            passages=retrieval.passages,
            names_documents=retrieval.asked is not None,
        )
    if across is not None:
        likely = confidence_across(float(across[nearest]), weights.threshold, retrieval.passages)
        if evidence[sentences[nearest].source].scores.exact > 0:
            likely = max(likely, weights.threshold)
    elif retrieval.is_foreign:
        likely = confidence_of_passages(evidence, weights.threshold)
    else:
        likely = answerable(table, scores, weights, retrieval.passages, known)
    confidence = max(likely, sure)
    first_quoted = evidence[sentences[windows[0][0]].source].passage.document_id
    unsaid = years_missing(retrieval.years, first_quoted)
    if unsaid:
        confidence = less_sure(confidence, YEAR_MISSING)
    quotes = [
        _quote(evidence[sentences[first].source], sentences[first], sentences[last], rank, confidence)
        for rank, (first, last) in enumerate(windows)
    ]
    certain = is_certain(confidence, weights.threshold, None if retrieval.is_foreign else retrieval.passages)
    # Across languages the labels of rows lie near each other, and reports that are named, in all their sentences.
    is_vague = across is not None and (retrieval.asked is not None or sentences[windows[0][0]].is_row)
    return Quotes(tuple(quotes), confidence < weights.threshold, confidence, unsaid, certain and not is_vague)


def _weights_of(
    retrieval: Retrieval, embedder: Embedder | None, *, was_read: bool = False
) -> quote_weights.Weights:
    """Return the weights of what was seen of the sentences: by `embedder`, by reading, and by the search for their passages.

    The cosines of passages tell something where all of them are known, by the vectors that the weights were fitted on.
    """
    if embedder is not None and not isinstance(embedder, TokenEmbedder):
        return quote_weights.VECTORS
    if was_read:
        knows_passages = retrieval.is_multilingual and not retrieval.pending_vectors
        return quote_weights.PASSAGES_AND_READ if knows_passages else quote_weights.READ
    if retrieval.is_multilingual and not retrieval.pending_vectors:
        return quote_weights.PASSAGES_AND_WORDS if embedder is None else quote_weights.PASSAGES_AND_TOKENS
    return quote_weights.WORDS if embedder is None else quote_weights.TOKENS


def _documents_asked(
    retrieval: Retrieval, evidence: Sequence[Evidence], sentences: Sequence[Sentence]
) -> npt.NDArray[np.intp] | None:
    """Return the number, from 0, of the document that each sentence is of, where the question asks about several of
    them; -1 for others. None where it does not.
    """
    if retrieval.asked is None or not retrieval.asked.several:
        return None
    numbers: dict[str, int] = {}
    for item in evidence:
        if item.match in (FieldMatch.FITS, FieldMatch.ALSO):
            numbers.setdefault(item.passage.document_id, len(numbers))
    if len(numbers) < 2:
        return None
    return np.array([numbers.get(evidence[one.source].passage.document_id, -1) for one in sentences])


def nearness_to(
    asked: Question, sentences: Sequence[Sentence], promise: Features, embedder: Embedder
) -> dict[int, Nearness]:
    """Return how near the sentences are that promise most by their words and passages, by their index.

    `promise` has shape (len(sentences),). Raises AppError where the embedding model cannot be used.
    """
    rows = np.argsort(-promise, kind="stable")[:EMBEDDED].tolist()
    rows = sorted(rows[: count_embedded([sentences[row].text for row in rows])])
    follows = [
        place > 0 and rows[place - 1] == row - 1 and sentences[row - 1].source == sentences[row].source
        for place, row in enumerate(rows)
    ]
    texts = [asked.text, *(sentences[row].text for row in rows)]
    if isinstance(embedder, TokenEmbedder):
        vectors = embedder.embed_tokens(texts)
    else:
        found = np.concatenate([embed_queries(embedder, texts[:1]), embedder.embed(texts[1:])])
        vectors = [TokenVectors(vector, found[:0], ()) for vector in found]
    near = nearness_of(asked, vectors[0], vectors[1:], follows)
    return dict(zip(rows, near, strict=True))


def answerable(
    table: Features, scores: Features, weights: quote_weights.Weights, passages: int, known: float = 0.0
) -> float:
    """Return the measured estimate, 0 to 1, that the documents answer the question; `passages` were searched.

    `known` is added to the logarithm of the odds: what else speaks for it.
    """
    signals = signals_of(table, scores, passages)
    return 1 / (1 + math.exp(-float(signals @ weights.signals[:-1]) - weights.signals[-1] - known))


def signals_of(table: Features, scores: Features, passages: int) -> Features:
    """Return what the best sentences tell of whether the question is answered at all, float32.

    Of the best sentence the features `OF_BEST`, of all the greatest of `GREATEST`, and how many `passages` were searched:
    the nearest of many is near by chance, and in few a person asks what they are about, in words of their own.
    """
    best = int(np.argmax(scores))
    few, many = quote_weights.MEASURED_PASSAGES
    size = math.log10(min(max(passages, few), many))
    signals: Features = np.concatenate(
        [table[best, _BEST_COLUMNS], table[:, _GREATEST_COLUMNS].max(axis=0), np.array([size], np.float32)]
    )
    return signals


def _quote(item: Evidence, first: Sentence, last: Sentence, rank: int, confidence: float) -> Quote:
    passage = item.passage
    return Quote(
        passage.document_id,
        item.title,
        item.path,
        passage.page,
        " › ".join(passage.heading_path),
        passage.start + first.start,
        passage.start + last.end,
        confidence / (1 + rank),
        passage.text[first.start : last.end],
        passage.start,
        passage.end,
        _described(first),
        item.fields,
    )


def _described(sentence: Sentence) -> str:
    """Return in words what a row says, and the lines of a block with marks between them."""
    if sentence.is_block:
        return " · ".join(line.strip(" \t,") for line in sentence.text.split("\n"))
    return sentence.text if sentence.is_row else ""
