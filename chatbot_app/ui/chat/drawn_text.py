"""Markdown alone in a scroll area, drawn as the transcript draws it: a bounded amount a step, and only what can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.mathematics import MathRenderer
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.icons import RETINT_EVENTS


class DrawnText(QScrollArea):
    """A subclass puts its text into `_pieces`, and feeds and lays out the body in `_step`."""

    link_activated = Signal(str)  # an http(s) address

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """`name` is its object name, `words` are announced."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drawing = Drawing(look_of(self), MathRenderer(self), IdleWork(self))
        self._column = QWidget()
        self.setWidget(self._column)
        self._pieces: list[str] = []
        self._is_finished = False  # no more is to come
        self._body: MessageBody | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._step)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def text(self) -> str:
        """The whole Markdown, as far as it is there."""
        return "".join(self._pieces)

    @property
    def is_settled(self) -> bool:
        """Whether all of the text is laid out, and nothing that is seen waits to be drawn."""
        return self._body is not None and self._body.is_fed and not self._later.isActive()

    @property
    def pause_ms(self) -> int:
        """Milliseconds until more is drawn of what came into sight."""
        return self._later.interval()

    def text_views(self) -> list[TextView]:
        """Return the pieces of text that were drawn so far, from the first one on."""
        if self._body is None:
            return []
        return [view for block in self._body.block_views() for view in block.text_views()]

    def plain_text(self) -> str:
        """Return what was drawn so far, as it is read."""
        return "\n".join(view.plain_text() for view in self.text_views())

    def _draw_anew(self) -> None:
        """Show the text in a new body, as after a change of colours."""
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._drawing = replace(self._drawing, look=look_of(self))
        self._body = body = MessageBody(self._drawing, self._column)
        body.height_changed.connect(self._later.start)
        body.link_activated.connect(self.link_activated)
        body.append(self.text)
        if self._is_finished:
            body.finish()
        body.show()
        self._later.start()

    @Slot()
    def _step(self) -> None:
        """Feed the body, and lay it out and draw some more; go on later while anything is missing."""

    def _lay_out(
        self, body: MessageBody, margin: int, go: Callable[[], None], drawn: Callable[[], None]
    ) -> None:
        """Make what is seen, with `margin` pixels around it; `go` scrolls before that, `drawn` is called after it.

        Twice, for what is made may be higher than it was thought to be.
        """
        bar = self.verticalScrollBar()
        width = max(1, self.viewport().width() - 2 * margin)
        for _ in range(2):
            height = body.height_for(width)
            body.setGeometry(margin, margin, width, height)
            self._column.resize(self.viewport().width(), max(height + 2 * margin, 1))
            go()
            seen = self.viewport().height()
            top = bar.value() - margin
            body.materialise(top - seen // 2, top + seen + seen // 2, width)
            drawn()

    @Slot(int)
    def _scrolled(self, _: int) -> None:
        self._later.start()  # with its own interval: the value is no time

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and getattr(self, "_body", None) is not None:
            self._draw_anew()
