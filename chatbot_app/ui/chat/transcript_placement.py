"""What of the conversation is in sight: the view follows its end, or stays where somebody reads."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.jump_button import JumpButton
from chatbot_app.ui.chat.transcript_column import Anchor, TranscriptColumn, anchor_at, height_of, message_at
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages

AT_END = 24  # pixels from the end that still count as the end
ROUNDS_MOST = 4  # of laying out: widgets that come into sight may be higher than they were thought to be


class TranscriptPlacement(QObject):
    """Lays out and scrolls `area`, a step at a time; `later` asks for one, `place` is one."""

    top_reached = Signal()  # nearly: messages above may be wanted
    end_reached = Signal()  # likewise below

    def __init__(
        self,
        area: QScrollArea,
        messages: TranscriptMessages,
        column: TranscriptColumn,
        drawing: Drawing,
        jump: JumpButton,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._messages = messages
        self._column = column
        self._drawing = drawing
        self._jump = jump
        self._bar = area.verticalScrollBar()
        self._placing = False
        self.is_following = True  # the end, as text arrives
        self._late = _soon(self)
        self._turn = _soon(self)  # until the event loop has had a turn: two steps in one would be a long one
        self._late.timeout.connect(self.place)
        self._bar.valueChanged.connect(self._scrolled)

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be placed."""
        return self._late.isActive()

    @property
    def has_begun_a_step(self) -> bool:
        """Whether this turn of the event loop has done its share already."""
        return self._turn.isActive()

    @Slot()
    def later(self) -> None:
        """Place everything when the event loop has its turn."""
        if not self._placing:
            self._late.start()

    def begin_step(self) -> None:
        """Allow another step, unless one was begun in this turn of the event loop."""
        if not self._turn.isActive():
            self._drawing.step.begin()
            self._turn.start()

    @Slot()
    def place(self) -> None:
        """Lay out the column, keep what is read in place, and make widgets of what can be seen.

        What this step does not allow any more is made in the next one.
        """
        if self._placing:
            return
        self._placing = True
        self._late.stop()
        viewport = self._area.viewport()
        try:
            views = self._messages.views()
            anchor = None if self.is_following else anchor_at(views, self._bar.value())
            self.begin_step()
            for _ in range(ROUNDS_MOST):
                self._column.lay_out(views, self._area.width(), viewport.width(), viewport.height())
                self._scroll_to(anchor)
                if not self._column.materialise(views, self._bar.value(), viewport.height()):
                    break
        finally:
            self._placing = False
        if self._drawing.step.is_short:
            self._late.start()
        self._show_jump()

    def _scroll_to(self, anchor: Anchor | None) -> None:
        if self.is_following:
            self._bar.setValue(self._bar.maximum())
        elif anchor is not None:
            self._bar.setValue(height_of(anchor))

    # --- going somewhere ---------------------------------------------------------------------------------

    def follow(self) -> None:
        """Stay at the end from now on."""
        self.is_following = True

    def go_to(self, y: int) -> None:
        """Bring a height to the top of what is seen, and stay there."""
        self.is_following = False
        self._bar.setValue(y)

    def reading(self) -> tuple[str, int, int] | None:
        """Return the message at the top, how far into it that is, and how high it is; None at the end."""
        top = self._bar.value()
        view = None if self.is_following else message_at(self._messages.views(), top)
        return None if view is None else (view.message.id, top - view.y(), view.height())

    def return_to(self, reading: tuple[str, int, int] | None) -> None:
        """Go to where `reading` was, though everything is of another height now."""
        view = self._messages.view_of(reading[0]) if reading is not None else None
        if view is not None and reading is not None:
            _, into, height = reading
            share = view.height() / height if into > 0 and height else 1.0
            self._bar.setValue(view.y() + round(into * share))

    @Slot()
    def moved_by_hand(self) -> None:
        """Somebody scrolls: follow the end only where they went there."""
        self.is_following = self._is_at_end(self._bar.sliderPosition())

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        if self._placing:
            return
        self.is_following = self._is_at_end(value)
        self.place()
        height = self._area.viewport().height()
        if value < height and not self.is_following:
            self.top_reached.emit()
        elif self._bar.maximum() - value < height:
            self.end_reached.emit()

    def _is_at_end(self, value: int) -> bool:
        return self._bar.maximum() - value <= AT_END and self._messages.is_at_end

    def _show_jump(self) -> None:
        viewport, look = self._area.viewport(), self._drawing.look
        below = self._bar.maximum() - self._bar.value()
        is_away = not self._messages.is_at_end or below > viewport.height() // 3
        self._jump.setVisible(bool(len(self._messages)) and is_away and not self.is_following)
        side = look.px(2.4)
        left, top = (viewport.width() - side) // 2, viewport.height() - side - look.px(0.8)
        self._jump.setGeometry(left, top, side, side)


def _soon(parent: QObject) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(0)
    return timer
