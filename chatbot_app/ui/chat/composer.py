"""The composer: where a question is written, sent and, while it is answered, stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from chatbot_app.ui.chat.accessory_row import AccessoryRow
from chatbot_app.ui.chat.attached_pictures import AttachedPictures
from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.chat.enter_key import enter_words
from chatbot_app.ui.dropped_files import local_files, pasted_image
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.theme import em, scale_font, set_look

TYPING_PAUSE_MS = 250
HINT_MS = 4000
SIDE_EM = 0.6  # lines of text beside the frame


class Composer(QWidget):
    """A question being written. It never throws text away: only `clear_text` and `set_text` remove any.

    Pictures stand above the text (`pictures`); with some a question needs no words.
    """

    message_submitted = Signal(str)  # the question, without blank lines around it; the text stays
    stop_requested = Signal()
    escaped = Signal()  # Escape, where no answer is coming
    recall_requested = Signal()  # Up at the start of the text
    files_dropped = Signal(list)  # list[Path]
    picture_pasted = Signal(object)  # QImage
    text_changed_debounced = Signal(str)
    writing_began = Signal()  # the first letter in an empty composer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answering = False
        self._blocked_because = ""
        self._is_held = self._submitted_while_held = self._is_written_in = False
        self._build()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        self.setObjectName("composer_area")
        self.setAcceptDrops(True)
        self._edit = ComposerEdit(self)
        self._edit.setObjectName("composer")
        self._edit.setAccessibleName(self.tr("Message"))
        self._edit.setAccessibleDescription(enter_words())
        self._edit.setPlaceholderText(self.tr("Ask anything"))
        set_look(self._edit, "bare")
        self.send_button = IconButton("send", self.tr("Send (Enter)"), "send_button", self, ink="accent_text")
        self.stop_button = IconButton(
            "stop", self.tr("Stop the answer (Esc)"), "stop_button", self, ink="accent_text"
        )
        set_look(self.stop_button, "primary")
        self.attach_button = IconButton(
            "picture", self.tr("Attach picture…"), "attach_picture_button", self, ink="muted"
        )
        self.pictures = AttachedPictures(self)
        self._hint = QLabel(self)
        self._hint.setObjectName("composer_hint")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setWordWrap(True)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_look(self._hint, "muted")
        scale_font(self._hint, 0.9)

        self._frame = QFrame(self)
        set_look(self._frame, "card")
        gap = em(self, 0.4)
        self._accessories = AccessoryRow(gap, self._frame)
        row = self._row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.attach_button)
        row.addWidget(self._accessories)
        row.addWidget(self._hint, 1)
        row.addWidget(self.send_button)
        row.addWidget(self.stop_button)
        inside = self._inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(em(self, 0.6), em(self, 0.45), gap, gap)
        inside.setSpacing(em(self, 0.25))
        inside.addWidget(self.pictures)
        inside.addWidget(self._edit)
        inside.addLayout(row)
        outside = self._outside = QVBoxLayout(self)
        outside.setContentsMargins(em(self, SIDE_EM), em(self, 0.3), em(self, SIDE_EM), em(self, 0.6))
        outside.addWidget(self._frame)

        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._hint_time = QTimer(self)
        self._hint_time.setSingleShot(True)
        self._hint_time.setInterval(HINT_MS)

    def _connect(self) -> None:
        self._edit.submitted.connect(self._submit)
        self._edit.recall_requested.connect(self.recall_requested)
        self._edit.escaped.connect(self._escape)
        self._edit.files_dropped.connect(self.files_dropped)
        self._edit.picture_pasted.connect(self.picture_pasted)
        self.pictures.changed.connect(self._text_changed)
        self.pictures.focus_left.connect(self.focus_text)
        self._edit.textChanged.connect(self._text_changed)
        self._edit.focus_changed.connect(self._show_focus)
        self.send_button.clicked.connect(self._submit)
        self.stop_button.clicked.connect(self.stop_requested)
        self._pause.timeout.connect(self._report_text)
        self._hint_time.timeout.connect(self._hide_hint)

    def text(self) -> str:
        """Return what is written, as it is."""
        return self._edit.toPlainText()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be sent: neither words nor a picture."""
        return not self.pictures.items and not self.text().strip()

    def set_text(self, text: str) -> None:
        """Show another draft; what was written before is forgotten."""
        self._edit.set_all(text)
        self._to_end()

    def recall_text(self, text: str) -> None:
        """Put an earlier question in place of the draft; Undo brings the draft back."""
        self._edit.replace_all(text)
        self._to_end()

    def restore_text(self, text: str) -> None:
        """Give back a question that was not sent, before anything written since."""
        since = self.text()
        if since == text:
            return
        self._edit.replace_all(f"{text}\n\n{since}" if since.strip() else text)
        self._to_end()

    def clear_text(self) -> None:
        """Empty the composer, for the question is safe."""
        self.set_text("")

    @property
    def text_field(self) -> ComposerEdit:
        """Where the question is written."""
        return self._edit

    def type_text(self, text: str) -> None:
        """Write text at the cursor and go on there."""
        self._edit.insertPlainText(text)
        self._edit.ensureCursorVisible()
        self.focus_text()

    @Slot()
    def focus_text(self) -> None:
        """Put the cursor into the text."""
        self._edit.setFocus()

    def set_answering(self, answering: bool) -> None:
        """Offer Stop instead of Send; writing goes on."""
        had_focus = self.send_button.hasFocus() or self.stop_button.hasFocus()
        self._answering = answering
        self._show_state()
        if had_focus:
            (self.stop_button if answering else self.send_button).setFocus()

    def set_blocked(self, reason: str) -> None:
        """Refuse to send and say why (a history open for reading only); "" allows it again."""
        self._blocked_because = reason

    def hold(self) -> None:
        """Write on, but keep what is submitted until `release`: nothing that could answer is there yet."""
        self._is_held = True

    def release(self) -> None:
        """Submit what was submitted since `hold`, with what was written after it."""
        self._is_held = False
        if self._submitted_while_held:
            self._submitted_while_held = False
            self._submit()

    def add_accessory(self, widget: QWidget) -> None:
        """Add a widget to the row below the text, at the left."""
        self._accessories.add(widget)
        self._fit_accessories()

    def add_above_text(self, widget: QWidget) -> None:
        """Add a widget between the frame and the text."""
        self._inside.insertWidget(0, widget)

    def show_hint(self, sentence: str) -> None:
        """Say something beside the buttons for a few seconds."""
        self._hint.setText(sentence)
        self._fit_accessories()
        self._edit.setAccessibleDescription(sentence)
        self._hint_time.start()

    def clear_hint(self) -> None:
        """Take back what `show_hint` said."""
        self._hide_hint()

    @Slot()
    def _submit(self) -> None:
        question = self.text().strip()
        if not question and not self.pictures.items:
            self.show_hint(self.tr("Write a message first."))
        elif self._blocked_because:
            self.show_hint(self._blocked_because)
        elif self._is_held:
            self._submitted_while_held = True
            self.show_hint(self.tr("It will be sent in a moment."))
        elif self._answering:
            self.show_hint(self.tr("The answer is still coming. Stop it, or wait; your text stays here."))
        else:
            self._hide_hint()
            self.message_submitted.emit(question)
            return
        self._edit.setFocus()

    @Slot()
    def _escape(self) -> None:
        (self.stop_requested if self._answering else self.escaped).emit()

    @Slot()
    def _text_changed(self) -> None:
        if self._hint_time.isActive():
            self._hide_hint()
        self._pause.start()
        written = bool(self.pictures.items) or not self._edit.document().isEmpty()
        was_written_in, self._is_written_in = self._is_written_in, written
        self._show_state()
        if self._is_written_in and not was_written_in:
            self.writing_began.emit()

    @Slot()
    def _report_text(self) -> None:
        self.text_changed_debounced.emit(self.text())

    @Slot()
    def _hide_hint(self) -> None:
        self._hint_time.stop()
        self._hint.clear()
        self._fit_accessories()
        self._edit.setAccessibleDescription(enter_words())

    @Slot(bool)
    def _show_focus(self, focused: bool) -> None:
        set_look(self._frame, "card-focused" if focused else "card")

    def _show_state(self) -> None:
        self.send_button.setVisible(not self._answering)
        self.stop_button.setVisible(self._answering)
        set_look(self.send_button, "primary" if self._is_written_in else "resting")
        self.send_button.set_icon("send", ink="accent_text" if self._is_written_in else "muted")

    def _to_end(self) -> None:
        self._edit.moveCursor(QTextCursor.MoveOperation.End)

    def _fit_accessories(self) -> None:
        """Leave room for the other buttons, and for a sentence while one stands there."""
        sent_by = self.stop_button if self._answering else self.send_button
        taken = sum(button.sizeHint().width() for button in (self.attach_button, sent_by))
        margins, outside = self._inside.contentsMargins(), self._outside.contentsMargins()
        frame = 2 * self._frame.frameWidth()
        room = self.width() - outside.left() - outside.right() - margins.left() - margins.right() - frame
        hint = min(self._hint.fontMetrics().horizontalAdvance(self._hint.text()), room // 2)
        self._accessories.set_room(room - taken - hint - 3 * self._row.spacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_accessories()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files, image = local_files(event.mimeData()), pasted_image(event.mimeData())
        if files or not image.isNull():
            event.acceptProposedAction()
        if files:
            self.files_dropped.emit(files)
        elif not image.isNull():
            self.picture_pasted.emit(image)
