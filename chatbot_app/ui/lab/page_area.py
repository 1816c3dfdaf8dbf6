"""The place of a page: as large as the window leaves it, and scrolled where the page needs more."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class PageArea(QScrollArea):
    """Scrolls by what the page needs at least.

    Qt's own goes by the height that a page would like for its width, where a label in it breaks its lines: pages then
    have a scroll bar that would fit without.
    """

    def __init__(self, name: str, page: QWidget, parent: QWidget | None = None) -> None:
        """`name` is the object name; the page belongs to the area from now on."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.page = page
        self.setWidget(_Sheet(page))


class _Sheet(QWidget):
    """Has no layout, which would tell of the height for a width."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        page.setParent(self)

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint().expandedTo(self._page.minimumSize())

    def sizeHint(self) -> QSize:
        return self._page.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the page needs more or less than before
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.setGeometry(self.rect())
