"""An answer beside others, drawn as the transcript draws it while it arrives."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.drawn_text import DrawnText

_PAUSE_MS = 40  # between two pictures of what arrives
_FED_AT_MOST = 2_000  # characters at once


class GrowingText(DrawnText):
    """Follows its end while somebody stands there."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """`name` is its object name, `words` are announced."""
        super().__init__(name, words, parent)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._step)
        self.begin()

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

    @Slot()
    def _step(self) -> None:
        """Lay out and draw some more; go on later while anything is missing."""
        body = self._body
        if body is None or not self.isVisible():
            return
        look, bar, step = self._drawing.look, self.verticalScrollBar(), self._drawing.step
        follows = not self._is_finished and bar.value() >= bar.maximum() - look.px(1)
        step.begin()
        while not body.is_fed and step.has_room:
            body.feed(at_most=_FED_AT_MOST)

        def go() -> None:
            if follows:
                bar.setValue(bar.maximum())

        self._lay_out(body, look.px(0.6), go, lambda: None)
        if step.is_short or not body.is_fed:
            self._soon.start()
