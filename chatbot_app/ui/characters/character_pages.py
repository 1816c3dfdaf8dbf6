"""The page of the characters and the editor of one: what is asked for there is carried out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.core.generation import USUAL_SETTINGS
from chatbot_app.core.messages import Notice
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.characters.character_carrier import CharacterCarrier
from chatbot_app.ui.characters.character_editor import CharacterEditor
from chatbot_app.ui.characters.characters_controller import CharactersController
from chatbot_app.ui.characters.characters_page import CharactersPage
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.prompts.library_keeper import LibraryKeeper
from chatbot_app.workers.task_runner import TaskRunner


class CharacterPages(QObject):
    """Loaded when one of them is first wanted; the window owns it."""

    begun = Signal()  # a conversation was begun from the page

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        characters: CharactersController,
        library: CharacterLibrary,
        settings: SettingsStore,
        store: TaskRunner,
        files: TaskRunner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._chat = chat
        self._characters = characters
        self._library = library
        self._settings = settings
        self._store = store
        self._files = files
        self._page: CharactersPage | None = None
        self._keeper = LibraryKeeper(library, store, self._complain, self)
        self._keeper.changed.connect(characters.read)
        characters.characters_read.connect(self._show)

    def make_page(self) -> CharactersPage:
        """Return a page with everything that is kept; whoever takes it tells `forget_page` when it goes."""
        page = self._page = CharactersPage()
        page.new_requested.connect(self._write_new)
        page.edit_requested.connect(self._edit)
        self._keeper.serve(page)
        page.begin_requested.connect(self._begin)
        carrier = CharacterCarrier(self._library, self._here, self._settings, self._store, self._files, page)
        carrier.brought_in.connect(self._characters.refresh)
        page.show_characters(self._characters.characters, self._characters.here)
        return page

    def _here(self) -> Surroundings:
        return self._characters.here

    @Slot()
    def forget_page(self) -> None:
        """The page is about to go."""
        self._page = None

    @Slot(list, object, str)
    def _show(self, characters: list[Character], here: Surroundings, chosen_id: str) -> None:
        if self._page is not None:
            self._page.show_characters(characters, here, chosen_id)

    @Slot(object)
    def _begin(self, character: Character) -> None:
        self._characters.begin(character)
        self.begun.emit()

    # --- one character -----------------------------------------------------------------------------------------

    @Slot()
    def _write_new(self) -> None:
        self._edit(Character("", USUAL_SETTINGS))

    @Slot(object)
    def write_from_open(self, character: Character) -> None:
        """Let the settings of the open conversation become a character."""
        self._open_editor(character, self._show_saved_from_open)

    @Slot(object)
    def _edit(self, character: Character) -> None:
        self._open_editor(character, self._show_saved)

    def _open_editor(self, character: Character, saved: Callable[[Character], None]) -> None:
        owner = self._page.window() if self._page is not None else self._window
        editor = CharacterEditor(character, self._chat.settings, self._characters.here, owner)
        self._keeper.edit(editor, saved)

    def _show_saved(self, kept: Character) -> None:
        if self._page is not None:
            self._page.say("")
        self._characters.read(kept.id)

    def _show_saved_from_open(self, kept: Character) -> None:
        self._show_saved(kept)
        self._characters.adopt(kept)

    def _complain(self, notice: Notice) -> None:
        if self._page is not None:
            self._page.say(notice.words, "danger")
        else:
            self._window.chat_pane.notice_bar.show_notice(notice)
