"""The text of a document with a passage marked in it, and in the passage a sentence."""

from __future__ import annotations

from itertools import accumulate, pairwise

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.theme import colors, set_look

_TAB = 4  # columns of code
_TAB_OF_QT = 80.0  # pixels, as Qt has it


class PassageText(QPlainTextEdit):
    """Shows text as it was written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._passage = self._marked = (0, 0)  # as Qt counts characters
        self.setObjectName("passage_text")
        self.setAccessibleName(self.tr("Text of the document"))
        self.setReadOnly(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)

    def set_is_code(self, is_code: bool) -> None:
        """Show what follows as source code, each line whole and letters of one width, or as prose."""
        set_look(self, "code" if is_code else "")
        self.ensurePolished()  # so that spaces are as wide as they will be
        wrap = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(wrap.NoWrap if is_code else wrap.WidgetWidth)
        self.setTabStopDistance(_TAB * self.fontMetrics().horizontalAdvance(" ") if is_code else _TAB_OF_QT)

    def marked_text(self) -> str:
        """Return what is marked most."""
        marked = self.extraSelections()
        return marked[-1].cursor.selectedText().replace("\u2029", "\n") if marked else ""

    def show_text(
        self,
        text: str,
        highlight: Span,
        cut_before: bool,
        cut_after: bool,
        sentence: Span | None = None,
    ) -> None:
        """Show a text with a passage of it marked, and a sentence of that more; what was cut off is hinted at."""
        exact = sentence or highlight
        cuts = (0, highlight.start, exact.start, exact.end, highlight.end, len(text))
        parts = [visible_text(text[start:end]) for start, end in pairwise(cuts)]
        parts[0] = ("…" if cut_before else "") + parts[0]
        self.setPlainText("".join(parts) + ("…" if cut_after else ""))
        first, start, end, last = accumulate(_utf16(part) for part in parts[:4])
        self._passage, self._marked = (first, last), (start, end)
        self._mark()

    def scroll_to_marked(self) -> None:
        """Bring what is marked into the upper third: centring would hide what stands above a long one."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._marked[0])
        self.setTextCursor(cursor)
        self.centerCursor()
        bar = self.verticalScrollBar()
        lines = self.viewport().height() // max(1, self.fontMetrics().lineSpacing())
        bar.setValue(bar.value() + lines // 4)

    def _mark(self) -> None:
        shown = colors(self)
        marks = [self._selection(*self._marked, shown.selection, shown.selection_text)]
        if self._passage != self._marked:
            marks.insert(0, self._selection(*self._passage, shown.info_background, shown.text))
        self.setExtraSelections(marks)

    def _selection(self, start: int, end: int, ground: str, ink: str) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        shape = QTextCharFormat()
        shape.setBackground(QColor(ground))
        shape.setForeground(QColor(ink))
        selection.cursor, selection.format = cursor, shape
        return selection

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_marked"):
            self._mark()


def _utf16(text: str) -> int:
    """Return how many characters Qt counts in a text."""
    return len(text.encode("utf-16-le")) // 2
