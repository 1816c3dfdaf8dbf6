"""The page of the characters and the editor of one: what is asked for there is carried out."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.core.messages import Notice
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.characters.character_carrier import CharacterCarrier
from chatbot_app.ui.characters.character_editor import CharacterEditor
from chatbot_app.ui.characters.characters_controller import CharactersController
from chatbot_app.ui.characters.characters_page import CharactersPage
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.main_window import MainWindow
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
        self._editor: CharacterEditor | None = None
        self._is_from_open = False  # the editor has the settings of the open conversation
        characters.characters_read.connect(self._show)

    def make_page(self) -> CharactersPage:
        """Return a page with everything that is kept; whoever takes it tells `forget_page` when it goes."""
        page = self._page = CharactersPage()
        page.new_requested.connect(self._write_new)
        page.edit_requested.connect(self._edit)
        page.duplicate_requested.connect(self._duplicate)
        page.removal_requested.connect(self._remove)
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

    @Slot(str)
    def _duplicate(self, character_id: str) -> None:
        self._store.run(
            lambda: self._library.duplicate(character_id),
            lambda kept: self._characters.read(kept.id),
            self._complain,
        )

    @Slot(list)
    def _remove(self, character_ids: list[str]) -> None:
        self._store.run(
            lambda: self._library.remove(character_ids),
            lambda _none: self._characters.refresh(),
            self._complain,
        )

    # --- one character -----------------------------------------------------------------------------------------

    @Slot()
    def _write_new(self) -> None:
        self._edit(Character(""))

    @Slot(object)
    def write_from_open(self, character: Character) -> None:
        """Let the settings of the open conversation become a character."""
        self._edit(character)
        self._is_from_open = True

    @Slot(object)
    def _edit(self, character: Character) -> None:
        self._is_from_open = False
        owner = self._page.window() if self._page is not None else self._window
        editor = self._editor = CharacterEditor(character, self._chat.settings, self._characters.here, owner)
        editor.save_requested.connect(self._save)
        editor.finished.connect(self._forget_editor)
        editor.open()

    @Slot()
    def _forget_editor(self) -> None:
        self._editor = None

    @Slot(object)
    def _save(self, character: Character) -> None:
        editor, is_from_open = self._editor, self._is_from_open

        def saved(kept: Character) -> None:
            if editor is not None and self._editor is editor:
                editor.accept()
            if self._page is not None:
                self._page.say("")
            self._characters.read(kept.id)
            if is_from_open:
                self._characters.adopt(kept)

        def failed(notice: Notice) -> None:
            if editor is not None and self._editor is editor:
                editor.say(notice.summary)
            else:
                self._complain(notice)

        self._store.run(lambda: self._library.save(character), saved, failed)

    def _complain(self, notice: Notice) -> None:
        words = f"{notice.summary} {notice.next_step}".strip()
        if self._page is not None:
            self._page.say(words, "danger")
        else:
            self._window.chat_pane.notice_bar.show_notice(notice)
