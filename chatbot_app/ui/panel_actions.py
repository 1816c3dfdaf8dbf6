"""Panels come to the front with their keys, and go only when they are what the person is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu, QWidget


def is_in_front(dock: QDockWidget) -> bool:
    """Say whether a panel is seen: open, and not behind the tab of another one."""
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def bring_forward(dock: QDockWidget) -> None:
    """Open a panel in front of those that share its place, or the window that it floats in."""
    dock.show()
    dock.raise_()
    if dock.isFloating():
        dock.activateWindow()


def focus_inside(dock: QDockWidget) -> None:
    """Put the focus where it last was in a panel, else on its first field."""
    panel = cast("QWidget | None", dock.widget())
    if panel is None:
        return  # its code is not loaded yet
    last = panel.focusWidget()
    if last is not None and _takes_focus(last):
        last.setFocus()
        return
    following: QWidget | None = panel.nextInFocusChain()
    while following is not None and following is not panel:
        if panel.isAncestorOf(following) and _takes_focus(following):
            following.setFocus()
            return
        following = following.nextInFocusChain()
    panel.setFocus()  # an empty one has the focus itself, so that the next press takes it away


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy().value & 1)


class PanelActions(QObject):
    """The entries of the View menu, and the keys, that show and hide panels; ticked while a panel is open."""

    left = Signal()  # a panel that had the focus went: somebody must take it

    def __init__(self, menu: QMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = menu
        self._by_menu = False
        self._docks: dict[QAction, QDockWidget] = {}
        self._windows: dict[QDockWidget, Callable[[], QWidget | None]] = {}
        self._over = QTimer(self)  # a menu closes just before what was chosen in it is said
        self._over.setSingleShot(True)
        self._over.setInterval(0)
        self._over.timeout.connect(self._forget_menu)
        menu.aboutToShow.connect(self._notice_menu)
        menu.aboutToHide.connect(self._over.start)

    def add(self, dock: QDockWidget, keys: str) -> QAction:
        """Add a panel to the menu."""
        action = QAction(dock.windowTitle(), self, checkable=True)
        action.setObjectName(f"{dock.objectName()}_action")
        action.setShortcut(QKeySequence(keys))
        action.setChecked(not dock.isHidden())
        action.triggered.connect(self._switch)
        dock.toggleViewAction().toggled.connect(action.setChecked)
        self._docks[action] = dock
        self._menu.addAction(action)
        return action

    def set_window_of(self, dock: QDockWidget, window: Callable[[], QWidget | None]) -> None:
        """Say how to find the window that a panel may have moved to; it is then the panel."""
        self._windows[dock] = window

    @Slot()
    def _notice_menu(self) -> None:
        self._by_menu = True

    @Slot()
    def _forget_menu(self) -> None:
        self._by_menu = False

    @Slot()
    def _switch(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        dock = self._docks[action]
        moved = self._windows[dock]() if dock in self._windows else None
        if moved is not None:
            moved.raise_()
            moved.activateWindow()
            action.setChecked(not dock.isHidden())
            return
        focus = QApplication.focusWidget()
        is_inside = focus is not None and dock.isAncestorOf(focus)
        # In the menu a tick is taken away with one click; keys first bring the person to the panel.
        if is_in_front(dock) and (is_inside or self._by_menu):
            dock.hide()
            if is_inside:
                self.left.emit()
        else:
            bring_forward(dock)
            focus_inside(dock)
        action.setChecked(not dock.isHidden())
