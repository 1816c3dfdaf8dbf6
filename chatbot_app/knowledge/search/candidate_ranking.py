"""The second stage of a search: candidates fused, the best of them read sentence by sentence, and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice

from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.embedder import Embedder, TokenEmbedder
from chatbot_app.knowledge.search.candidates import Candidates
from chatbot_app.knowledge.search.field_ranking import (
    best_of_documents,
    not_differing,
    one_of_each,
    ranked_by_fields,
    shifted,
)
from chatbot_app.knowledge.search.fusion import best_of_each, fuse, min_max
from chatbot_app.knowledge.search.nearest_sentences import nearest_first
from chatbot_app.knowledge.search.newest_first import newest_first
from chatbot_app.knowledge.search.query import Query
from chatbot_app.knowledge.search.reranking import (
    ScoredPassage,
    coverage_weight_of,
    rerank,
    with_first_of_each,
)
from chatbot_app.knowledge.search.vector_share import (
    KNOWN_WELL,
    NO_VECTORS,
    VectorShare,
    full_vector_weight,
    language_asked,
    language_in,
    nothing_comes_near,
    vector_share,
)
from chatbot_app.knowledge.words.language import differ
from chatbot_app.storage.passages import PassageStore, PlacedPassage

NEAREST = 7  # passages that may be in another language than the question
NEARER = 0.025  # of cosine


class CandidateRanking:
    """Puts candidates in order. Construct once; safe from several threads."""

    def __init__(
        self, store: PassageStore, embedder: Embedder | None, *, familiarity_counts: bool = True
    ) -> None:
        """`familiarity_counts`: vectors weigh less where the embedding model knows few words of a passage."""
        self._store = store
        self._embedder = embedder
        self._tokens: TokenEmbedder | None = embedder if isinstance(embedder, TokenEmbedder) else None
        self._familiarity_counts = familiarity_counts
        self._full_weight = full_vector_weight(embedder)

    def rank(self, query: Query, found: Candidates) -> tuple[list[ScoredPassage], VectorShare]:
        """Return (the shortlist, best first; what vectors counted for it). Raises StoreError."""
        share_of_words, share_of_vectors = min_max(found.by_words), min_max(found.by_vectors)
        fused = fuse(share_of_words, share_of_vectors, self._full_weight if found.by_vectors else 0.0)
        document_of: dict[int, str] = {}
        if query.wanted.matches:
            document_of = self._store.documents_of(list(fused))
            fused = shifted(fused, document_of, query.wanted)
        shortlist = _shortlist(query, found, fused, document_of)
        placed = {**found.placed, **self._store.passages([i for i in shortlist if i not in found.placed])}
        candidates = [placed[i] for i in shortlist if i in placed]
        is_unanswered = _is_unanswered(found, candidates)
        foreign = self._in_other_languages(query, found, placed) if is_unanswered else {}
        share = self._share_of_vectors(query, found, placed, candidates, foreign, is_unanswered=is_unanswered)
        by_vectors = {**found.by_vectors, **foreign}
        if foreign:
            shortlist = list(dict.fromkeys([*shortlist, *foreign]))
            candidates = [placed[i] for i in shortlist if i in placed]
            share_of_vectors = min_max(by_vectors)
        scored = rerank(
            candidates,
            found.reader,
            fuse(share_of_words, share_of_vectors, share.weight, shortlist),
            found.by_words,
            by_vectors,
            coverage_weight=coverage_weight_of(query.searched),
            words_alone=max(0.0, 1 - share.weight / self._full_weight),
        )
        if query.wanted.matches:
            # Which report, and which of its rows, is told by other things than by sentences.
            asked = query.content if query.wanted.content else ""
            scored = ranked_by_fields(scored, query.wanted, asked, found.weights)
        elif share.familiarity >= KNOWN_WELL:
            scored = self._nearest_first(scored, query, found)
        if share.is_missed:
            scored = _others_first(scored, query, nearest_first=bool(foreign))
        if query.wanted.several:
            return one_of_each(scored, query.wanted), share
        scored = newest_first(scored, query.wanted.newness)
        return self._with_first_of_each(scored, query, found, share, document_of), share

    def _share_of_vectors(
        self,
        query: Query,
        found: Candidates,
        placed: Mapping[int, PlacedPassage],
        candidates: Sequence[PlacedPassage],
        foreign: Mapping[int, float],
        *,
        is_unanswered: bool,
    ) -> VectorShare:
        if not found.by_vectors:
            return NO_VECTORS
        numbers = [*foreign, *islice(found.by_vectors, NEAREST if is_unanswered else 1)]
        nearest = [placed[number].passage for number in numbers if number in placed]
        return vector_share(
            self._embedder,
            query.searched,
            [place.passage for place in candidates],
            nearest,
            is_unanswered=is_unanswered,
            familiarity_counts=self._familiarity_counts,
        )

    def _in_other_languages(
        self, query: Query, found: Candidates, placed: dict[int, PlacedPassage]
    ) -> dict[int, float]:
        """Return those of the passages nearest by the model of all languages that are known to be in another one than the question, with
        their cosines: those that are nearer than all that is not by `NEARER`, and those about as near. Of a follow-up none. Those
        that were looked at are added to `placed`.
        """
        if query.searched != query.question:
            return {}  # what a follow-up is completed with makes it less like whatever answers it
        across = found.across(NEAREST)
        placed.update(self._store.passages([i for i in across if i not in placed]))
        asked = language_asked(query.searched)
        foreign = {
            i: cosine
            for i, cosine in across.items()
            if i in placed and differ(asked, language_in(placed[i].passage))
        }
        best = max(foreign.values(), default=0.0)
        own = max((cosine for i, cosine in across.items() if i not in foreign), default=-1.0)
        if best < own + NEARER:
            return {}
        return {i: cosine for i, cosine in foreign.items() if cosine >= best - NEARER}

    def _nearest_first(
        self, scored: list[ScoredPassage], query: Query, found: Candidates
    ) -> list[ScoredPassage]:
        """Return passages after a second look at close scores, as they are where the embedding model cannot take it."""
        if self._tokens is not None:
            with suppress(AppError):
                return nearest_first(scored, query.searched, found.words, self._tokens)
        return scored

    def _with_first_of_each(
        self,
        scored: Sequence[ScoredPassage],
        query: Query,
        found: Candidates,
        share: VectorShare,
        document_of: Mapping[int, str],
    ) -> list[ScoredPassage]:
        """Return passages with the first of each list among the best; of vectors where they count half of what they can."""
        by_words = found.by_words
        by_vectors = found.by_vectors if share.weight >= self._full_weight / 2 else {}
        if query.wanted.matches:
            by_words = not_differing(by_words, document_of, query.wanted)
            by_vectors = not_differing(by_vectors, document_of, query.wanted)
        return with_first_of_each(scored, query.limit, by_words, by_vectors)


def _shortlist(
    query: Query, found: Candidates, fused: Mapping[int, float], document_of: Mapping[int, str]
) -> list[int]:
    """Return the ids of the passages that are read: the best of each list and of each document asked for, and exact names."""
    best = best_of_each(found.by_words, found.by_vectors, fused)
    if query.wanted.several:
        best += best_of_documents(fused, document_of, query.searched_apart)
    return list(dict.fromkeys([*best, *found.exactly, *found.named]))


def _is_unanswered(found: Candidates, candidates: Sequence[PlacedPassage]) -> bool:
    """Whether nothing that was found comes near the question; not where there are no vectors to tell."""
    if not found.by_vectors:
        return False
    held = max((found.reader.read(place).coverage for place in candidates), default=0.0)
    return nothing_comes_near(next(iter(found.by_vectors.values())), held)


def _others_first(
    scored: Sequence[ScoredPassage], query: Query, *, nearest_first: bool
) -> list[ScoredPassage]:
    """Return passages with those in the question's own language, which do not answer it, behind the others.

    `nearest_first`: those are in the order of their cosines, which the model of all languages made.
    """

    asked = language_asked(query.searched)

    def place(item: ScoredPassage) -> tuple[bool, float]:
        is_other = language_in(item.placed.passage) != asked
        return not is_other, -(item.scores.vector or 0.0) if is_other and nearest_first else 0.0

    return sorted(scored, key=place)
