"""Models, made and wired: who answers, the Models window, files that are dropped."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from chatbot_app.chat.services import Services
from chatbot_app.ui.chat.chat_area import ChatArea
from chatbot_app.ui.dropped_files import DroppedFiles
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.local_controller import LocalController
from chatbot_app.ui.models.model_choice_controller import ModelChoiceController
from chatbot_app.ui.models.models_controller import ModelsController
from chatbot_app.ui.settings.settings_area import SettingsArea
from chatbot_app.workers.lanes import Lanes
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.ui.models.catalogue_controller import CatalogueController


@dataclass(frozen=True, slots=True)
class ModelsArea:
    """What works together on models."""

    choice: ModelChoiceController
    models: ModelsController
    local: LocalController


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
    local = LocalController(lambda: services.model_keeper, services.settings, TaskRunner, window)

    def open_other_programs() -> None:
        from chatbot_app.llm.local.other_programs import model_folders
        from chatbot_app.ui.models.other_programs_controller import OtherProgramsController

        other = window.findChild(OtherProgramsController)
        if other is None:
            other = OtherProgramsController(
                lambda: window.findChild(QDialog, "models_dialog") or window,
                lambda: model_folders(dict(os.environ), Path.home(), sys.platform),
                services.model_keeper.look,
                local.runner,
                window,
            )
            other.files_chosen.connect(local.add_files)
        other.open()

    def make_catalogue() -> CatalogueController:
        from chatbot_app.ui.models.catalogue_area import make_catalogue as make

        return make(services, local, window)

    models = ModelsController(
        window, local, choice, settings.found, open_other_programs, make_catalogue, window
    )
    settings.servers.servers_changed.connect(choice.set_servers)
    settings.settings.models_listed.connect(choice.take_list)
    models.servers_requested.connect(settings.servers.open_servers)
    choice.actions.settings_requested.connect(window.show_settings)
    chat.answering.answer_finished.connect(models.look_again)
    pane.transcript.user_actions.remedy_requested.connect(models.act)
    pane.notice_bar.action_requested.connect(models.act)
    pane.model_note.better_model_requested.connect(models.open_better)
    window.models_requested.connect(models.open_local)
    window.model_choice_requested.connect(pane.model_button.click)
    DroppedFiles(window).dropped.connect(pane.composer.files_dropped)
    return ModelsArea(choice, models, local)
