"""Connects the settings panel with the open conversation: its settings, presets, and the models to choose from."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.generation import USUAL_SETTINGS, GenerationSettings
from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.core.presets import Preset
from chatbot_app.core.servers import Server
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.settings.servers_controller import ServersController
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner


class SettingsController(QObject):
    """Keeps the panel true to the conversation, and the conversation to the panel."""

    models_listed = Signal(str, list)  # server id, list[str]: what a server has said to have

    def __init__(
        self,
        panel: SettingsPanel,
        chat: ChatController,
        servers: ServersController,
        settings: SettingsStore,
        gateway: Gateway,
        runner: TaskRunner,
        worker: ChatWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._chat = chat
        self._servers = servers
        self._settings_store = settings
        self._gateway = gateway
        self._runner = runner
        self._worker = worker
        self._listed_server: str | None = None
        self._connect()

    def _connect(self) -> None:
        self._panel.settings_changed.connect(self._take_settings)
        self._panel.models_refresh_requested.connect(self._list_models)
        self._panel.preset_saved.connect(self._save_preset)
        self._panel.preset_deleted.connect(self._delete_preset)
        self._chat.conversation_opened.connect(self._show_settings)
        self._chat.settings_needed.connect(self._panel.flush)
        self._chat.settings_replaced.connect(self._show_replaced)
        self._servers.servers_changed.connect(self._show_servers)

    def load(self) -> None:
        """Read servers and presets, and show them."""
        self._servers.reload_servers()
        self._reload_presets()

    def new_conversation_settings(self) -> GenerationSettings:
        """Return what a new conversation begins with: the default server and its model, and all documents."""
        return replace(USUAL_SETTINGS, server_id=self._servers.default_id or None)

    # --- settings of the conversation ------------------------------------------------------------------------

    @Slot(object)
    def _show_settings(self, _: Conversation | None) -> None:
        self._panel.set_settings(self._chat.settings, self._chat.conversation_id or "")
        self._list_models_if_other_server()

    @Slot()
    def _show_replaced(self) -> None:
        self._show_settings(None)

    @Slot(list, str)
    def _show_servers(self, _servers: list[Server], _default_id: str) -> None:
        self._listed_server = None
        self._show_settings(None)

    @Slot(object)
    def _take_settings(self, settings: GenerationSettings) -> None:
        self._chat.set_settings(settings, self._panel.conversation_id())
        self._list_models_if_other_server()

    @Slot()
    def list_what_is_missing(self) -> None:
        """A server was asked for an answer; one that could not list its models before may do so now."""
        self._list_models_if_other_server()

    def _list_models_if_other_server(self) -> None:
        server_id = self._chat.settings.server_id or self._servers.default_id
        if server_id and server_id != self._listed_server:
            self._list_models()

    @Slot()
    def _list_models(self) -> None:
        server_id = self._chat.settings.server_id or self._servers.default_id
        server = self._servers.find(server_id)
        if server is None:
            return
        self._listed_server = server_id

        def show(models: list[str]) -> None:
            self.models_listed.emit(server.id, models)
            if self._listed_server == server_id:
                self._panel.set_models(models)

        def explain(notice: Notice) -> None:
            if self._listed_server == server_id:
                self._listed_server = None
                self._panel.show_models_problem(f"{notice.summary} {notice.next_step}")

        self._panel.set_models_refreshing()
        self._worker.call(lambda: self._gateway.list_models(server.id), show, explain)

    # --- presets -----------------------------------------------------------------------------------------------

    def _reload_presets(self) -> None:
        self._runner.run(self._settings_store.presets, self._show_presets)

    def _show_presets(self, presets: list[Preset]) -> None:
        self._panel.set_presets([preset for preset in presets if not preset.built_in])

    @Slot(object)
    def _save_preset(self, preset: Preset) -> None:
        self._runner.run(lambda: self._settings_store.save_preset(preset), lambda _: self._reload_presets())

    @Slot(str)
    def _delete_preset(self, name: str) -> None:
        self._runner.run(lambda: self._settings_store.remove_preset(name), lambda _: self._reload_presets())
