"""The servers: from the store and the keychain into the dialog and the panel, and back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.errors import Action, AppError
from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.connection_report import ConnectionReport
from chatbot_app.llm.found_servers import FoundServer
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.keys import KeyPlace, KeyState, KeyStore, KeyStoreState
from chatbot_app.llm.servers import check_key, normalise_base_url
from chatbot_app.storage.servers import ServerStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.settings.servers_dialog import ServersDialog
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner


class ServersController(QObject):
    """Knows which servers there are and which is the default one; carries out what the dialog asks for."""

    notice_raised = Signal(object)  # Notice
    told = Signal(object)  # Notice of what went well
    servers_changed = Signal(list, str)  # list[Server], id of the default one
    dialog_opened = Signal()
    found_server_chosen = Signal(object)  # FoundServer
    prices_requested = Signal(object, list)  # Server, list[str]: its models

    def __init__(
        self,
        panel: SettingsPanel,
        chat: ChatController,
        servers: ServerStore,
        keys: KeyStore,
        gateway: Gateway,
        runner: TaskRunner,
        worker: ChatWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._chat = chat
        self._server_store = servers
        self._keys = keys
        self._gateway = gateway
        self._runner = runner
        self._worker = worker
        self._servers: list[Server] = []
        self._default_id = ""
        self._dialog: ServersDialog | None = None
        panel.servers_dialog_requested.connect(self.open_servers)

    @property
    def default_id(self) -> str:
        """The server of conversations that chose none, "" while it is not known."""
        return self._default_id

    def find(self, server_id: str) -> Server | None:
        """Return a server by its id."""
        return next((server for server in self._servers if server.id == server_id), None)

    @Slot(str)
    def reload_servers(self, select: str = "") -> None:
        """Read the servers anew and show them; `select` in the dialog."""

        def read() -> tuple[list[Server], str]:
            return self._server_store.list(), self._server_store.default().id

        def show(found: tuple[list[Server], str]) -> None:
            before = self._default_id or None
            self._servers, self._default_id = found
            self._panel.set_servers(self._servers, self._default_id)
            settings = self._chat.settings
            # A conversation in which nothing was asked or chosen yet goes along with what new ones begin with.
            follows = settings.server_id is None or (settings.server_id == before and settings.model is None)
            if self._chat.conversation_id is None and follows:
                self._chat.set_settings(replace(settings, server_id=self._default_id))
            self.servers_changed.emit(self._servers, self._default_id)
            if self._dialog is not None:
                self._dialog.set_servers(self._servers, self._default_id, select)
                self._look_for_keys()

        self._runner.run(read, show)

    @Slot()
    def open_servers(self) -> None:
        """Open the Servers dialog, or bring it to the front."""
        if self._dialog is None:
            parent = self._panel.window()
            self._dialog = ServersDialog(parent if isinstance(parent, QWidget) else None)
            self._dialog.test_requested.connect(self._test)
            self._dialog.server_saved.connect(self._save_server)
            self._dialog.server_removed.connect(self._remove_server)
            self._dialog.default_changed.connect(self._make_default)
            self._dialog.prices_requested.connect(self.prices_requested)
            self._dialog.found.chosen.connect(self.found_server_chosen)
            self._runner.run(self._keys.state, self._show_key_places, self._explain)
        self._dialog.set_servers(self._servers, self._default_id, self._chat.settings.server_id or "")
        self._dialog.offer_open_conversation(self._chat.conversation_id is not None)
        self._look_for_keys()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self.dialog_opened.emit()

    @Slot(list)
    def offer_found(self, found: list[FoundServer]) -> None:
        """Offer servers of this computer in the dialog."""
        if self._dialog is not None:
            self._dialog.found.show_found(found)

    def ask_for_key(self, server: Server) -> None:
        """Let the person enter the key of a server that was found; it is added when they save it."""
        self.open_servers()
        if self._dialog is not None:
            self._dialog.ask_for_key(server)

    def use_now(self, server: Server) -> None:
        """Let a server that was just stored as the default one answer in the open conversation as well."""
        self.reload_servers(server.id)
        self._chat.replace_settings(server_id=server.id, model=None)
        words = self.tr("{name} answers from now on.").format(name=visible_text(server.name))
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_found(server.id, True, words)
        else:
            self.told.emit(Notice("ServerInUse", words))

    def _show_key_places(self, state: KeyStoreState) -> None:
        if self._dialog is not None:
            self._dialog.set_key_places(state.places, state.sentence)

    def _look_for_keys(self) -> None:
        ids = [server.id for server in self._servers if server.has_key]
        if ids:
            self._runner.run(
                lambda: {server_id: self._keys.state_of(server_id) for server_id in ids},
                self._show_key_states,
                lambda _: None,
            )

    def _show_key_states(self, states: dict[str, KeyState]) -> None:
        if self._dialog is not None:
            self._dialog.set_key_states(states)

    @Slot(object, str)
    def _test(self, server: Server, typed_key: str) -> None:
        dialog = self._dialog
        if dialog is None:
            return

        def show(report: ConnectionReport) -> None:
            names = [model.id for model in report.models]
            dialog.show_test_result(report.reachable, self._said(report), names, report.base_url)

        def explain(notice: Notice) -> None:
            dialog.show_test_result(False, f"{notice.summary} {notice.next_step}", [])

        self._worker.call(lambda: self._gateway.test(server, typed_key or None), show, explain)

    def _said(self, report: ConnectionReport) -> str:
        error = report.error
        if error is None or error.action is not Action.OPEN_SERVERS:
            return report.sentence
        # Servers is open already.
        return self.tr("{what} Correct it above, then test again.").format(what=error.summary)

    @Slot(object, object)
    def _save_server(self, server: Server, key: str | None) -> None:
        dialog = self._dialog
        try:
            if server.kind is not ServerKind.BUILT_IN:
                server = replace(server, base_url=normalise_base_url(server.base_url))
            if key:
                key = check_key(key)
        except AppError as error:
            if dialog is not None:
                dialog.show_problem(str(error))
            return

        place = dialog.key_place() if dialog is not None else KeyPlace.SESSION
        for_new = dialog is not None and dialog.is_for_new_conversations(server.id)
        for_open = dialog is not None and dialog.is_for_open_conversation(server.id)

        def save() -> tuple[str, bool]:
            saved, kept_elsewhere = server, False
            if key is not None:
                if key:
                    kept_elsewhere = self._keys.set(server.id, key, where=place) is not place
                else:
                    self._keys.delete(server.id)
                saved = replace(server, has_key=bool(key))
            known = self._server_store.find(saved.id)
            if known is None:
                self._server_store.add(saved)
            else:
                # What it taught since the form was opened stays, unless its key or address is another now.
                self._server_store.update(replace(saved, traits=known.traits if key is None else {}))
            if for_new:
                self._server_store.set_default(saved.id)
            return saved.id, kept_elsewhere

        def show(result: tuple[str, bool]) -> None:
            self._show_saved(result)
            if for_open or (for_new and self._chat.conversation_id is None):
                # The names of models belong to the server that was used before.
                self._chat.replace_settings(server_id=server.id, model=None)
            if server.kind is not ServerKind.BUILT_IN:
                self._find_address(server)

        self._runner.run(save, show, self._explain)

    def _find_address(self, server: Server) -> None:
        """See whether a saved server is where it was said to be, and complete its address where it is not."""

        def complete(report: ConnectionReport) -> None:
            if report.base_url:
                self._runner.run(
                    lambda: store(report.base_url), lambda kept: show(kept, report), self._explain
                )

        def store(base_url: str) -> bool:
            known = self._server_store.find(server.id)
            if known is None or known.base_url != server.base_url:
                return False  # it was changed again meanwhile
            self._server_store.update(replace(known, base_url=base_url))
            return True

        def show(kept: bool, report: ConnectionReport) -> None:
            if kept:
                self.reload_servers(server.id)
                if self._dialog is not None:
                    self._dialog.show_found(server.id, report.reachable, self._said(report))

        self._worker.call(lambda: self._gateway.test(server, None), complete, lambda _: None)

    def _show_saved(self, result: tuple[str, bool]) -> None:
        server_id, kept_elsewhere = result
        self.reload_servers(server_id)
        if kept_elsewhere and self._dialog is not None:
            self._dialog.show_problem(
                self.tr("The keychain did not take the key: it is kept in memory until the program ends.")
            )

    @Slot(str)
    def _remove_server(self, server_id: str) -> None:
        def remove() -> None:
            self._server_store.remove(server_id)
            self._keys.delete(server_id)

        self._runner.run(remove, lambda _: self.reload_servers(), self._explain)

    @Slot(str)
    def _make_default(self, server_id: str) -> None:
        self._runner.run(
            lambda: self._server_store.set_default(server_id),
            lambda _: self.reload_servers(server_id),
            self._explain,
        )

    def _explain(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_problem(f"{notice.summary} {notice.next_step}")
        else:
            self.notice_raised.emit(notice)
