"""All characters that the person keeps, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.characters import Character, Surroundings, fitted
from chatbot_app.core.text import first_words
from chatbot_app.ui.characters.character_words import missing_words
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.prompts.library_page import LibraryPage, LibraryRow, LibraryWords

_BEGINNING = 90  # characters of what a character is, below its name


class CharactersPage(LibraryPage):
    """Shows characters by their names and descriptions, and says of which something is gone."""

    begin_requested = Signal(object)  # Character: a conversation with it is wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        words = LibraryWords(
            kind="character",
            kinds="characters",
            title=_tr("Characters"),
            intro=_tr("A character is a system prompt, a model, settings and documents under one name."),
            find=_tr("Find a character"),
            nothing_kept=_tr(
                "You keep no characters yet. “New…” writes one, “Import…” reads character cards (JSON or PNG)."
            ),
            nothing_found=_tr("No character holds these words."),
            delete_one=_tr("Delete the character “{name}”?"),
            delete_many=_tr("Delete {n} characters?"),
            delete_more=_tr("Conversations that were begun with it stay as they are. This cannot be undone."),
        )
        super().__init__(words, parent)
        self._begin = dialog_button(self, "characters_begin", _tr("New conversation"))
        self._buttons.insertWidget(self._buttons.indexOf(self._import), self._begin)
        self._begin.clicked.connect(self._ask_to_begin)
        self._allow()

    def show_characters(
        self, characters: Sequence[Character], here: Surroundings, chosen_id: str = ""
    ) -> None:
        """Show these; the one of `chosen_id` is chosen, else the rows that were."""
        self.show_rows([_row(one, here) for one in characters], chosen_id)

    @Slot()
    def _ask_to_begin(self) -> None:
        self.begin_requested.emit(self.chosen()[0].value)

    @Slot()
    def _allow(self) -> None:
        super()._allow()
        if hasattr(self, "_begin"):
            self._begin.setEnabled(len(self.chosen()) == 1)


def _row(character: Character, here: Surroundings) -> LibraryRow:
    prompt = character.settings.system_prompt
    told = missing_words(fitted(character.settings, here)[1]) or character.description or prompt
    searched = "\n".join((character.name, character.description, prompt, character.settings.model or ""))
    return LibraryRow(character.id, character.name, first_words(told, _BEGINNING), searched, character)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CharactersPage", text)
