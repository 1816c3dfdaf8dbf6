"""What a question names of documents, in the ranking of their passages: what fits comes up, its likes go down."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.knowledge.fields.figure_places import FigureAsked
from chatbot_app.knowledge.fields.figures import share_of_figures
from chatbot_app.knowledge.fields.filtering import FieldFilter
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.matching import Wanted, wanted_documents
from chatbot_app.knowledge.fields.series_names import DocumentNames
from chatbot_app.knowledge.search.reranking import ScoredPassage
from chatbot_app.storage.document_fields import FieldStore

# Chosen by `bench_reports.py` on the reports of the other company; flat: see there.
FITS_GAINS = 0.5  # of the way to the best score; half of that for what it is compared with
DIFFERS_LOSES = 0.5  # of the score
FIGURES_GAIN = 0.5  # of the way to the best score, for a passage full of amounts where one is asked for
REASONS_LEAVE = 0.5  # of that, where it is asked why: sentences say so beside their amounts, tables do not
NAMED_GAIN = 1.0  # of the score, for one whose row or sentence with an amount says what is asked for
OTHERS_NAMED = (
    0.9  # of that, for one of no document that is asked for: of two rows alike that of those comes first
)
SEARCHED_APART = 200  # documents at most, in which is searched beside the whole library

_DOCUMENTS_READ, _READ_OF_EACH = 24, 4  # of a question about several documents, sentence by sentence

_SHARE = {FieldMatch.FITS: 1.0, FieldMatch.ALSO: 0.5, FieldMatch.NONE: 0.0}


class KnownFields:
    """The fields of all documents, kept until one changes. Safe from several threads."""

    def __init__(self, store: FieldStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation: tuple[int, int] | None = None
        self._known: dict[tuple[tuple[str, ...], FieldFilter | None], KnownLibrary] = {}

    def wanted(
        self,
        question: str,
        collections: Sequence[str] = (),
        earlier: Sequence[str] = (),
        only: FieldFilter | None = None,
        searched: str = "",
    ) -> Wanted:
        """Return which documents a question asks, of those that `library` returns; `earlier` are those it leans on, newest first,
        `searched` is the question completed by them."""
        return wanted_documents(question, self.library(tuple(collections), only), earlier, searched)

    def library(self, collections: tuple[str, ...], only: FieldFilter | None = None) -> KnownLibrary:
        """Return the documents of some collections, or of all, that have any fields and that a filter lets through."""
        with self._lock:
            generation = self._store.generation()
            if generation != self._generation:
                self._generation = generation
                self._known.clear()
            if (collections, None) not in self._known:
                found = self._store.known(collections)
                self._known[collections, None] = KnownLibrary(
                    (KnownDocument(*item) for item in found),
                    lambda: [DocumentNames(*item) for item in self._store.names(collections)],
                )
            whole = self._known[collections, None]
            if only is None:
                return whole
            if (collections, only) not in self._known:
                fitting = only.fitting(whole.documents)
                self._known[collections, only] = KnownLibrary(fitting, lambda: whole.names_of(fitting))
            return self._known[collections, only]


def with_fields(score: float, match: FieldMatch, strength: float) -> float:
    """Return a score, mostly from 0 to 1, with what the fields of its document add or take away; order is kept.

    A vague question (strength below 1) sets the likes of what it names aside, and prefers nothing to the rest.
    """
    if match is FieldMatch.DIFFERS:
        return score * (1 - DIFFERS_LOSES * strength)
    return towards_best(score, FITS_GAINS * _SHARE[match]) if strength == 1 else score


def towards_best(score: float, share: float) -> float:
    """Return a score moved by a share of the way to 1, the best of what words and vectors give; never down."""
    return score + share * max(0.0, 1 - score)


def shifted(fused: Mapping[int, float], document_of: Mapping[int, str], wanted: Wanted) -> dict[int, float]:
    """Return the scores of passages with what their documents' fields do to them."""
    return {
        passage: with_fields(score, wanted.match_of(document_of.get(passage, "")), wanted.strength)
        for passage, score in fused.items()
    }


def ranked_by_fields(
    scored: Sequence[ScoredPassage], wanted: Wanted, content: str, weights: Mapping[str, float]
) -> list[ScoredPassage]:
    """Return passages, best first, with what their documents' fields, and the figures asked for, do to their scores.

    `content` is what is asked of documents that a question names, "" where it names none for sure; `weights` are those of the
    words that were searched.
    """
    ranked = []
    asked = FigureAsked(content, weights) if wanted.asks_for_figures else None
    if asked is not None:
        meant = [
            item.placed.passage
            for item in scored
            if wanted.match_of(item.placed.passage.document_id) is not FieldMatch.DIFFERS
        ]
        asked.keep_to((passage.text, passage.context) for passage in meant)
    gain = FIGURES_GAIN * (REASONS_LEAVE if wanted.asks_for_reasons else 1.0)
    for item in scored:
        match = wanted.match_of(item.placed.passage.document_id)
        fused = with_fields(item.scores.fused, match, wanted.strength)
        if asked is not None and match is not FieldMatch.DIFFERS:
            passage = item.placed.passage
            fused = towards_best(fused, gain * share_of_figures(passage.text))
            is_meant = match is not FieldMatch.NONE or wanted.strength < 1 or not wanted.fitting
            gained = NAMED_GAIN if is_meant else NAMED_GAIN * OTHERS_NAMED
            fused += gained * asked.share(passage.text, passage.context)
        scores = replace(item.scores, fused=fused, fields=fused - item.scores.fused)
        ranked.append(replace(item, scores=scores, match=match))
    return sorted(ranked, key=lambda item: (-item.scores.fused, item.placed.passage.id))


def best_of_documents(
    fused: Mapping[int, float], document_of: Mapping[int, str], documents: Sequence[str]
) -> list[int]:
    """Return the best passages of each document, some of each, so that all of them are read."""
    found: dict[str, list[int]] = {document: [] for document in documents[:_DOCUMENTS_READ]}
    for passage in sorted(fused, key=lambda i: -fused[i]):
        of_document = found.get(document_of.get(passage, ""))
        if of_document is not None and len(of_document) < _READ_OF_EACH:
            of_document.append(passage)
    return [passage for passages in found.values() for passage in passages]


def not_differing(
    scores: Mapping[int, float], document_of: Mapping[int, str], wanted: Wanted
) -> dict[int, float]:
    """Return the scores without passages of documents that are not asked for."""
    return {
        passage: score
        for passage, score in scores.items()
        if wanted.match_of(document_of.get(passage, "")) is not FieldMatch.DIFFERS
    }


def one_of_each(scored: Sequence[ScoredPassage], wanted: Wanted) -> list[ScoredPassage]:
    """Return the passages with the best of each document that is asked for first, then the rest.

    Where several companies are asked for, the best of each stands before the second of any. Scores are scaled so that
    they stay in order.
    """
    firsts: dict[str, ScoredPassage] = {}
    for item in scored:
        if item.match in (FieldMatch.FITS, FieldMatch.ALSO):
            firsts.setdefault(item.placed.passage.document_id, item)
    if len(firsts) < 2:
        return list(scored)
    counts: Counter[str] = Counter()
    places: dict[str, int] = {}
    for document in firsts:
        company = wanted.company_of.get(document, "")
        places[document] = counts[company]
        counts[company] += 1
    first: list[ScoredPassage] = []
    for document in sorted(firsts, key=lambda one: places[one]):
        item = firsts[document]
        highest = first[-1].scores.fused if first else item.scores.fused
        first.append(
            _scaled(item, 0.999 * highest / item.scores.fused) if item.scores.fused > highest else item
        )
    taken = {item.placed.passage.id for item in first}
    rest = [item for item in scored if item.placed.passage.id not in taken]
    lowest = first[-1].scores.fused
    highest = max((item.scores.fused for item in rest), default=0.0)
    if highest < lowest or not highest:
        return [*first, *rest]
    factor = 0.999 * lowest / highest
    return [*first, *(_scaled(item, factor) for item in rest)]


def _scaled(item: ScoredPassage, factor: float) -> ScoredPassage:
    fused = item.scores.fused * factor
    lost = item.scores.fused - fused
    return replace(item, scores=replace(item.scores, fused=fused, fields=item.scores.fields - lost))
