"""What can be done with conversations of the list, with a folder, and with the list itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.messages import Conversation
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_actions import ConversationActions
from chatbot_app.ui.conversation_rows import Arrangement, Sorting
from chatbot_app.ui.icons import icon
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.theme import colors


def _tr(words: str) -> str:
    return QCoreApplication.translate("ConversationList", words)


def literal(name: str) -> str:
    """Return a name as a menu shows it: "&" would underline a letter."""
    return visible_text(" ".join(name.split())).replace("&", "&&")


def conversation_menu(
    owner: QWidget,
    chosen: Sequence[Conversation],
    actions: ConversationActions,
    folders: Sequence[Folder],
    tags: Sequence[str],
    *,
    rename: Callable[[], object],
) -> QMenu:
    """Return the menu of one conversation or several; the next one of `owner` takes its place."""
    menu = fresh_menu(owner, "conversation_menu")
    ink = colors(owner).text
    names = [one.id for one in chosen]
    if len(chosen) == 1:
        action = menu.addAction(icon("edit", ink), _tr("Rename"), rename)
        action.setShortcut(QKeySequence(Qt.Key.Key_F2))
    all_pinned = all(one.pinned for one in chosen)
    pin = _tr("No longer pin") if all_pinned else _tr("Pin")
    menu.addAction(icon("pin", ink), pin, lambda: actions.pin_requested.emit(names, not all_pinned))
    _fill_folders(menu.addMenu(icon("folder", ink), _tr("Move to folder")), chosen, actions, folders)
    _fill_tags(menu.addMenu(_tr("Tags")), chosen, actions, tags)
    menu.addAction(icon("copy", ink), _tr("Duplicate"), lambda: actions.duplication_requested.emit(names))
    menu.addAction(icon("export", ink), _tr("Export…"), lambda: actions.export_requested.emit(names))
    menu.addSeparator()
    all_archived = all(one.archived for one in chosen)
    archive = _tr("Bring back from the archive") if all_archived else _tr("Archive")
    menu.addAction(
        icon("inbox", ink), archive, lambda: actions.archive_requested.emit(names, not all_archived)
    )
    action = menu.addAction(icon("trash", ink), _tr("Delete"), lambda: actions.deletion_requested.emit(names))
    action.setShortcut(QKeySequence(Qt.Key.Key_Delete))
    return menu


def _fill_folders(
    menu: QMenu, chosen: Sequence[Conversation], actions: ConversationActions, folders: Sequence[Folder]
) -> None:
    names = [one.id for one in chosen]

    def add(title: str, folder_id: str) -> None:
        action = menu.addAction(title, lambda: actions.move_requested.emit(names, folder_id))
        _check(action, all((one.folder_id or "") == folder_id for one in chosen))

    add(_tr("No folder"), "")
    for folder in folders:
        add(literal(folder.name), folder.id)
    menu.addSeparator()
    menu.addAction(_tr("New folder…"), lambda: actions.new_folder_requested.emit(names))


def _fill_tags(
    menu: QMenu, chosen: Sequence[Conversation], actions: ConversationActions, tags: Sequence[str]
) -> None:
    names = [one.id for one in chosen]

    def add(tag: str) -> None:
        has_it = all(tag in one.tags for one in chosen)
        action = menu.addAction(literal(tag), lambda: actions.tag_requested.emit(names, tag, not has_it))
        _check(action, has_it)

    for tag in tags:
        add(tag)
    if tags:
        menu.addSeparator()
    menu.addAction(_tr("New tag…"), lambda: actions.new_tag_requested.emit(names))


def folder_menu(owner: QWidget, folder: Folder, actions: ConversationActions) -> QMenu:
    """Return the menu of a folder."""
    menu = fresh_menu(owner, "folder_menu")
    ink = colors(owner).text
    for sign, words, wish in (
        ("plus", _tr("New conversation here"), actions.conversation_in_folder_requested),
        ("edit", _tr("Rename…"), actions.folder_renaming_requested),
        ("settings", _tr("Settings for new conversations…"), actions.folder_settings_requested),
        ("export", _tr("Export its conversations…"), actions.folder_export_requested),
    ):
        menu.addAction(icon(sign, ink), words, partial(wish.emit, folder.id))
    menu.addSeparator()
    words = _tr("Remove folder, keep its conversations")
    menu.addAction(icon("close", ink), words, lambda: actions.folder_removal_requested.emit(folder.id))
    return menu


def list_menu(owner: QWidget, arrangement: Arrangement, archived: int, actions: ConversationActions) -> QMenu:
    """Return the menu of the list itself: its order, its archive, another folder."""
    menu = fresh_menu(owner, "conversation_list_menu")
    for sorting, words in (
        (Sorting.DATE, _tr("Sort by date")),
        (Sorting.NAME, _tr("Sort by name")),
        (Sorting.LENGTH, _tr("Sort by length")),
    ):
        action = menu.addAction(words, partial(actions.sorting_requested.emit, sorting.value))
        _check(action, sorting is arrangement.sorting)
    menu.addSeparator()
    words = _tr("Show the archive ({n})").format(n=archived)
    action = menu.addAction(words, lambda: actions.archive_view_requested.emit(not arrangement.archive))
    _check(action, arrangement.archive)
    menu.addAction(
        icon("folder", colors(owner).text), _tr("New folder…"), lambda: actions.new_folder_requested.emit([])
    )
    return menu


def _check(action: QAction, checked: bool) -> None:
    action.setCheckable(True)
    action.setChecked(checked)
