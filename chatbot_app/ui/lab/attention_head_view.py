"""The head view: tokens at the left look at tokens at the right, a line for each weight.

After Vig, "A Multiscale Visualization of Attention in the Transformer Model" (2019), whose tool BertViz has it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.lab.attention_picture import (
    DIFFERENCE,
    AttentionPicture,
    Panel,
    head_ink,
    line_strength,
    shown_token,
    sign_ink,
    strongest,
)
from chatbot_app.ui.lab.line_layer import Line, LineLayer
from chatbot_app.ui.theme import colors, em

_ROW = 1.45  # lines of text
_MOST_LINES = 4000  # of a panel
_MOST_POINTED = 150  # of a token that is pointed at: they are drawn at once
_LEAST = 0.02  # of a weight that is drawn
_PANEL_WIDTH = 14  # lines of text, at least
_LONGEST = 8  # lines of text: the width of a token
_GAP = 1.5

Place = tuple[int, int, int]  # panel, 0 for the tokens that look and 1 for those that are looked at, token


class AttentionHeadView(QWidget):
    """Draws one panel for each side of a picture. The mouse or the arrow keys choose a token, whose lines stay alone."""

    pointed = Signal(object)  # Place, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention_head_view")
        self.setAccessibleName(self.tr("Tokens and what they look at"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._titles: tuple[str, ...] = ()
        self._panels: tuple[Panel, ...] = ()
        self._pairs: tuple[list[tuple[int, int]], ...] = (
            [],
            [],
        )  # of two texts: what looks, and what is looked at
        self._at: Place | None = None
        self._lines = LineLayer(self)  # of all tokens
        self._lines.grown.connect(self.update)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """What is drawn."""
        return self._panels

    @property
    def current(self) -> Place | None:
        """The token that is pointed at."""
        return self._at

    def show_picture(self, picture: AttentionPicture | None, titles: tuple[str, ...] = ()) -> None:
        """Draw the layer and head of a picture, a title above each panel; None draws nothing."""
        self._panels = tuple(picture.panel(side) for side in picture.sides) if picture is not None else ()
        is_comparing = picture is not None and picture.is_comparing
        self._pairs = (
            (picture.pairs, picture.asked_pairs) if picture is not None and is_comparing else ([], [])
        )
        self._titles = titles
        self._lines.clear()
        self._point(self._at if self._is_there(self._at) else None)
        self.setMinimumSize(self.minimumSizeHint())
        self.update()

    def point_at(self, place: Place | None) -> None:
        """Choose a token; what is not there chooses none."""
        self._point(place if self._is_there(place) else None)

    def _is_there(self, place: Place | None) -> bool:
        return (
            place is not None
            and place[0] < len(self._panels)
            and 0 <= place[2] < len(self._panels[place[0]].columns[place[1]])
        )

    def _point(self, place: Place | None) -> None:
        if place != self._at:
            self._at = place
            self.update()
            self.pointed.emit(place)

    def token_in(self, number: int) -> int | None:
        """Return the token of a panel that is pointed at, or that corresponds to the one in another panel."""
        if self._at is None or self._at[0] == number:
            return None if self._at is None else self._at[2]
        # Panel 0 has the first text, 1 the second, 2 their pairs in order.
        here, there = (
            [
                pair[panel] if panel < DIFFERENCE else place
                for place, pair in enumerate(self._pairs[self._at[1]])
            ]
            for panel in (self._at[0], number)
        )
        return there[here.index(self._at[2])] if self._at[2] in here else None

    # --- where things are ------------------------------------------------------------------------------

    def _row(self) -> int:
        return em(self, _ROW)

    def _top(self) -> int:
        return em(self, 1.8) if len(self._panels) > 1 else em(self, 0.3)

    def _panel_area(self, number: int) -> QRect:
        gap = em(self, _GAP)
        width = (self.width() - gap * (len(self._panels) - 1)) // max(1, len(self._panels))
        return QRect(number * (width + gap), 0, width, self.height())

    def _columns(self, number: int) -> tuple[QRect, QRect]:
        """Return where the tokens stand that look, and those that are looked at; one row high."""
        area = self._panel_area(number)
        metrics = self.fontMetrics()
        texts = {text for column in self._panels[number].columns for text in column}
        longest = max((metrics.horizontalAdvance(shown_token(text)) for text in texts), default=0)
        width = min(longest + em(self, 0.6), em(self, _LONGEST), area.width() // 3)
        top, row = self._top(), self._row()
        return QRect(area.left(), top, width, row), QRect(area.right() - width + 1, top, width, row)

    def _place_at(self, position: QPoint) -> Place | None:
        for number in range(len(self._panels)):
            for side, column in enumerate(self._columns(number)):
                token = (position.y() - column.top()) // self._row()
                if column.left() <= position.x() <= column.right() and position.y() >= column.top():
                    place = (number, side, token)
                    return place if self._is_there(place) else None
        return None

    def row_of(self, place: Place) -> QRect:
        """Return where a token is drawn."""
        return self._columns(place[0])[place[1]].translated(0, place[2] * self._row())

    # --- Qt ------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        rows = max((len(column) for panel in self._panels for column in panel.columns), default=0)
        width = len(self._panels) * em(self, _PANEL_WIDTH) + max(0, len(self._panels) - 1) * em(self, _GAP)
        return QSize(width, self._top() + rows * self._row() + em(self, 0.5))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._at is None:
            if not self._lines.fits(self.size(), self.devicePixelRatioF()):
                self._lines.draw(self.size(), self.devicePixelRatioF(), self._lines_at(None))
            painter.drawPixmap(0, 0, self._lines.pixmap)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for line, ink in self._lines_at(self._at):
                painter.setPen(QPen(ink, 1.6))
                painter.drawLine(line)
        for number in range(len(self._panels)):
            self._draw_tokens(painter, number, event.rect())

    def _lines_at(self, at: Place | None) -> Iterator[Line]:
        """Yield the lines of all panels, weakest first in each: those of all tokens, or of the one at a place."""
        for number in range(len(self._panels)):
            yield from self.lines_of(number, at)

    def lines_of(self, number: int, at: Place | None) -> Iterator[Line]:
        """Yield the lines of a panel, weakest first: those of all tokens, or of the one at a place."""
        panel, shown = self._panels[number], colors(self)
        weights, most = panel.weights, _MOST_LINES
        if at is not None:
            token = self.token_in(number)
            kept = np.zeros_like(weights)
            if token is not None:
                chosen = (slice(None), token) if at[1] == 0 else (slice(None), slice(None), token)
                kept[chosen] = weights[chosen]
            weights, most = kept, _MOST_POINTED
        heads, asking, asked = strongest(weights, _LEAST, most)
        left, right = self._columns(number)
        row, x_left, x_right = self._row(), left.right() + 1.0, float(right.left())
        middle = self._top() + row / 2
        for head, start, end in zip(heads.tolist(), asking.tolist(), asked.tolist(), strict=True):
            weight = float(weights[head, start, end])
            ink = sign_ink(shown, weight) if panel.is_signed else head_ink(shown, head + panel.first_head)
            ink.setAlphaF(line_strength(weight, panel.is_signed))
            yield QLineF(x_left, middle + start * row, x_right, middle + end * row), ink

    def _draw_tokens(self, painter: QPainter, number: int, exposed: QRect) -> None:
        panel, shown = self._panels[number], colors(self)
        if len(self._panels) > 1 and number < len(self._titles):
            area = QRect(self._panel_area(number).left(), 0, self._panel_area(number).width(), self._top())
            painter.setPen(QColor(shown.muted))
            title = painter.fontMetrics().elidedText(
                self._titles[number], Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, title)
        for side, column in enumerate(self._columns(number)):
            align = Qt.AlignmentFlag.AlignRight if side == 0 else Qt.AlignmentFlag.AlignLeft
            for token, text in enumerate(panel.columns[side]):
                place = column.translated(0, token * self._row())
                if not place.intersects(exposed):
                    continue
                self._draw_ground(painter, (number, side, token), place)
                painter.setPen(QColor(shown.text))
                inner = place.adjusted(em(self, 0.25), 0, -em(self, 0.25), 0)
                words = painter.fontMetrics().elidedText(
                    shown_token(text), Qt.TextElideMode.ElideMiddle, inner.width()
                )
                painter.drawText(
                    inner, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words
                )

    def _draw_ground(self, painter: QPainter, place: Place, area: QRect) -> None:
        """Draw what stands behind a token: the one that is pointed at, and how much the others have to do with it."""
        at, shown = self._at, colors(self)
        token = self.token_in(place[0])
        if at is None or token is None:
            return
        if at[1] == place[1]:
            if token != place[2]:
                return
            ink = QColor(shown.selection)
        else:
            panel = self._panels[place[0]]
            pair = (token, place[2]) if at[1] == 0 else (place[2], token)
            column = panel.weights[:, pair[0], pair[1]]
            head = int(np.abs(column).argmax())
            ink = (
                sign_ink(shown, float(column[head]))
                if panel.is_signed
                else head_ink(shown, head + panel.first_head)
            )
            ink.setAlphaF(min(0.45, abs(float(column[head])) * 0.5))  # text stays to be read on it
        painter.fillRect(area.adjusted(0, 1, 0, -1), ink)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._place_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._panels:
            super().keyPressEvent(event)
            return
        if self._at is None:
            self._point((0, 0, 0) if self._is_there((0, 0, 0)) else None)
            return
        column = max(0, min(2 * len(self._panels) - 1, 2 * self._at[0] + self._at[1] + step[0]))
        count = len(self._panels[column // 2].columns[column % 2])
        if count:
            self._point((column // 2, column % 2, max(0, min(count - 1, self._at[2] + step[1]))))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_panels"):
            self._lines.clear()
            self.setMinimumSize(self.minimumSizeHint())
            self.update()
