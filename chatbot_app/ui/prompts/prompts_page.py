"""All prompts that the person keeps, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.core.text import first_words
from chatbot_app.ui.prompts.library_page import LibraryPage, LibraryRow, LibraryWords

_BEGINNING = 90  # characters of a prompt below its name


class PromptsPage(LibraryPage):
    """Shows prompts by their names and beginnings."""

    def __init__(self, parent: QWidget) -> None:
        words = LibraryWords(
            kind="prompt",
            kinds="prompts",
            title=_tr("Prompts"),
            intro=_tr("Type / and a name at the start of a line to put a prompt there."),
            find=_tr("Find a prompt"),
            nothing_kept=_tr("You keep no prompts yet."),
            nothing_found=_tr("No prompt holds these words."),
            delete_one=_tr("Delete the prompt “{name}”?"),
            delete_many=_tr("Delete {n} prompts?"),
            delete_more=_tr("This cannot be undone."),
        )
        super().__init__(words, parent)

    def show_prompts(self, prompts: Sequence[SavedPrompt], chosen_id: str = "") -> None:
        """Show these; the one of `chosen_id` is chosen, else the rows that were."""
        self.show_rows([_row(prompt) for prompt in prompts], chosen_id)


def _row(prompt: SavedPrompt) -> LibraryRow:
    searched = "\n".join((prompt.name, prompt.text, *(part for pair in prompt.examples for part in pair)))
    return LibraryRow(prompt.id, prompt.name, first_words(prompt.text, _BEGINNING), searched, prompt)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PromptsPage", text)
