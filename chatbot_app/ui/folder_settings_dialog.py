"""What new conversations of a folder begin with: its system prompt, and model, settings and documents of another one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.generation import USUAL_SETTINGS, GenerationSettings
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.settings.taken_settings import TakenSettings
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
        kept = folder.settings or USUAL_SETTINGS
        self._own = QCheckBox(self.tr("Conversations that begin here have settings of their own"), self)
        self._own.setObjectName("folder_has_settings")
        self._own.setChecked(folder.settings is not None)
        self._prompt = QPlainTextEdit(kept.system_prompt, self)
        self._prompt.setObjectName("folder_system_prompt")
        self._prompt.setAccessibleName(self.tr("System prompt"))
        self._prompt.setPlaceholderText(self.tr("No system prompt"))
        self._prompt.setTabChangesFocus(True)
        self._rest = TakenSettings("folder", kept, opened, self._prompt, self)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        column.setSpacing(em(self, 0.6))
        heading = plain_label(self, "folder_prompt_heading", self.tr("System prompt"))
        set_look(heading, "muted")
        for widget in (self._own, heading, self._prompt, self._rest, buttons):
            column.addWidget(widget)
        self.resize(em(self, 34), em(self, 24))
        self._own.toggled.connect(self._show_use)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.finished.connect(self.deleteLater)
        self._show_use()

    @Slot()
    def _show_use(self) -> None:
        for widget in (self._prompt, self._rest):
            widget.setEnabled(self._own.isChecked())

    @Slot()
    def _save(self) -> None:
        own = self._rest.settings()
        self.settings_chosen.emit(self._folder_id, own if self._own.isChecked() else None)
        self.accept()
