"""Up to some hundred thousand points that are looked at, moved and pointed at.

Points are laid into an image by numpy, a disc each, 12 ms for 100,000; QPainter only puts that image onto the screen. With
pyqtgraph's scatter plot the same view took 90 to 120 ms of processor time a movement, and 50 MB (measured here).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.theme import colors, em

Points = npt.NDArray[np.float32]  # shape (n, 2), y upwards

_PLAIN = 0xFF888888  # the ink of points that were given none
_ROOM = 0.92  # of the view that all points take at first
_ZOOM = 1.25  # of a step of the wheel
_NEAREST, _FARTHEST = 1e4, 0.05  # times the whole view
_REACH = 0.9  # em: how near the mouse has to be to a point
_STEP = 0.15  # of the view that a key moves


class PointCloud(QWidget):
    """Points in colours, some of them marked, one of them pointed at; `y` grows upwards."""

    pointed = Signal(int)  # row of the point under the mouse or the keyboard, -1 for none
    activated = Signal(int)  # row of the point that was clicked

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(em(self, 16), em(self, 12))
        self._points: Points = np.zeros((0, 2), np.float32)
        self._ink_of_point = np.zeros(0, np.uint32)
        self._centre = np.zeros(2, np.float64)
        self._scale = 1.0  # logical pixels a unit
        self._is_fitted = True
        self._dragged: QPoint | None = None
        self._has_moved = False
        self._under = -1
        self._star: tuple[float, float] | None = None
        self._rays: tuple[int, ...] = ()
        self._image: QImage | None = None

    def sizeHint(self) -> QSize:
        return QSize(em(self, 34), em(self, 26))

    # --- what is shown -----------------------------------------------------------------------------------

    def show_points(self, points: Points) -> None:
        """Show points, shape (n, 2); the view follows them until the person has moved it."""
        is_other = len(points) != len(self._points)
        self._points = np.nan_to_num(np.asarray(points, np.float32))
        if is_other:
            self._ink_of_point = np.full(len(points), _PLAIN, np.uint32)
            self._star, self._rays, self._under = None, (), -1
        if is_other or self._is_fitted:
            self.fit()
        self._redraw()

    def color_by(self, kinds: npt.NDArray[np.int64], inks: Sequence[str]) -> None:
        """Draw each point in the ink of its kind: `kinds` has shape (n,), `inks` are `#rrggbb`."""
        self._ink_of_point = np.array([QColor(ink).rgb() for ink in inks], np.uint32)[kinds % len(inks)]
        self._redraw()

    def show_star(self, place: tuple[float, float] | None, rays: Sequence[int] = ()) -> None:
        """Mark a place with lines to some points: a question and what lies nearest to it."""
        self._star, self._rays = place, tuple(rays)
        self.update()

    def fit(self) -> None:
        """See all points."""
        self._is_fitted = True
        if len(self._points):
            low, high = self._points.min(axis=0), self._points.max(axis=0)
            self._centre = ((low + high) / 2).astype(np.float64)
            width, height = np.maximum(high - low, 1e-9)
            self._scale = _ROOM * min(max(self.width(), 1) / width, max(self.height(), 1) / height)
        self._redraw()

    def look_at(self, row: int) -> None:
        """Bring a point into the middle and point at it."""
        self._centre = self._points[row].astype(np.float64)
        self._is_fitted = False
        self._point_at(row)
        self._redraw()

    def zoom(self, times: float, at: QPointF | None = None) -> None:
        """See nearer (above 1) or farther, around a place of the widget."""
        at = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        before = self._unit_at(at)
        span = float(np.ptp(self._points, axis=0).max()) if len(self._points) else 1.0
        least = max(self.width(), 1) / max(span, 1e-9)
        self._scale = float(np.clip(self._scale * times, least * _FARTHEST, least * _NEAREST))
        self._centre += before - self._unit_at(at)
        self._is_fitted = False
        self._redraw()

    def move_by(self, right: float, down: float) -> None:
        """Move the view by logical pixels."""
        self._centre += np.array([right, -down]) / self._scale
        self._is_fitted = False
        self._redraw()

    def place_of(self, row: int) -> QPointF:
        """Return where a point lies in the widget."""
        return self._widget_place(*map(float, self._points[row]))

    def row_at(self, where: QPointF) -> int:
        """Return the row of the point nearest to a place of the widget, -1 where none is near."""
        if not len(self._points):
            return -1
        unit = self._unit_at(where).astype(np.float32)
        distance = ((self._points - unit) ** 2).sum(axis=1)
        row = int(distance.argmin())
        return row if float(distance[row]) ** 0.5 * self._scale <= em(self, _REACH) else -1

    # --- inside ------------------------------------------------------------------------------------------

    def _widget_place(self, x: float, y: float) -> QPointF:
        return QPointF(
            (x - self._centre[0]) * self._scale + self.width() / 2,
            (self._centre[1] - y) * self._scale + self.height() / 2,
        )

    def _unit_at(self, where: QPointF) -> npt.NDArray[np.float64]:
        right, down = where.x() - self.width() / 2, where.y() - self.height() / 2
        return self._centre + np.array([right, -down]) / self._scale

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def _point_at(self, row: int) -> None:
        if row != self._under:
            self._under = row
            self.pointed.emit(row)
            self.update()

    def _drawn(self) -> QImage:
        """Return all points as an image in device pixels."""
        ratio = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        radius = self._radius() * ratio
        margin = int(np.ceil(radius)) + 1
        scale = self._scale * ratio
        # A pixel is counted from the corner of a canvas that is wider than the view by a margin on every side. The middle
        # is taken away first: far into the map, float32 would not tell pixels apart.
        middle = self._centre.astype(np.float32)
        x = (self._points[:, 0] - middle[0]) * np.float32(scale) + np.float32(width / 2 + 2 * margin)
        y = (middle[1] - self._points[:, 1]) * np.float32(scale) + np.float32(height / 2 + 2 * margin)
        wide = width + 4 * margin
        inside = (x > margin) & (x < width + 3 * margin) & (y > margin) & (y < height + 3 * margin)
        ink: npt.NDArray[np.uint32] = self._ink_of_point
        if not inside.all():
            x, y, ink = x[inside], y[inside], ink[inside]
        base = y.astype(np.int32) * np.int32(wide) + x.astype(np.int32)
        canvas = np.zeros((height + 4 * margin) * wide, np.uint32)
        for shift in _disc(radius, wide):
            canvas[base + np.int32(shift)] = ink
        canvas = canvas.reshape(-1, wide)[2 * margin : 2 * margin + height, 2 * margin : 2 * margin + width]
        canvas = np.ascontiguousarray(canvas)
        image = QImage(
            canvas.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
        ).copy()
        image.setDevicePixelRatio(ratio)
        return image

    def _radius(self) -> float:
        """Return that of a point in logical pixels: of few, larger."""
        count = len(self._points)
        return 1.0 if count > 30_000 else 1.6 if count > 5_000 else 2.4 if count > 500 else 3.6

    # --- Qt ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            self._image = self._drawn()
        shades = colors(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(shades.surface))
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = em(self, 0.45)
        if self._star is not None:
            star = self._widget_place(*self._star)
            painter.setPen(QPen(QColor(shades.accent), 1.5))
            for row in self._rays:
                painter.drawLine(star, self.place_of(row))
                painter.drawEllipse(self.place_of(row), size, size)
            painter.setBrush(QColor(shades.accent))
            painter.drawEllipse(star, size, size)
        if 0 <= self._under < len(self._points):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(shades.text), 2))
            painter.drawEllipse(self.place_of(self._under), size, size)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(shades.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._is_fitted:
            self.fit()
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_ZOOM ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged, self._has_moved = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._dragged is None:
            self._point_at(self.row_at(event.position()))
        elif self._has_moved or (here - self._dragged).manhattanLength() > 3:
            moved = self._dragged - here
            self._has_moved, self._dragged = True, here
            self.move_by(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._dragged is not None and not self._has_moved
        self._dragged = None
        row = self.row_at(event.position())
        if was_click and row >= 0:
            self._point_at(row)
            self.activated.emit(row)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step_x, step_y = _STEP * self.width(), _STEP * self.height()
        moves = {
            Qt.Key.Key_Left: (-step_x, 0.0),
            Qt.Key.Key_Right: (step_x, 0.0),
            Qt.Key.Key_Up: (0.0, -step_y),
            Qt.Key.Key_Down: (0.0, step_y),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.move_by(*moves[key])
            self._point_at(self.row_at(QPointF(self.width() / 2, self.height() / 2)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._under >= 0:
            self.activated.emit(self._under)
        else:
            super().keyPressEvent(event)


def _disc(radius: float, wide: int) -> list[int]:
    """Return the places of a disc around a pixel, in an image of so many pixels a line."""
    reach = int(radius)
    squares = [(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    if radius <= 1:
        return [0, 1, wide, wide + 1]
    return [y * wide + x for x, y in squares if x * x + y * y <= radius * radius + 0.5]
