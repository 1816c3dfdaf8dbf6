"""Settings that are kept for later conversations: said in words, and taken from the conversation that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.generation import DEFAULT_SYSTEM_PROMPT, GENERATION_SETTINGS, GenerationSettings
from chatbot_app.core.setting import Setting
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look

_LONGEST_VALUE = 40  # characters


class TakenSettings(QWidget):
    """All settings but the system prompt, which is written in a field beside it.

    The prompt of the open conversation is taken as well where nothing of one's own is written.
    """

    taken = Signal()

    def __init__(
        self,
        kind: str,
        kept: GenerationSettings,
        opened: GenerationSettings,
        prompt: QPlainTextEdit,
        parent: QWidget,
        servers: Mapping[str, str] | None = None,
    ) -> None:
        """`kind` begins the names of its widgets; `opened` are the settings of the conversation that is open."""
        super().__init__(parent)
        self._kept = kept
        self._opened = opened
        self._prompt = prompt
        self._servers = servers
        self._words = plain_label(self, f"{kind}_other_settings")
        set_look(self._words, "muted")
        self._take = dialog_button(
            self,
            f"{kind}_take_settings",
            self.tr("Take model, documents and settings of the open conversation"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self._words)
        column.addWidget(self._take)
        self._take.clicked.connect(self._take_opened)
        self._describe()

    def settings(self) -> GenerationSettings:
        """Return what is kept, with the system prompt that is written."""
        return replace(self._kept, system_prompt=self._prompt.toPlainText())

    @Slot()
    def _take_opened(self) -> None:
        self._kept = self._opened
        if self._prompt.toPlainText() in ("", DEFAULT_SYSTEM_PROMPT):
            self._prompt.setPlainText(self._opened.system_prompt)
        self._describe()
        self.taken.emit()

    def _describe(self) -> None:
        kept = self._kept
        told = [
            self.tr("Model: {model}.").replace("{model}", self._model()),
            self.tr("Documents: {documents}.").replace("{documents}", self._documents()),
        ]
        told += [
            f"{setting.title}: {self._value(setting, getattr(kept, setting.name))}."
            for setting in GENERATION_SETTINGS
            if setting.name != "system_prompt" and getattr(kept, setting.name) != setting.default
        ]
        self._words.setText(" ".join(told))

    def _model(self) -> str:
        kept = self._kept
        model = visible_text(kept.model) if kept.model else self.tr("the usual one")
        if self._servers is None or kept.server_id is None:
            return model
        name = self._servers.get(kept.server_id)
        if name is None:
            return self.tr("{model} on a server that was removed").replace("{model}", model)
        return (
            self.tr("{model} on {server}").replace("{server}", visible_text(name)).replace("{model}", model)
        )

    def _documents(self) -> str:
        collections = self._kept.collections
        if collections is None:
            return self.tr("none")
        return self.tr("%n collection(s)", "", len(collections)) if collections else self.tr("all")

    def _value(self, setting: Setting, value: Any) -> str:
        named = [choice.title for choice in setting.choices if choice.value == value]
        if named:
            return named[0]
        if isinstance(value, bool):
            return self.tr("yes") if value else self.tr("no")
        if isinstance(value, tuple):
            value = ", ".join(map(repr, value))
        words = f"{value:g}" if isinstance(value, float) else str(value)
        return visible_text(words if len(words) <= _LONGEST_VALUE else words[:_LONGEST_VALUE] + "…")
