"""Makes the vectors of documents that are found by their words so far, small ones together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from chatbot_app.core.documents import Document, DocumentState
from chatbot_app.core.errors import AppError, StoreError
from chatbot_app.knowledge.children.vectors_errors import VectorsStopped
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.importing.events import (
    FileProgress,
    FileStep,
    ImportFailed,
    Steps,
    waits_for_vectors,
)
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.knowledge.importing.vector_portions import EMBEDDED_AT_ONCE, Portion, VectorPortions
from chatbot_app.storage.documents import DocumentGone, DocumentStore
from chatbot_app.storage.passages import PassageStore

logger = logging.getLogger(__name__)

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
        # Passages whose vectors are not stored, by the ids of documents, in the order in which they came.
        self._waiting: dict[str, int] = {}
        self._alone: set[str] = set()  # of them, those that failed together with others
        self._portions = VectorPortions(passages)
        self._counted_at = float("-inf")

    @property
    def is_waited_for(self) -> bool:
        """Whether any document lacks vectors that it is to have."""
        return bool(self._waiting)

    @property
    def passages_waiting(self) -> int:
        """How many passages wait for their vectors; of documents that had some at the start, as many as they have."""
        return sum(self._waiting.values())

    def is_waiting(self, document_id: str) -> bool:
        """Whether a document is."""
        return document_id in self._waiting

    def add(self, document: Document) -> None:
        """Make a document's vectors when its turn comes, where it is to have any."""
        if waits_for_vectors(document):
            self._waiting[document.id] = document.passages

    def want(self, document_ids: Sequence[str]) -> Steps:
        """Make the vectors of documents that have none because of their size: the person has asked for them."""
        for document_id in document_ids:
            document = self._documents.want_vectors(document_id)
            if document.state is DocumentState.SEARCHABLE and document.id not in self._waiting:
                self._waiting[document.id] = document.passages
                yield FileProgress.after(document, document.path, document.report)
        return (yield from self.count_pending())

    def want_missing(self) -> Steps:
        """Make the vectors of every document that is to have them, with the model that the library has now."""
        self._portions.forget()
        # Those that are so large that a person has to ask for their vectors are not among them.
        unfinished = self._documents.unfinished()
        self._waiting.update({each.id: each.passages for each in unfinished if waits_for_vectors(each)})
        return (yield from self.count_pending())

    def embed_next(self, importer: Callable[[], Importer], is_interrupted: Callable[[], bool]) -> Steps:
        """Make vectors until something more urgent comes; return whether any were missing.

        The portion that is under way then is finished beside it.
        """
        if not self._waiting and not self._portions:
            if self._standing.progress.pending_vectors:
                yield from self.count_pending()
            return False
        self._begin(importer)
        while self._portions:
            yield from self._store_first(importer, begins_next=not is_interrupted())
            yield from self.count_pending(seldom=True)
            if is_interrupted():
                break
            self._begin(importer)
        return True

    def embed_beside(self, importer: Callable[[], Importer]) -> Steps:
        """Store vectors that were made meanwhile, and begin with others as soon as they fill a portion; nobody waits here."""
        if self._portions.is_first_made:
            yield from self._store_first(importer, begins_next=self._has_whole_portion)
        if self._has_whole_portion:
            self._begin(importer)
        return True

    @property
    def _has_whole_portion(self) -> bool:
        return self.passages_waiting >= EMBEDDED_AT_ONCE + self._portions.under_way

    def close(self) -> None:
        """Forget what is under way: the next run makes it."""
        self._portions.close()

    def _begin(self, importer: Callable[[], Importer]) -> None:
        """Begin a portion where there is any to be made and none is."""
        if self._waiting and self._portions.has_room:
            embedder = importer().embedder if self._embedder() is not None else None
            if embedder is None:
                self._waiting.clear()
            else:
                self._standing.check()
                self._portions.begin(embedder, self._next_documents())

    def _next_documents(self) -> Iterator[Document]:
        """Yield the documents whose vectors are made next, together; one that failed with others comes alone."""
        for place, document_id in enumerate(list(self._waiting)):
            if place and document_id in self._alone:
                return
            document = self._wanted(document_id)
            if document is not None:
                yield document
            if document_id in self._alone:
                return

    def _wanted(self, document_id: str) -> Document | None:
        """Return a document that waits for vectors as it is now; None, and it waits no more, where it is to have none."""
        with suppress(DocumentGone):
            document = self._documents.document(document_id)
            if document_id in self._waiting and waits_for_vectors(document) and document.deleted_at is None:
                return document
        self._waiting.pop(document_id, None)
        return None

    def _store_first(self, importer: Callable[[], Importer], *, begins_next: bool) -> Steps:
        """Store the oldest portion when its vectors are made, and tell of its documents."""
        error = self._portions.wait_for_first()
        self._standing.check()
        if begins_next:
            self._begin(importer)  # before this one is stored: the model need not wait for that
        if error is not None:
            return (yield from self._tell_failed(self._portions.drop_first(), error))
        portion = self._portions.store_first()
        for share in portion.shares:
            seconds = portion.seconds_of(share)
            yield from self._tell_stored(importer(), share.document.id, portion.stamp, seconds)
        return True

    def _tell_stored(self, importer: Importer, document_id: str, stamp: str, seconds: float) -> Steps:
        document = self._wanted(document_id)
        if document is None:
            return True
        lacking = self._passages.count_without_vector(stamp, document_id)
        self._waiting[document_id] = lacking
        done, total = document.passages - lacking, document.passages
        yield FileProgress(
            document.path, FileStep.VECTORS, document, document.report, done, total, seconds=seconds
        )
        if not lacking:
            try:
                finished = importer.finish_vectors(document, stamp)
            except StoreError:
                raise
            except AppError as error:
                yield from self._give_up(document, error)
            else:
                self._forget(document_id)
                yield FileProgress.after(finished, document.path, document.report)
        return True

    def _tell_failed(self, portion: Portion, error: BaseException) -> Steps:
        if not isinstance(error, Exception):
            raise error
        ids = [share.document.id for share in portion.shares]
        if len(ids) > 1:
            self._alone.update(ids)  # which of them it was is found out one by one
        elif (document := self._wanted(ids[0])) is not None:
            yield from self._give_up(document, error)
        return True

    def _give_up(self, document: Document, error: Exception) -> Steps:
        self._forget(document.id)
        # One that was removed meanwhile is incomplete and rightly so.
        if self._documents.document(document.id).deleted_at is None:
            yield ImportFailed(_named(error, document), document)
        return True

    def _forget(self, document_id: str) -> None:
        self._waiting.pop(document_id, None)
        self._alone.discard(document_id)

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


def _named(error: Exception, document: Document) -> AppError:
    """Return the error with the document that it befell, where it does not say."""
    if isinstance(error, AppError) and not isinstance(error, VectorsStopped):
        return error
    if isinstance(error, AppError):
        return VectorsNotMade(title=document.title, detail=error.summary)
    # Whatever one document brings about, the others get their vectors.
    logger.error("the vectors of a document could not be made", exc_info=error)
    return VectorsNotMade(title=document.title, detail=f"they could not be made ({type(error).__name__})")
