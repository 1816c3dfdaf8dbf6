"""Editing a question where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.editor_field import EditorField
from chatbot_app.ui.chat.enter_key import enter_words
from chatbot_app.ui.chat.look import Look

LINES_MOST = 16


class MessageEditor(QWidget):
    """A text field with Send (or Save, for an answer) and Cancel; Enter sends as in the composer, Escape cancels.

    What is empty is not sent.
    """

    submitted = Signal(str)  # the new text
    cancelled = Signal()

    def __init__(
        self,
        look: Look,
        text: str,
        parent: QWidget | None = None,
        *,
        asks: bool = True,
        name: str = "",
        save: str = "",
    ) -> None:
        """`name` and `save` replace the words for the field and for the button that sends."""
        super().__init__(parent)
        self._look = look
        self._field = EditorField(text, self)
        self._field.setObjectName("message_edit_field")
        names = (self.tr("Edit the answer"), self.tr("Edit the question"))
        self._field.setAccessibleName(name or names[asks])
        self._field.setAccessibleDescription(enter_words(sends=asks and not save))
        self._field.setFont(look.font)
        words = save or (self.tr("Send") if asks else self.tr("Save as another version"))
        self._send = ChatButton(look, "", words, "send_edit_button", self, caption=words, primary=True)
        words = self.tr("Cancel")
        self._cancel = ChatButton(look, "", words, "cancel_edit_button", self, caption=words)
        self._send.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)
        self._field.textChanged.connect(self._check)
        self._field.submitted.connect(self._submit)
        self._field.cancelled.connect(self.cancelled)

    def text(self) -> str:
        """Return what is written."""
        return self._field.whole_text()

    def start(self) -> None:
        """Put the cursor behind the text."""
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        cursor = self._field.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self._field.setTextCursor(cursor)

    def height_for(self, width: int) -> int:
        """Lay out for a width and return the height."""
        look = self._look
        lines = min(max(self._field.document().size().height(), 2), LINES_MOST)
        height = round(lines * look.line) + look.px(1.2)
        self._field.setGeometry(0, 0, width, height)
        x, y = width, height + look.px(0.5)
        for button in (self._send, self._cancel):
            hint = button.sizeHint()
            x -= hint.width()
            button.setGeometry(x, y, hint.width(), hint.height())
            x -= look.px(0.5)
        return y + look.px(1.75)

    @Slot()
    def _check(self) -> None:
        self._send.setEnabled(self._field.has_words())

    @Slot()
    def _submit(self) -> None:
        text = self._field.whole_text()
        if text.strip():
            self.submitted.emit(text)
