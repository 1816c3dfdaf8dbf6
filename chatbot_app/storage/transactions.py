"""What rows are read and written through, whether they lie in the file or in memory."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from typing import Protocol


class Transactions(Protocol):
    """Hands out one transaction at a time."""

    def write(self, *, lasting: bool = True) -> AbstractContextManager[sqlite3.Connection]:
        """Hold the only write transaction: committed at the end, undone by any exception; an inner one joins.

        Raises StoreError.
        """

    def read(self) -> AbstractContextManager[sqlite3.Connection]:
        """Hold one consistent view. Raises StoreError."""
