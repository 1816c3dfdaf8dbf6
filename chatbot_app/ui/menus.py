"""Menus that are made when they are opened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget


def fresh_menu(owner: QWidget, name: str) -> QMenu:
    """Return an empty menu of the owner's; the one of that name that was open before goes.

    A menu that deleted itself when it closes would be gone in the middle of what was chosen in it, as soon as that
    runs an event loop of its own, as dialogs do.
    """
    for old in owner.findChildren(QMenu, name, Qt.FindChildOption.FindDirectChildrenOnly):
        old.setObjectName("")
        old.deleteLater()
    menu = QMenu(owner)
    menu.setObjectName(name)
    return menu
