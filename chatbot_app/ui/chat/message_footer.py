"""What stands below a message: its buttons, and the quiet line that says how an answer was made."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Message, Role
from chatbot_app.ui.chat.answer_facts import lines_of
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.message_toolbar import MessageToolbar, Siblings
from chatbot_app.ui.chat.step_allowance import TOOLBAR
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

ROW = 1.75  # em, the height of the buttons
BUTTONS_THOUGHT_OF = 5  # until they are made


class MessageFooter:
    """Places itself in `owner`; the buttons are made when they come into sight."""

    def __init__(self, drawing: Drawing, actions: TranscriptActions, owner: QWidget) -> None:
        self._drawing = drawing
        self._actions = actions
        self._owner = owner
        self.siblings = Siblings()
        self._check = ("", False)  # how a check by a model is offered, and whether one is under way
        self.toolbar: MessageToolbar | None = None
        self.facts = ""  # below a finished answer
        self.lines: list[str] = []  # the facts as they are drawn
        self.area = QRect()  # of the facts

    def make_toolbar(self, message: Message) -> MessageToolbar:
        """Make the buttons of a message."""
        self._drawing.step.spend(TOOLBAR)
        self.toolbar = MessageToolbar(self._drawing.look, self._actions, message, self._owner)
        self.show_message(message)
        return self.toolbar

    def show_message(self, message: Message) -> None:
        """Show the state of a message on its buttons."""
        if self.toolbar is not None:
            words, is_running = self._check
            self.toolbar.set_check(words, is_running=is_running)
            self.toolbar.show_message(message, self.siblings)

    def offer_check(self, words: str, *, is_running: bool) -> None:
        """Offer a check by a model in these words, "" offers none."""
        self._check = (words, is_running)
        if self.toolbar is not None:
            self.toolbar.set_check(words, is_running=is_running)

    def set_siblings(self, message: Message, siblings: Siblings) -> None:
        """Show which version this is."""
        self.siblings = siblings
        if self.toolbar is not None:
            self.toolbar.show_message(message, siblings)

    def set_quiet(self, quiet: bool) -> None:
        """Hide the buttons while nobody is near."""
        if self.toolbar is not None:
            self.toolbar.set_quiet(quiet)
            self._owner.update(self.area)

    def place(self, role: Role, y: int, width: int, *, is_hidden: bool) -> int:
        """Place everything from `y` on for a width; return where it ends, in pixels."""
        look = self._drawing.look
        side, top = look.px(ROW), y + look.px(0.25)
        if is_hidden:
            if self.toolbar is not None:
                self.toolbar.hide()
            return top
        wanted = look.px(ROW) * BUTTONS_THOUGHT_OF
        if self.toolbar is not None:
            self.toolbar.show()
            wanted = self.toolbar.wanted_width()
            left = -look.px(0.35) if role is Role.ASSISTANT else width - wanted + look.px(0.35)
            self.toolbar.setGeometry(left, top, wanted, side)
        beside = QRect(wanted + look.px(0.3), top, width - wanted - look.px(0.3), side)
        return self._place_facts(beside, width)

    def _place_facts(self, beside: QRect, width: int) -> int:
        """Put the facts beside the buttons, or below them where they do not fit; return where they end."""
        metrics = QFontMetricsF(self._drawing.look.small_font())
        self.lines = lines_of(self.facts, metrics, beside.width())
        self.area = beside
        if len(self.lines) > 1:
            self.lines = lines_of(self.facts, metrics, width)
            height = math.ceil(metrics.height() * 1.2) * len(self.lines)
            self.area = QRect(0, beside.bottom() + 1, width, height)
        return self.area.bottom() + 1

    def paint(self, painter: QPainter) -> None:
        """Draw the facts."""
        if not self.lines:
            return
        look = self._drawing.look
        painter.setFont(look.small_font())
        painter.setPen(QColor(look.colors.muted))
        area = QRectF(self.area)
        area.setHeight(area.height() / len(self.lines))
        for line in self.lines:
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), line)
            area.translate(0, area.height())
