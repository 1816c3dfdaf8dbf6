"""Up to some hundred thousand points that are looked at, moved and pointed at.

QPainter only puts an image of them onto the screen (`point_picture`). While the view moves, that image moves with it, and a
sample of the points stands where it does not reach; as soon as the view is still, all are drawn. With pyqtgraph's scatter plot
a movement of 100,000 took 90 to 120 ms of processor time, and 50 MB (measured here).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.lab.map_labels import MapLabel, MapNames
from chatbot_app.ui.lab.point_picture import PointPicture, Points, View, draw_points
from chatbot_app.ui.theme import colors, em, set_least_size

_PLAIN = 0xFF888888  # the ink of points that were given none
_ROOM = 0.92  # of the view that all points take at first
_ZOOM = 1.25  # of a step of the wheel
_NEAREST, _FARTHEST = 1e4, 0.05  # times the whole view
_REACH = 0.9  # em: how near the mouse has to be to a point
_STEP = 0.15  # of the view that a key moves
_AT_ONCE = 20_000  # points that are drawn anew with each movement, in 2 ms; more wait until the view is still
_STILL_MS = 120  # after the last movement


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
        set_least_size(self, 16, 12)
        self._points: Points = np.zeros((0, 2), np.float32)
        self._ink_of_point = np.zeros(0, np.uint32)
        self._names = MapNames()
        self._span = 1.0  # of the points, in units
        self._centre = np.zeros(2, np.float64)
        self._scale = 1.0  # logical pixels a unit
        self._is_fitted = True
        self._dragged: QPoint | None = None
        self._has_moved = False
        self._under = -1
        self._star: tuple[float, float] | None = None
        self.rays: tuple[int, ...] = ()  # points to which lines go from the place that is marked
        self._picture: PointPicture | None = None
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._redraw)

    def sizeHint(self) -> QSize:
        return QSize(em(self, 34), em(self, 26))

    # --- what is shown -----------------------------------------------------------------------------------

    def show_points(self, points: Points) -> None:
        """Show points, shape (n, 2); the view follows them until the person has moved it."""
        is_other = len(points) != len(self._points)
        self._points = np.nan_to_num(np.asarray(points, np.float32))
        self._span = float(np.ptp(self._points, axis=0).max()) if len(points) else 1.0
        if is_other:
            self._ink_of_point = np.full(len(points), _PLAIN, np.uint32)
            self._star, self.rays, self._under = None, (), -1
        if is_other or self._is_fitted:
            self.fit()
        self._redraw()

    def color_by(self, kinds: npt.NDArray[np.int64], inks: Sequence[str], names: Sequence[str] = ()) -> None:
        """Draw each point in the ink of its kind: `kinds` has shape (n,), `inks` are `#rrggbb`, `names` those of kinds."""
        self._ink_of_point = np.array([QColor(ink).rgb() for ink in inks], np.uint32)[kinds % len(inks)]
        self._names.name(kinds, names, inks)
        self._redraw()

    @Slot(bool)
    def show_names(self, wanted: bool) -> None:
        """Write the names of kinds onto the map, or leave them away."""
        self._names.are_wanted = wanted
        self._redraw()

    @property
    def labels(self) -> list[MapLabel]:
        """The names that are on the map since it was drawn last."""
        return self._names.labels

    @property
    def points(self) -> Points:
        """The points that are shown, float32, shape (n, 2)."""
        return self._points

    def show_star(self, place: tuple[float, float] | None, rays: Sequence[int] = ()) -> None:
        """Mark a place with lines to some points: a question and what lies nearest to it."""
        self._star, self.rays = place, tuple(rays)
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
        before = np.array(self.view.unit(at))
        least = max(self.width(), 1) / max(self._span, 1e-9)
        self._scale = float(np.clip(self._scale * times, least * _FARTHEST, least * _NEAREST))
        self._centre += before - np.array(self.view.unit(at))
        self._is_fitted = False
        self._move()

    def move_by(self, right: float, down: float) -> None:
        """Move the view by logical pixels."""
        self._centre += np.array([right, -down]) / self._scale
        self._is_fitted = False
        self._move()

    def place_of(self, row: int) -> QPointF:
        """Return where a point lies in the widget."""
        return self.view.place(*map(float, self._points[row]))

    def row_at(self, where: QPointF) -> int:
        """Return the row of the point nearest to a place of the widget, -1 where none is near."""
        if not len(self._points):
            return -1
        unit = np.array(self.view.unit(where), np.float32)
        distance = ((self._points - unit) ** 2).sum(axis=1)
        row = int(distance.argmin())
        return row if float(distance[row]) ** 0.5 * self._scale <= em(self, _REACH) else -1

    @property
    def view(self) -> View:
        """What of the map is seen, and how large."""
        x, y = map(float, self._centre)
        return View((x, y), self._scale, self.width(), self.height())

    # --- inside ------------------------------------------------------------------------------------------

    @Slot()
    def _redraw(self) -> None:
        self._still.stop()
        self._picture = None
        self.update()

    def _move(self) -> None:
        """Show the view where it is now: by its old picture, where a new one would take long."""
        if self._picture is None or len(self._points) <= _AT_ONCE:
            self._redraw()
        else:
            self._still.start()
            self.update()

    def _point_at(self, row: int) -> None:
        if row != self._under:
            self._under = row
            self.pointed.emit(row)
            self.update()

    def _drawn(self, every: int = 1) -> PointPicture:
        """Draw the points into an image, or one of so many: passages lie in the order of their documents, so that some of each are among them."""
        return draw_points(
            self._points[::every],
            self._ink_of_point[::every],
            self.view,
            self._radius(),
            self.devicePixelRatioF(),
        )

    def _paint_points(self, painter: QPainter) -> None:
        view = self.view
        if self._picture is None:
            self._picture = self._drawn()
            self._names.place(self._points, view, self.fontMetrics())
        covered = self._picture.seen_in(view)
        if self._picture.view == view:
            painter.drawImage(0, 0, self._picture.image)
            return
        if not covered.contains(self.rect()):
            painter.drawImage(0, 0, self._drawn(every=-(-len(self._points) // _AT_ONCE)).image)
        painter.drawImage(covered, self._picture.image)

    def _radius(self) -> float:
        """Return that of a point in logical pixels: of few, larger."""
        count = len(self._points)
        return 1.0 if count > 30_000 else 1.6 if count > 5_000 else 2.4 if count > 500 else 3.6

    # --- Qt ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        shades = colors(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(shades.surface))
        self._paint_points(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._names.paint(painter, self.view, shades)
        size = em(self, 0.45)
        if self._star is not None:
            star = self.view.place(*self._star)
            painter.setPen(QPen(QColor(shades.accent), 1.5))
            for row in self.rays:
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
