"""Cosines between texts as a grid of colours with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chatbot_app.ui.models.model_words import one_line
from chatbot_app.ui.theme import colors, em

_CELL = 2.6  # em
_NUMBERED = 1.9  # em: cells below that show no number


class SimilarityGrid(QWidget):
    """A row and a column for each text; 1 is the accent colour, 0 and below is the ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("similarity_grid")
        self.setAccessibleName(self.tr("How near the texts are to each other"))
        self._texts: tuple[str, ...] = ()
        self._cosines: npt.NDArray[np.float32] = np.zeros((0, 0), np.float32)

    def show_cosines(self, texts: Sequence[str], cosines: npt.NDArray[np.float32]) -> None:
        """Show them, shape (texts, texts)."""
        self._texts, self._cosines = tuple(texts), cosines
        nearest = self._nearest_words()
        self.setAccessibleDescription(nearest)
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()

    def _nearest_words(self) -> str:
        if len(self._texts) < 2:
            return ""
        others = self._cosines - 2 * np.eye(len(self._texts), dtype=np.float32)
        one, other = np.unravel_index(int(others.argmax()), others.shape)
        return self.tr("Nearest: {one} and {other}, {near}").format(
            one=one + 1, other=other + 1, near=f"{self._cosines[one, other]:.2f}"
        )

    def _side(self) -> int:
        return em(self, 1.5 if len(self._texts) > 16 else _CELL)

    def sizeHint(self) -> QSize:
        return QSize(self._head() + len(self._texts) * self._side(), (len(self._texts) + 1) * self._side())

    def _head(self) -> int:
        return em(self, 12)

    def _cell(self, row: int, column: int) -> QRect:
        side = self._side()
        return QRect(self._head() + column * side, (row + 1) * side, side - 1, side - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        shades, side = colors(self), self._side()
        painter = QPainter(self)
        metrics = self.fontMetrics()
        ground, full = QColor(shades.surface), QColor(shades.accent)
        for row, text in enumerate(self._texts):
            painter.setPen(QColor(shades.text))
            place = QRect(0, (row + 1) * side, self._head() - em(self, 0.5), side)
            words = metrics.elidedText(
                f"{row + 1}  {one_line(text)}", Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
            painter.drawText(
                QRect(self._head() + row * side, 0, side - 1, side),
                Qt.AlignmentFlag.AlignCenter,
                str(row + 1),
            )
            for column in range(len(self._texts)):
                near = float(self._cosines[row, column])
                share = min(1.0, max(0.0, near))
                cell = self._cell(row, column)
                painter.fillRect(cell, _between(ground, full, share))
                if side >= em(self, _NUMBERED):
                    painter.setPen(QColor(shades.accent_text if share > 0.6 else shades.text))
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"{near:.2f}")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(event.pos())
            if found is not None:
                row, column = found
                pair = f"{one_line(self._texts[row])}\n{one_line(self._texts[column])}"
                QToolTip.showText(event.globalPos(), f"{self._cosines[row, column]:.3f}\n{pair}", self)
            return True
        return super().event(event)

    def _at(self, place: QPoint) -> tuple[int, int] | None:
        row = place.y() // self._side() - 1
        column = (place.x() - self._head()) // self._side()
        count = len(self._texts)
        return (row, column) if 0 <= row < count and 0 <= column < count else None


def _between(one: QColor, other: QColor, share: float) -> QColor:
    mixed = [round(a + share * (b - a)) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)]  # type: ignore[index]  # PySide6's stub calls the four numbers an object
    return QColor(*mixed)
