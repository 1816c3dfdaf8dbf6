"""What a reasoning model thought before it answered: one line that opens."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.fold_header import FoldHeader
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class ReasoningView(QWidget):
    """A collapsed "Thought for N s"; the text below it is drawn only once it is opened."""

    height_changed = Signal()

    def __init__(self, drawing: Drawing, actions: TranscriptActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = drawing.look
        self._header = FoldHeader(drawing.look, "reasoning_button", self)
        self._header.toggled.connect(self._open)
        self.body = MessageBody(drawing, self)
        self.body.set_dimmed(True)
        self.body.height_changed.connect(self.height_changed)
        self.body.link_activated.connect(actions.link_activated)
        self.body.hide()
        self.set_seconds(None)

    def set_seconds(self, seconds: float | None) -> None:
        """Say how long the thinking took; None while that is not known."""
        if seconds is None:
            words = self.tr("Thinking")
        elif seconds < 60:
            words = self.tr("Thought for {seconds} s").format(seconds=max(1, round(seconds)))
        else:
            words = self.tr("Thought for {minutes} min").format(minutes=round(seconds / 60))
        self._header.say(words)

    def set_done(self) -> None:
        """The thinking is over and nobody measured how long it took."""
        self._header.say(self.tr("Thoughts"))

    def take_over(self, other: ReasoningView) -> None:
        """Go on with the thoughts of another view, as open as they were there."""
        self.body.take_over(other.body)
        self._header.setChecked(other.is_open)

    @property
    def is_open(self) -> bool:
        """Whether the text is shown."""
        return self._header.isChecked()

    def height_for(self, width: int) -> int:
        """Lay out for a width and return the height."""
        row = self._look.px(1.7)
        self._header.setGeometry(0, 0, min(self._header.wanted_width(), width), row)
        if not self.is_open:
            return row
        left = self._look.px(1.2)
        height = self.body.height_for(width - left)
        self.body.setGeometry(left, row, width - left, height)
        return row + height

    def materialise(self, top: int, bottom: int, width: int) -> bool:
        """Make widgets of the part between two heights."""
        if not self.is_open:
            return False
        row = self._look.px(1.7)
        return self.body.materialise(top - row, bottom - row, width - self._look.px(1.2))

    @Slot(bool)
    def _open(self, opened: bool) -> None:
        self.body.setVisible(opened)
        self.height_changed.emit()

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_open:
            painter = QPainter(self)
            row = self._look.px(1.7)
            x = self._look.px(0.45)
            painter.fillRect(x, row, 2, self.height() - row, QColor(self._look.colors.border))
