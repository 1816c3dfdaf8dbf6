"""What a person asks for in the list of conversations, beside opening one: order, several at once, folders."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class ConversationActions(QObject):
    """Conversations are named by lists of their ids, folders by their ids, "" for none."""

    deletion_requested = Signal(list)
    export_requested = Signal(list)
    duplication_requested = Signal(list)
    move_requested = Signal(list, str)
    new_folder_requested = Signal(list)  # with these in it
    pin_requested = Signal(list, bool)
    archive_requested = Signal(list, bool)
    tag_requested = Signal(list, str, bool)  # a tag, and whether they are to have it
    new_tag_requested = Signal(list)

    conversation_in_folder_requested = Signal(str)
    folder_renaming_requested = Signal(str)
    folder_settings_requested = Signal(str)
    folder_export_requested = Signal(str)
    folder_removal_requested = Signal(str)
    fold_requested = Signal(str, bool)

    sorting_requested = Signal(str)  # a value of conversation_rows.Sorting
    archive_view_requested = Signal(bool)
