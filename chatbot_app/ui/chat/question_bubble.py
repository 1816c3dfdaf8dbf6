"""The tinted bubble around a question: as wide as its words, and cut where it is long."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.message_body import MessageBody

BUBBLE_SHARE = 0.8  # of the column
COLLAPSED_LINES = 16
WEAKER = 0.55  # opacity


class QuestionBubble(QObject):
    """Places a body in `owner`, and draws around it."""

    height_changed = Signal()

    def __init__(self, drawing: Drawing, owner: QWidget) -> None:
        super().__init__(owner)
        self._drawing = drawing
        self._owner = owner
        self._button: ChatButton | None = None
        self._is_cut = False
        self.is_expanded = False
        self.area = QRect()

    @property
    def hides_end(self) -> bool:
        """Whether only the beginning of the words is seen."""
        return self._is_cut and not self.is_expanded

    def place(self, body: MessageBody, y: int, width: int) -> int:
        """Place body and bubble for a width; return where they end, in pixels."""
        if body.is_empty:  # pictures alone
            self.area = QRect()
            self.hide_button()
            body.setGeometry(width, y, 0, 0)
            return y
        look = self._drawing.look
        across, down = look.px(1.0), look.px(0.65)
        most = round(width * BUBBLE_SHARE) - 2 * across
        inside = body.natural_width(most)
        height = body.height_for(inside)
        limit = round(COLLAPSED_LINES * look.line * 1.42)
        self._is_cut = height > limit * 1.4
        shown = limit if self.hides_end else height
        left = width - inside - across
        body.setGeometry(left, y + down, inside, shown)
        # Lines are higher than their text, with the air below it: less is needed under the last one.
        bottom = y + down + shown - (0 if body.ends_with_a_frame() else look.px(0.28))
        if self._is_cut:
            button = self._shown_button()
            hint = button.sizeHint()
            button.setGeometry(left - look.px(0.4), bottom + look.px(0.2), hint.width(), hint.height())
            bottom += hint.height()
        else:
            self.hide_button()
        self.area = QRect(left - across, y, inside + 2 * across, bottom + down - y)
        return bottom + down

    def hide_button(self) -> None:
        """Offer nothing: the words are edited, or all of them are seen."""
        if self._button is not None:
            self._button.hide()

    def paint(self, painter: QPainter, *, weaker: bool) -> None:
        """Draw the bubble."""
        if self.area.isEmpty():
            return
        look = self._drawing.look
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.colors.user_bubble))
        painter.setOpacity(WEAKER if weaker else 1)
        painter.drawRoundedRect(QRectF(self.area), look.em * 1.05, look.em * 1.05)
        painter.setOpacity(1)

    def _shown_button(self) -> ChatButton:
        words = self.tr("Show less") if self.is_expanded else self.tr("Show all")
        if self._button is None:
            look = self._drawing.look
            self._button = ChatButton(
                look, "chevron-down", words, "expand_button", self._owner, caption=words
            )
            self._button.clicked.connect(self._toggle)
        self._button.set_words(words)
        self._button.set_caption(words)
        self._button.set_icon("chevron-up" if self.is_expanded else "chevron-down")
        self._button.show()
        return self._button

    @Slot()
    def _toggle(self) -> None:
        self.is_expanded = not self.is_expanded
        self.height_changed.emit()
