"""Settings of the open conversation and the servers to choose from: made and wired."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.chat.services import Services
from chatbot_app.ui.chat.chat_area import ChatArea
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.prices_controller import PricesController
from chatbot_app.ui.settings.environment_server import EnvironmentServer
from chatbot_app.ui.settings.found_servers_controller import FoundServersController
from chatbot_app.ui.settings.servers_controller import ServersController
from chatbot_app.ui.settings.settings_controller import SettingsController
from chatbot_app.workers.lanes import Lanes


@dataclass(frozen=True, slots=True)
class SettingsArea:
    """What works together on settings and servers."""

    servers: ServersController
    settings: SettingsController
    environment: EnvironmentServer  # the server that the environment describes
    found: FoundServersController  # servers of this computer that are not in the list


def install_settings(window: MainWindow, services: Services, lanes: Lanes, area: ChatArea) -> SettingsArea:
    """Make the controllers of a window whose panels are there; the window owns them."""
    panel, gateway = window.settings_panel, services.gateway
    servers = ServersController(
        panel, area.chat, services.servers, services.keys, gateway, lanes.store, lanes.models, window
    )
    settings = SettingsController(
        panel, area.chat, servers, services.settings, gateway, lanes.store, lanes.models, window
    )
    environment = EnvironmentServer(
        dict(os.environ),
        Path(".env").resolve(),
        services.servers,
        services.settings,
        services.keys,
        lanes.store,
        window,
    )
    prices = PricesController(services.prices, lanes.store, window)
    servers.prices_requested.connect(prices.ask)
    prices.failed.connect(servers.notice_raised)
    area.answering.answer_finished.connect(settings.list_what_is_missing)
    environment.added.connect(servers.reload_servers)
    found = FoundServersController(
        services.find_servers, servers, services.servers, lanes.store, lanes.models, window
    )
    return SettingsArea(servers, settings, environment, found)
