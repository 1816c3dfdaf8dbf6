"""The keys of the main window, in another window of the program."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from chatbot_app.ui.text_size_actions import STAYS


class SharedKeys(QObject):
    """Has the keys of the main window's menus work in a window, which owns this."""

    def __init__(self, main: QMainWindow, window: QWidget) -> None:
        super().__init__(window)
        self._main = main
        self._window = window
        for menu in main.menuBar().findChildren(QMenu):
            for action in menu.actions():
                self._share(action)

    def _share(self, action: QAction) -> None:
        if action.shortcut().isEmpty():
            return
        self._window.addAction(action)
        if not action.property(STAYS):
            action.triggered.connect(self._leave)

    @Slot()
    def _leave(self) -> None:
        """What was chosen by its keys happens in the main window: that comes forward, unless another one did."""
        if self._window.isActiveWindow() and self._main.isVisible():
            self._main.raise_()
            self._main.activateWindow()
