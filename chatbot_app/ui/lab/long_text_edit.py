"""A field for a text of any length: what Qt could not lay out without standing still is kept beside it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.theme import em, set_look

# A megabyte on one line takes Qt seconds with spaces and minutes without, again at every key.
_LONGEST = 20_000  # characters that are put into the field
_SHOWN = 3_000  # of a longer text


class LongTextEdit(QPlainTextEdit):
    """A text field; a text that is longer than 20,000 characters is held whole, and its beginning is shown."""

    held = Signal(int)  # characters of the text that is held, 0 when it is let go

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._whole: str | None = None

    def toPlainText(self) -> str:
        """Return the whole text."""
        return super().toPlainText() if self._whole is None else self._whole

    def setPlainText(self, text: str) -> None:
        """Take another text."""
        if len(text) > _LONGEST:
            self._hold(text)
            return
        self._let_go()
        super().setPlainText(text)

    def insertPlainText(self, text: str) -> None:
        """Write a text at the cursor."""
        if self._whole is None and self.document().characterCount() + len(text) <= _LONGEST:
            super().insertPlainText(text)
            return
        cursor = self.textCursor()
        before = super().toPlainText() if self._whole is None else ""
        start, end = sorted((cursor.anchor(), cursor.position()))
        # Places count as UTF-16 does.
        raw = before.encode("utf-16-le", "surrogatepass")
        head, tail = raw[: 2 * start], raw[2 * end :]
        self.setPlainText(_utf16(head) + text + _utf16(tail))

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self.isReadOnly():
            self.insertPlainText(source.text())

    def _hold(self, text: str) -> None:
        self._whole = text
        self.setReadOnly(True)
        super().setPlainText(visible_text(text[:_SHOWN]) + "…")
        self.held.emit(len(text))

    def _let_go(self) -> None:
        if self._whole is not None:
            self._whole = None
            self.setReadOnly(False)
            self.held.emit(0)


def _utf16(raw: bytes) -> str:
    return raw.decode("utf-16-le", "surrogatepass")


class LongTextField(QWidget):
    """The field, and below it a line that says what is held and takes it away."""

    def __init__(
        self, name: str, words: str, parent: QWidget | None = None, *, is_read_whole: bool = True
    ) -> None:
        """`name` is the field's object name, `words` are announced; whoever reads a part only says so itself."""
        super().__init__(parent)
        self._is_read_whole = is_read_whole
        self.edit = LongTextEdit(self)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(words)
        self.edit.setPlaceholderText(self.tr("Write a text, or paste one"))
        self._said = QLabel(self)
        self._said.setWordWrap(True)
        set_look(self._said, "muted")
        self._clear = QPushButton(self.tr("Clear"), self)
        self._clear.setObjectName(f"{name}_clear")
        self._clear.setAccessibleName(self.tr("Clear the text"))
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        row.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.3))
        column.addWidget(self.edit, 1)
        column.addLayout(row)
        self.setFocusProxy(self.edit)
        self.edit.held.connect(self._show_held)
        self._clear.clicked.connect(self._empty)
        self._show_held(0)

    @Slot(int)
    def _show_held(self, length: int) -> None:
        words = (
            self.tr("{count} characters. The beginning is shown, all of it is read.")
            if self._is_read_whole
            else self.tr("{count} characters. The beginning is shown.")
        )
        self._said.setText(words.format(count=f"{length:,}"))
        for part in (self._said, self._clear):
            part.setVisible(length > 0)

    @Slot()
    def _empty(self) -> None:
        self.edit.setPlainText("")
        self.edit.setFocus()
