"""The text field of the composer: it grows, sends on Enter and takes plain text and files only."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from chatbot_app.core.text import clean_text
from chatbot_app.ui.chat.enter_key import breaks_line, is_enter
from chatbot_app.ui.dropped_files import local_files, pasted_image

WINDOW_SHARE = 0.4  # of the window's height, at most
# Qt looks for a place between words: 107 s for a million characters without one, 0.6 s anywhere.
LONGEST_WORD = 4000  # characters


class ComposerEdit(QPlainTextEdit):
    """Plain text that is as high as its lines, up to a share of the window."""

    submitted = Signal()
    recall_requested = Signal()
    escaped = Signal()
    files_dropped = Signal(list)  # list[Path]
    picture_pasted = Signal(object)  # QImage
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self._window: QWidget | None = None
        self.setTabChangesFocus(True)  # the buttons stay reachable from the keyboard
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)

    def set_all(self, text: str) -> None:
        """Put `text` in place of everything and forget what could be undone."""
        self.clear()
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._wrap_for(text)
        self.setPlainText(text)

    def replace_all(self, text: str) -> None:
        """Put `text` in place of everything, as one step that Undo takes back."""
        self._wrap_for(text)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def text_between(self, start: int, end: int) -> str:
        """Return what stands between two positions of a cursor; behind the end there is nothing."""
        return self._between(start, end).selectedText()

    def replace_between(self, start: int, end: int, text: str) -> None:
        """Put `text` in place of what stands between two positions, as one step that Undo takes back; go on behind it."""
        self._wrap_for(text)
        cursor = self._between(start, end)
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _between(self, start: int, end: int) -> QTextCursor:
        last = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @Slot()
    def fit(self) -> None:
        """Take the height of the text, at least one line and at most the window's share."""
        spacing = self.fontMetrics().lineSpacing()
        around = 2 * round(self.document().documentMargin()) + 2 * self.frameWidth()
        most = max(3 * spacing, round(self.window().height() * WINDOW_SHARE))
        # The layout of plain text counts its height in lines.
        wanted = round(max(1.0, self.document().size().height())) * spacing + around
        if self.height() != min(wanted, most) or self.minimumHeight() != self.maximumHeight():
            self.setFixedHeight(min(wanted, most))
        if wanted <= most:
            # It may have scrolled while it was too low or too narrow.
            self.verticalScrollBar().setValue(0)
            self.horizontalScrollBar().setValue(0)
        # A bar that comes and goes with every new line would wrap the text anew each time.
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if wanted > most else policy.ScrollBarAlwaysOff
        )

    def _wrap_for(self, text: str) -> None:
        if max(map(len, text.split()), default=0) > LONGEST_WORD:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not self._composing:
            if breaks_line(event):
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            else:
                self.submitted.emit()
            event.accept()
            return
        cursor = self.textCursor()
        at_start = cursor.position() == 0 and not cursor.hasSelection()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() == Qt.Key.Key_Up and plain and at_start:
            self.recall_requested.emit()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape and not self._composing:
            self.escaped.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        # The Enter that chooses a candidate belongs to the input method.
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasImage() or bool(local_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = local_files(source)
        if files:
            self.files_dropped.emit(files)
        elif (
            source.hasImage() and not source.hasText()
        ):  # cells of a table come as words and as a picture of them
            self.picture_pasted.emit(pasted_image(source))
        elif source.hasText():
            text = clean_text(source.text())
            self._wrap_for(text)
            self.textCursor().insertText(text)
            self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._window is not self.window():
            if self._window is not None:
                self._window.removeEventFilter(self)
            self._window = self.window()
            self._window.installEventFilter(self)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.fit()
        return super().eventFilter(watched, event)
