"""One prompt, to be written or changed: name, text, examples, whether it asks for steps."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.saved_prompts import STEP_BY_STEP, SavedPrompt
from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.prompts.example_rows import ExampleRows
from chatbot_app.ui.theme import em, set_look


class PromptEditor(QDialog):
    """Stays open until its owner accepts what was written; asks before that is lost. Deletes itself when closed."""

    save_requested = Signal(object)  # SavedPrompt

    def __init__(self, prompt: SavedPrompt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = prompt
        self.setObjectName("prompt_editor")
        self.setWindowTitle(self.tr("Change the prompt") if prompt.id else self.tr("New prompt"))
        self._name = QLineEdit(prompt.name, self)
        self._name.setObjectName("prompt_name")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(self.tr("What you type behind / in a message"))
        self._text = QPlainTextEdit(prompt.text, self)
        self._text.setObjectName("prompt_text")
        self._text.setAccessibleName(self.tr("Text"))
        self._text.setTabChangesFocus(True)
        self._examples = ExampleRows(prompt.examples, self)
        self._add_example = dialog_button(self, "prompt_add_example", self.tr("Add example"))
        self._steps = QCheckBox(
            self.tr("Ask to think step by step: ends with “{words}”").replace("{words}", STEP_BY_STEP), self
        )
        self._steps.setObjectName("prompt_step_by_step")
        self._steps.setChecked(prompt.step_by_step)
        self._said = plain_label(self, "prompt_said")
        set_look(self._said, "danger")
        self._said.hide()
        self._save = dialog_button(self, "prompt_save", self.tr("Save"))
        set_look(self._save, "primary")
        self._cancel = dialog_button(self, "prompt_cancel", self.tr("Cancel"))
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(em(self, 0.4))
        places = "{{name}}, {{name=default}}, {{tone:formal|friendly}}, {{clipboard}}, {{date}}, {{examples}}"
        column.addWidget(plain_label(self, "prompt_name_label", self.tr("Name")))
        column.addWidget(self._name)
        column.addSpacing(em(self, 0.4))
        column.addWidget(plain_label(self, "prompt_text_label", self.tr("Text")))
        column.addWidget(self._text, 3)
        column.addWidget(
            self._muted(self.tr("Filled in when it is used: {places}").replace("{places}", places))
        )
        column.addSpacing(em(self, 0.4))
        row = QHBoxLayout()
        words = self.tr("Examples stand in front of the text, or where {{examples}} is.")
        row.addWidget(self._muted(words), 1)
        row.addWidget(self._add_example)
        column.addLayout(row)
        column.addWidget(self._examples, 2)
        column.addWidget(self._steps)
        column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        column.addLayout(buttons)
        self._examples.setMinimumHeight(em(self, 3.4))

    def _muted(self, words: str) -> QWidget:
        label = plain_label(self, "prompt_explained", words)
        set_look(label, "muted")
        return label

    def _connect(self) -> None:
        self._add_example.clicked.connect(self._examples.add_empty)
        self._name.returnPressed.connect(self._ask_to_save)
        self._save.clicked.connect(self._ask_to_save)
        self._cancel.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)

    def written(self) -> SavedPrompt:
        """Return what is written."""
        return SavedPrompt(
            self._name.text(),
            self._text.toPlainText(),
            self._examples.pairs(),
            self._steps.isChecked(),
            self._before.id,
        )

    def say(self, words: str) -> None:
        """Say why it was not saved; writing goes on."""
        self._said.setText(words)
        self._said.show()
        self._save.setEnabled(True)

    @Slot()
    def _ask_to_save(self) -> None:
        self._save.setEnabled(False)
        self.save_requested.emit(self.written())

    def reject(self) -> None:
        if self.written() == self._before:
            super().reject()
            return
        box, discard = question_box(
            self,
            "prompt_discard_box",
            self.tr("What you wrote is not saved."),
            self.tr("Discard"),
            "prompt_discard",
            title=self.windowTitle(),
            refuse=self.tr("Go on writing"),
        )
        discard.clicked.connect(self._discard)
        box.open()

    @Slot()
    def _discard(self) -> None:
        super().reject()

    def sizeHint(self) -> QSize:
        return QSize(em(self, 42), em(self, 36))
