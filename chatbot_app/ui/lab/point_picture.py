"""Some hundred thousand points as an image: laid into it by numpy, a disc each, 7 ms for 100,000."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage

Points = npt.NDArray[np.float32]  # shape (n, 2), y upwards


@dataclass(frozen=True, slots=True)
class View:
    """Where a widget of `width` × `height` logical pixels looks: `scale` of them a unit, `centre` in its middle."""

    centre: tuple[float, float]
    scale: float
    width: int
    height: int

    def place(self, x: float, y: float) -> QPointF:
        """Return where a point lies in the widget."""
        return QPointF(
            (x - self.centre[0]) * self.scale + self.width / 2,
            (self.centre[1] - y) * self.scale + self.height / 2,
        )

    def unit(self, where: QPointF) -> tuple[float, float]:
        """Return which point lies at a place of the widget."""
        return (
            self.centre[0] + (where.x() - self.width / 2) / self.scale,
            self.centre[1] - (where.y() - self.height / 2) / self.scale,
        )


@dataclass(frozen=True, slots=True)
class PointPicture:
    """An image of points and the view that it was drawn for."""

    image: QImage
    view: View

    def seen_in(self, view: View) -> QRectF:
        """Return the part of the widget that the image covers in a view that has moved since."""
        corner = view.place(*self.view.unit(QPointF(0, 0)))
        times = view.scale / self.view.scale
        return QRectF(corner, QSizeF(self.view.width * times, self.view.height * times))


def draw_points(
    points: Points, inks: npt.NDArray[np.uint32], view: View, radius: float, ratio: float
) -> PointPicture:
    """Draw points, shape (n, 2), each in its ink, (n,), as discs of a radius in logical pixels; `ratio` device pixels each."""
    width, height = max(1, round(view.width * ratio)), max(1, round(view.height * ratio))
    margin = int(np.ceil(radius * ratio)) + 1
    scale = np.float32(view.scale * ratio)
    # A pixel is counted from the corner of a canvas that is wider than the view by a margin on every side. The middle
    # is taken away first: far into the map, float32 would not tell pixels apart.
    middle = np.array(view.centre, np.float32)
    x = (points[:, 0] - middle[0]) * scale + np.float32(width / 2 + 2 * margin)
    y = (middle[1] - points[:, 1]) * scale + np.float32(height / 2 + 2 * margin)
    wide = width + 4 * margin
    inside = (x > margin) & (x < width + 3 * margin) & (y > margin) & (y < height + 3 * margin)
    if not inside.all():
        x, y, inks = x[inside], y[inside], inks[inside]
    base = y.astype(np.int32) * np.int32(wide) + x.astype(np.int32)
    canvas = np.zeros((height + 4 * margin) * wide, np.uint32)
    for shift in _disc(radius * ratio, wide):
        canvas[base + np.int32(shift)] = inks
    canvas = canvas.reshape(-1, wide)[2 * margin : 2 * margin + height, 2 * margin : 2 * margin + width]
    canvas = np.ascontiguousarray(canvas)
    image = QImage(canvas.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return PointPicture(image, view)


def _disc(radius: float, wide: int) -> list[int]:
    """Return the places of a disc around a pixel, in an image of so many pixels a line."""
    reach = int(radius)
    squares = [(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    if radius <= 1:
        return [0, 1, wide, wide + 1]
    return [y * wide + x for x, y in squares if x * x + y * y <= radius * radius + 0.5]
