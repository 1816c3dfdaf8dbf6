"""Whether offsets that a command prints still belong to the file that it names."""

from __future__ import annotations

from chatbot_app.knowledge.importing.sources import file_state
from chatbot_app.storage.documents import DocumentGone, DocumentStore


class FileStates:
    """Looks at each file once: hashing a large one for every result takes time."""

    def __init__(self, documents: DocumentStore) -> None:
        self._documents = documents
        self._known: dict[str, dict[str, str]] = {}

    def of(self, document_id: str) -> dict[str, str]:
        """Return {} where a document's file is as it was imported, else {"file": "changed"} or {"file": "gone"}."""
        if document_id not in self._known:
            self._known[document_id] = self._look(document_id)
        return self._known[document_id]

    def _look(self, document_id: str) -> dict[str, str]:
        try:
            state = file_state(self._documents.document(document_id))
        except DocumentGone:
            return {}
        return {"file": state.value} if state else {}
