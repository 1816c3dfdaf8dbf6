"""The summary that stands in for the start of a conversation, shown below the last message it covers."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Summary
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.message_editor import MessageEditor
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.icons import icon


class SummaryCard(QWidget):
    """Shows a summary, or that one is being written; what is done with it is asked of the owner."""

    height_changed = Signal()

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        summary: Summary | None,
        parent: QWidget | None = None,
    ) -> None:
        """Without a `summary` the card says that one is being written."""
        super().__init__(parent)
        self._actions = actions
        self._drawing = drawing
        self._summary = summary
        self._body: MessageBody | None = None
        self._editor: MessageEditor | None = None
        self._buttons: list[ChatButton] = []
        self._header = QRect()
        self._height, self._width = 0, -1
        self.setObjectName("summary_card")
        self._show_summary()

    @property
    def summary(self) -> Summary | None:
        """What is shown; None while it is being written."""
        return self._summary

    @property
    def body(self) -> MessageBody | None:
        """The text as it is drawn; None while it is being written."""
        return self._body

    def set_summary(self, summary: Summary | None) -> None:
        """Show another state of the summary; what is being edited stays."""
        if summary != self._summary and self._editor is None:
            self._summary = summary
            self._show_summary()
            self.height_changed.emit()

    def title(self) -> str:
        """Return the words at the top of the card."""
        return self.tr("Summary of what is above")

    def origin(self) -> str:
        """Return who wrote the text, or that it is being written."""
        if self._summary is None:
            return self.tr("is being written…")
        if self._summary.edited:
            return self.tr("edited by you")
        model = self._summary.model
        return self.tr("written by {model}").format(model=model) if model else ""

    def _show_summary(self) -> None:
        for old in (self._body, *self._buttons):
            if old is not None:
                old.hide()
                old.deleteLater()
        self._body, self._buttons, self._width = None, [], -1
        summary = self._summary
        self.setAccessibleName(f"{self.title()}, {self.origin()}")
        if summary is None:
            return
        self.setAccessibleDescription(summary.text[:4_000])
        self._body = MessageBody(self._drawing, self)
        self._body.height_changed.connect(self._grow)
        self._body.link_activated.connect(self._actions.link_activated)
        self._body.append(summary.text)
        self._body.finish()
        for _ in self._body.feed_all():
            pass
        self._body.show()
        pin = self.tr("Unpin the summary") if summary.pinned else self.tr("Pin: always send the summary")
        for name, picture, words, slot in (
            ("edit_summary_button", "edit", self.tr("Edit the summary"), self._edit),
            ("pin_summary_button", "pin", pin, self._pin),
            ("delete_summary_button", "trash", self.tr("Delete the summary"), self._remove),
        ):
            button = ChatButton(self._drawing.look, picture, words, name, self)
            button.clicked.connect(slot)
            button.show()
            self._buttons.append(button)
        self._buttons[1].setCheckable(True)
        self._buttons[1].setChecked(summary.pinned)

    # --- geometry ------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Place everything for a width and return the height, in pixels."""
        if width == self._width:
            return self._height
        self._width = width
        look = self._drawing.look
        pad, side = look.px(0.9), look.px(1.75)
        self._header = QRect(pad, look.px(0.4), width - 2 * pad - len(self._buttons) * side, side)
        x = width - look.px(0.5)
        for button in reversed(self._buttons):
            x -= side
            button.setGeometry(x, look.px(0.4), side, side)
        y = self._header.bottom() + look.px(0.25)
        inside = width - 2 * pad
        if self._editor is not None:
            y = put(self._editor, pad, y, inside)
        elif self._body is not None:
            y = put(self._body, pad, y, inside)
        self._height = y + look.px(0.6)
        return self._height

    def materialise(self, top: int, bottom: int) -> bool:
        """Make widgets of the text between two heights; return whether the card's height changed."""
        body = self._body
        if body is None or self._editor is not None:
            return False
        if body.materialise(top - body.y(), bottom - body.y(), body.width()):
            self._width, width = -1, self._width
            before = self._height
            return self.height_for(width) != before
        return False

    # --- what is asked -------------------------------------------------------------------------------

    @Slot()
    def _edit(self) -> None:
        if self._summary is None or self._editor is not None or self._body is None:
            return
        self._editor = MessageEditor(
            self._drawing.look,
            self._summary.text,
            self,
            name=self.tr("Edit the summary"),
            save=self.tr("Save"),
        )
        self._editor.submitted.connect(self._submit)
        self._editor.cancelled.connect(self._close_editor)
        self._body.hide()
        self._editor.show()
        self._editor.start()
        self._grow()

    @Slot(str)
    def _submit(self, text: str) -> None:
        self._close_editor()
        if self._summary is not None:
            self._actions.summary_edited.emit(self._summary.id, text)

    @Slot()
    def _close_editor(self) -> None:
        if self._editor is not None and self._body is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self._body.show()
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self._grow()

    @Slot()
    def _pin(self) -> None:
        if self._summary is not None:
            self._actions.summary_pin_toggled.emit(self._summary.id, not self._summary.pinned)

    @Slot()
    def _remove(self) -> None:
        if self._summary is not None:
            self._actions.summary_removed.emit(self._summary.id)

    @Slot()
    def _grow(self) -> None:
        self._width = -1
        self.update()
        self.height_changed.emit()

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._drawing.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(look.colors.surface))
        painter.setPen(QPen(QColor(look.colors.part_summary), 1.2))
        radius = look.em * 0.6
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.8, 0.8, -0.8, -0.8), radius, radius)
        side = look.px(1.05)
        place = QRect(self._header.left(), self._header.center().y() - side // 2, side, side)
        icon("document", look.colors.part_summary).paint(painter, place)
        words = self._header.adjusted(side + look.px(0.4), 0, 0, 0)
        font = look.small_font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(look.colors.text))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(words, flags, self.title())
        words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(self.title()) + look.px(0.6))
        painter.setFont(look.small_font())
        painter.setPen(QColor(look.colors.muted))
        elided = painter.fontMetrics().elidedText(self.origin(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, flags, elided)
