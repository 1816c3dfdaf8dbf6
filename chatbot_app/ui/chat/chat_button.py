"""The small quiet buttons of a conversation: an icon, words, or both."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.icons import icon


class ChatButton(PaintedButton):
    """Paints itself, so that hundreds cost nothing; `words` are its tooltip and accessible name.

    With `caption` the words are drawn too. `quiet` hides it until its message is under the mouse or holds
    the focus; it can be reached with the keyboard all the same.
    """

    def __init__(
        self,
        look: Look,
        icon_name: str,
        words: str,
        object_name: str,
        parent: QWidget | None = None,
        *,
        caption: str = "",
        primary: bool = False,
    ) -> None:
        super().__init__(look, object_name, parent)
        self._icon_name = icon_name
        self._caption = caption
        self._primary = primary
        self.quiet = False
        self.setFont(look.small_font())
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Say what the button does."""
        self.setToolTip(words)
        self.setAccessibleName(words)

    def set_caption(self, caption: str) -> None:
        """Change the words that are drawn."""
        self._caption = caption
        self.resize(self.sizeHint())
        self.update()

    def set_icon(self, icon_name: str) -> None:
        """Change the icon."""
        self._icon_name = icon_name
        self.update()

    def set_quiet(self, quiet: bool) -> None:
        """Hide or show the button without taking it out of the keyboard's way."""
        if quiet != self.quiet:
            self.quiet = quiet
            self.update()

    # --- Qt ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        side = self._look.px(1.75)
        if not self._caption:
            return QSize(side, side)
        words = QFontMetricsF(self.font()).horizontalAdvance(self._caption)
        picture = self._look.px(1.35) if self._icon_name else 0
        return QSize(round(words) + picture + self._look.px(1.1), side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.quiet and not self.hasFocus() and not self.underMouse() and not self.isChecked():
            return
        shown = self._look.colors
        painter = self.smooth_painter()
        hot = self.is_hot
        ink = shown.text if hot or self.isChecked() else shown.muted
        if self._primary:
            ink = shown.accent_text
            self.draw_ground(painter, shown.accent_hover if hot else shown.accent)
        elif hot or self.isChecked():
            self.draw_ground(painter, shown.raised)
        elif self._caption and not self._icon_name:
            self.draw_outline(painter, shown.outline, 1)
        self.draw_focus(painter)
        if not self.isEnabled():
            ink = shown.outline
            painter.setOpacity(0.6)
        self._draw_content(painter, ink)

    def _draw_content(self, painter: QPainter, ink: str) -> None:
        side = self._look.px(1.05)
        left = (self.width() - side) / 2 if not self._caption else self._look.em * 0.5
        if self._icon_name:
            place = QRectF(left, (self.height() - side) / 2, side, side).toRect()
            icon(self._icon_name, ink).paint(painter, place)
            left += side + self._look.em * 0.3
        else:
            left = self._look.em * 0.55
        if self._caption:
            painter.setPen(QColor(ink))
            area = QRectF(left, 0, self.width() - left, self.height())
            words = QFontMetricsF(self.font()).elidedText(
                self._caption, Qt.TextElideMode.ElideRight, area.width() + 1
            )
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


def draw_chevron(painter: QPainter, centre: QPointF, size: float, colour: str, *, down: bool) -> None:
    """Draw the small arrow of a section that opens."""
    painter.setPen(QPen(QColor(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    x, y, half = centre.x(), centre.y(), size / 2
    if down:
        points = [QPointF(x - half, y - half / 2), QPointF(x, y + half / 2), QPointF(x + half, y - half / 2)]
    else:
        points = [QPointF(x - half / 2, y - half), QPointF(x + half / 2, y), QPointF(x - half / 2, y + half)]
    painter.drawPolyline(QPolygonF(points))
