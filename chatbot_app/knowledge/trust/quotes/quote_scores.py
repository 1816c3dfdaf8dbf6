"""How well each sentence answers a question: its features by their weights, and what the question names beyond them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Retrieval
from chatbot_app.knowledge.cross_encoding import CrossEncoder
from chatbot_app.knowledge.embedder import (
    CrossLingualEmbedder,
    Embedder,
    TokenEmbedder,
    TokenVectors,
    embed_queries,
)
from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.figures import asks_why
from chatbot_app.knowledge.search.reading_order import is_readable
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of
from chatbot_app.knowledge.trust.quotes import quote_weights
from chatbot_app.knowledge.trust.quotes.across_languages import scores_across, with_exact_things
from chatbot_app.knowledge.trust.quotes.amounts_asked import NamedRows, named_rows
from chatbot_app.knowledge.trust.quotes.cells_asked import CellsHeld, at_cells_asked
from chatbot_app.knowledge.trust.quotes.clauses_asked import CLAUSE_SAID, at_clauses_asked
from chatbot_app.knowledge.trust.quotes.counts_asked import counts_said
from chatbot_app.knowledge.trust.quotes.dated_entries import at_dates_asked
from chatbot_app.knowledge.trust.quotes.embedded_sentences import EMBEDDED, count_embedded
from chatbot_app.knowledge.trust.quotes.exactly_asked import ToldExactly, told_exactly
from chatbot_app.knowledge.trust.quotes.mail_heads import by_mail_heads
from chatbot_app.knowledge.trust.quotes.newest_statements import newest_statements_first
from chatbot_app.knowledge.trust.quotes.offices_asked import office_said
from chatbot_app.knowledge.trust.quotes.quote_candidates import Candidates
from chatbot_app.knowledge.trust.quotes.quote_features import (
    Features,
    Nearness,
    Question,
    features_of,
    nearness_of,
    only_repeats,
    with_nearness,
)
from chatbot_app.knowledge.trust.quotes.quote_windows import titles_last
from chatbot_app.knowledge.trust.quotes.read_answers import read_passages, with_answers
from chatbot_app.knowledge.trust.quotes.shares_asked import OTHER_FIGURES, shares_said
from chatbot_app.knowledge.words.words import query_terms

# A row whose label the question says ("total net sales") holds what is asked for: prose about it has the same words,
# and the weights were fitted on prose. By the share of the question that the label takes up.
NAMED_ROW_SCORE = 6.0
RENAMED_ROW_SCORE = 5.0  # more, where its label says it in other words, which no feature sees
OF_A_SECTION = (
    0.75  # of that, where the row stands in a section ("AWS: Operating income") that is not asked for
)
OF_ANOTHER = 4.0  # that a sentence of a report which another one is asked for has less: another company, another quarter
# That a sentence has less whose document may be meant where another one is named, so that of two that say the same of two quarters
# the one comes first that is of the quarter asked for.
BESIDE_FITTING = 1.0
NO_REASON = 6.0  # that a row of figures has less where it is asked why: it names what is explained, and explains nothing
# Name and title beside each other, where it is asked who holds an office: more than anything that only has the word "CEO".
OFFICE_SCORE = 20.0
# That a label has less of which the question says already what stands beside it: "Holder: Ada Brook" for "Ada Brook's balance".
SAYS_NOTHING_NEW = 6.0
_CODE = re.compile(r"[^\W_]*\d(?:[\w./-]*\w)?")
KNOWN = 0.5  # familiarity from which the embedding model's sentences are compared


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names that sentences have as such, whatever their features: rows, who holds an office (shape
    (sentences,), None where none is asked for), exact things, entries of the day or month (shape (sentences,), 0 for others); what
    rows of figures lose that say no share, or sums, where a share or a number of things is asked for (the same); rows of a cell, and lines above mails (as `dated`,
    below 0 for those that are not asked for); which are of the `clause` that is asked for of an agreement (None where none is).
    """

    rows: NamedRows
    office: Features | None
    exactly: ToldExactly
    dated: Features
    other_figures: Features
    at_cells: CellsHeld
    mail_heads: Features
    clause: Features | None

    @property
    def is_office_held(self) -> bool:
        """Whether a sentence says who holds the office that is asked for."""
        return self.office is not None and bool(self.office.any())


@dataclass(frozen=True, slots=True)
class Scored:
    """The sentences of candidates as they answer the question, float32.

    `table` has shape (sentences, len(FEATURES)); `scores`, and `ranked`, in which the newest of statements that say the same is
    the best of them, have shape (sentences,). `across` are the scores by the model that compares languages alone, None where
    the question is in the language of the documents.
    """

    table: Features
    weights: quote_weights.Weights
    named: Named
    scores: Features
    ranked: Features
    across: Features | None


def scored(candidates: Candidates, embedder: Embedder | None) -> Scored:
    """Return the sentences with their scores. Raises AppError where the embedding model cannot be used."""
    evidence, sentences = candidates.evidence, candidates.sentences
    table, weights = _weighed(candidates, embedder)
    named = _named(candidates)
    scores, across = table @ weights.features, _across(candidates, embedder)
    if across is not None:
        scores = across + with_exact_things(evidence, sentences)
    beside = OF_ANOTHER if candidates.retrieval.addressed else BESIDE_FITTING  # "this agreement" is any
    scores -= OF_ANOTHER * candidates.of_another() + beside * candidates.beside_fitting()
    scores += _by_rows(candidates, named.rows)
    if named.office is not None:
        scores += OFFICE_SCORE * named.office
    scores += named.exactly.scores
    scores += named.dated - named.other_figures + named.at_cells.scores
    scores -= SAYS_NOTHING_NEW * _only_repeats(candidates)
    scores += named.mail_heads
    if named.clause is not None:
        scores += CLAUSE_SAID * named.clause
    scores = titles_last(scores, sentences, evidence)
    newest_first = candidates.retrieval.newest_first
    ranked = newest_statements_first(scores, sentences, evidence) if newest_first else scores
    return Scored(table, weights, named, scores, ranked, across)


def _weighed(candidates: Candidates, embedder: Embedder | None) -> tuple[Features, quote_weights.Weights]:
    """Return all that is seen of the sentences, shape (sentences, len(FEATURES)), and how much each of it counts."""
    question, sentences, retrieval = candidates.question, candidates.sentences, candidates.retrieval
    table = features_of(question, candidates.evidence, sentences)
    by_words = _weights_of(retrieval, None)
    if embedder is None or retrieval.familiarity < KNOWN:
        return table, by_words
    table = with_nearness(
        table, sentences, nearness_to(question, sentences, table @ by_words.features, embedder)
    )
    was_read = isinstance(embedder, CrossEncoder) and is_readable(retrieval)
    if isinstance(embedder, CrossEncoder) and was_read:
        table = with_answers(table, sentences, read_passages(question.text, candidates.evidence, embedder))
    return table, _weights_of(retrieval, embedder, was_read=was_read)


def _named(candidates: Candidates) -> Named:
    question, evidence, sentences = candidates.question, candidates.evidence, candidates.sentences
    rows = named_rows(question, evidence, sentences)
    cells = at_cells_asked(question.text, sentences, evidence)
    # "And the water meter?" asks for another one, which it names.
    written = candidates.retrieval.question
    if written and written != question.text:
        own = named_rows(Question(written, candidates.terms), evidence, sentences)
        rows = own if own.names_any_whole else rows
        own_cells = at_cells_asked(written, sentences, evidence)
        cells = own_cells if own_cells.is_any else cells
    # -1: rows of figures that cannot be of the kind that is asked for.
    figures = shares_said(question.text, sentences, evidence)
    if figures is None:
        figures = counts_said(question.text, sentences)
    return Named(
        rows if figures is None else rows.of_figures(figures),
        office_said(question.text, sentences, evidence),
        told_exactly(_beside_chosen(candidates), sentences, evidence),
        at_dates_asked(question.text, sentences, evidence),
        np.zeros(len(sentences), np.float32) if figures is None else OTHER_FIGURES * (figures < 0),
        cells,
        by_mail_heads(question.text, sentences, evidence),
        at_clauses_asked(question.text, sentences, evidence),
    )


def _beside_chosen(candidates: Candidates) -> str:
    """Return the question without the numbers and codes that chose its document: they stand at its head, and not beside the answer."""
    text, asked = candidates.question.text, candidates.retrieval.asked
    if asked is None or not asked.by_names:
        return text
    terms = set(candidates.terms)
    codes = (code for code in _CODE.finditer(text) if not terms.intersection(query_terms(code.group())[0]))
    return without_spans(text, [code.span() for code in codes])


def _by_rows(candidates: Candidates, rows: NamedRows) -> Features:
    """Return what it adds to each sentence, shape (sentences,), that it is a row: of figures, where a reason is asked for, it is none."""
    if asks_why(candidates.question.text, [candidates.retrieval.searched]):
        return np.array(
            [-NO_REASON if _is_of_figures(candidates, one) else 0.0 for one in candidates.sentences]
        )
    by_section: Features = np.where(rows.section_asked, 1.0, rows.of_a_section(OF_A_SECTION))
    return (NAMED_ROW_SCORE * rows.shares + RENAMED_ROW_SCORE * rows.renamed) * by_section


def _is_of_figures(candidates: Candidates, sentence: Sentence) -> bool:
    """Whether a sentence is a row that has nothing but figures besides its label."""
    if not sentence.is_row:
        return False
    cells = cells_of(candidates.passage_of(sentence).passage.text[sentence.start : sentence.end])[1:]
    return all(is_figure(cell) for cell in cells if cell)


def _only_repeats(candidates: Candidates) -> npt.NDArray[np.bool_]:
    """Return which sentences are labels that say nothing new (`only_repeats`), shape (sentences,)."""
    repeats: npt.NDArray[np.bool_] = np.array(
        [only_repeats(one, candidates.question) for one in candidates.sentences]
    )
    return repeats


def _across(candidates: Candidates, embedder: Embedder | None) -> Features | None:
    """Return the scores by the model that compares languages, None where it is not needed, or not there."""
    retrieval, text = candidates.retrieval, candidates.question.text
    if embedder is not None and retrieval.is_foreign and isinstance(embedder, CrossLingualEmbedder):
        return scores_across(text, retrieval.asked, candidates.evidence, candidates.sentences, embedder)
    return None


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
