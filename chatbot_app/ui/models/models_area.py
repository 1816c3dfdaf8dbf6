"""Models, made and wired: who answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatbot_app.chat.services import Services
from chatbot_app.ui.chat.chat_area import ChatArea
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.model_choice_controller import ModelChoiceController
from chatbot_app.ui.settings.settings_area import SettingsArea
from chatbot_app.workers.lanes import Lanes


@dataclass(frozen=True, slots=True)
class ModelsArea:
    """What works together on models."""

    choice: ModelChoiceController
    open_better: Callable[[], None]


def install_models(
    window: MainWindow, services: Services, lanes: Lanes, chat: ChatArea, settings: SettingsArea
) -> ModelsArea:
    """Make the controllers; the window owns them. Nothing is read or asked before it is needed."""
    pane = window.chat_pane
    choice = ModelChoiceController(
        (pane.model_button, pane.composer_model),
        chat.chat,
        services.models,
        services.favourite_models,
        services.gateway,
        services.running_models,
        lanes.store,
        lanes.models,
        window,
    )
    settings.servers.servers_changed.connect(choice.set_servers)
    settings.settings.models_listed.connect(choice.take_list)
    open_better = settings.servers.open_servers
    choice.actions.better_model_requested.connect(open_better)
    choice.actions.models_requested.connect(open_better)
    choice.actions.servers_requested.connect(open_better)
    choice.actions.settings_requested.connect(window.show_settings)
    pane.model_note.better_model_requested.connect(open_better)
    window.model_choice_requested.connect(pane.model_button.click)
    return ModelsArea(choice, open_better)
