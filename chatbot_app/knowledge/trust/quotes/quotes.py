"""Quotes: the sentences of the documents that answer a question, word for word, and whether any does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.trust import Quote, Quotes
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.certainty import is_certain
from chatbot_app.knowledge.trust.quotes.doubts import lacks_what_is_asked
from chatbot_app.knowledge.trust.quotes.missing_parts import YEAR_MISSING, less_sure, years_missing
from chatbot_app.knowledge.trust.quotes.nowhere_said import (
    Found,
    Unsaid,
    counts_in,
    is_doubted,
    odds_of_unsaid,
    unsaid,
)
from chatbot_app.knowledge.trust.quotes.quote_candidates import Candidates, candidates_of
from chatbot_app.knowledge.trust.quotes.quote_confidence import confidence_of
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Features
from chatbot_app.knowledge.trust.quotes.quote_scores import Scored, scored
from chatbot_app.knowledge.trust.quotes.quote_windows import chosen_windows
from chatbot_app.knowledge.words.words import UNSPACED

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

_COVERAGE = FEATURES.index("coverage with passage")
_STRANGE = 0.5  # of the words of a question, by their rarity, that a passage of another document has
PASSAGES = 10  # that quotes are taken from: twice as many as a model is shown, for reading them costs little
QUOTED = 3
QUOTED_OF_SEVERAL = 5  # of a question about several documents, one of each


def find_quotes(retrieval: Retrieval, embedder: Embedder | None = None, *, limit: int = QUOTED) -> Quotes:
    """Return the sentences that answer a question best, with their neighbours where there is room.

    `retrieval` is the search for it with `PASSAGES` passages. Raises AppError where the embedding model cannot be used.
    """
    candidates = candidates_of(retrieval)
    sentences = candidates.sentences
    if not sentences:
        return Quotes((), True, 0.0)
    found = scored(candidates, embedder)
    windows = _windows(candidates, found, limit)
    first, last = windows[0]
    confidence = confidence_of(candidates, found, sentences[first : last + 1], embedder)
    best = sentences[first]
    years = years_missing(retrieval.years, candidates.passage_of(best).passage.document_id)
    if years:
        confidence = less_sure(confidence, YEAR_MISSING)
    missing = _unsaid(candidates, best)
    if missing:
        confidence = less_sure(confidence, odds_of_unsaid(missing, retrieval.passages))
    quotes = tuple(
        _quote(candidates.passage_of(sentences[first]), sentences[first : last + 1], rank, confidence)
        for rank, (first, last) in enumerate(windows)
    )
    threshold = found.weights.threshold
    certain = is_certain(confidence, threshold, None if retrieval.is_foreign else retrieval.passages)
    # Across languages the labels of rows lie near each other, and reports that are named, in all their sentences; but not where a
    # row is named by all that is asked, which is not known of a script without spaces.
    is_named = found.named.rows.names_whole(first) and not UNSPACED.search(candidates.question.text)
    is_vague = found.across is not None and (candidates.names_documents or best.is_of_table) and not is_named
    # What is in another language is looked at there because nothing in the question's own came near, not for being near itself.
    certain = certain and not (is_vague or retrieval.is_missed or is_doubted(missing, retrieval.passages))
    if certain and not retrieval.is_foreign:
        certain = not lacks_what_is_asked(candidates, sentences[first : last + 1])
    return Quotes(quotes, confidence < threshold, confidence, years, certain)


def _unsaid(candidates: Candidates, best: Sentence) -> frozenset[Unsaid]:
    """Return what the question names and nothing that was found says, where `best` is what is quoted first."""
    if candidates.retrieval.is_foreign or not counts_in(candidates.retrieval.passages):
        return frozenset()
    texts = [(item.passage.document_id, _all_of(item)) for item in candidates.evidence]
    first = candidates.passage_of(best).passage.document_id
    found = Found(
        "\n".join(text for _, text in texts), "\n".join(text for one, text in texts if one == first)
    )
    missing = unsaid(candidates.question.text, found)
    # Of "Apple and Amazon" each report names one.
    if Unsaid.ELSEWHERE in missing and candidates.documents_asked() is not None:
        return missing - {Unsaid.ELSEWHERE}
    return missing


def _all_of(item: Evidence) -> str:
    """Return a passage with all that stands above it and names its document."""
    fields = item.fields
    return "\n".join(
        (item.title, item.path, fields.company, *fields.aliases, item.passage.context, item.passage.text)
    )


def _windows(candidates: Candidates, found: Scored, limit: int) -> list[tuple[int, int]]:
    """Return (first, last) sentence of at most `limit` quotes, best first; of a question about several documents one of each."""
    apart = candidates.documents_asked()
    if apart is not None:
        apart = _without_strangers(apart, found.table[:, _COVERAGE], candidates)
        limit = max(limit, min(QUOTED_OF_SEVERAL, int(apart.max()) + 1))
    return chosen_windows(candidates.sentences, found.ranked, limit, apart)


def _without_strangers(
    apart: npt.NDArray[np.intp], coverage: Features, candidates: Candidates
) -> npt.NDArray[np.intp]:
    """Return the numbers of the documents that sentences are of, -1 for those with little of what another one says.

    "Compare the iPhone's sales of the first and the third quarter" asks about all reports of these, and other companies' have no
    iPhone. What a question names by its company says so itself.
    """
    asked = candidates.retrieval.asked
    if asked is not None and len(asked.companies) > 1:
        return apart
    numbers = np.unique(apart[apart >= 0])  # a document without sentences has none
    most = {number: float(coverage[apart == number].max()) for number in numbers.tolist()}
    least = _STRANGE * max(most.values(), default=0.0)
    strangers = [number for number, held in most.items() if held < least]
    return np.where(np.isin(apart, strangers), -1, apart)


def _quote(item: Evidence, run: Sequence[Sentence], rank: int, confidence: float) -> Quote:
    passage = item.passage
    first, last = run[0], run[-1]
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
        _described(run),
        item.fields,
    )


def _described(run: Sequence[Sentence]) -> str:
    """Return in words what rows say, and the lines of a block, with marks between them."""
    first = run[0]
    if first.is_block:
        return " · ".join(line.strip(" \t,") for line in first.text.split("\n"))
    return " · ".join(one.text for one in run) if first.is_row else ""
