"""The list of the Servers dialog."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.settings.server_drafts import ServerDrafts
from chatbot_app.ui.theme import set_look


class ServerList(QListWidget):
    """Names of servers, and which are the default one or not saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("servers_list")
        self.setAccessibleName(self.tr("Servers"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        set_look(self, "boxed")

    def current_id(self) -> str:
        """Return the id of the chosen server, or ""."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def show_servers(self, servers: ServerDrafts, select: str) -> None:
        """List servers and choose one, silently."""
        ids = servers.ids()
        with QSignalBlocker(self):
            self.clear()
            for id_ in ids:
                QListWidgetItem(self).setData(Qt.ItemDataRole.UserRole, id_)
            self.setCurrentRow(ids.index(select) if select in ids else 0)
        self.show_names(servers)

    def show_names(self, servers: ServerDrafts) -> None:
        """Show the names as they are written now."""
        for row in range(self.count()):
            item = self.item(row)
            id_ = str(item.data(Qt.ItemDataRole.UserRole))
            server = servers.server(id_)
            name = (visible_text(server.name) if server is not None else "") or self.tr("Unnamed")
            if id_ == servers.default_id:
                name = self.tr("{name} (default)").format(name=name)
            if servers.draft(id_) is not None:
                name = self.tr("{name} – not saved").format(name=name)
            item.setText(name)
