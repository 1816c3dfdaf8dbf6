"""The neuron view: how one weight comes about, number by number (Vig 2019): query · key, scaled, and the softmax of that."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.lab.attention import FloatArray, PairProduct
from chatbot_app.lab.attention_look import AttentionLook
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.lab.attention_picture import shown_token, sign_ink
from chatbot_app.ui.theme import colors, em

_ROW = 1.45  # lines of text
_TOKEN, _SCORE, _SHARE = 6.0, 4.5, 7.0  # lines of text: widths of columns
_GAP = 0.7
_SMALLEST = 64  # pixels of the columns of numbers
_MOST_PIXELS = 420
_FULL = 96  # percent of the numbers are drawn paler than the full colour


class AttentionNeuronView(QWidget):
    """A row for each token that one token may look at: its key, its product with the query, the score, the share."""

    pair_chosen = Signal(int)  # the token that is looked at

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention_neuron_view")
        self.setAccessibleName(self.tr("Keys, products and shares"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look: AttentionLook | None = None
        self._asking = 0
        self._asked = 0
        self._keys: FloatArray = np.zeros((0, 0), np.float32)
        self._pair: PairProduct | None = None
        self._images: dict[str, QImage] = {}

    @property
    def pair(self) -> PairProduct | None:
        """The query and the key that are chosen."""
        return self._pair

    @property
    def asked(self) -> int:
        """The token that is looked at."""
        return self._asked

    def show_token(self, look: AttentionLook | None, layer: int, head: int, asking: int) -> None:
        """Draw what a token of a text looks at in one head; None draws nothing."""
        if look is not self._look or asking != self._asking:
            self._asked = asking
        self._look, self._asking = look, asking
        self._images.clear()
        self._pair = None
        if look is not None and look.asked:
            record = look.record
            group = record.queries.shape[1] // record.keys.shape[1]
            self._keys = record.keys[layer, head // group]
            self._asked = min(self._asked, len(look.asked) - 1)
            self._where = layer, head
            self._choose(self._asked)
        self.setMinimumSize(self.minimumSizeHint())
        self.update()

    def _choose(self, asked: int) -> None:
        assert self._look is not None
        self._asked = asked
        self._pair = self._look.record.pair(*self._where, self._asking, asked)
        self.pair_chosen.emit(asked)
        self.update()

    # --- where things are ------------------------------------------------------------------------------

    def _columns(self) -> list[QRect]:
        """Return where token, key, product, score and share stand, one row high."""
        gap, row = em(self, _GAP), em(self, _ROW)
        fixed = em(self, _TOKEN) + em(self, _SCORE) + em(self, _SHARE) + 4 * gap
        numbers = max(_SMALLEST, min(_MOST_PIXELS, (self.width() - fixed) // 2))
        found, left = [], 0
        for width in (em(self, _TOKEN), numbers, numbers, em(self, _SCORE), em(self, _SHARE)):
            found.append(QRect(left, 0, width, row))
            left += width + gap
        return found

    def _is_additive(self) -> bool:
        return self._look is not None and self._look.record.additive is not None

    def _head(self) -> int:
        return 3 * em(self, _ROW)

    # --- Qt ------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        count = len(self._look.asked) if self._look is not None else 0
        width = em(self, _TOKEN) + em(self, _SCORE) + em(self, _SHARE) + 4 * em(self, _GAP) + 2 * _SMALLEST
        return QSize(width, self._head() + count * em(self, _ROW) + em(self, 0.5))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, pair = self._look, self._pair
        if look is None or pair is None:
            return
        painter = QPainter(self)
        columns, row, shown = self._columns(), em(self, _ROW), colors(self)
        self._draw_head(painter, columns, pair)
        body = [column.translated(0, self._head()) for column in columns]
        count = len(look.asked)
        for name, place, numbers in (
            ("keys", body[1], self._keys),
            ("products", body[2], pair.products),
        ):
            area = QRect(place.left(), place.top(), place.width(), count * row)
            painter.drawImage(area, self._image(name, numbers))
        for token, text in enumerate(look.asked):
            line = QRect(0, self._head() + token * row, self.width(), row)
            if not line.intersects(event.rect()):
                continue
            weight = float(pair.weights[token])
            is_seen = weight > 0 or not look.is_causal or token <= self._asking
            if token == self._asked:
                painter.setPen(QColor(shown.accent))
                painter.drawRect(line.adjusted(0, 0, -1, -1))
            places = [column.translated(0, token * row) for column in body]
            painter.setPen(QColor(shown.text if is_seen else shown.muted))
            self._write(painter, places[0].adjusted(em(self, 0.2), 0, 0, 0), shown_token(text))
            if not is_seen:
                self._write(painter, places[4], self.tr("not seen"))
                painter.fillRect(places[1].united(places[2]), _see_through(shown.background))
                continue
            self._write(painter, places[3], f"{pair.scores[token]:+.2f}", Qt.AlignmentFlag.AlignRight)
            bar = QRect(places[4].left(), places[4].top() + row // 5, 0, row - 2 * (row // 5))
            bar.setWidth(round((places[4].width() - em(self, 2.8)) * weight))
            painter.fillRect(bar, QColor(shown.part_history))
            share = places[4].adjusted(0, 0, -em(self, 0.3), 0)
            self._write(painter, share, f"{100 * weight:.1f} %", Qt.AlignmentFlag.AlignRight)

    def _draw_head(self, painter: QPainter, columns: list[QRect], pair: PairProduct) -> None:
        shown, row = colors(self), em(self, _ROW)
        titles = ("", self.tr("Query"), "", "", "")
        below = (
            self.tr("Token"),
            self.tr("Key"),
            self.tr("Query × key") if not self._is_additive() else self.tr("v × tanh(query + key)"),
            self.tr("Score"),
            self.tr("Softmax"),
        )
        painter.setPen(QColor(shown.muted))
        for place, title, name in zip(columns, titles, below, strict=True):
            right = Qt.AlignmentFlag.AlignRight if place in columns[3:] else Qt.AlignmentFlag.AlignLeft
            self._write(painter, place, title)
            self._write(painter, place.translated(0, 2 * row), name, right)
        assert self._look is not None
        self._write(painter, columns[0].translated(0, row), shown_token(self._look.tokens[self._asking]))
        area = columns[1].translated(0, row).adjusted(0, 2, 0, -2)
        painter.drawImage(area, self._image("query", pair.query[None]))

    def _write(
        self,
        painter: QPainter,
        place: QRect,
        words: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _image(self, name: str, numbers: FloatArray) -> QImage:
        """Return numbers, (rows, d), as an image of so many pixels: colour is the sign, strength the size."""
        if name not in self._images:
            shown = colors(self)
            # Some numbers are a hundred times as large as the others, which would all be pale beside them.
            largest = float(np.percentile(np.abs(numbers), _FULL)) or 1.0
            pixels = np.empty((*numbers.shape, 4), np.uint8)
            for is_sign, value in ((numbers >= 0, 1.0), (numbers < 0, -1.0)):
                ink = sign_ink(shown, value)
                pixels[is_sign, :3] = (ink.blue(), ink.green(), ink.red())
            pixels[..., 3] = np.round(255 * np.minimum(1, np.abs(numbers) / largest))
            rows, width = numbers.shape
            self._images[name] = QImage(
                pixels.tobytes(), width, rows, 4 * width, QImage.Format.Format_ARGB32
            ).copy()
        return self._images[name]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        token = (event.position().toPoint().y() - self._head()) // em(self, _ROW)
        if self._look is not None and 0 <= token < len(self._look.asked):
            self._choose(token)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or self._look is None or self._pair is None:
            super().keyPressEvent(event)
            return
        self._choose(max(0, min(len(self._look.asked) - 1, self._asked + step)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_images"):
            self._images.clear()
            self.setMinimumSize(self.minimumSizeHint())
            self.update()


def _see_through(colour: str) -> QColor:
    ink = QColor(colour)
    ink.setAlphaF(0.7)
    return ink
