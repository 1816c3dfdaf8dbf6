"""One prompt, to be written or changed: name, text, examples, whether it asks for steps."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from chatbot_app.core.saved_prompts import STEP_BY_STEP, SavedPrompt
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.prompts.example_rows import ExampleRows
from chatbot_app.ui.prompts.library_editor import LibraryEditor
from chatbot_app.ui.theme import em

_PLACES = "{{name}}, {{name=default}}, {{tone:formal|friendly}}, {{clipboard}}, {{date}}, {{examples}}"


class PromptEditor(LibraryEditor):
    """Its `save_requested` carries a SavedPrompt."""

    def __init__(self, prompt: SavedPrompt, parent: QWidget | None = None) -> None:
        title = self.tr("Change the prompt") if prompt.id else self.tr("New prompt")
        super().__init__("prompt", prompt, title, self.tr("What you type behind / in a message"), parent)
        self._text = self.text_field("prompt_text", self.tr("Text"), prompt.text)
        self._examples = ExampleRows(prompt.examples, self)
        add_example = dialog_button(self, "prompt_add_example", self.tr("Add example"))
        add_example.clicked.connect(self._examples.add_empty)
        self._steps = QCheckBox(
            self.tr("Ask to think step by step: ends with “{words}”").replace("{words}", STEP_BY_STEP), self
        )
        self._steps.setObjectName("prompt_step_by_step")
        self._steps.setChecked(prompt.step_by_step)
        self._column.addWidget(plain_label(self, "prompt_text_label", self.tr("Text")))
        self._column.addWidget(self._text, 3)
        filled = self.tr("Filled in when it is used: {places}").replace("{places}", _PLACES)
        self._column.addWidget(self.explained(filled))
        self._column.addSpacing(em(self, 0.4))
        row = QHBoxLayout()
        row.addWidget(
            self.explained(self.tr("Examples stand in front of the text, or where {{examples}} is.")), 1
        )
        row.addWidget(add_example)
        self._column.addLayout(row)
        self._column.addWidget(self._examples, 2)
        self._column.addWidget(self._steps)
        self.add_buttons()
        self._examples.setMinimumHeight(em(self, 3.4))

    def written(self) -> SavedPrompt:
        """Return what is written."""
        return SavedPrompt(
            self._name.text(),
            self._text.toPlainText(),
            self._examples.pairs(),
            self._steps.isChecked(),
            self._before.id,
        )

    def sizeHint(self) -> QSize:
        return QSize(em(self, 42), em(self, 36))
