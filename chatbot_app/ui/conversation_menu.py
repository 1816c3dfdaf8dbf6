"""What can be done with a conversation of the list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.ui.icons import icon
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.theme import colors


def conversation_menu(
    owner: QWidget,
    *,
    rename: Callable[[], object],
    export: Callable[[], object],
    delete: Callable[[], object],
) -> QMenu:
    """Return the menu of one conversation; the next one of `owner` takes its place."""
    translate = QCoreApplication.translate
    menu = fresh_menu(owner, "conversation_menu")
    ink = colors(owner).text
    action = menu.addAction(icon("edit", ink), translate("ConversationList", "Rename"), rename)
    action.setShortcut(QKeySequence(Qt.Key.Key_F2))
    menu.addAction(icon("export", ink), translate("ConversationList", "Export…"), export)
    menu.addSeparator()
    action = menu.addAction(icon("trash", ink), translate("ConversationList", "Delete"), delete)
    action.setShortcut(QKeySequence(Qt.Key.Key_Delete))
    return menu
