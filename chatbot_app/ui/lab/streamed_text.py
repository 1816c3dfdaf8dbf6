"""Text that arrives, gathered and drawn a few times a second, as it stands."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_FLUSH_MS = 40


class StreamedText(QPlainTextEdit):
    """Read-only; follows its end while somebody stands there."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self._waiting: list[str] = []
        self._flush = QTimer(self)
        self._flush.setSingleShot(True)
        self._flush.setInterval(_FLUSH_MS)
        self._flush.timeout.connect(self._draw)

    @property
    def text(self) -> str:
        """All that has arrived."""
        return self.toPlainText() + "".join(self._waiting)

    def begin(self) -> None:
        """Empty it for another text."""
        self._waiting.clear()
        self.clear()

    def add(self, text: str) -> None:
        """Show more."""
        self._waiting.append(text)
        if not self._flush.isActive():
            self._flush.start()

    @Slot()
    def _draw(self) -> None:
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("".join(self._waiting))
        self._waiting.clear()
        if follows:
            bar.setValue(bar.maximum())
