"""Makes the vectors of a whole library with another model, beside those that are searched meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatbot_app.core.documents import DocumentState
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.importing.vector_portions import store_vectors
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passages import PassageStore

PASSAGES_AT_ONCE = 32  # made anew after a crash at most, and waited for when the move is stopped


@dataclass(frozen=True, slots=True)
class VectorsMade:
    """How far a move is, in passages; `title` is the document under way, "" between two."""

    done: int
    total: int
    title: str = ""


def make_vectors_beside(
    documents: DocumentStore,
    passages: PassageStore,
    embedder: Embedder,
    is_stopped: Callable[[], bool],
    *,
    at_once: int = PASSAGES_AT_ONCE,
) -> Iterator[VectorsMade]:
    """Make what documents lack of a model's vectors, and tell how far it is; nothing else of them changes.

    Each portion is stored before the next is made: where this ends, by `is_stopped` or otherwise, the next call
    carries on. Documents whose vectors a person has not asked for are left out. Raises AppError.
    """
    stamp = embedder.model.stamp
    total = passages.count_without_vector(stamp)
    done = passages.count_vectors(stamp)
    total += done
    yield VectorsMade(done, total)
    for document in documents.documents():
        if document.words_only or document.state not in (DocumentState.SEARCHABLE, DocumentState.READY):
            continue
        while missing := passages.without_vector(stamp, at_once, document.id):
            if is_stopped():
                return
            store_vectors(passages, embedder, missing)
            done += len(missing)
            yield VectorsMade(done, max(total, done), document.title)
