"""An answer beside others, drawn as the transcript draws it while it arrives."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.mathematics import MathRenderer
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.icons import RETINT_EVENTS

_PAUSE_MS = 40  # between two pictures of what arrives
_FED_AT_MOST = 2_000  # characters at once


class GrowingText(QScrollArea):
    """Makes widgets of what can be seen, a bounded amount a step; follows its end while somebody stands there."""

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
        self._is_finished = False
        self._body: MessageBody | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._step)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._step)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.begin()

    @property
    def text(self) -> str:
        """All that has arrived."""
        return "".join(self._pieces)

    def begin(self) -> None:
        """Empty it for another text."""
        self._pieces.clear()
        self._is_finished = False
        self._draw_anew()

    def append(self, text: str) -> None:
        """Show more."""
        self._pieces.append(text)
        assert self._body is not None
        self._body.append(text)
        if not self._soon.isActive():
            self._soon.start()

    def finish(self) -> None:
        """The text is complete."""
        self._is_finished = True
        assert self._body is not None
        self._body.finish()
        self._later.start()

    def plain_text(self) -> str:
        """Return what was drawn so far, as it is read."""
        assert self._body is not None
        return "\n".join(v.plain_text() for block in self._body.block_views() for v in block.text_views())

    def _draw_anew(self) -> None:
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._drawing = replace(self._drawing, look=look_of(self))
        self._body = MessageBody(self._drawing, self._column)
        self._body.height_changed.connect(self._later.start)
        self._body.link_activated.connect(self.link_activated)
        self._body.append(self.text)
        if self._is_finished:
            self._body.finish()
        self._body.show()
        self._later.start()

    @Slot()
    def _step(self) -> None:
        """Lay out and draw some more; go on later while anything is missing."""
        body = self._body
        if body is None or not self.isVisible():
            return
        look, bar, step = self._drawing.look, self.verticalScrollBar(), self._drawing.step
        follows = not self._is_finished and bar.value() >= bar.maximum() - look.px(1)
        margin = look.px(0.6)
        width = max(1, self.viewport().width() - 2 * margin)
        step.begin()
        while not body.is_fed and step.has_room:
            body.feed(at_most=_FED_AT_MOST)
        for _ in range(2):
            height = body.height_for(width)
            body.setGeometry(margin, margin, width, height)
            self._column.resize(self.viewport().width(), max(height + 2 * margin, 1))
            if follows:
                bar.setValue(bar.maximum())
            seen = self.viewport().height()
            top = bar.value() - margin
            body.materialise(top - seen // 2, top + seen + seen // 2, width)
        if step.is_short or not body.is_fed:
            self._soon.start()

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
