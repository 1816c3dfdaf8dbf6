"""Welcomes a person once, and does what they choose first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.found_servers import FoundServer
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.welcome import WelcomeStep
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.settings.found_servers import models_of, words_of
from chatbot_app.ui.settings.found_servers_controller import FoundServersController


class WelcomeController(QObject):
    """Shows the welcome at the first launch, and again only where the person asks for it."""

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        guide: Path,
        open_servers: Callable[[], None],
        open_better_model: Callable[[], None],
        found: FoundServersController,
        start_new: Callable[[], None],
        remember: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """`guide` is the sample document; `remember` stores, off this thread, that the person was welcomed."""
        super().__init__(parent)
        self._is_open = False
        self._offered: list[FoundServer] = []
        self._window = window
        self._guide = guide
        self._open_servers = open_servers
        self._open_better_model = open_better_model
        self._found = found
        self._start_new = start_new
        self._remember = remember
        window.chat_pane.transcript.user_actions.welcome_step_chosen.connect(self._begin)
        window.chat_pane.transcript.user_actions.sample_question_chosen.connect(self._ask_sample)
        window.chat_pane.transcript.user_actions.found_server_chosen.connect(self._use_found)
        found.found.connect(self._offer)
        window.welcome_requested.connect(self.show_again)
        chat.conversation_opened.connect(self._end)

    def start(self, stored: Mapping[str, Any]) -> None:
        """Welcome where this is the first window over this data folder."""
        # A window that was closed before the welcome existed has left its layout.
        if stored["ui.welcomed"] or stored["ui.geometry"]:
            return
        self._remember()  # at once: a welcome that comes back after a crash is a nuisance
        self._welcome()

    @Slot()
    def show_again(self) -> None:
        """Show it in a new conversation."""
        self._start_new()
        self._welcome()

    def _welcome(self) -> None:
        self._is_open = True
        self._window.chat_pane.transcript.first_page.show_welcome(is_wanted=True)
        self._offer(self._found.known)
        self._found.look()

    @Slot(list)
    def _offer(self, found: list[FoundServer]) -> None:
        if self._is_open:
            self._offered = list(found)
            offers = [(self._title_of(server), self._words_of(server)) for server in found]
            self._window.chat_pane.transcript.first_page.offer_servers(offers)

    def _title_of(self, server: FoundServer) -> str:
        return self.tr("Use {name}").replace("{name}", visible_text(server.name))

    def _words_of(self, server: FoundServer) -> str:
        models = models_of(server)
        if not models:
            return words_of(server)
        return self.tr("It runs on this computer, with {models}.").replace("{models}", models)

    @Slot(int)
    def _use_found(self, place: int) -> None:
        if place < len(self._offered):
            self._end()
            self._found.use(self._offered[place])
            self._window.chat_pane.composer.focus_text()

    @Slot()
    def _end(self) -> None:
        self._is_open = False
        self._window.chat_pane.transcript.first_page.show_welcome(is_wanted=False)

    @Slot(object)
    def _begin(self, step: WelcomeStep) -> None:
        pane = self._window.chat_pane
        self._end()
        if step is WelcomeStep.TRY_MODEL:
            self._write(self.tr("Write a friendly greeting for a birthday card."))
        elif step is WelcomeStep.ASK_DOCUMENT:
            self._ask_sample(self.tr("What does a number in brackets after a sentence mean?"))
        elif step is WelcomeStep.BETTER_MODEL:
            self._open_better_model()
        elif step is WelcomeStep.ADD_SERVER:
            self._open_servers()
        else:
            pane.composer.focus_text()

    @Slot(str)
    def _ask_sample(self, question: str) -> None:
        self._window.chat_pane.composer.files_dropped.emit([self._guide])
        self._write(question)

    def _write(self, question: str) -> None:
        composer = self._window.chat_pane.composer
        if not composer.text().strip():  # never over what the person has written
            composer.set_text(question)
        composer.focus_text()
