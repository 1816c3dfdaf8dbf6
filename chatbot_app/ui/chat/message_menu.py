"""The menu of a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.menus import fresh_menu

LINKS_MOST = 20
LONGEST_LINK = 60

Entry = tuple[str, Callable[[], object]]


def message_menu(
    owner: QWidget, actions: TranscriptActions, entries: Sequence[Entry], addresses: Sequence[str]
) -> QMenu:
    """Return a menu of these entries (words, what to do), and of the web addresses in the message."""
    menu = fresh_menu(owner, "message_menu")
    for words, act in entries:
        menu.addAction(words.replace("&", "&&"), act)
    for address in addresses[:LINKS_MOST]:
        words = QCoreApplication.translate("MessageView", "Open {address}…")
        shown = words.format(address=address[:LONGEST_LINK]).replace("&", "&&")
        menu.addAction(shown, partial(actions.link_activated.emit, address))
    return menu
