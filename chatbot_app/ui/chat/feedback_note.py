"""The line for a note on a rating: it opens below the thumbs, and may be left empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.core.feedback import LONGEST_NOTE, Feedback, Rating
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look


class FeedbackNote(QFrame):
    """Return, the button and a click elsewhere keep what was written; Escape leaves the note as it was."""

    note_written = Signal(str, str)  # message id, the note

    def __init__(self, message_id: str, feedback: Feedback, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("feedback_note")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._message_id = message_id
        self._known = feedback.note
        question = {
            Rating.UP: self.tr("What was good about it? You need not say."),
            Rating.DOWN: self.tr("What was wrong with it? You need not say."),
        }[feedback.rating]
        words = plain_label(self, "feedback_question", question)
        set_look(words, "muted")
        self._line = QLineEdit(feedback.note, self)
        self._line.setObjectName("feedback_note_line")
        self._line.setAccessibleName(self.tr("Note on your rating"))
        self._line.setPlaceholderText(self.tr("A note for yourself"))
        self._line.setMaxLength(LONGEST_NOTE)
        self._line.setMinimumWidth(em(self, 20))
        self._line.installEventFilter(self)
        keep = dialog_button(self, "keep_feedback_note_button", self.tr("Keep"))
        row = QHBoxLayout()
        row.addWidget(self._line, 1)
        row.addWidget(keep)
        column = QVBoxLayout(self)
        margin = em(self, 0.7)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.4))
        column.addWidget(words)
        column.addLayout(row)
        keep.clicked.connect(self.close)
        self._line.returnPressed.connect(self.close)

    def open_below(self, place: QPoint) -> None:
        """Show it with its corner at a place of the screen, moved so that all of it is on the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = max(min(place.x(), screen.right() - self.width()), screen.left())
        y = max(min(place.y(), screen.bottom() - self.height()), screen.top())
        self.move(x, y)
        self.show()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def discard(self) -> None:
        """Close, and leave the note as it was."""
        self._line.setText(self._known)
        self.close()

    # --- Qt ------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.discard()
            return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        note = self._line.text().strip()
        if note != self._known.strip():
            self._known = note
            self.note_written.emit(self._message_id, note)
        super().hideEvent(event)
