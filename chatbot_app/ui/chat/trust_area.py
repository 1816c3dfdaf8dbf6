"""How questions to the documents are answered, and which models are trusted with it: made and wired."""

from __future__ import annotations

from PySide6.QtCore import QObject

from chatbot_app.storage.small_models import SmallModelStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.chat.trust_controller import TrustController
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.settings.servers_controller import ServersController
from chatbot_app.workers.task_runner import TaskRunner


def install_trust(
    pane: ChatPane,
    panel: SettingsPanel,
    chat: ChatController,
    servers: ServersController,
    small_models: SmallModelStore,
    runner: TaskRunner,
    parent: QObject,
) -> TrustController:
    """Put the choice of the mode into the composer, and follow servers and models; `parent` owns it."""
    mode = ModeChoice(pane)
    pane.composer.add_accessory(mode)
    trust = TrustController(pane, mode, panel, chat, small_models, runner, parent)
    servers.servers_changed.connect(trust.set_servers)
    pane.model_note.better_model_requested.connect(servers.open_servers)
    return trust
