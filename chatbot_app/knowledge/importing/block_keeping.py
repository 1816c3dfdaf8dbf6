"""Short forms of vectors, kept for the next start: made where a library is large, a block at a time."""

from __future__ import annotations

from chatbot_app.knowledge.search.vector_codes import coded
from chatbot_app.knowledge.search.vector_matrix import EXACT_ROWS
from chatbot_app.storage.vector_blocks import VectorStore


class BlockKeeping:
    """Makes what is missing. Use from one thread; raises StoreError. What it does may be left off at any time."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._large: set[str] = set()  # stamps of models with many vectors
        # Blocks without vectors, for none is ever added to them; and what changed while it was made: next time.
        self._left_out: set[tuple[str, int]] = set()

    def step(self) -> bool:
        """Make one block; return whether there was any to be made. In a store that is read-only there is none."""
        if not self._store.can_be_written:
            return False
        for stamp in self._store.stamps():
            if stamp not in self._large and self._store.count(stamp) <= EXACT_ROWS:
                continue  # read as they are
            self._large.add(stamp)
            for block in self._store.missing_blocks(stamp):
                if (stamp, block) not in self._left_out:
                    self._make(stamp, block)
                    return True
        return False

    def _make(self, stamp: str, block: int) -> None:
        rows = self._store.rows_of_block(stamp, block)
        if rows is None or not self._store.keep_block(stamp, block, coded(rows)):
            self._left_out.add((stamp, block))
