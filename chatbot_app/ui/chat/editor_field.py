"""The text field in which a message is edited; it takes any text without stopping the window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from chatbot_app.core.text_weight import SHAPED, shaped_reach
from chatbot_app.ui.chat.enter_key import breaks_line, is_enter

# Qt lays a paragraph out at once and looks for a place between its words: 2.7 s for 100,000 characters without any.
LINE_MOST = 2_000  # weight of one row of the field; a longer line goes on in the next row
FILLED_AT_ONCE = 16_000  # weight that the field takes in one step; the rest follows between events
LINE_COSTS = 8  # weight of a row, at least
_SEAM = "\u2060\u200b\u2060"  # at the end of such a row: three signs that nobody sees or writes together
_SEAMS = re.compile(f"{_SEAM}\n?")


class EditorField(QPlainTextEdit):
    """Plain text where Enter submits; `whole_text` returns it without the seams of long lines."""

    submitted = Signal()
    cancelled = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self.setTabChangesFocus(True)
        self._rest = ""  # what the field has not taken yet
        self._filler = QTimer(self)
        self._filler.setInterval(5)
        self._filler.timeout.connect(self._fill)
        start, self._rest = _first_step(text)
        self.setPlainText(start)
        if self._rest:
            self.document().setUndoRedoEnabled(False)  # what follows is no step of the person's
            self._filler.start()

    def whole_text(self) -> str:
        """Return what is written."""
        return _SEAMS.sub("", self.toPlainText()) + self._rest

    def has_words(self) -> bool:
        """Whether anything but space is written."""
        block = self.document().begin()
        while block.isValid():
            if block.text().strip():
                return True
            block = block.next()
        return bool(self._rest.strip())

    @property
    def is_filled(self) -> bool:
        """Whether the field has taken all of the text."""
        return not self._rest

    @Slot()
    def _fill(self) -> None:
        """Take more of the text, at the end, wherever the person writes meanwhile."""
        piece, self._rest = _first_step(self._rest)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        if not self._rest:
            self._filler.stop()
            self.document().setUndoRedoEnabled(True)

    # --- Qt ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not self._composing:
            if breaks_line(event):
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            else:
                self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape and not self._composing:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        # The Enter that chooses a candidate belongs to the input method.
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        text = self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        data.setText(_SEAMS.sub("", text))
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.textCursor().insertText(_with_seams(source.text()))
            self.ensureCursorVisible()


def _rows(text: str) -> Iterator[tuple[str, int]]:
    """Yield the rows of the field, with what ends them, and where in the text the next one begins.

    A line that is too long is several rows, each with a seam at its end.
    """
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        most = shaped_reach(text, at, LINE_MOST)
        if most < end - 1:
            space = text.rfind(" ", (at + most) // 2, most)
            stop = space + 1 if space > 0 else most
            yield text[at:stop] + _SEAM + "\n", stop
        else:
            stop = end
            yield text[at:stop], stop
        at = stop


def _first_step(text: str) -> tuple[str, str]:
    """Return what the field takes at once, with seams, and the rest of the text."""
    taken: list[str] = []
    left = FILLED_AT_ONCE
    for row, at in _rows(text):
        taken.append(row)
        left -= max(len(row), LINE_COSTS) if row.isascii() else max(len(row) * (1 + SHAPED), LINE_COSTS)
        if left <= 0:
            return "".join(taken), text[at:]
    return "".join(taken), ""


def _with_seams(text: str) -> str:
    """Return the text with every long line in rows."""
    return "".join(row for row, _ in _rows(text))
