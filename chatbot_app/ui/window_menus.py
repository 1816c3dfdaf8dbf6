"""The menus of the window, for those who add entries of their own."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from chatbot_app.ui.main_window import MainWindow


class WindowMenu(IntEnum):
    """A menu that is there from the start, by its place."""

    CONVERSATION = 0
    TOOLS = 2


def window_menu(window: MainWindow, which: WindowMenu) -> QMenu:
    """Return a menu of the window."""
    menu = window.menuBar().actions()[which].menu()
    assert isinstance(menu, QMenu)
    return menu


def data_menu(window: MainWindow) -> QMenu:
    """Return the menu of data sets, before that of help; made by whoever first has an entry for it."""
    bar = window.menuBar()
    known = bar.findChild(QMenu, "data_menu")
    if isinstance(known, QMenu):
        return known
    menu = QMenu(QCoreApplication.translate("DataMenu", "&Data"), bar)
    menu.setObjectName("data_menu")
    bar.insertMenu(bar.actions()[-1], menu)
    return menu
