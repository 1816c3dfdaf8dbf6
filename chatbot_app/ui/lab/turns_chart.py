"""How likely a phrase is, turn by turn: a bar for the phrase, a dot for each of its tokens."""

from __future__ import annotations

from math import exp

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatbot_app.lab.repetition import Turn
from chatbot_app.ui.lab.probability_words import percent
from chatbot_app.ui.theme import colors, em


class TurnsChart(QWidget):
    """Probabilities from 0 to 100 %, upwards; the turns from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("turns_chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._turns: dict[int, Turn] = {}
        self._expected = 1
        self._tell()

    @property
    def turns(self) -> list[Turn]:
        """What is shown."""
        return [self._turns[said] for said in sorted(self._turns)]

    def begin(self, expected: int) -> None:
        """Make room for so many turns."""
        self._turns = {}
        self._expected = max(1, expected)
        self._tell()

    def show_turn(self, turn: Turn) -> None:
        """Show a turn, as far as it is known."""
        self._turns[turn.said] = turn
        self._tell()

    def _tell(self) -> None:
        shares = ", ".join(percent(turn.probability) for turn in self.turns)
        self.setAccessibleName(self.tr("Probability of the phrase, turn by turn"))
        self.setAccessibleDescription(shares)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(em(self, 30), em(self, 14))

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = em(self)
        area = QRectF(self.rect()).adjusted(line * 3.2, line * 1.2, -line * 0.5, -line * 1.8)
        if area.width() < line or area.height() < line:
            return
        self._draw_scale(painter, area)
        column = area.width() / self._expected
        for turn in self.turns:
            left = area.left() + turn.said * column
            height = area.height() * turn.probability
            bar = QRectF(left + column * 0.15, area.bottom() - height, column * 0.7, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shown.accent if turn.is_whole else shown.border))
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(QPen(QColor(shown.surface), 1))
            painter.setBrush(QColor(shown.part_question))
            for place, token in enumerate(turn.tokens):
                x = bar.left() + bar.width() * (place + 0.5) / len(turn.tokens)
                y = area.bottom() - area.height() * exp(token.logprob)
                painter.drawEllipse(QPointF(x, y), line * 0.18, line * 0.18)
            painter.setPen(QColor(shown.text))
            words = QRectF(left, bar.top() - line * 1.2, column, line * 1.1)
            if column > painter.fontMetrics().horizontalAdvance("99.9 %"):
                painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), percent(turn.probability))
            painter.setPen(QColor(shown.muted))
            below = QRectF(left, area.bottom() + line * 0.2, column, line * 1.2)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), str(turn.said))

    def _draw_scale(self, painter: QPainter, area: QRectF) -> None:
        shown = colors(self)
        line = em(self)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = area.bottom() - area.height() * share
            painter.setPen(QPen(QColor(shown.border), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(shown.muted))
            words = QRectF(0, y - line / 2, area.left() - line * 0.4, line)
            painter.drawText(
                words,
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                f"{100 * share:.0f} %",
            )
