"""Prompts and characters, made and wired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from chatbot_app.chat.services import Services
from chatbot_app.ui.characters.characters_controller import CharactersController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.prompts.prompts_controller import PromptsController
from chatbot_app.ui.session_area import SessionArea
from chatbot_app.ui.settings.settings_area import SettingsArea
from chatbot_app.ui.window_menus import WindowMenu, window_menu
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.ui.characters.character_pages import CharacterPages


def install_prompts(
    window: MainWindow, services: Services, lanes: Lanes, session: SessionArea, settings: SettingsArea
) -> None:
    """Make the controllers; the window owns them."""
    chat = session.controllers.chat
    characters = CharactersController(
        window,
        chat,
        services.characters,
        services.surroundings,
        settings.settings.new_conversation_settings,
        lanes.store,
        window,
    )

    menu = window_menu(window, WindowMenu.CONVERSATION)
    save = QAction(window.tr("Save as &character…"), window)
    save.setObjectName("save_as_character_action")
    save.triggered.connect(characters.wishes.saving_requested)
    menu.insertAction(next(action for action in menu.actions() if action.isSeparator()), save)

    def make_pages() -> CharacterPages:
        from chatbot_app.ui.characters.character_pages import CharacterPages

        return CharacterPages(
            window, chat, characters, services.characters, services.settings, lanes.store, lanes.files, window
        )

    prompts = PromptsController(
        window,
        services.prompts,
        characters,
        make_pages,
        services.settings,
        lanes.store,
        lanes.files,
        window,
    )
    session.session.started.connect(prompts.refresh)
    session.session.started.connect(characters.refresh)
    settings.servers.servers_changed.connect(characters.refresh)
