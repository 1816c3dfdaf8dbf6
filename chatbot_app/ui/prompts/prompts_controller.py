"""The library of prompts in the window: /name in the composer, and the dialog under Tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.characters import Character
from chatbot_app.core.messages import Notice
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.storage.prompt_library import PromptLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.characters.characters_controller import CharactersController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.prompts.library_keeper import LibraryKeeper
from chatbot_app.ui.prompts.prompt_offers import PromptOffers
from chatbot_app.ui.prompts.prompt_writer import PromptWriter
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.ui.characters.character_pages import CharacterPages
    from chatbot_app.ui.prompts.prompts_dialog import PromptsDialog


class PromptsController(QObject):
    """The window owns it. The dialogs are made when they are wanted."""

    def __init__(
        self,
        window: MainWindow,
        library: PromptLibrary,
        characters: CharactersController,
        make_pages: Callable[[], CharacterPages],
        settings: SettingsStore,
        store: TaskRunner,
        files: TaskRunner,
        parent: QObject,
    ) -> None:
        """`make_pages` makes what the page of the characters and their editor need, at first use."""
        super().__init__(parent)
        self._window = window
        self._characters = characters
        self._make_pages = make_pages
        self._pages: CharacterPages | None = None
        self._library = library
        self._settings = settings
        self._store = store
        self._files = files
        self.prompts: list[SavedPrompt] = []  # as they were read last
        self._dialog: PromptsDialog | None = None
        self._keeper = LibraryKeeper(library, store, self._complain, self)
        self._keeper.changed.connect(self._read)
        composer = window.chat_pane.composer
        self._offers = PromptOffers(composer, characters.is_empty, self)
        self._writer = PromptWriter(composer, self)
        self._offers.prompt_chosen.connect(self._writer.write)
        self._offers.character_chosen.connect(self._use_character)
        window.prompts_requested.connect(self.open)
        characters.characters_read.connect(self._offer_characters)
        characters.wishes.library_requested.connect(self.open_characters)
        characters.saving_requested.connect(self._write_character)

    @Slot()
    def refresh(self) -> None:
        """Read the prompts anew."""
        self._read("")

    @Slot()
    def open(self) -> None:
        """Show all prompts."""
        from chatbot_app.ui.prompts.prompt_carrier import PromptCarrier
        from chatbot_app.ui.prompts.prompts_dialog import PromptsDialog

        if self._dialog is None:
            pages = self._character_pages()
            dialog = self._dialog = PromptsDialog(pages.make_page(), self._window)
            page = dialog.prompts
            page.new_requested.connect(self._write_new)
            page.edit_requested.connect(self._open_editor)
            self._keeper.serve(page)
            carrier = PromptCarrier(self._library, self._settings, self._store, self._files, page)
            carrier.brought_in.connect(self.refresh)
            dialog.finished.connect(self._forget_dialog)
            page.show_prompts(self.prompts)
        self._dialog.open()
        self.refresh()
        self._characters.refresh()

    @Slot()
    def open_characters(self) -> None:
        """Show all characters."""
        self.open()
        if self._dialog is not None:
            self._dialog.show_characters()

    # --- characters --------------------------------------------------------------------------------------------

    def _character_pages(self) -> CharacterPages:
        if self._pages is None:
            self._pages = self._make_pages()
            self._pages.begun.connect(self._close)
        return self._pages

    @Slot(object)
    def _write_character(self, character: Character) -> None:
        self._character_pages().write_from_open(character)

    @Slot(list)
    def _offer_characters(self, characters: list[Character]) -> None:
        self._offers.set_characters(characters)

    @Slot(object, int, int)
    def _use_character(self, character: Character, start: int, end: int) -> None:
        self._window.chat_pane.composer.text_field.replace_between(start, end, "")
        self._characters.use(character)

    @Slot()
    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()

    # --- the library -------------------------------------------------------------------------------------------

    @Slot(str)
    def _read(self, chosen_id: str) -> None:
        def show(prompts: list[SavedPrompt]) -> None:
            self.prompts = prompts
            self._offers.set_prompts(prompts)
            if self._dialog is not None:
                self._dialog.prompts.show_prompts(prompts, chosen_id)

        self._store.run(self._library.list, show, self._complain)

    def _complain(self, notice: Notice) -> None:
        if self._dialog is not None:
            self._dialog.prompts.say(notice.words, "danger")
        else:
            self._window.chat_pane.notice_bar.show_notice(notice)

    @Slot()
    def _forget_dialog(self) -> None:
        if self._pages is not None:
            self._pages.forget_page()
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    # --- one prompt --------------------------------------------------------------------------------------------

    @Slot()
    def _write_new(self) -> None:
        self._open_editor(SavedPrompt("", ""))

    @Slot(object)
    def _open_editor(self, prompt: SavedPrompt) -> None:
        from chatbot_app.ui.prompts.prompt_editor import PromptEditor

        self._keeper.edit(PromptEditor(prompt, self._dialog), self._show_saved)

    def _show_saved(self, kept: SavedPrompt) -> None:
        if self._dialog is not None:
            self._dialog.prompts.say("")
        self._read(kept.id)
