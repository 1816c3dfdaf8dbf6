"""How much text is painted in one turn of the event loop, and what was painted kept where that was slow.

Qt paints everything that is in sight at once, again whenever something beside it grows. A line with a hundred changes of
font takes a hundred times as long as one of prose: such text is painted in tiles, each once, and some a turn.
"""

from __future__ import annotations

import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

TURN_SECONDS = 0.01  # processor time after which nothing slow is painted in the same turn
SLOW_SECONDS = 0.0005  # for a tile; a paragraph of prose takes a third
TILE = 256  # pixels of height
KEPT_BYTES = 48_000_000  # of the tiles of a window

Draw = Callable[[QPainter, QRect], None]


class PaintTurn(QObject):
    """What the text views of a window have painted since the event loop went on, and which of them wait for it."""

    def __init__(self, window: QWidget, *, clock: Callable[[], float] = time.thread_time) -> None:
        super().__init__(window)
        self.setObjectName("paint_turn")
        self.clock = clock
        self._used = 0.0
        self._waiting: list[tuple[QWidget, QRect]] = []
        self._kept: OrderedDict[tuple[int, int], tuple[weakref.ref[PaintedTiles], int]] = OrderedDict()
        self._bytes = 0
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._begin)

    @property
    def has_room(self) -> bool:
        """Whether something slow may still be painted in this turn."""
        return self._used < TURN_SECONDS

    def spend(self, seconds: float) -> None:
        """Count what was painted."""
        self._used += seconds
        if not self._next.isActive():
            self._next.start()

    def wait(self, view: QWidget, area: QRect) -> None:
        """Have a part of a view painted in the next turn."""
        self._waiting.append((view, area))
        if not self._next.isActive():
            self._next.start()

    def keep(self, tiles: PaintedTiles, index: int, size: int) -> None:
        """Count a tile of `size` bytes; the oldest ones go where it is one too many."""
        self._kept[id(tiles), index] = weakref.ref(tiles), size
        self._bytes += size
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            (_, oldest), (owner, gone) = self._kept.popitem(last=False)
            self._bytes -= gone
            if (still := owner()) is not None:
                still.drop(oldest)

    def forget(self, tiles: PaintedTiles, index: int) -> None:
        """Count a tile no more."""
        entry = self._kept.pop((id(tiles), index), None)
        if entry is not None:
            self._bytes -= entry[1]

    @Slot()
    def _begin(self) -> None:
        self._used = 0.0
        waiting, self._waiting = self._waiting, []
        for view, area in waiting:
            if isValid(view):
                view.update(area)


class PaintedTiles:
    """Paints one view; `forget` when it looks different."""

    def __init__(self, view: QWidget) -> None:
        self._view = view
        self._tiles: dict[int, QPixmap] = {}
        self._shape = (0, 0.0)  # width and pixels per point that the tiles are for
        self._is_slow: bool | None = None  # None while nothing of it was painted
        self._turn: PaintTurn | None = None

    def forget(self, *, everything: bool = False) -> None:
        """What was painted is out of date; with `everything` also how long it took."""
        for index in self._tiles:
            if self._turn is not None and isValid(self._turn):
                self._turn.forget(self, index)
        self._tiles.clear()
        if everything:
            self._is_slow = None

    @property
    def kept(self) -> int:
        """How many tiles are kept."""
        return len(self._tiles)

    def drop(self, index: int) -> None:
        """Free a tile."""
        self._tiles.pop(index, None)

    def paint(self, painter: QPainter, wanted: QRect, draw: Draw) -> None:
        """Paint what is wanted with `draw`, as far as this turn allows; the rest follows in the next ones."""
        turn = self._turn_of_window()
        shape = self._view.width(), self._view.devicePixelRatioF()
        if shape != self._shape:
            self.forget()
            self._shape = shape
        full = self._view.rect()
        for index in range(wanted.top() // TILE, wanted.bottom() // TILE + 1):
            tile = QRect(0, index * TILE, full.width(), TILE) & full
            part = tile & wanted
            if part.isEmpty():
                continue
            if index not in self._tiles:
                if self._is_slow is not False and not turn.has_room:
                    turn.wait(self._view, part)
                    continue
                started = turn.clock()
                if not self._is_slow or not self._fits(shape[1]):
                    painter.setClipRect(part)
                    draw(painter, part)
                else:
                    self._make(index, tile, shape[1], draw)
                    turn.keep(self, index, round(tile.width() * tile.height() * 4 * shape[1] ** 2))
                took = turn.clock() - started
                turn.spend(took)
                self._is_slow = bool(self._is_slow) or took > SLOW_SECONDS
            if (pixmap := self._tiles.get(index)) is not None:
                painter.setClipRect(part)
                painter.drawPixmap(tile.topLeft(), pixmap)

    def _make(self, index: int, tile: QRect, ratio: float, draw: Draw) -> None:
        pixmap = QPixmap(tile.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        inside = QPainter(pixmap)
        inside.translate(-tile.topLeft())
        draw(inside, tile)
        inside.end()
        self._tiles[index] = pixmap

    def _fits(self, ratio: float) -> bool:
        """Whether tiles end between pixels of the screen: others would leave seams."""
        return (TILE * ratio).is_integer()

    def _turn_of_window(self) -> PaintTurn:
        window = self._view.window()
        if self._turn is None or not isValid(self._turn) or self._turn.parent() is not window:
            direct = Qt.FindChildOption.FindDirectChildrenOnly
            found = cast("PaintTurn | None", window.findChild(PaintTurn, "paint_turn", direct))
            self.forget()
            self._turn = found if found is not None else PaintTurn(window)
        return self._turn
