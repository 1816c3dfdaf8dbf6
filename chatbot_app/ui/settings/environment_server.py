"""Offers the server that OPENAI_API_KEY and OPENAI_BASE_URL describe, once, as an entry that is seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import Server
from chatbot_app.llm.keys import KeyPlace, KeyStore
from chatbot_app.llm.servers import servers_from_environment
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.workers.task_runner import TaskRunner

OFFERED = "servers.environment_offered"


class EnvironmentServer(QObject):
    """Reads the environment once at launch; after that nothing of it is used but through the entry."""

    offered = Signal(object)  # Notice with Action.ADD_SERVER
    added = Signal(str)  # server id

    def __init__(
        self,
        environment: Mapping[str, str],
        dotenv_path: Path,
        servers: ServerStore,
        settings: SettingsStore,
        keys: KeyStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._dotenv_path = dotenv_path
        self._servers = servers
        self._settings = settings
        self._keys = keys
        self._runner = runner
        self._found: tuple[Server, str | None] | None = None

    def look(self) -> None:
        """Offer a server that is there for the first time; give a known one its key for this session."""
        self._runner.run(self._read, self._consider, lambda _: None)

    def _read(self) -> tuple[Server, str | None] | None:
        found = servers_from_environment(self._environment, self._dotenv_path)
        if found is None:
            return None
        server, key = found
        if self._servers.find(server.id) is not None:
            if key and self._keys.get(server.id) is None:
                self._keys.set(server.id, key, where=KeyPlace.SESSION)
            return None
        if self._settings.get(OFFERED):
            return None
        self._settings.set(OFFERED, True)
        return found

    def _consider(self, found: tuple[Server, str | None] | None) -> None:
        if found is None:
            return
        self._found = found
        self.offered.emit(
            Notice(
                "ServerInEnvironment",
                self.tr("The environment names a server: %s.") % found[0].name,
                self.tr("Add it to your servers? Otherwise nothing of it is used."),
                Action.ADD_SERVER.value,
            )
        )

    @Slot()
    def add(self) -> None:
        """Take the offered server in and make it the default."""
        if self._found is None:
            return
        server, key = self._found
        self._found = None

        def store() -> str:
            self._servers.add(server)
            if key:
                self._keys.set(server.id, key, where=KeyPlace.KEYCHAIN)
            self._servers.set_default(server.id)
            return server.id

        self._runner.run(store, self.added.emit)
