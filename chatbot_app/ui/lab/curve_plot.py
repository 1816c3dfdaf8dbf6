"""Curves over steps or lengths, with axes, a legend and lines to compare with; painted, and read out in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatbot_app.ui.theme import colors, em

Points = Sequence[tuple[float, float]]
_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies between two ends, 0 to 1."""

    least: float
    most: float
    is_logarithmic: bool = False

    def place(self, value: float) -> float:
        """Return 0 at `least`, 1 at `most`."""
        if self.is_logarithmic:
            return math.log(value / self.least) / math.log(self.most / self.least)
        return (value - self.least) / (self.most - self.least)

    def ticks(self, wanted: int) -> list[float]:
        """Return round numbers between the ends, about as many as wanted."""
        if self.is_logarithmic:
            first, last = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
            steps = (1, 2, 5) if last - first <= wanted / 3 else (1,)
            values = [step * 10.0**power for power in range(first, last + 1) for step in steps]
            return [value for value in values if self.least <= value <= self.most] or [self.least, self.most]
        rough = (self.most - self.least) / max(1, wanted)
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        first = math.ceil(self.least / step)
        return [number * step for number in range(first, math.floor(self.most / step + 1e-9) + 1)]


class CurvePlot(QWidget):
    """Shows some curves at once; each has a name, a colour and a kind of line."""

    def __init__(self, name: str, x_title: str, y_title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._x_title, self._y_title = x_title, y_title
        self._curves: dict[str, list[tuple[float, float]]] = {}
        self._lines: dict[str, float] = {}
        self._is_logarithmic = False
        self._x_end = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("{y} by {x}").format(y=y_title, x=x_title))

    def set_logarithmic(self, wanted: bool) -> None:
        """Draw both axes so that equal ratios are equally long."""
        self._is_logarithmic = wanted
        self.update()

    def clear(self, x_end: float = 0.0) -> None:
        """Begin anew; the axis reaches `x_end` at least."""
        self._curves, self._lines, self._x_end = {}, {}, x_end
        self._changed()

    def add(self, curve: str, x: float, y: float) -> None:
        """Add a point at the end of a curve; what is no finite number is left out."""
        if math.isfinite(x) and math.isfinite(y) and not (self._is_logarithmic and min(x, y) <= 0):
            self._curves.setdefault(curve, []).append((x, y))
            self._changed()

    def add_line(self, name: str, y: float) -> None:
        """Draw a level to compare with."""
        self._lines[name] = y
        self._changed()

    def points(self, curve: str) -> Points:
        """Return the points (x, y) of a curve, in the order in which they came."""
        return tuple(self._curves.get(curve, ()))

    @property
    def names(self) -> list[str]:
        """The curves and lines, in the order of the legend."""
        return [*self._curves, *self._lines]

    def colour(self, number: int) -> QColor:
        """Return the colour of the curve with a number."""
        used = colors(self)
        wheel = (used.accent, used.part_question, used.part_passage, used.part_system, used.part_summary)
        return QColor(wheel[number % len(wheel)])

    def _changed(self) -> None:
        said = [f"{name}: {points[-1][1]:.3g}" for name, points in self._curves.items()]
        said += [f"{name}: {value:.3g}" for name, value in self._lines.items()]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    # --- painting ------------------------------------------------------------------------------------

    def _scales(self) -> tuple[Scale, Scale] | None:
        xs = [x for points in self._curves.values() for x, _ in points]
        ys = [y for points in self._curves.values() for _, y in points] + list(self._lines.values())
        if not xs:
            return None
        if self._is_logarithmic:
            return Scale(min(xs), max(max(xs), min(xs) * 2), True), Scale(min(ys) / 1.3, max(ys) * 1.3, True)
        least, most = min(ys), max(ys)
        room = max((most - least) * 0.06, abs(most) * 0.01, 1e-6)
        bottom = max(0.0, least - room) if least >= 0 else least - room
        return Scale(min(0.0, *xs), max(*xs, self._x_end, 1.0)), Scale(bottom, most + room)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        used, metrics = colors(self), self.fontMetrics()
        scales = self._scales()
        if scales is None:
            painter.setPen(QColor(used.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No curve yet"))
            return
        x_scale, y_scale = scales
        top = self._paint_legend(painter, metrics)
        y_ticks = y_scale.ticks(max(2, self.height() // em(self, 3)))
        left = max(metrics.horizontalAdvance(_number(tick)) for tick in y_ticks) + em(self, 0.6)
        area = QRectF(left, top, self.width() - left - em(self, 0.9), self.height() - top - em(self, 2.5))
        if area.width() < 10 or area.height() < 10:
            return

        def at(x: float, y: float) -> QPointF:
            across, up = x_scale.place(x), y_scale.place(y)
            return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

        self._paint_axes(painter, area, x_scale, y_scale, y_ticks)
        for number, points in enumerate(self._curves.values()):
            painter.setPen(self._pen(number))
            if len(points) == 1:
                painter.setBrush(self.colour(number))
                painter.drawEllipse(at(*points[0]), em(self, 0.15), em(self, 0.15))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([at(x, y) for x, y in points]))
        painter.setPen(self._line_pen())
        for level in self._lines.values():
            painter.drawLine(QPointF(area.left(), at(1, level).y()), QPointF(area.right(), at(1, level).y()))

    def _paint_axes(
        self, painter: QPainter, area: QRectF, x_scale: Scale, y_scale: Scale, y_ticks: list[float]
    ) -> None:
        used, metrics = colors(self), self.fontMetrics()
        height = metrics.height()
        for tick in y_ticks:
            y = area.bottom() - y_scale.place(tick) * area.height()
            painter.setPen(QColor(used.border))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(used.muted))
            place = QRectF(0, y - height / 2, area.left() - em(self, 0.4), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, _number(tick))
        painter.setPen(QColor(used.muted))
        for tick in x_scale.ticks(max(2, int(area.width()) // em(self, 5))):
            x = area.left() + x_scale.place(tick) * area.width()
            wide = metrics.horizontalAdvance(_number(tick))
            begin = min(x - wide / 2, self.width() - wide - 1)
            painter.drawText(QPointF(begin, area.bottom() + metrics.ascent() + em(self, 0.2)), _number(tick))
        title = QRectF(area.left(), self.height() - height, area.width(), height)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self._x_title)

    def _paint_legend(self, painter: QPainter, metrics: QFontMetrics) -> int:
        """Draw the names with their lines and return how high that is."""
        line, gap = em(self, 1.4), em(self, 0.4)
        x, y = 0, 0
        painter.setPen(QColor(colors(self).muted))
        painter.drawText(QPointF(0, metrics.ascent()), self._y_title)
        y += metrics.height() + gap // 2
        for number, name in enumerate(self.names):
            wide = line + gap + metrics.horizontalAdvance(name)
            if x and x + wide > self.width():
                x, y = 0, y + metrics.height()
            painter.setPen(self._pen(number) if name in self._curves else self._line_pen())
            middle = y + metrics.height() / 2
            painter.drawLine(QPointF(x, middle), QPointF(x + line, middle))
            painter.setPen(QColor(colors(self).text))
            painter.drawText(QPointF(x + line + gap, y + metrics.ascent()), name)
            x += wide + em(self, 1)
        return y + metrics.height() + gap

    def _pen(self, number: int) -> QPen:
        style = _DASHES[number // 5 % len(_DASHES)]
        return QPen(self.colour(number), max(1.5, em(self, 0.1)), style)

    def _line_pen(self) -> QPen:
        return QPen(QColor(colors(self).muted), 1.5, Qt.PenStyle.DashLine)

    def sizeHint(self) -> QSize:
        return QSize(em(self, 22), em(self, 14))

    def minimumSizeHint(self) -> QSize:
        return QSize(em(self, 12), em(self, 9))


def _number(value: float) -> str:
    if value != 0 and abs(value) < 0.001:
        return f"{value:.0e}".replace("e-0", "e-")
    return f"{value:g}" if abs(value) < 1000 else f"{value:,.0f}" if abs(value) < 1e6 else f"{value:.0e}"
