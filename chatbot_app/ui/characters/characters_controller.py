"""Characters and conversations: chosen for a new one and for the open one, saved from it, and told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal, Slot

from chatbot_app.core.characters import (
    Character,
    Surroundings,
    changed_since,
    fitted,
    settings_of,
    with_changes,
)
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Notice
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.ui.characters.character_menu import CharacterWishes, menu_for_new, menu_for_open
from chatbot_app.ui.characters.character_words import INCOMPLETE, changed_words, missing_notice
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.task_runner import TaskRunner


class CharactersController(QObject):
    """The window owns it. `here` reads what servers, models and collections there are, on the lane of the store."""

    characters_read = Signal(list, object, str)  # list[Character], Surroundings, id of the one to be chosen
    saving_requested = Signal(object)  # Character that is to be written and kept

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        library: CharacterLibrary,
        here: Callable[[], Surroundings],
        usual: Callable[[], GenerationSettings],
        store: TaskRunner,
        parent: QObject,
    ) -> None:
        """`usual` returns what a conversation without a character begins with."""
        super().__init__(parent)
        self._window = window
        self._chat = chat
        self._library = library
        self._read_here = here
        self._usual = usual
        self._store = store
        self.characters: list[Character] = []
        self.here = Surroundings()
        self._is_read = False
        self._saved_from: str | None = None  # the conversation whose settings are to be kept
        self._field = window.settings_panel.character
        self._button = window.chat_pane.character_button
        self._new = IconButton(
            "chevron-down",
            self.tr("New conversation with a character"),
            "new_with_character_button",
            window.conversation_list,
            ink="muted",
        )
        window.conversation_list.new_line.insertWidget(1, self._new)
        self.wishes = CharacterWishes(self)
        self._connect()

    def _connect(self) -> None:
        self._field.button.menu_requested.connect(self._open_menu)
        self._button.menu_requested.connect(self._open_menu)
        self._new.clicked.connect(self._open_new_menu)
        self.wishes.begin_requested.connect(self.begin)
        self.wishes.use_requested.connect(self.use)
        self.wishes.keeping_requested.connect(self._keep_changes)
        self.wishes.saving_requested.connect(self._save_open)
        self._chat.conversation_opened.connect(self._show_opened)
        self._chat.prompt_changed.connect(self._show)
        self._chat.settings_replaced.connect(self._show)

    @Slot()
    def refresh(self) -> None:
        """Read the characters anew, and what is here for them."""
        self.read("")

    @Slot(str)
    def read(self, chosen_id: str) -> None:
        """Read the characters anew; the one of `chosen_id` is to be chosen in lists."""

        def show(read: tuple[list[Character], Surroundings]) -> None:
            self.characters, self.here = read
            self._is_read = True
            self._show()
            self.characters_read.emit(self.characters, self.here, chosen_id)

        self._store.run(lambda: (self._library.list(), self._read_here()), show, self._complain)

    def is_empty(self) -> bool:
        """Whether the open conversation is a new one, without a message."""
        return self._chat.leaf_id is None and not self._chat.is_answering(self._chat.conversation_id)

    # --- what is used ------------------------------------------------------------------------------------------

    def used(self) -> Character | None:
        """Return the character of the open conversation, None where there is none or it was deleted."""
        wanted = self._chat.settings.character_id
        return next((one for one in self.characters if one.id == wanted), None) if wanted else None

    @Slot(object)
    def _show_opened(self, _: object) -> None:
        self._window.chat_pane.notice_bar.clear_notice(INCOMPLETE)
        self._show()

    @Slot()
    def _show(self) -> None:
        used = self.used()
        if used is None:
            was_deleted = self._is_read and self._chat.settings.character_id is not None
            said = (
                self.tr("Its character is none of those that you keep. The settings stay.")
                if was_deleted
                else ""
            )
            self._field.show_character("", "", said)
            self._button.show_character("")
            return
        changed = changed_words(changed_since(self._chat.settings, used, self.here))
        self._field.show_character(used.name, changed, used.description)
        self._button.show_character(used.name, changed)

    @Slot()
    def _open_menu(self) -> None:
        button = self._field.button if self.sender() is self._field.button else self._button
        self._chat.settings_needed.emit()  # what is being typed counts as changed
        used = self.used()
        is_changed = used is not None and bool(changed_since(self._chat.settings, used, self.here))
        button.open_menu(menu_for_open(button, self.characters, used, is_changed, self.wishes))

    @Slot()
    def _open_new_menu(self) -> None:
        menu = menu_for_new(self._new, self.characters, self.wishes)
        menu.popup(self._new.mapToGlobal(QPoint(0, self._new.height())))

    # --- chosen ------------------------------------------------------------------------------------------------

    @Slot(object)
    def begin(self, character: Character) -> None:
        """Show a new conversation with a character."""
        self._fit(character, self._chat.start_new)

    @Slot(object)
    def use(self, character: Character | None) -> None:
        """Go on with a character in the open conversation, None: with the usual settings."""
        opened = self._chat.conversation_id

        def apply(settings: GenerationSettings) -> None:
            if self._chat.conversation_id == opened:
                self._replace(settings)

        if character is None:
            apply(self._usual())
        else:
            self._fit(character, apply)

    def _fit(self, character: Character, apply: Callable[[GenerationSettings], None]) -> None:
        """Apply a character as far as what it asks for is here now, and say what is not."""

        def fit(here: Surroundings) -> None:
            self.here = here
            settings, missing = fitted(settings_of(character), here)
            apply(settings)
            bar = self._window.chat_pane.notice_bar
            if missing:
                bar.show_notice(missing_notice(character, missing))
            else:
                bar.clear_notice(INCOMPLETE)

        self._store.run(self._read_here, fit, self._complain)

    def _replace(self, settings: GenerationSettings) -> None:
        changes: dict[str, Any] = {one.name: getattr(settings, one.name) for one in fields(settings)}
        self._chat.replace_settings(**changes)

    # --- kept --------------------------------------------------------------------------------------------------

    @Slot()
    def _save_open(self) -> None:
        self._chat.settings_needed.emit()
        self._saved_from = self._chat.conversation_id
        self.saving_requested.emit(Character("", replace(self._chat.settings, character_id=None)))

    def adopt(self, character: Character) -> None:
        """The conversation that a character was saved from is had with it from now on, where it is still open."""
        if self._chat.conversation_id == self._saved_from:
            self._chat.replace_settings(character_id=character.id)

    @Slot()
    def _keep_changes(self) -> None:
        used = self.used()
        if used is not None:
            changed = with_changes(used, self._chat.settings)
            self._store.run(
                lambda: self._library.save(changed), lambda kept: self.read(kept.id), self._complain
            )

    def _complain(self, notice: Notice) -> None:
        self._window.chat_pane.notice_bar.show_notice(notice)
