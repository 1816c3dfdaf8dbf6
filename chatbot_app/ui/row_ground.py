"""The ground of a row in a list: what every list of the window draws behind its words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.theme import colors


def begin_row(painter: QPainter, option: QStyleOptionViewItem) -> Colors:
    """Draw the ground of a row and return the colours of its list; whoever draws the rest restores the painter, which is saved."""
    shown = colors_of(option)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_ground(painter, option, shown)
    return shown


def colors_of(option: QStyleOptionViewItem) -> Colors:
    """Return the colours of the list that a row is drawn for."""
    widget = option.widget
    assert isinstance(widget, QWidget)
    return colors(widget)


def draw_ground(painter: QPainter, option: QStyleOptionViewItem, shown: Colors) -> None:
    """Draw the ground of a row: chosen, under the mouse, and where the keyboard is."""
    line = QFontMetrics(option.font).height()
    box = QRectF(option.rect).adjusted(1, 1, -1, -1)
    radius = line * 0.35
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(shown.selection if chosen else shown.raised))
        painter.drawRoundedRect(box, radius, radius)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(shown.accent), 2))
        painter.drawRoundedRect(box, radius, radius)
