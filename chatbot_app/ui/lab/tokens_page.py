"""Tokens: a text as a model reads it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.tokens import TiktokenCounter
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices

_PAUSE_MS = 150  # after the last key


class TokensPage(QWidget):
    """Counts the tokens of a text while it is written."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_page")
        self._services = services
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("tokens_text")
        self._text.setAccessibleName(self.tr("Text"))
        self._text.setPlaceholderText(self.tr("Write a text, or paste one"))
        self._count = QLabel(self)
        self._count.setObjectName("tokens_count")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._text, 1)
        column.addWidget(self._count)
        self._text.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._look)
        self._pause.start()

    @Slot()
    def _look(self) -> None:
        text = self._text.toPlainText()
        self._services.run(lambda _: TiktokenCounter().count(text), self._show, self._say)

    def _show(self, count: int) -> None:
        self._count.setText(self.tr("%n token(s)", "", count))

    def _say(self, notice: Notice) -> None:
        self._count.setText(notice.summary)
