"""Which documents a question was understood to ask, in a few words: "Searched: Apple Inc. · Q3 2022"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.look import Look

_LONGEST = 40  # characters of one value
_MOST = 8


def searched_words(metadata: Mapping[str, Any]) -> str:
    """Return what the conversation keeps to and what the question named of documents; "" for all documents."""
    retrieval = metadata.get("retrieval")
    if not isinstance(retrieval, dict):
        return ""
    found = retrieval.get("asked")
    asked = found if isinstance(found, dict) else {}
    values = [retrieval.get("kept_to"), *(asked.get(name) for name in ("companies", "kinds", "periods"))]
    texts = [str(text) for value in values if isinstance(value, list) for text in value]
    named = list(dict.fromkeys(" ".join(visible_text(text).split())[:_LONGEST] for text in texts))
    named = [text for text in named if text]
    if not named:
        return ""
    shown = " · ".join(named[:_MOST]) + (" …" if len(named) > _MOST else "")
    return QCoreApplication.translate("SourcesView", "Searched: {documents}").replace("{documents}", shown)


def kept_to(metadata: Mapping[str, Any]) -> list[str]:
    """Return what the conversation kept to, in words."""
    retrieval = metadata.get("retrieval")
    found = retrieval.get("kept_to") if isinstance(retrieval, dict) else None
    return [" ".join(visible_text(str(text)).split()) for text in found] if isinstance(found, list) else []


class SearchedLine(QWidget):
    """One line of such words, for answers that show no sources below them."""

    def __init__(self, look: Look, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._words = words
        self.setObjectName("searched_line")
        self.setAccessibleName(words)
        self.setToolTip(words)

    def height_for(self, _width: int) -> int:
        """Return the height, in pixels."""
        return self._look.px(1.4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._look.small_font()
        painter.setFont(font)
        painter.setPen(QColor(self._look.colors.muted))
        words = QFontMetricsF(font).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
