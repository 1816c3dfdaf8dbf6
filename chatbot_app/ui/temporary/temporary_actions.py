"""What a person asks for with temporary conversations: one object for the bar, the rows and the menus."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class TemporaryActions(QObject):
    """All but the first name a conversation by its id."""

    begin_requested = Signal()
    open_requested = Signal(str)
    keep_requested = Signal(str)
    export_requested = Signal(str)
    close_requested = Signal(str)
