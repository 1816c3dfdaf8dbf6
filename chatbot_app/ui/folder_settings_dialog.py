"""What new conversations of a folder begin with: its system prompt, and model, settings and documents of another one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.generation import DEFAULT_SYSTEM_PROMPT, GenerationSettings
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look


class FolderSettingsDialog(QDialog):
    """Deletes itself when it is closed."""

    settings_chosen = Signal(str, object)  # folder id, GenerationSettings or None for the usual ones

    def __init__(self, folder: Folder, opened: GenerationSettings, parent: QWidget | None = None) -> None:
        """`opened` are the settings of the conversation that is open."""
        super().__init__(parent)
        self.setObjectName("folder_settings_dialog")
        self.setWindowTitle(
            self.tr("New conversations in “{name}”").replace("{name}", visible_text(folder.name))
        )
        self._folder_id = folder.id
        self._opened = opened
        self._kept = folder.settings or GenerationSettings()
        self._own = QCheckBox(self.tr("Conversations that begin here have settings of their own"), self)
        self._own.setObjectName("folder_has_settings")
        self._own.setChecked(folder.settings is not None)
        self._prompt = QPlainTextEdit(self._kept.system_prompt, self)
        self._prompt.setObjectName("folder_system_prompt")
        self._prompt.setAccessibleName(self.tr("System prompt"))
        self._prompt.setPlaceholderText(self.tr("No system prompt"))
        self._prompt.setTabChangesFocus(True)
        self._rest = plain_label(self, "folder_other_settings")
        self._take = dialog_button(
            self,
            "folder_take_settings",
            self.tr("Take model, documents and settings of the open conversation"),
        )
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        column.setSpacing(em(self, 0.6))
        heading = plain_label(self, "folder_prompt_heading", self.tr("System prompt"))
        set_look(heading, "muted")
        set_look(self._rest, "muted")
        for widget in (self._own, heading, self._prompt, self._rest, self._take, buttons):
            column.addWidget(widget)
        self.resize(em(self, 34), em(self, 24))
        self._own.toggled.connect(self._show_use)
        self._take.clicked.connect(self._take_opened)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.finished.connect(self.deleteLater)
        self._show_use()
        self._say_rest()

    @Slot()
    def _show_use(self) -> None:
        for widget in (self._prompt, self._take, self._rest):
            widget.setEnabled(self._own.isChecked())

    @Slot()
    def _take_opened(self) -> None:
        self._kept = self._opened
        if self._prompt.toPlainText() in ("", DEFAULT_SYSTEM_PROMPT):
            self._prompt.setPlainText(self._opened.system_prompt)
        self._say_rest()

    def _say_rest(self) -> None:
        kept = self._kept
        model = visible_text(kept.model) if kept.model else self.tr("the usual one")
        if kept.collections is None:
            documents = self.tr("none")
        elif not kept.collections:
            documents = self.tr("all")
        else:
            documents = self.tr("%n collection(s)", "", len(kept.collections))
        temperature = self.tr("the server's") if kept.temperature is None else f"{kept.temperature:g}"
        words = self.tr("Model: {model}. Documents: {documents}. Temperature: {temperature}.")
        words = words.replace("{documents}", documents).replace("{temperature}", temperature)
        self._rest.setText(words.replace("{model}", model))

    @Slot()
    def _save(self) -> None:
        own = replace(self._kept, system_prompt=self._prompt.toPlainText())
        self.settings_chosen.emit(self._folder_id, own if self._own.isChecked() else None)
        self.accept()
