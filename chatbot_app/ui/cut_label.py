"""Words on one line, cut to the room that they have at every moment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from chatbot_app.ui.theme import em

_LEAST = 4  # em: before there is a layout
_MOST_OF_TOOLTIP = 500  # characters


class CutLabel(QLabel):
    """Takes the room that its neighbours leave, and says literally what it is given; all of it in the tooltip where it is cut."""

    def __init__(self, mode: Qt.TextElideMode, parent: QWidget | None = None) -> None:
        """`mode` says where words are cut."""
        super().__init__(parent)
        self._mode = mode
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str) -> None:
        """Show words, as far as there is room."""
        self._words = words
        self.cut()

    def cut(self) -> None:
        """Cut the words to the room that there is now."""
        room = self.contentsRect().width()
        if not self.isVisible():
            room = max(room, em(self, _LEAST))
        shown = self.fontMetrics().elidedText(self._words, self._mode, room)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip("" if shown == self._words else self._words[:_MOST_OF_TOOLTIP])

    # Also when only its neighbours have changed: the size of what is around says nothing of that.
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cut()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_words"):
            self.cut()
