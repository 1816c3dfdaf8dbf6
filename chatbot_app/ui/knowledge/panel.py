"""The knowledge panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.ui.theme import em, set_look


class KnowledgePanel(QWidget):
    """Says in one sentence that documents come with the next version."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("knowledge_panel")
        self.setAccessibleName(self.tr("Knowledge"))
        sentence = QLabel(self.tr("Answers from your own documents come with the next version."), self)
        sentence.setObjectName("knowledge_sentence")
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setWordWrap(True)
        set_look(sentence, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self), em(self), em(self), em(self))
        column.addWidget(sentence)
        column.addStretch()
