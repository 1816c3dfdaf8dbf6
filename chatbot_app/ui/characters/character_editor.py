"""One character, to be written or changed: name, description, system prompt, examples; the rest is taken over."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from chatbot_app.core.characters import Character, Surroundings, fitted
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.storage.character_library import LONGEST_DESCRIPTION
from chatbot_app.ui.characters.character_words import missing_words
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.prompts.example_rows import ExampleRows
from chatbot_app.ui.prompts.library_editor import LibraryEditor
from chatbot_app.ui.settings.taken_settings import TakenSettings
from chatbot_app.ui.theme import em, set_look


class CharacterEditor(LibraryEditor):
    """Its `save_requested` carries a Character."""

    def __init__(
        self,
        character: Character,
        opened: GenerationSettings,
        here: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        """`opened` are the settings of the conversation that is open."""
        title = self.tr("Change the character") if character.id else self.tr("New character")
        super().__init__("character", character, title, self.tr("What you choose it by"), parent)
        self._description = QLineEdit(character.description, self)
        self._description.setObjectName("character_description")
        self._description.setAccessibleName(self.tr("Description"))
        self._description.setPlaceholderText(self.tr("What it is for, if you like"))
        self._description.setMaxLength(LONGEST_DESCRIPTION)
        self._description.returnPressed.connect(self._ask_to_save)
        settings = character.settings
        self._prompt = self.text_field(
            "character_system_prompt", self.tr("System prompt"), settings.system_prompt
        )
        self._prompt.setPlaceholderText(self.tr("No system prompt"))
        self._examples = ExampleRows(character.examples, self)
        add_example = dialog_button(self, "character_add_example", self.tr("Add example"))
        add_example.clicked.connect(self._examples.add_empty)
        without = replace(opened, character_id=None)
        self._rest = TakenSettings("character", settings, without, self._prompt, self, here.servers)
        self._missing = plain_label(self, "character_missing", missing_words(fitted(settings, here)[1]))
        set_look(self._missing, "danger")
        self._missing.setVisible(bool(self._missing.text()))
        self._rest.taken.connect(self._missing.hide)
        self.add_titled(self.tr("Description"), self._description)
        self.add_titled(self.tr("System prompt"), self._prompt, 3)
        row = QHBoxLayout()
        row.addWidget(
            self.explained(self.tr("Examples stand behind the system prompt, or where {{examples}} is.")), 1
        )
        row.addWidget(add_example)
        self._column.addLayout(row)
        self._column.addWidget(self._examples, 2)
        self._column.addSpacing(em(self, 0.4))
        self._column.addWidget(self._rest)
        self._column.addWidget(self._missing)
        self.add_buttons()
        self._examples.setMinimumHeight(em(self, 3.4))

    def written(self) -> Character:
        """Return what is written."""
        return Character(
            self._name.text(),
            self._rest.settings(),
            self._description.text(),
            self._examples.pairs(),
            self._before.id,
        )

    def sizeHint(self) -> QSize:
        return QSize(em(self, 42), em(self, 38))
