"""Names on a map: what lies where, as far as there is room, the largest heaps first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from chatbot_app.ui.lab.point_picture import Points, View
from chatbot_app.ui.palettes import Colors

MOST_LABELS = 40
_LEAST_POINTS = 3  # in sight, of a kind that is named
_FEW = 12  # kinds, as many as there are inks: all of them are named, however far they are spread
_NEAR = 0.15  # of the view: half of a kind's points lie so near to its name
_COVERED = 0.08  # of the view, at most: points are what the map shows
_UPPER = 95  # percent of a kind's points lie below its name
_LONGEST = 14  # heights of a line
_SEEN_THROUGH = 0.82


@dataclass(frozen=True, slots=True)
class MapLabel:
    """The name of a kind: `x` is the middle of its points and `y` their upper end, in units of the map.

    `size` is what its text takes, in pixels.
    """

    words: str
    kind: int
    x: float
    y: float
    size: tuple[int, int]

    def area(self, view: View) -> QRectF:
        """Return where it is drawn, above its points, wholly within the view as long as that is large enough."""
        width, height = self.size
        at = view.place(self.x, self.y)
        left = max(2.0, min(at.x() - width / 2, view.width - width - 2.0))
        top = max(2.0, min(at.y() - height, view.height - height - 2.0))
        return QRectF(left, top, width, height)


def map_labels(
    points: Points, kinds: npt.NDArray[np.int64], names: Sequence[str], view: View, metrics: QFontMetrics
) -> list[MapLabel]:
    """Return the names that have room, of kinds that have points in sight; `kinds` has shape (n,), of places in `names`."""
    reach = np.array([view.width, view.height]) / (2 * view.scale)
    seen = (np.abs(points - np.array(view.centre, np.float32)) <= reach).all(axis=1)
    shown, shown_kinds = points[seen], kinds[seen]
    counts = np.bincount(shown_kinds, minlength=len(names))
    line = metrics.height()
    found: list[MapLabel] = []
    taken: list[QRectF] = []
    room = _COVERED * view.width * view.height
    for kind in np.argsort(-counts, kind="stable").tolist():
        if counts[kind] < _LEAST_POINTS or len(found) == MOST_LABELS:
            break
        own = shown[shown_kinds == kind]
        middle = np.median(own, axis=0)
        spread = float(np.median(np.abs(own - middle).max(axis=1)))
        if not names[kind] or (len(names) > _FEW and spread > _NEAR * 2 * reach.max()):
            continue
        words = metrics.elidedText(names[kind], Qt.TextElideMode.ElideRight, _LONGEST * line)
        size = metrics.horizontalAdvance(words) + 2 * line, line + line // 4
        label = MapLabel(words, kind, float(middle[0]), float(np.percentile(own[:, 1], _UPPER)), size)
        area = label.area(view)
        room -= area.width() * area.height()
        if room < 0 and found:
            break
        if any(area.adjusted(-2, -2, 2, 2).intersects(other) for other in taken):
            room += area.width() * area.height()
            continue
        found.append(label)
        taken.append(area)
    return found


class MapNames:
    """What kinds of points are called, and where that is written: placed when points are drawn, moved with the view."""

    def __init__(self) -> None:
        self.are_wanted = True
        self.labels: list[MapLabel] = []  # those that had room
        self._names: tuple[str, ...] = ()
        self._inks: tuple[str, ...] = ()
        self._kinds = np.zeros(0, np.int64)

    def name(self, kinds: npt.NDArray[np.int64], names: Sequence[str], inks: Sequence[str]) -> None:
        """Take the place in `names` of each point, (n,), and the inks of kinds, in turn; without names nothing is written."""
        self._kinds, self._names, self._inks = kinds, tuple(names), tuple(inks)

    def place(self, points: Points, view: View, metrics: QFontMetrics) -> None:
        """Find room for the names in a view of the points."""
        wanted = self._names if self.are_wanted and len(points) == len(self._kinds) else ()
        self.labels = map_labels(points, self._kinds, wanted, view, metrics) if wanted else []

    def paint(self, painter: QPainter, view: View, shades: Colors) -> None:
        """Draw each name behind a square in the ink of its points, on a ground that they shine through."""
        ground = QColor(shades.surface)
        ground.setAlphaF(_SEEN_THROUGH)
        for label in self.labels:
            area = label.area(view)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, 3, 3)
            side = area.height() * 0.45
            corner = QPointF(area.left() + side / 2, area.center().y() - side / 2)
            ink = QColor(self._inks[label.kind % len(self._inks)])
            painter.fillRect(QRectF(corner.x(), corner.y(), side, side), ink)
            painter.setPen(QColor(shades.text))
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            words = area.adjusted(2 * side, 0, 0, 0)
            painter.drawText(words, int(align | Qt.TextFlag.TextSingleLine), label.words)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def map_inks(shades: Colors) -> list[str]:
    """Return colours that can be told apart on the ground, twelve of them, in turn."""
    is_dark = QColor(shades.surface).lightness() < 128
    hues = np.linspace(0, 360, _FEW, endpoint=False).astype(int)
    order = [0, 7, 4, 10, 2, 8, 5, 11, 3, 9, 1, 6]
    return [QColor.fromHsl(int(hues[place]), 150, 165 if is_dark else 105).name() for place in order]
