"""Makes the vectors of a library anew for another form of the built-in model, while nothing else waits.

What was made is searched all the while, in the form that it has; the newest takes its place when it is whole
(`knowledge/built_in_vectors.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatbot_app.core.errors import AppError, StoreError
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.importing.events import ImportFailed, ImportStopped, Steps
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.knowledge.importing.vector_move import VectorsMade, make_vectors_beside
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.portions import Portions

logger = logging.getLogger(__name__)

_PASSAGES_AT_ONCE = 16  # a file that comes waits for as many; made anew after a crash at most


@dataclass(frozen=True, slots=True)
class NewestVectors:
    """What makes the newest vectors, and who is to be told once they are whole.

    `is_searched`: these are searched already, for nobody can search the others, or an earlier run has taken them.
    `is_taken`: the latter, and no others are left that are to go.
    """

    embedder: Embedder
    is_searched: bool
    is_taken: bool
    take: Callable[[], None]


class VectorRenewal:
    """Use from the thread that iterates the import. Where it is left off, by whatever end, the next run carries on."""

    def __init__(
        self,
        documents: DocumentStore,
        passages: PassageStore,
        newest: Callable[[], NewestVectors | None],
        standing: Standing,
    ) -> None:
        """`newest` returns None where nothing is to be made anew."""
        self._documents = documents
        self._passages = passages
        self._newest = newest
        self._standing = standing
        self._wanted: NewestVectors | None = None
        self._making: Iterator[VectorsMade] | None = None
        self._has_made = False
        self._has_removed = True
        self._portions = Portions()

    @property
    def is_under_way(self) -> bool:
        """Whether vectors are left to be made anew."""
        return self._wanted is not None

    def resume(self) -> Steps:
        """Look anew whether there is anything to be made, or left to be removed."""
        self._making, self._wanted, self._has_removed = None, self._newest(), False
        yield from self._tell(0)
        return True

    def step(self) -> Steps:
        """Make the vectors of some passages, let all of them be taken, or remove some of the old.

        Return whether there was anything to do. Raises StoreError, ImportStopped.
        """
        if not self._has_removed:
            self._has_removed = not self._passages.remove_some_dropped(self._portions)
            if not self._has_removed:
                return True
        wanted = self._wanted
        if wanted is None:
            return False
        try:
            if self._making is None:
                self._has_made = False
                self._making = make_vectors_beside(
                    self._documents,
                    self._passages,
                    wanted.embedder,
                    self._standing.stopped.is_set,
                    at_once=_PASSAGES_AT_ONCE,
                )
            made = next(self._making, None)
        except StoreError:
            self._making = None
            raise  # a full disk: the import is paused, and goes on from here
        except AppError as error:
            if self._standing.stopped.is_set():
                raise ImportStopped from error
            self._making = self._wanted = None  # the next start tries again
            yield from self._tell(0)
            yield ImportFailed(error)
            return True
        if made is not None:
            self._has_made |= bool(made.title)
            yield from self._tell(made.total - made.done)
        elif self._standing.stopped.is_set():
            raise ImportStopped
        elif self._has_made:
            self._making = None  # once more: what was imported meanwhile
        else:
            self._making = None
            if not wanted.is_taken:
                wanted.take()
            self._wanted, self._has_removed = None, False
            yield from self._tell(0)
        return True

    def _tell(self, left: int) -> Steps:
        if left != self._standing.progress.vectors_to_renew:
            yield self._standing.update(vectors_to_renew=left)
        return True
