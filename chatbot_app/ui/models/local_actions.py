"""What a person can do with the models of this computer: one object, on which the widgets emit themselves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class LocalActions(QObject):
    """Who carries a wish out connects to it."""

    use_requested = Signal(str)  # model id: it answers in the open conversation from now on
    embedding_requested = Signal(str)  # model id: the person wants to search documents with it
    load_requested = Signal(str)
    unload_requested = Signal(str)
    default_requested = Signal(str)
    rename_requested = Signal(str, str)  # model id, new name
    folder_requested = Signal(str)  # model id
    removal_requested = Signal(
        str
    )  # model id; what the program downloaded is deleted, files of the person's stay
    settings_changed = Signal(str, object)  # model id, EngineSettings
    files_offered = Signal(list)  # list[Path]
    idle_minutes_changed = Signal(
        int
    )  # after which a model that is not asked gives its memory back; 0 keeps it
    other_programs_requested = Signal()
