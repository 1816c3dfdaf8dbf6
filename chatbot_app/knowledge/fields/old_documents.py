"""The fields of documents that were imported before there were any, or by an earlier reader: read from their texts."""

from __future__ import annotations

import logging
from collections.abc import Callable

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.errors import AppError, StoreError
from chatbot_app.knowledge.fields import READER_VERSION
from chatbot_app.storage.document_fields import FieldStore

logger = logging.getLogger(__name__)

READ_AT_ONCE = 8  # documents whose fields are stored together; some tenths of a second


class FieldReading:
    """Reads what is missing, in steps; what it has stored is not read again, whatever ended it. For one thread."""

    def __init__(self, fields: FieldStore, text_between: Callable[[str, int, int], str]) -> None:
        """`text_between` returns characters `start` to `end` of the text of the document with an id."""
        self._fields = fields
        self._text_between = text_between
        self._is_done = False

    def step(self) -> bool:
        """Read some documents; return whether there were any. Raises StoreError."""
        if self._is_done:
            return False
        unread = self._fields.unread(READER_VERSION, READ_AT_ONCE)
        if not unread:
            self._is_done = True  # what is imported from now on brings its fields with it
            return False
        read = {document_id: self._read(document_id, path, title) for document_id, path, title in unread}
        # Rows whose ids are damaged cannot be written to: they would be read for ever.
        self._is_done = self._fields.keep_read(read, READER_VERSION) == 0
        return not self._is_done

    def _read(self, document_id: str, path: str, title: str) -> DocumentFields:
        from chatbot_app.knowledge.fields.reading import READ_CHARACTERS, read_fields

        try:
            text = self._text_between(document_id, 0, READ_CHARACTERS)
        except StoreError:
            raise
        except AppError:
            logger.warning("the text of a document cannot be read: its fields stay empty", exc_info=True)
            text = ""  # its name may say something all the same
        return read_fields(path, title, text)

    def finish(self) -> None:
        """Read everything that is left."""
        while self.step():
            continue
