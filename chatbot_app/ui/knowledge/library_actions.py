"""What a person can ask for in the knowledge panel: one object, on which its parts emit themselves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class LibraryActions(QObject):
    """Every part of the panel is given this one and emits on it; who carries a wish out connects to it."""

    # what comes in
    files_offered = Signal(list)  # list[Path]: files and folders
    text_pasted = Signal(str, str)  # title, text
    address_given = Signal(str)  # of a web page
    host_allowed = Signal(str, str, str)  # address, host in a private network, collection id
    watch_requested = Signal(list)  # list[Path]: folders to keep watching

    # the import
    pause_toggled = Signal(bool)
    cancel_requested = Signal()
    again_requested = Signal(list)  # list[Path]: read anew
    vectors_requested = Signal(list)  # list[str]: large documents that shall have vectors

    embedding_requested = Signal()  # which model searches the documents is to be chosen

    # what is shown
    shown_changed = Signal(str, str)  # collection id (or TRASH), filter: list these
    order_chosen = Signal(str)  # a DocumentOrder's value
    search_requested = Signal(str, str)  # query, collection id
    passage_chosen = Signal(object)  # Evidence
    original_requested = Signal(object)  # path, str: as an object it keeps a name that is no valid text

    # documents
    removal_requested = Signal(list)  # list[DocumentRow]
    undo_requested = Signal(list)  # list[str]: documents to bring back from the trash
    purge_requested = Signal(list)  # list[str]: documents to remove for ever
    fields_written = Signal(str, str, dict)  # document id, title, dict[str, str | None] by field name
    fields_undo_requested = Signal(str, dict)  # document id, dict[str, str | None]: what was corrected before

    # collections
    collection_named = Signal(str, list)  # name, ids of documents to put into it
    collection_deleted = Signal(str)
    filing_requested = Signal(str, list, bool)  # collection id, document ids, into it or out of it
