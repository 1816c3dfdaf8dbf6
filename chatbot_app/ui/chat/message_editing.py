"""Editing a message where it stands: an editor takes the place of its words until it is sent or cancelled."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Role
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.message_content import MessageContent
from chatbot_app.ui.chat.message_editor import MessageEditor
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class MessageEditing(QObject):
    """Makes the editor in `owner`, which places it, and asks for what was written there."""

    changed = Signal()  # there is an editor, or none any more

    def __init__(
        self, drawing: Drawing, actions: TranscriptActions, content: MessageContent, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._drawing = drawing
        self._actions = actions
        self._content = content
        self._owner = owner
        self.editor: MessageEditor | None = None

    def begin(self, text: str) -> None:
        """Put an editor with a text in the place of the words."""
        asks = self._content.message.role is Role.USER
        self.editor = MessageEditor(self._drawing.look, text, self._owner, asks=asks)
        self.editor.submitted.connect(self._submit)
        self.editor.cancelled.connect(self._end)
        self._content.set_edited(True)
        self.editor.show()
        self.editor.start()
        self.changed.emit()

    @Slot(str)
    def _submit(self, text: str) -> None:
        self._end()
        self._actions.edit_requested.emit(self._content.message.id, text)

    @Slot()
    def _end(self) -> None:
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
            self._content.set_edited(False)
            self._owner.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()
