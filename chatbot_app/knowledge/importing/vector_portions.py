"""The vectors of some passages at a time, made in a thread of its own while those of the portion before are stored.

A portion takes passages of several documents, where they are small: so many texts keep all processors busy that an
embedding model uses, and few do not.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from chatbot_app.core.documents import Document
from chatbot_app.knowledge.embedder import Embedder, Vectors
from chatbot_app.knowledge.tables.embedded import embedded_text
from chatbot_app.storage.passages import PassageStore

EMBEDDED_AT_ONCE = 64  # passages between two looks at whether to stop or a file has come, and two commits
_MOST = 2  # portions: one that is being made, one that is being stored


@dataclass(frozen=True, slots=True)
class Share:
    """What a portion has of a document; `is_last`: all of its passages that lack a vector and are in no other portion."""

    document: Document
    passages: tuple[int, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The vectors of a portion, and how long they took."""

    vectors: Vectors
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Portion:
    """Passages of which vectors are made."""

    stamp: str
    shares: tuple[Share, ...]
    made: Future[Made]

    def seconds_of(self, share: Share) -> float:
        """Return the part of a share in the time that the vectors took."""
        return self.made.result().seconds * len(share.passages) / max(len(self.passages), 1)

    @property
    def passages(self) -> list[int]:
        """The ids of the passages, in the order of their vectors."""
        return [passage for share in self.shares for passage in share.passages]


class VectorPortions:
    """The portions that are under way, oldest first. Use from one thread, `close` at the end."""

    def __init__(self, passages: PassageStore) -> None:
        self._passages = passages
        self._under_way: deque[Portion] = deque()
        self._pool: ThreadPoolExecutor | None = None

    def __len__(self) -> int:
        return len(self._under_way)

    @property
    def under_way(self) -> int:
        """How many passages are."""
        return sum(len(portion.passages) for portion in self._under_way)

    @property
    def is_first_made(self) -> bool:
        """Whether the vectors of the oldest are made, or could not be."""
        return bool(self._under_way) and self._under_way[0].made.done()

    @property
    def has_room(self) -> bool:
        """Whether another may be begun: none is being made, and one at most waits to be stored."""
        return len(self._under_way) < _MOST and all(portion.made.done() for portion in self._under_way)

    def wait_for_first(self) -> BaseException | None:
        """Wait for the vectors of the oldest; return what making them has raised."""
        return self._under_way[0].made.exception()

    def store_first(self) -> Portion:
        """Store the vectors of the oldest and return it. Raises StoreError: then it may be stored later."""
        portion = self._under_way[0]
        self._passages.add_vectors(portion.stamp, portion.passages, portion.made.result().vectors)
        return self._under_way.popleft()

    def drop_first(self) -> Portion:
        """Return the oldest, whose vectors could not be made, and forget it."""
        return self._under_way.popleft()

    def begin(self, embedder: Embedder, documents: Iterator[Document]) -> bool:
        """Begin a portion of what is missing of the first of some documents; return whether there was any document.

        `documents` is asked for as many as there is room for. Raises StoreError.
        """
        stamp = embedder.model.stamp
        taken = {share.document.id: share for portion in self._under_way for share in portion.shares}
        under_way = {passage for portion in self._under_way for passage in portion.passages}
        shares: list[Share] = []
        texts: list[str] = []
        while len(texts) < EMBEDDED_AT_ONCE:
            document = next((one for one in documents if not _is_whole(taken.get(one.id))), None)
            if document is None:
                break
            room = EMBEDDED_AT_ONCE - len(texts)
            others = 0 if document.id not in taken else len(under_way)
            lacking = self._passages.without_vector(stamp, room + others + 1, document.id)
            lacking = [row for row in lacking if row[0] not in under_way]
            missing = lacking[:room]
            shares.append(Share(document, tuple(row[0] for row in missing), len(lacking) <= room))
            texts += [embedded_text(context, text) for _id, context, text in missing]
        if shares:
            self._under_way.append(Portion(stamp, tuple(shares), self._made(embedder, texts)))
        return bool(shares)

    def forget(self) -> None:
        """Forget what is under way: another model makes the vectors from now on."""
        self._under_way.clear()

    def close(self) -> None:
        """Forget what is under way; nobody waits for it to end."""
        self.forget()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _made(self, embedder: Embedder, texts: Sequence[str]) -> Future[Made]:
        if not texts:  # all were stored before a kill
            nothing: Future[Made] = Future()
            nothing.set_result(Made(np.empty((0, embedder.model.dimension), np.float32)))
            return nothing
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "vector-portions")
        return self._pool.submit(_make, embedder, texts)


def store_vectors(
    passages: PassageStore, embedder: Embedder, missing: Sequence[tuple[int, str, str]]
) -> None:
    """Make and store the vectors of passages (id, context, text) at once, for who has nothing to do beside that. Raises AppError."""
    texts = [embedded_text(context, text) for _id, context, text in missing]
    passages.add_vectors(embedder.model.stamp, [row[0] for row in missing], embedder.embed(texts))


def _make(embedder: Embedder, texts: Sequence[str]) -> Made:
    started = time.perf_counter()
    vectors = embedder.embed(texts)
    return Made(vectors, time.perf_counter() - started)


def _is_whole(share: Share | None) -> bool:
    return share is not None and share.is_last
