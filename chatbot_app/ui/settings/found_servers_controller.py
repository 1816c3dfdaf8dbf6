"""Looks for servers of this computer when a person opens a place that offers them, and uses the one they choose."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import Server
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.found_servers import FIND_SECONDS, PATIENT_SECONDS, FoundServer, known_ports
from chatbot_app.storage.servers import ServerStore
from chatbot_app.ui.settings.servers_controller import ServersController
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner

Find = Callable[[float], Coroutine[Any, Any, list[FoundServer]]]  # seconds at most


class FoundServersController(QObject):
    """Knows what was found last; every place that offers it listens to `found`."""

    found = Signal(list)  # list[FoundServer]
    used = Signal(object)  # Server, once it is the one that answers
    failed = Signal(object)  # Notice

    def __init__(
        self,
        find: Find,
        servers: ServersController,
        store: ServerStore,
        runner: TaskRunner,
        worker: ChatWorker,
        parent: QObject | None = None,
    ) -> None:
        """`find` asks the usual ports; it is called when somebody looks, and never else."""
        super().__init__(parent)
        self._find = find
        self._servers = servers
        self._store = store
        self._runner = runner
        self._worker = worker
        self._known: list[FoundServer] = []
        servers.dialog_opened.connect(self.look)
        servers.servers_changed.connect(self._leave_out_known)
        servers.found_server_chosen.connect(self.use)
        self.found.connect(servers.offer_found)

    @property
    def known(self) -> list[FoundServer]:
        """What was found last."""
        return list(self._known)

    @Slot()
    def look(self) -> None:
        """Ask the usual ports; `found` tells, also of nothing. Where nobody answered at once, they are asked again with
        more patience: while the window opens, the computer is busy with just that."""
        self._worker.call(lambda: self._find(FIND_SECONDS), self._tell_at_once, lambda _: None)

    def _tell_at_once(self, found: list[FoundServer]) -> None:
        self._tell(found)
        if not found:
            self._worker.call(lambda: self._find(PATIENT_SECONDS), self._tell_late, lambda _: None)

    def _tell_late(self, found: list[FoundServer]) -> None:
        if found:
            self._tell(found)

    def _tell(self, found: list[FoundServer]) -> None:
        self._known = found
        self.found.emit(list(found))

    @Slot(list, str)
    def _leave_out_known(self, servers: list[Server], _default_id: str) -> None:
        ports = known_ports(servers)
        left = [one for one in self._known if not known_ports([_server_of(one, "")]) & ports]
        if left != self._known:
            self._tell(left)

    @Slot(object)
    def use(self, found: FoundServer) -> None:
        """Add a server and let it answer from now on, in the open conversation too; ask for its key where it has one."""
        if found.needs_key:
            self._servers.ask_for_key(_server_of(found, uuid4().hex))
            return

        def add() -> Server:
            ports = known_ports([_server_of(found, "")])
            known = next((one for one in self._store.list() if known_ports([one]) & ports), None)
            server = known or self._store.add(_server_of(found, uuid4().hex))  # a second click adds nothing
            self._store.set_default(server.id)
            return server

        def show(server: Server) -> None:
            self._servers.use_now(server)
            self.used.emit(server)

        self._runner.run(add, show, self._explain)

    def _explain(self, notice: Notice) -> None:
        self.failed.emit(notice)


def _server_of(found: FoundServer, server_id: str) -> Server:
    return Server(
        server_id, visible_text(found.name), found.base_url, found.kind, default_model=found.chat_model
    )
