"""How sure it is that the documents answer a question: what the best sentences tell, and what is named or missing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.documents import Retrieval
from chatbot_app.knowledge.embedder import Embedder, TokenEmbedder
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes import quote_weights
from chatbot_app.knowledge.trust.quotes.across_languages import confidence_across, confidence_of_passages
from chatbot_app.knowledge.trust.quotes.amounts_asked import LEAST_SAID, amount_said, odds_of_amount
from chatbot_app.knowledge.trust.quotes.missing_parts import odds_of_missing
from chatbot_app.knowledge.trust.quotes.quote_candidates import Candidates
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Features
from chatbot_app.knowledge.trust.quotes.quote_scores import KNOWN, Named, Scored
from chatbot_app.knowledge.trust.quotes.term_mismatch import odds_of_mismatch

NAMED_ROW_CONFIDENCE = 0.9  # times the share of the question that the label of a row takes up
NOBODY_HOLDS = 2.0  # of the logarithm of the odds, where documents are named and none of them says so
OTHER_FIGURES_SAID = 3.0  # that a share, or a number of things, is asked for and the row that is quoted first says none, as a count that is missing (`missing_parts`)
DATE_HELD = 1.0  # that the first quote is the entry of the day or month that is asked for, which no word of the question tells
NUMBER_HELD = 1.0  # that the first quote is the row of the number that is asked for
NUMBER_MISSED = 2.0  # that it is one of rows of other numbers: "week 11" of a plan of ten
WRITER_HELD = 1.5  # that it says who wrote, or when, which no word of the question tells
CLAUSE_HELD = 1.5  # that the first quote is of the clause that is asked for of an agreement, in words that no question has
CLAUSE_MISSED = 1.5  # that it is of another clause: nothing that was found is of this one
# What is added to the logarithm of the odds that a question is answered, where it names documents that are there by company,
# kind or time: its words for them are in all their passages and so count nothing. Set with the figures of the reports of
# both companies in view (`fit_named_rows.py`): one would choose 1.5 for the other, the other 1.0.
NAMES_DOCUMENTS = 1.5

# The same for each tenth part of the library's passages that a search is kept to, by collections or by a filter: who chooses a paper
# asks what is in it, and the nearest of few is less often near by chance. Chosen on 294 questions about single papers, of which 53
# were refused, and 100 about others of them, of which 98 were: now 30 and 95 (of others that were not looked at 31 and 98: 16 and 97).
KEPT_TO = 0.8

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


def confidence_of(
    candidates: Candidates, scored: Scored, quoted: Sequence[Sentence], embedder: Embedder | None
) -> float:
    """Return how sure it is, 0 to 1, that the documents answer the question; `quoted` are the sentences of the first quote.

    Raises AppError where the embedding model cannot be used.
    """
    text, evidence = candidates.question.text, candidates.evidence
    named, names_documents = scored.named, candidates.names_documents
    sure, known = _sureness_of_named(scored), 0.0
    if names_documents:
        # A form says "Flight Time: 2319 hours", and no amount that is called "hours".
        asked = candidates.retrieval.asked
        of_forms = asked is not None and asked.by_names
        said = None if of_forms else amount_said(text, candidates.terms, evidence)
        known = NAMES_DOCUMENTS + odds_of_amount(text, said, named.rows)
        if named.office is not None and not named.is_office_held:
            known -= NOBODY_HOLDS
        if said is not None and said < LEAST_SAID:
            sure = 0.0  # a row is named, but not all that is asked for: "the net sales of the iPhone" in others' reports
    known += named.exactly.odds + odds_of_scope(candidates.retrieval)
    best = int(np.argmax(scored.ranked))
    if named.dated[best]:
        known += DATE_HELD
    if named.other_figures[best]:
        known -= OTHER_FIGURES_SAID
    known += _odds_of_lines(named, best)
    if named.clause is not None:
        known += CLAUSE_HELD if named.clause[best] else -CLAUSE_MISSED
    if names_documents and not named.is_office_held:
        missing = odds_of_missing(text, candidates.terms, evidence, candidates.sentences, quoted)
        known += missing
        sure = 0.0 if missing < 0 else sure
    if embedder is not None and candidates.retrieval.familiarity >= KNOWN:
        known += _odds_of_mismatch(candidates, scored, embedder)
    return max(_likelihood(candidates, scored, known), sure)


def odds_of_scope(retrieval: Retrieval) -> float:
    """Return what it adds to the logarithm of the odds that a search was kept to few of the library's passages: 0 or more."""
    if retrieval.kept_passages is None:
        return 0.0
    few, many = quote_weights.MEASURED_PASSAGES
    kept, every = (min(max(count, few), many) for count in (retrieval.kept_passages, retrieval.passages))
    return KEPT_TO * max(0.0, math.log10(every / kept))


def _odds_of_lines(named: Named, best: int) -> float:
    """Return what it adds to the logarithm of the odds which row, or line above a mail, the best sentence is."""
    known = NUMBER_HELD if named.at_cells.is_numbered[best] else 0.0
    known -= NUMBER_MISSED if named.at_cells.is_missed[best] else 0.0
    return known + (WRITER_HELD if named.mail_heads[best] > 0 else 0.0)


def _sureness_of_named(scored: Scored) -> float:
    """Return how sure, 0 to 1, rows, offices and places make an answer that the question names."""
    named = scored.named
    sure = NAMED_ROW_CONFIDENCE * float(named.rows.of_question.max())
    if named.office is not None:
        sure = max(sure, NAMED_ROW_CONFIDENCE * float(named.office.max()))
    return max(sure, NAMED_ROW_CONFIDENCE) if named.exactly.is_place_held else sure


def _odds_of_mismatch(candidates: Candidates, scored: Scored, embedder: Embedder) -> float:
    """Return what the odds (their logarithm) lose for what the best sentence says nothing near to: 0 or less."""
    if not isinstance(embedder, TokenEmbedder):
        return 0.0
    best = candidates.sentences[int(np.argmax(scored.ranked))]
    place = candidates.passage_of(best)
    return odds_of_mismatch(
        candidates.question.text,
        (best.text, place.title, place.passage.context),
        embedder,
        passages=candidates.retrieval.passages,
        names_documents=candidates.names_documents,
    )


def _likelihood(candidates: Candidates, scored: Scored, known: float) -> float:
    """Return the estimate, 0 to 1, by the sentences themselves; `known` is added to the logarithm of the odds."""
    retrieval, threshold = candidates.retrieval, scored.weights.threshold
    if scored.across is not None:
        nearest = int(np.argmax(scored.ranked))
        likely = confidence_across(float(scored.across[nearest]), threshold, retrieval.passages)
        holds_exactly = candidates.passage_of(candidates.sentences[nearest]).scores.exact > 0
        return max(likely, threshold) if holds_exactly else likely
    if retrieval.is_foreign:
        return confidence_of_passages(candidates.evidence, threshold)
    return answerable(scored.table, scored.scores, scored.weights, retrieval.passages, known)


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
