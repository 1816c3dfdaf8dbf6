"""A panel beside the conversation whose title is as large as its text."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDockWidget, QWidget


class PanelDock(QDockWidget):
    """Draws what QDockWidget does: that one keeps the font for its title that it was made with."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._made_with = self.font()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.font() == self._made_with:
            super().paintEvent(event)
        else:
            self._paint_larger()

    def _paint_larger(self) -> None:
        # The 600 names of QStyle's enums cost a launch a tenth: the first paint does without them.
        from PySide6.QtWidgets import QStyle, QStyleOptionDockWidget, QStyleOptionFrame, QStylePainter

        painter = QStylePainter(self)
        painter.setFont(self.font())
        if self.isFloating():
            frame = QStyleOptionFrame()
            frame.initFrom(self)
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_FrameDockWidget, frame)
        title = QStyleOptionDockWidget()
        self.initStyleOption(title)
        painter.drawControl(QStyle.ControlElement.CE_DockWidgetTitle, title)
