"""Makes the vectors of documents that are found by their words so far, one after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from chatbot_app.core.documents import Document, DocumentState
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.children.vectors import VectorsStopped
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.importing.events import (
    FileProgress,
    FileStep,
    ImportFailed,
    ImportStopped,
    Steps,
    VectorsStored,
    waits_for_vectors,
)
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passages import PassageStore

_COUNT_EVERY_SECONDS = 1.0  # the passages without vectors


class VectorsNotMade(AppError):
    """The embedding model cannot be used for one document."""

    summary_template = "“{title}” has no vectors yet: {detail}"
    next_step_template = "It is found by its words meanwhile; the next start tries again."


class VectorMaking:
    """The documents without all their vectors. Use from the thread that iterates the import."""

    def __init__(
        self,
        documents: DocumentStore,
        passages: PassageStore,
        embedder: Callable[[], Embedder | None],
        standing: Standing,
    ) -> None:
        self._documents = documents
        self._passages = passages
        self._embedder = embedder
        self._standing = standing
        self._waiting: deque[str] = deque()
        self._counted_at = float("-inf")

    @property
    def is_waited_for(self) -> bool:
        """Whether any document lacks vectors that it is to have."""
        return bool(self._waiting)

    def add(self, document: Document) -> None:
        """Make a document's vectors when its turn comes, where it is to have any."""
        if waits_for_vectors(document):
            self._waiting.append(document.id)

    def want(self, document_ids: Sequence[str]) -> Steps:
        """Make the vectors of documents that have none because of their size: the person has asked for them."""
        for document_id in document_ids:
            document = self._documents.want_vectors(document_id)
            if document.state is DocumentState.SEARCHABLE and document.id not in self._waiting:
                self._waiting.append(document.id)
                yield FileProgress.after(document, document.path, document.report)
        return (yield from self.count_pending())

    def want_missing(self) -> Steps:
        """Make the vectors of every document that is to have them."""
        # Those that are so large that a person has to ask for their vectors are not among them.
        unfinished = self._documents.unfinished()
        self._waiting.extend(document.id for document in unfinished if waits_for_vectors(document))
        return (yield from self.count_pending())

    def embed_next(self, importer: Callable[[], Importer], is_interrupted: Callable[[], bool]) -> Steps:
        """Make vectors for one document until something more urgent comes; return whether any were missing."""
        if not self._waiting:
            if self._standing.progress.pending_vectors:
                yield from self.count_pending()
            return False
        document = self._documents.document(self._waiting[0])
        is_wanted = waits_for_vectors(document) and document.deleted_at is None
        if not is_wanted or self._embedder() is None:
            self._waiting.popleft()
            return True
        try:
            for event in importer().embed_document(document):
                if isinstance(event, VectorsStored):
                    step, report = FileStep.VECTORS, document.report
                    yield FileProgress(document.path, step, document, report, event.done, event.total)
                yield from self.count_pending(seldom=True)
                if is_interrupted():
                    return True
        except AppError as error:
            if self._standing.stopped.is_set():
                raise ImportStopped from error
            self._waiting.popleft()
            # One that was removed meanwhile is incomplete and rightly so.
            if self._documents.document(document.id).deleted_at is None:
                yield ImportFailed(_named(error, document))
            return True
        self._waiting.popleft()
        yield FileProgress.after(self._documents.document(document.id), document.path, document.report)
        return (yield from self.count_pending(seldom=True))

    def count_pending(self, *, seldom: bool = False) -> Steps:
        """Tell how many passages wait for their vectors; `seldom`: at most once a second."""
        now = time.monotonic()
        if seldom and now - self._counted_at < _COUNT_EVERY_SECONDS:
            return True
        self._counted_at = now
        embedder = self._embedder()
        if embedder is not None:
            count = self._passages.count_pending_vectors(embedder.model.stamp)
            yield self._standing.update(pending_vectors=count)
        return True


def _named(error: AppError, document: Document) -> AppError:
    """Return the error with the document that it befell, where it does not say."""
    if isinstance(error, VectorsStopped):
        return VectorsNotMade(title=document.title, detail=error.summary)
    return error
