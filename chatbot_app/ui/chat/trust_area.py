"""How questions to the documents are answered, and which models are trusted with it: made and wired."""

from __future__ import annotations

from chatbot_app.chat.services import Services
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.chat.trust_controller import TrustController
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.lanes import Lanes


def install_trust(
    window: MainWindow, services: Services, lanes: Lanes, controllers: Controllers
) -> TrustController:
    """Put the choice of the mode into the composer, and follow servers and models; the window owns it."""
    pane, servers = window.chat_pane, controllers.servers
    mode = ModeChoice(pane)
    pane.composer.add_accessory(mode)
    trust = TrustController(
        pane, mode, window.settings_panel, controllers.chat, services.small_models, lanes.store, window
    )
    servers.servers_changed.connect(trust.set_servers)
    return trust
