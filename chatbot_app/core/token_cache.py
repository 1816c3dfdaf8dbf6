"""Token counts by what a text holds: in memory, in front of the store."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from chatbot_app.core.errors import StoreError

logger = logging.getLogger(__name__)

CACHED_COUNTS = 50_000  # in memory, about 130 bytes each; beyond it the oldest are asked of the store again

DIGEST_BYTES = 16


class CountStore(Protocol):
    """Keeps counts by tokenizer and digest. Both methods raise StoreError where it cannot."""

    def token_counts(self, tokenizer: str, digests: Sequence[bytes]) -> dict[bytes, int]:
        """Return the counts that are known."""

    def add_token_counts(self, tokenizer: str, counts: Mapping[bytes, int]) -> None:
        """Keep counts."""


class TokenCache:
    """The counts of one tokenizer, for all threads.

    What it loses is only counted again; a failing store is done without.
    """

    def __init__(
        self, tokenizer: str, store: CountStore | None = None, *, limit: int = CACHED_COUNTS
    ) -> None:
        """`tokenizer` names the way of counting: equal names must mean equal counts."""
        self._tokenizer = tokenizer
        self._store = store
        self._limit = limit
        self._counts: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def find(self, digests: Sequence[bytes], *, lasting: bool = False) -> dict[bytes, int]:
        """Return the counts that are known; those that are not in memory are read where they are `lasting`."""
        with self._lock:
            found = {digest: self._counts[digest] for digest in digests if digest in self._counts}
        missing = [digest for digest in dict.fromkeys(digests) if digest not in found]
        if lasting and missing and self._store is not None:
            try:
                stored = self._store.token_counts(self._tokenizer, missing)
            except StoreError as error:
                self._do_without(error)
                return found
            self._remember(stored)
            found |= stored
        return found

    def keep(self, counts: Mapping[bytes, int], *, lasting: bool = False) -> None:
        """Keep fresh counts, in the store too where they are `lasting`: drafts of a question are not."""
        self._remember(counts)
        if lasting and counts and self._store is not None:
            try:
                self._store.add_token_counts(self._tokenizer, counts)
            except StoreError as error:
                self._do_without(error)

    def _remember(self, counts: Mapping[bytes, int]) -> None:
        with self._lock:
            self._counts.update(counts)
            while len(self._counts) > self._limit:
                del self._counts[next(iter(self._counts))]

    def _do_without(self, error: StoreError) -> None:
        logger.warning("token counts are not kept: %s", error)
        self._store = None


def text_digest(text: str) -> bytes:
    """Return what stands for a text; equal texts only have the same."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def count_cached(
    count_texts: Callable[[Sequence[str]], list[int]],
    cache: TokenCache,
    texts: Sequence[str],
    *,
    lasting: bool = False,
) -> list[int]:
    """Return the tokens of each text, counting only those that the cache does not know."""
    digests = [text_digest(text) for text in texts]
    known = cache.find(digests, lasting=lasting)
    missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
    fresh = dict(zip(missing, count_texts(list(missing.values())), strict=True))
    cache.keep(fresh, lasting=lasting)
    return [fresh[digest] if digest in fresh else known[digest] for digest in digests]
