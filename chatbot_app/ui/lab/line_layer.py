"""Thousands of lines, drawn some at a time: a long smooth line takes Qt 50 microseconds, and nothing may stand still."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QElapsedTimer, QLineF, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

_A_TURN_MS = 12  # then the window is asked what else there is to do
_BETWEEN_LOOKS = 16  # lines that are drawn between two looks at the clock
_WIDTH = 1.6  # pixels

Line = tuple[QLineF, QColor]


class LineLayer(QObject):
    """A picture of lines that grows; `grown` tells that there is more of it to be seen."""

    grown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._left: Iterator[Line] = iter(())
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._draw_more)

    @property
    def pixmap(self) -> QPixmap:
        """What is drawn so far."""
        return self._pixmap

    @property
    def is_whole(self) -> bool:
        """Whether all lines are drawn."""
        return not self._turn.isActive()

    def fits(self, size: QSize, ratio: float) -> bool:
        """Whether the picture is of this size, in pixels of a screen with this ratio."""
        return self._pixmap.size() == size * ratio and not self._pixmap.isNull()

    def clear(self) -> None:
        """Draw nothing; the picture fits no size."""
        self._turn.stop()
        self._pixmap = QPixmap()

    def draw(self, size: QSize, ratio: float, lines: Iterator[Line]) -> None:
        """Begin a picture of these lines in their order."""
        self._pixmap = QPixmap(size * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        self._left = lines
        self._turn.start()
        self._draw_more()

    @Slot()
    def _draw_more(self) -> None:
        if self._pixmap.isNull():
            return
        clock = QElapsedTimer()
        clock.start()
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for drawn, (line, ink) in enumerate(self._left, 1):
            painter.setPen(QPen(ink, _WIDTH))
            painter.drawLine(line)
            if drawn % _BETWEEN_LOOKS == 0 and clock.elapsed() >= _A_TURN_MS:
                break
        else:
            self._turn.stop()
        painter.end()
        self.grown.emit()
