"""What a new server is to be used for once it is saved."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from chatbot_app.ui.theme import em


class ServerUses(QWidget):
    """Two boxes to tick; a choice belongs to the server that it was made for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server_id = ""
        self._unticked: set[str] = set()  # ids of servers that new conversations are not to use
        self._ticked: set[str] = set()  # … that the open conversation is to use
        self._may_use_now = False
        self.new_ones = self._box("server_use_for_new", self.tr("Use it for new conversations"))
        self.open_one = self._box("server_use_for_open", self.tr("Use it for the open conversation, too"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.3))
        layout.addWidget(self.new_ones)
        layout.addWidget(self.open_one)
        self.new_ones.clicked.connect(self._chosen)
        self.open_one.clicked.connect(self._chosen)

    def _box(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        return box

    def offer_open_conversation(self, offered: bool) -> None:
        """Say whether there is a stored conversation that could use a new server."""
        self._may_use_now = offered
        self.open_one.setVisible(offered)

    def show_server(self, server_id: str, *, is_new: bool) -> None:
        """Show the choice of a server that is not saved yet; nothing for another."""
        self._server_id = server_id
        self.setVisible(is_new)
        with QSignalBlocker(self.new_ones), QSignalBlocker(self.open_one):
            self.new_ones.setChecked(server_id not in self._unticked)
            self.open_one.setChecked(server_id in self._ticked)

    def for_new_ones(self, server_id: str) -> bool:
        """Return whether new conversations are to use the server."""
        return server_id not in self._unticked

    def for_open_one(self, server_id: str) -> bool:
        """Return whether the open conversation is to use the server."""
        return self._may_use_now and server_id in self._ticked

    @Slot()
    def _chosen(self) -> None:
        _put(self._unticked, self._server_id, not self.new_ones.isChecked())
        _put(self._ticked, self._server_id, self.open_one.isChecked())


def _put(ids: set[str], server_id: str, is_in: bool) -> None:
    if is_in:
        ids.add(server_id)
    else:
        ids.discard(server_id)
