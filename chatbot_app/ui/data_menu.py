"""The menu of data sets, before that of help."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from chatbot_app.ui.main_window import MainWindow


def data_menu(window: MainWindow) -> QMenu:
    """Return the menu, made by whoever first has an entry for it."""
    bar = window.menuBar()
    known = bar.findChild(QMenu, "data_menu")
    if isinstance(known, QMenu):
        return known
    menu = QMenu(QCoreApplication.translate("DataMenu", "&Data"), bar)
    menu.setObjectName("data_menu")
    bar.insertMenu(bar.actions()[-1], menu)
    return menu
