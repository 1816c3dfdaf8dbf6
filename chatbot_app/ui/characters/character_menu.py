"""Menus of characters: to begin a conversation with, and for the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.characters import Character
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.menus import fresh_menu

_LONGEST_NAME = 50  # characters; a menu is as wide as its widest entry


class CharacterWishes(QObject):
    """What a person asks for in the menus."""

    begin_requested = Signal(object)  # Character: a new conversation with it
    use_requested = Signal(object)  # Character for the open conversation, None for the usual settings
    keeping_requested = Signal()  # what was changed since belongs to the character from now on
    saving_requested = Signal()  # the settings of the open conversation become a character
    library_requested = Signal()


def menu_for_new(owner: QWidget, characters: Sequence[Character], wishes: CharacterWishes) -> QMenu:
    """Return the menu that begins a conversation."""
    menu = fresh_menu(owner, "new_with_character_menu")
    for character in characters:
        _add(menu, _name(character), partial(wishes.begin_requested.emit, character), character)
    if not characters:
        _add(menu, _tr("You keep no characters yet"), wishes.library_requested.emit).setEnabled(False)
    menu.addSeparator()
    _add(menu, _tr("Characters…"), wishes.library_requested.emit)
    return menu


def menu_for_open(
    owner: QWidget,
    characters: Sequence[Character],
    used: Character | None,
    is_changed: bool,
    wishes: CharacterWishes,
) -> QMenu:
    """Return the menu for the open conversation, which is had with the character `used`."""
    menu = fresh_menu(owner, "character_menu")
    usual = _add(menu, _tr("No character, the usual settings"), lambda: wishes.use_requested.emit(None))
    usual.setCheckable(True)
    usual.setChecked(used is None)
    for character in characters:
        action = _add(menu, _name(character), partial(wishes.use_requested.emit, character), character)
        action.setCheckable(True)
        action.setChecked(used is not None and used.id == character.id)
    menu.addSeparator()
    if used is not None and is_changed:
        words = _tr("Undo the changes: back to “{name}”").replace("{name}", _name(used))
        _add(menu, words, lambda: wishes.use_requested.emit(used))
        words = _tr("Keep the changes in “{name}”").replace("{name}", _name(used))
        _add(menu, words, wishes.keeping_requested.emit)
        menu.addSeparator()
    _add(menu, _tr("Save as character…"), wishes.saving_requested.emit)
    _add(menu, _tr("Characters…"), wishes.library_requested.emit)
    return menu


def _add(menu: QMenu, words: str, act: Callable[[], object], character: Character | None = None) -> QAction:
    action = menu.addAction(words.replace("&", "&&"))
    if character is not None and character.description:
        action.setToolTip(visible_text(character.description))
        menu.setToolTipsVisible(True)
    action.triggered.connect(lambda _checked=False: act())
    return action


def _name(character: Character) -> str:
    return shortened(visible_text(character.name), _LONGEST_NAME)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CharacterMenu", text)
