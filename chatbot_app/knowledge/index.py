"""The two indexes that a search asks: the words of passages, and the matrix of their vectors."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.words import query_terms
from chatbot_app.storage.passages import PassageStore

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

EXACT_ROWS = 200_000  # up to here one product over everything; above, signs first
RESCORED_ROWS = 1000
_GROWTH = 1.25  # of the matrix's capacity; resized in place, so that memory stays near its content

MAX_TERMS = 48  # a pasted page is no query
MAX_POSTINGS = 10_000  # passages that BM25 scores for one query; about 8 ms
COUNTED_UP_TO = 10_000  # a word in more passages than this is common, however many they are
_ALWAYS_TERMS = 2


class VectorMatrix:
    """The vectors of one embedding model, in memory, searched exactly. Safe from several threads."""

    def __init__(self, store: PassageStore, stamp: str) -> None:
        self._store = store
        self.stamp = stamp
        self._lock = threading.Lock()
        self._last_row = 0
        self._count = 0
        self._expected = 0  # rows after the refresh that is under way
        self._ids: Ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, 0), np.float32)
        self._signs: npt.NDArray[np.uint64] = np.empty((0, 0), np.uint64)
        self._rows: tuple[int, Ids | None, npt.NDArray[np.intp] | None] = (0, None, None)

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._vectors.nbytes + self._ids.nbytes + self._signs.nbytes

    def refresh(self) -> int:
        """Append what was stored since the last time; return the number of rows."""
        with self._lock:
            fresh = self._store.count_vectors(self.stamp, self._last_row)
            if fresh:
                self._expected = self._count + fresh
                for last, ids, block in self._store.vectors_after(self.stamp, self._last_row):
                    self._append(ids, block)
                    self._last_row = last
                if self._count > EXACT_ROWS:
                    self._signs = pack_signs(self._vectors[: self._count])
            return self._count

    def search(
        self, query: Vectors, limit: int, allowed: Ids | None = None, *, once: bool = False
    ) -> list[tuple[int, float]]:
        """Return (passage id, cosine) of the nearest passages, best first.

        `query` is a unit vector of shape (dimension,); `allowed`, ascending, names the passages that count. `once`:
        they are those of one question, and the rows of the last ones are kept instead.
        """
        with self._lock:
            if not self._count or not limit:
                return []
            ids = self._ids[: self._count]
            rows = self._rows_of(allowed, is_kept=not once)
            if (self._count if rows is None else len(rows)) > EXACT_ROWS:
                rows = self._nearest_signs(query, rows)
            vectors = self._vectors[: self._count] if rows is None else self._vectors[rows]
            scores = vectors @ query
            best = _largest(scores, limit)
            found = ids[best] if rows is None else ids[rows[best]]
            return list(zip(found.tolist(), scores[best].tolist(), strict=True))

    def _rows_of(self, allowed: Ids | None, *, is_kept: bool) -> npt.NDArray[np.intp] | None:
        """Return the rows that count, None for all; kept until the rows or the array change."""
        if allowed is None:
            return None
        known_count, known_allowed, rows = self._rows
        if known_count != self._count or known_allowed is not allowed:
            member = _is_member(self._ids[: self._count], allowed)
            rows = None if member.all() else np.flatnonzero(member)
            if not is_kept:
                return rows
            self._rows = (self._count, allowed, rows)
        return rows

    def _nearest_signs(self, query: Vectors, rows: npt.NDArray[np.intp] | None) -> npt.NDArray[np.intp]:
        signs = self._signs if rows is None else self._signs[rows]
        distance = np.bitwise_count(signs ^ pack_signs(query[None, :])).sum(axis=1, dtype=np.int32)
        best = _largest(-distance, RESCORED_ROWS)
        return best if rows is None else rows[best]

    def _reserve(self, rows: int, dimension: int) -> None:
        if not self._count:
            # A fresh array lies in huge pages where the system has them, a resized one does not: with those the
            # product takes half the time.
            self._ids = np.empty(rows, np.int64)
            self._vectors = np.empty((rows, dimension), np.float32)
        elif rows > len(self._ids):
            capacity = max(rows, int(len(self._ids) * _GROWTH))
            # refcheck: nobody holds a view, for searches run under the same lock.
            self._ids.resize(capacity, refcheck=False)
            self._vectors.resize((capacity, dimension), refcheck=False)

    def _append(self, ids: Ids, block: Vectors) -> None:
        stop = self._count + len(ids)
        self._reserve(max(stop, self._expected), block.shape[1])
        self._ids[self._count : stop] = ids
        self._vectors[self._count : stop] = block
        self._count = stop


class KeywordIndex:
    """Full text: BM25 over stems, and over pairs of characters where a script writes no spaces."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation = -1
        self._allowed: dict[tuple[str, ...], Ids] = {}
        self._frequencies: dict[str, int] = {}

    def allowed(self, collections: Sequence[str] = ()) -> Ids:
        """Return the ids of the passages that may be found, ascending; no collections mean all documents."""
        with self._lock:
            self._forget_old()
            return self._allowed_now(tuple(collections))

    def weights(self, query: str) -> dict[str, float]:
        """Return the terms of a query with their inverse document frequency (that of BM25, never negative).

        A word that no passage has is kept, for it says that something is missing; a pair of characters that
        none has mostly spans the border of two words and is left out.
        """
        words, pairs = query_terms(query)
        terms = (words + pairs)[:MAX_TERMS]
        with self._lock:
            self._forget_old()
            total = len(self._allowed_now(()))
            unknown = [term for term in terms if term not in self._frequencies]
            counts = self._store.count_matches([_quoted(term) for term in unknown], COUNTED_UP_TO)
            for term, count in zip(unknown, counts, strict=True):
                self._frequencies[term] = count if count < COUNTED_UP_TO else max(count, total // 2)
            frequencies = [self._frequencies[term] for term in terms]
        return {
            term: math.log(1 + (total - min(count, total) + 0.5) / (count + 0.5))
            for place, (term, count) in enumerate(zip(terms, frequencies, strict=True))
            if count or place < len(words)
        }

    def search(
        self,
        weights: Mapping[str, float],
        limit: int,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the passages that hold any of the terms, best first.

        `weights` come from `weights()`. The most common terms are left out where they would cost the most and
        say the least.
        """
        with self._lock:
            present = sorted(
                (count, term) for term in weights if (count := self._frequencies.get(term, 0)) > 0
            )
        terms: list[str] = []
        postings = 0
        for count, term in present:
            postings += count
            if postings > MAX_POSTINGS and len(terms) >= _ALWAYS_TERMS:
                break
            terms.append(term)
        if not terms:
            return []
        return self._store.search_words(" OR ".join(map(_quoted, terms)), limit, collections, documents)

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
        counts = self._store.count_matches(phrases, MAX_POSTINGS)
        rare = [phrase for phrase, count in zip(phrases, counts, strict=True) if 0 < count < MAX_POSTINGS]
        if not rare:
            return []
        return [
            found for found, _ in self._store.search_words(" OR ".join(rare), limit, collections, documents)
        ]

    def _allowed_now(self, collections: tuple[str, ...]) -> Ids:
        if collections not in self._allowed:
            self._allowed[collections] = self._store.searchable_ids(collections)
        return self._allowed[collections]

    def _forget_old(self) -> None:
        generation = self._store.generation()
        if generation != self._generation:
            self._generation = generation
            self._allowed.clear()
            self._frequencies.clear()


def pack_signs(vectors: Vectors) -> npt.NDArray[np.uint64]:
    """Return the signs of vectors as bits, shape (rows, dimension / 64 rounded up)."""
    bits = np.packbits(vectors > 0, axis=1)
    missing = -bits.shape[1] % 8
    if missing:
        bits = np.pad(bits, ((0, 0), (0, missing)))
    return np.ascontiguousarray(bits).view(np.uint64)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _is_member(ids: Ids, allowed: Ids) -> npt.NDArray[np.bool_]:
    if not len(allowed):
        return np.zeros(len(ids), np.bool_)
    places = np.searchsorted(allowed, ids)
    places[places == len(allowed)] = 0
    member: npt.NDArray[np.bool_] = allowed[places] == ids
    return member


def _largest(scores: npt.NDArray[np.generic], limit: int) -> npt.NDArray[np.intp]:
    """Return the positions of the `limit` largest scores, largest first."""
    if limit < len(scores):
        best = np.argpartition(scores, -limit)[-limit:]
    else:
        best = np.arange(len(scores))
    return best[np.argsort(-scores[best].astype(np.float64), kind="stable")]
