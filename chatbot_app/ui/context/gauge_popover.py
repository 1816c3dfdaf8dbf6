"""What opens above the gauge: every part of the prompt with its colour, tokens and share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.context.parts import FREE, Share, percent, tokens_in_words
from chatbot_app.ui.theme import colors, em, scale_font

_STATE_INKS = {"ok": "text", "full": "warning", "cut": "danger"}


class GaugePopover(QWidget):
    """Painted like a tooltip; it takes neither the mouse nor the focus, and the gauge says it in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("gauge_popover")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._sentences: Sequence[str] = ()
        self._shares: Sequence[Share] = ()
        self._state = "ok"
        scale_font(self, 0.92)

    def show_shares(self, sentences: Sequence[str], shares: Sequence[Share], state: str) -> None:
        """Show these sentences, and below them a row for each part."""
        self._sentences, self._shares, self._state = sentences, shares, state
        self.updateGeometry()
        self.update()

    def rows(self) -> list[tuple[str, str, str]]:
        """Return what stands in each row: name, tokens, share."""
        return [(one.name, tokens_in_words(one.tokens), percent(one.share)) for one in self._shares]

    def _columns(self) -> tuple[int, int, int]:
        """Return the widths of the columns of names, tokens and shares, in pixels."""
        width = self.fontMetrics().horizontalAdvance
        rows = self.rows() or [("", "", "")]
        names, tokens, shares = zip(*rows, strict=True)
        return max(map(width, names)), max(map(width, tokens)), max(map(width, shares))

    # --- Qt ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        pad, gap = em(self, 0.7), em(self, 0.9)
        table = em(self, 1.1) + sum(self._columns()) + 2 * gap if self._shares else 0
        words = max((self.fontMetrics().horizontalAdvance(one) for one in self._sentences), default=0)
        lines = len(self._sentences) + len(self._shares) + (0.4 if self._shares else 0)
        return QSize(max(table, words) + 2 * pad + 2, round(em(self, 1.3) * lines) + 2 * pad)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(shown.surface))
        painter.setPen(QPen(QColor(shown.outline), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        pad, line = em(self, 0.7), em(self, 1.3)
        y = pad
        for place, sentence in enumerate(self._sentences):
            ink = shown.text if place == 0 else getattr(shown, _STATE_INKS[self._state])
            painter.setPen(QColor(ink))
            painter.drawText(QRect(pad, y, self.width() - 2 * pad, line), _LEFT, sentence)
            y += line
        y += round(line * 0.4)
        _, tokens_width, share_width = self._columns()
        right = self.width() - pad
        for share, (name, tokens, part) in zip(self._shares, self.rows(), strict=True):
            side = em(self, 0.62)
            swatch = QRectF(pad, y + (line - side) // 2, side, side)
            painter.setPen(QPen(QColor(shown.outline), 1) if share.ink == FREE else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(shown, share.ink)))
            painter.drawRoundedRect(swatch, side * 0.25, side * 0.25)
            painter.setPen(QColor(shown.text))
            painter.drawText(QRect(pad + em(self, 1.1), y, self.width(), line), _LEFT, name)
            edge = right - share_width - em(self, 0.9)
            painter.drawText(QRect(edge - tokens_width, y, tokens_width, line), _RIGHT, tokens)
            painter.setPen(QColor(shown.muted))
            painter.drawText(QRect(right - share_width, y, share_width, line), _RIGHT, part)
            y += line


_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
