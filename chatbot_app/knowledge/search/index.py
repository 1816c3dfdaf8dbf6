"""The index of the words of passages, and which documents count in a search."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.unspaced_words import missing_words
from chatbot_app.knowledge.words.word_forms import beginning_of, spellings
from chatbot_app.knowledge.words.words import pairs_of, query_terms
from chatbot_app.storage.passages import PassageStore

Ids = npt.NDArray[np.int64]

MAX_TERMS = 48  # a pasted page is no query
MAX_POSTINGS = 10_000  # passages that BM25 scores for one query: 3 ms, beside a common word 13
COUNTED_UP_TO = 10_000  # a word in more passages than this is common, however many they are
_ALWAYS_TERMS = 2
_TOGETHER = 20  # passages with all of some common words, that the words say something


class KeywordIndex:
    """Full text: BM25 over stems, and over pairs of characters where a script writes no spaces."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation = -1
        self._documents: dict[tuple[str, ...], Ids] = {}
        self._passages = 0
        self._frequencies: dict[str, int] = {}

    def documents(self, collections: Sequence[str] = ()) -> Ids:
        """Return the numbers of the documents that may be found, ascending; no collections mean all of them."""
        key = tuple(collections)
        with self._lock:
            self._forget_old()
            if key not in self._documents:
                self._documents[key] = self._store.searchable_documents(key)
            return self._documents[key]

    def count(self) -> int:
        """Return the number of passages that may be found."""
        with self._lock:
            self._forget_old()
            return self._passages

    def weights(self, query: str, language: str = "") -> dict[str, float]:
        """Return the terms of a query with their inverse document frequency (that of BM25, never negative).

        In a `language` that the index does not stem (`question_language`), a word counts wherever its beginning does;
        the small words of a language count nothing.
        A word that no passage has is kept, for it says that something is missing; a pair of characters that
        none has mostly spans the border of two words and is left out, unless the characters are no part of any known one
        (`missing_words`).
        """
        words, pairs = query_terms(query, small_words(language))
        terms = (words + pairs)[:MAX_TERMS]
        with self._lock:
            self._forget_old()
            total = self._passages
            matches = [_match(term, language) for term in terms]
            unknown = [match for match in dict.fromkeys(matches) if match not in self._frequencies]
            counts = self._store.words.count(unknown, COUNTED_UP_TO)
            self._frequencies.update(zip(unknown, counts, strict=True))
            frequencies = [self._frequencies[match] for match in matches]
        found = {
            term: _rarity(total, count)
            for place, (term, count) in enumerate(zip(terms, frequencies, strict=True))
            if count or place < len(words)
        }
        known = {term for term in pairs if term in found}
        if known:  # else the question is in another script than the documents
            missing = (pair for word in missing_words(query, known) for pair in pairs_of(word)[::2])
            found.update(dict.fromkeys(missing, _rarity(total, 0)))
        return found

    def search(
        self,
        weights: Mapping[str, float],
        limit: int,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
        language: str = "",
    ) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the passages that hold any of the terms, best first.

        `weights` come from `weights()` for the same language. The most common terms are left out where they would
        cost the most and say the least.
        """
        with self._lock:
            matches = dict.fromkeys(_match(term, language) for term in weights)
            present = sorted(
                (count, match) for match in matches if (count := self._frequencies.get(match, 0)) > 0
            )
        chosen: list[tuple[int, str]] = []
        postings = 0
        for count, match in present:
            postings += count
            if postings > MAX_POSTINGS and len(chosen) >= _ALWAYS_TERMS:
                break
            chosen.append((count, match))
        rare = [match for count, match in chosen if count <= MAX_POSTINGS]
        common = [match for count, match in chosen if count > MAX_POSTINGS]
        if not chosen:
            return []
        if not rare:
            return self._of_common([match for _, match in present], limit, collections, documents)
        expression = " OR ".join(rare)
        if common:  # counts where a rare one stands; by itself it says too little for what it costs
            # OR of two that exclude each other: what is in both would count twice.
            beside = " OR ".join(common)
            expression = f"(({expression}) AND ({beside})) OR (({expression}) NOT ({beside}))"
        return self._store.words.search(expression, limit, collections, documents)

    def _of_common(
        self, terms: Sequence[str], limit: int, collections: Sequence[str], documents: Sequence[str]
    ) -> list[tuple[int, float]]:
        """Return passages that hold as many of some common terms as stand together anywhere.

        `terms` are ordered by how seldom they are. Of what is found in very many places, the first are ranked.
        """
        tried = dict.fromkeys((len(terms), *(count for count in (3, 2, 1) if count < len(terms))))
        for count in tried:
            match = " AND ".join(terms[:count])
            if count == 1 or self._store.words.count([match], limit)[0] >= _TOGETHER:
                break
        return self._store.words.search(match, limit, collections, documents, ranked=MAX_POSTINGS)

    def with_phrases(
        self,
        phrases: Sequence[str],
        limit: int,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> list[int]:
        """Return the ids of passages that hold one of the FTS5 phrases, best first.

        A phrase that stands nearly everywhere ("1 2") finds nothing that is worth its time.
        """
        if not phrases:
            return []
        counts = self._store.words.count(phrases, MAX_POSTINGS)
        rare = [phrase for phrase, count in zip(phrases, counts, strict=True) if 0 < count < MAX_POSTINGS]
        if not rare:
            return []
        return [
            found for found, _ in self._store.words.search(" OR ".join(rare), limit, collections, documents)
        ]

    def _forget_old(self) -> None:
        generation = self._store.generation()
        if generation != self._generation:
            self._generation = generation
            self._documents.clear()
            self._frequencies.clear()
            self._passages = self._store.count_searchable()


def _rarity(total: int, count: int) -> float:
    """Return the inverse document frequency of what so many of all passages have, as BM25 has it, never negative."""
    return math.log(1 + (total - min(count, total) + 0.5) / (count + 0.5))


def _match(term: str, language: str) -> str:
    """Return the FTS5 expression for a term: itself, or what all its forms begin with."""
    beginning = beginning_of(term, language)
    if beginning is None:
        return _quoted(term)
    begun = [f"{_quoted(spelt)}*" for spelt in spellings(beginning, language)]
    return begun[0] if len(begun) == 1 else f"({' OR '.join(begun)})"


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
