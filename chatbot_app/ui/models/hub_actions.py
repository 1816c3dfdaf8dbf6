"""What a person can do on the page of downloads: one object, on which its widgets emit themselves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class HubActions(QObject):
    """Who carries a wish out connects to it. Nothing here is emitted but by the person."""

    search_requested = Signal(str)  # what is looked for, or a pasted address
    recommended_requested = Signal()  # back to the list that ships
    repository_requested = Signal(str)  # its id: which files it has
    download_requested = Signal(object)  # core.local_models.Origin
    pause_requested = Signal(str)  # id of a download
    resume_requested = Signal(str)
    cancel_requested = Signal(str)  # what has arrived goes
    dismissed = Signal(str)  # one that is finished or failed leaves the list
    use_requested = Signal(str)  # id of a download that is finished: its model is to answer
    token_changed = Signal(str)  # a token for gated repositories, "" forgets it
