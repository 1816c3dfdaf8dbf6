"""Pieces of a text as coloured boxes, one after the other, wrapped like words."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.palettes import DARK, Colors
from chatbot_app.ui.theme import colors

_PARTS = ("part_history", "part_question", "part_passage", "part_system", "part_summary", "part_pinned")
_SIGNS = str.maketrans({"\n": "⏎", "\r": "␍", "\t": "⇥"})
_ROW = 1.55  # lines of text
_LONGEST = 200  # characters drawn of one piece


class BoxKind(Enum):
    """What a box stands for."""

    TEXT = "text"
    SPECIAL = "special"  # outlined: no part of the text has this meaning by itself
    BYTES = "bytes"  # a part of a character
    PLAIN = "plain"  # without a colour: between the pieces


@dataclass(frozen=True, slots=True)
class Box:
    """One piece; `tip` is what is said of it, "" for nothing."""

    text: str
    tip: str = ""
    kind: BoxKind = BoxKind.TEXT

    def shown(self) -> str:
        """Return the text as it is drawn, on one line."""
        text = self.text[:_LONGEST] + ("…" if len(self.text) > _LONGEST else "")
        return visible_text(text.translate(_SIGNS)).translate(_SIGNS)


def grounds(shown: Colors) -> tuple[str, ...]:
    """Return the colours that neighbouring boxes have in turn: text stands on them with at least 4.5:1."""
    share = 0.3 if shown is DARK else 0.24
    return tuple(_mixed(getattr(shown, part), shown.surface, share) for part in _PARTS)


def _mixed(over: str, under: str, share: float) -> str:
    top, ground = QColor(over), QColor(under)
    channels = (
        (top.red(), ground.red()),
        (top.green(), ground.green()),
        (top.blue(), ground.blue()),
    )
    return QColor(*(round(a * share + b * (1 - share)) for a, b in channels)).name()


class BoxFlow(QWidget):
    """Draws boxes. With the focus, arrow keys go from box to box; `pointed` tells of it, and of the mouse."""

    pointed = Signal(int)  # number of the box, -1 for none

    def __init__(self, name: str, words: str, parent: QWidget | None = None, *, focus: bool = False) -> None:
        """`name` is the object name, `words` are announced; with `focus` the keyboard reaches the boxes."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setMouseTracking(True)
        if focus:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._boxes: tuple[Box, ...] = ()
        self._places: list[QRect] = []
        self._laid_out = -1  # for which width
        self._at = -1

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What is drawn."""
        return self._boxes

    @property
    def current(self) -> int:
        """The box that is pointed at, -1 for none."""
        return self._at

    def show_boxes(self, boxes: Sequence[Box]) -> None:
        """Draw these. Some hundreds at a time: whoever has more pages them."""
        self._boxes = tuple(boxes)
        self._laid_out = -1
        self._point(-1)
        self.updateGeometry()
        self.update()

    def place_of(self, number: int) -> QRect:
        """Return where a box is drawn."""
        self._lay_out(self.width())
        return self._places[number]

    def _lay_out(self, width: int) -> int:
        """Place the boxes for a width and return the height."""
        metrics = self.fontMetrics()
        row, pad = round(metrics.height() * _ROW), max(2, round(metrics.height() * 0.18))
        if self._laid_out != width:
            self._laid_out = width
            self._places = list(_placed(self._boxes, metrics, width, row, pad))
        return (self._places[-1].bottom() + 1 if self._places else row) + 1

    def _point(self, number: int) -> None:
        if number == self._at:
            return
        self._at = number
        self.setAccessibleDescription(self._boxes[number].tip if number >= 0 else "")
        self.update()
        self.pointed.emit(number)

    def _box_at(self, place: QPoint) -> int:
        self._lay_out(self.width())
        return next((number for number, box in enumerate(self._places) if box.contains(place)), -1)

    # --- Qt ------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay_out(width)

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.fontMetrics().height() * 12)
        return QSize(width, self._lay_out(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().height() * 4, round(self.fontMetrics().height() * _ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        inks = [QColor(colour) for colour in grounds(shown)]
        self._lay_out(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.fontMetrics().height() * 0.2
        for number, (box, place) in enumerate(zip(self._boxes, self._places, strict=True)):
            if not place.intersects(event.rect()):
                continue
            area = place.adjusted(0, 1, -1, -1)
            is_special = box.kind is BoxKind.SPECIAL
            painter.setPen(QPen(QColor(shown.accent), 1.5) if is_special else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shown.info_background) if is_special else inks[number % len(inks)])
            if box.kind is not BoxKind.PLAIN:
                painter.drawRoundedRect(area, radius, radius)
            if number == self._at:
                painter.setPen(QPen(QColor(shown.text), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)
            painter.setPen(QColor(shown.muted if box.kind is BoxKind.PLAIN else shown.text))
            text = painter.fontMetrics().elidedText(box.shown(), Qt.TextElideMode.ElideMiddle, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self.width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_boxes"):
            self._laid_out = -1
            self.updateGeometry()
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._box_at(event.pos())
            tip = self._boxes[number].tip if number >= 0 else ""
            # Qt guesses at the format: a token may look like rich text.
            QToolTip.showText(
                event.globalPos(),
                f"<span>{html.escape(tip).replace(chr(10), '<br>')}</span>" if tip else "",
                self,
            )
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._box_at(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._at < 0 and self._boxes:
            self._point(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 10, Qt.Key.Key_Up: -10}
        last = len(self._boxes) - 1
        if event.key() in steps and self._boxes:
            self._point(min(last, max(0, self._at + steps[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._boxes:
            self._point(0 if event.key() == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)


def _placed(boxes: Sequence[Box], metrics: QFontMetrics, width: int, row: int, pad: int) -> list[QRect]:
    """Return the rectangles of boxes that stand in rows of a width; a row ends after a piece that ends a line."""
    places = []
    left, top = 0, 0
    for box in boxes:
        wide = min(metrics.horizontalAdvance(box.shown()) + 2 * pad, max(1, width))
        if left and left + wide > width:
            left, top = 0, top + row
        places.append(QRect(left, top, wide, row))
        left += wide
        if box.text.endswith("\n"):
            left, top = 0, top + row
    return places
