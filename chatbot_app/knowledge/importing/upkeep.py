"""What is done for a library while no file waits: what older versions of the program left undone."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Generator

from chatbot_app.core.documents import Document, ImportOutcome
from chatbot_app.knowledge.fields.old_documents import FieldReading
from chatbot_app.knowledge.importing.block_keeping import BlockKeeping
from chatbot_app.knowledge.importing.events import FileFinished, FileProgress, Told
from chatbot_app.knowledge.importing.importer import READ_AGAIN, Importer
from chatbot_app.storage.documents import DocumentGone, DocumentStore
from chatbot_app.storage.passages import PassageStore

logger = logging.getLogger(__name__)


class Upkeep:
    """Reads fields and documents that an older version has read or not read. Use from one thread."""

    def __init__(self, documents: DocumentStore, passages: PassageStore, fields: FieldReading) -> None:
        self._documents = documents
        self._fields = fields
        self._blocks = BlockKeeping(passages.vectors)
        self._old: deque[str] = deque()

    @property
    def to_read_again(self) -> int:
        """How many documents an older version has read."""
        return len(self._old)

    def resume(self) -> None:
        """Look for documents that an older version has read."""
        old = [one for reading, ends in READ_AGAIN for one in self._documents.read_before(reading, ends)]
        self._old.extend(dict.fromkeys(old))

    def read_fields(self) -> bool:
        """Read what tells one document apart from others; return whether there was any."""
        return self._fields.step()

    def keep_blocks(self) -> bool:
        """Make the short forms of some vectors; return whether any were missing."""
        return self._blocks.step()

    def read_next_again(self, importer: Importer) -> Generator[Told, None, Document | None]:
        """Read the next document again; return it where it needs vectors then.

        What was read before is found until the new is whole. A file that has gone or changed stays as it is.
        """
        document_id = self._old[0]
        read: Document | None = None
        try:
            document = self._documents.document(document_id)
            if document.deleted_at is None:
                for event in importer.read_again(document):
                    if isinstance(event, FileFinished) and event.document is not None:
                        read = event.document
                        if event.report.outcome is not ImportOutcome.FAILED:
                            yield FileProgress.after(read, document.path, event.report)
        except DocumentGone:
            logger.info("a document went before it was read again")
        self._old.popleft()
        return read
