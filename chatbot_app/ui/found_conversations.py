"""What a search over all conversations found, as a list of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import SearchHit
from chatbot_app.ui.conversation_delegate import SearchHitDelegate
from chatbot_app.ui.search_hits import HIT_ROLE, SearchHitModel, matched_words
from chatbot_app.ui.side_list import side_list


class FoundConversations(QObject):
    """Owns the view; tells which hit the person opens."""

    # conversation id, message id or None (the title matched), pattern of the words that were found or None
    opened = Signal(str, object, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hits = SearchHitModel(self)
        self.view = side_list(parent, "search_hits", self.tr("Search results"))
        self.view.setModel(self._hits)
        self.view.setItemDelegate(SearchHitDelegate(self.view))
        self.view.clicked.connect(self._open)
        self.view.activated.connect(self._open)

    def set_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show these."""
        self._hits.set_hits(hits)

    def __len__(self) -> int:
        return self._hits.rowCount()

    def open_first(self) -> None:
        """Open the first one, as a click on it does."""
        if len(self):
            self._open(self._hits.index(0))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.opened.emit(hit.conversation_id, hit.message_id, matched_words(hit.snippet))
