"""Large documents that are found by their words only, and the question whether they should have vectors."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from chatbot_app.ui.knowledge.document_words import counted
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.theme import em, set_look

_PASSAGES_A_MINUTE = (
    1500  # that the built-in model makes vectors of on two cores (knowledge/importing/importer.py)
)


class VectorsOffer(QWidget):
    """A sentence and a button below the list; hidden where nothing waits for the person's word."""

    def __init__(self, actions: LibraryActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setObjectName("vectors_offer")
        self._ids: list[str] = []
        self._words = QLabel(self)
        self._words.setObjectName("vectors_offer_words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_look(self._words, "muted")
        self.button = QPushButton(self.tr("Make vectors"), self)
        self.button.setObjectName("make_vectors_button")
        self.button.setAccessibleName(self.tr("Make vectors of large documents"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.5))
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self._ask)
        self.hide()

    def words(self) -> str:
        """Return what is said."""
        return self._words.text()

    def show_documents(self, ids: Sequence[str], passages: int) -> None:
        """Ask about documents, which have `passages` together; none hides the question."""
        self._ids = list(ids)
        if ids:
            minutes = max(1, round(passages / _PASSAGES_A_MINUTE))
            large = counted(
                len(ids),
                self.tr("1 large document is found by its words only."),
                self.tr("{n} large documents are found by their words only."),
            )
            time = counted(
                minutes,
                self.tr("Vectors find what is said in other words; they take about a minute."),
                self.tr("Vectors find what is said in other words; they take about {n} minutes."),
            )
            self._words.setText(f"{large} {time}")
        self.setVisible(bool(ids))

    @Slot()
    def _ask(self) -> None:
        ids, self._ids = self._ids, []
        self.hide()
        self._actions.vectors_requested.emit(ids)
