"""The title of the open conversation, on one line, cut to the room that it has at every moment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from chatbot_app.ui.theme import em, scale_font

_LEAST = 4  # em: before there is a layout
_MOST_OF_TOOLTIP = 500  # characters


class TitleLabel(QLabel):
    """Takes the room that the rest of the header leaves; the whole title is its tooltip where it is cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self.setObjectName("conversation_title")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        scale_font(self, 1.05, bold=True)

    def show_title(self, title: str) -> None:
        """Show a title, literally."""
        self._title = " ".join(title.split())
        self._cut()

    def _cut(self) -> None:
        room = max(self.contentsRect().width(), em(self, _LEAST))
        shown = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip("" if shown == self._title else self._title[:_MOST_OF_TOOLTIP])

    # Also when only its neighbours have changed: the pane's own size says nothing of that.
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_title"):
            self._cut()
