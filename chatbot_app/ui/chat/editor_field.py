"""The text field in which a message is edited; it takes any text without stopping the window."""

from __future__ import annotations

import re

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from chatbot_app.ui.chat.enter_key import breaks_line, is_enter

# Qt lays a paragraph out at once and looks for a place between its words: 2.7 s for 100,000 characters without any.
LINE_MOST = 2_000  # characters of one row of the field; a longer line goes on in the next row
FILLED_AT_ONCE = 16_000  # characters, and at most
LINES_AT_ONCE = 2_000  # lines, that the field takes in one step; the rest follows between events
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
        start, self._rest = _first_step(_with_seams(text))
        self.setPlainText(start)
        if self._rest:
            self.document().setUndoRedoEnabled(False)  # what follows is no step of the person's
            self._filler.start()

    def whole_text(self) -> str:
        """Return what is written."""
        return _SEAMS.sub("", self.toPlainText() + self._rest)

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


def _first_step(text: str) -> tuple[str, str]:
    """Return what the field takes at once, and the rest."""
    if len(text) <= LINES_AT_ONCE:
        return text, ""
    at = min(FILLED_AT_ONCE, len(text))
    lines = text.count("\n", 0, at)
    if lines > LINES_AT_ONCE:
        at = max(at * LINES_AT_ONCE // lines, 1)
    return text[:at], text[at:]


def _with_seams(text: str) -> str:
    """Return the text with every long line in rows of at most `LINE_MOST` characters."""
    if len(text) <= LINE_MOST:
        return text
    rows: list[str] = []
    for line in text.split("\n"):
        at = 0
        while len(line) - at > LINE_MOST:
            space = line.rfind(" ", at + LINE_MOST // 2, at + LINE_MOST)
            end = space + 1 if space > 0 else at + LINE_MOST
            rows.append(line[at:end] + _SEAM)
            at = end
        rows.append(line[at:])
    return "\n".join(rows)
