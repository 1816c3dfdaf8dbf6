"""The settings of a conversation: what is not set is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.core.generation import GENERATION_SETTINGS, USUAL_SETTINGS, GenerationSettings
from chatbot_app.core.presets import Preset
from chatbot_app.core.servers import Server
from chatbot_app.ui.settings.character_field import CharacterField
from chatbot_app.ui.settings.settings_form import SettingsForm

TYPING_PAUSE_MS = 150
PATIENCE_MS = 700  # before a wait is spoken of: most lists are there sooner, and nothing jumps


class SettingsPanel(QWidget):
    """Shows the settings of one conversation and says when the person changed them."""

    settings_changed = Signal(object)  # GenerationSettings; by the person only, at rest or on flush()
    models_refresh_requested = Signal()
    servers_dialog_requested = Signal()
    small_model_marked = Signal(str, str, bool)  # server id, model, whether it is called small
    preset_saved = Signal(object)  # Preset
    preset_deleted = Signal(str)  # its name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = USUAL_SETTINGS
        self._conversation_id = ""
        self._filling = False
        self._unreported = False
        self._build()
        self._connect()
        self._fill()

    def _build(self) -> None:
        self.setObjectName("settings_panel")
        self.setAccessibleName(self.tr("Settings"))
        self._form = SettingsForm(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._form)
        self.fit_to_font()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._fetching = QTimer(self)
        self._fetching.setSingleShot(True)
        self._fetching.setInterval(PATIENCE_MS)

    def _connect(self) -> None:
        self._form.server.server_chosen.connect(self._server_chosen)
        self._form.server.model_changed.connect(self._model_changed)
        self._form.server.models_refresh_requested.connect(self.models_refresh_requested)
        self._form.server.servers_dialog_requested.connect(self.servers_dialog_requested)
        self._form.server.small_model_marked.connect(self.small_model_marked)
        self._form.presets.preset_chosen.connect(self._preset_chosen)
        self._form.presets.preset_saved.connect(self.preset_saved)
        self._form.presets.preset_deleted.connect(self.preset_deleted)
        for field in self._form.fields.values():
            field.changed.connect(self._change)
        self._form.reset.clicked.connect(self._reset_parameters)
        self._pause.timeout.connect(self.flush)
        self._fetching.timeout.connect(self._say_fetching)

    def fit_to_font(self) -> None:
        """Take the sizes that go with the font."""
        self._form.fit_to_font()
        self.setMinimumWidth(self._form.minimumWidth())

    def settings(self) -> GenerationSettings:
        """Return the settings as they are shown now."""
        return self._settings

    def conversation_id(self) -> str:
        """Return whose settings these are; while `settings_changed` is emitted, whose were changed."""
        return self._conversation_id

    @property
    def character(self) -> CharacterField:
        """Where the character is shown that the settings came from."""
        return self._form.character

    def set_settings(self, settings: GenerationSettings, conversation_id: str = "") -> None:
        """Show the settings of a conversation, silently; a change not yet reported is reported first."""
        self.flush()
        self._settings = settings
        self._conversation_id = conversation_id
        self._fill()

    def set_servers(self, servers: Sequence[Server], default_id: str | None = None) -> None:
        """Offer these servers; `default_id` names the one of conversations that chose none."""
        self._form.server.set_servers(servers, default_id)

    def show_small_model(self, *, is_small: bool, is_fixed: bool) -> None:
        """Show whether the chosen model is called small; `is_fixed`: nobody can say otherwise."""
        self._form.server.show_small(is_small=is_small, is_fixed=is_fixed)

    def set_models(self, names: Sequence[str]) -> None:
        """Offer the models of the chosen server."""
        self._fetching.stop()
        self._form.server.set_models(names)
        self._form.server.set_refreshing(False)
        self._form.server.set_status("")

    def set_models_refreshing(self) -> None:
        """Show that the list of models is being fetched, until `set_models` or `show_models_problem`."""
        self._form.server.set_refreshing(True)
        self._fetching.start()

    @Slot()
    def _say_fetching(self) -> None:
        self._form.server.set_status(self.tr("Fetching the list of models…"))

    def show_models_problem(self, sentence: str) -> None:
        """Say why the list of models could not be fetched; a name can still be written."""
        self._fetching.stop()
        self._form.server.set_refreshing(False)
        self._form.server.set_status(sentence)

    def set_presets(self, presets: Sequence[Preset]) -> None:
        """Offer the person's own presets."""
        self._form.presets.set_presets(presets)

    @Slot()
    def flush(self) -> None:
        """Report a change at once that would be reported after a pause."""
        self._pause.stop()
        if self._unreported:
            self._unreported = False
            self.settings_changed.emit(self._settings)

    def _fill(self) -> None:
        self._filling = True
        shown = self._settings
        self._form.server.show_choice(shown.server_id, shown.model)
        for name, field in self._form.fields.items():
            field.set_value(getattr(shown, name))
        self._filling = False
        self._show_summary()

    def _show_summary(self) -> None:
        self._form.presets.show_settings(self._settings)
        folded = [setting for setting in GENERATION_SETTINGS if setting.is_folded]
        count = sum(getattr(self._settings, setting.name) != setting.default for setting in folded)
        words = self.tr("More parameters")
        words = self.tr("{words} ({count} set)").format(words=words, count=count) if count else words
        self._form.show_more(words)
        self._form.reset.setEnabled(bool(self._settings.request_parameters()))

    @Slot(str, object)
    def _change(self, name: str, value: Any) -> None:
        if self._filling or getattr(self._settings, name) == value:
            return
        self._settings = replace(self._settings, **{name: value})
        self._show_summary()
        self._unreported = True
        self._pause.start()

    @Slot(object)
    def _server_chosen(self, server_id: str | None) -> None:
        self._settings = replace(self._settings, server_id=server_id, model=None)
        self._unreported = True
        self.flush()

    @Slot(object)
    def _model_changed(self, model: str | None) -> None:
        self._change("model", model)

    @Slot(object)
    def _preset_chosen(self, preset: Preset) -> None:
        self._take(self._settings.with_preset(preset))

    @Slot()
    def _reset_parameters(self) -> None:
        unset: dict[str, Any] = {s.name: s.default for s in GENERATION_SETTINGS if s.is_sent}
        self._take(replace(self._settings, **unset))

    def _take(self, settings: GenerationSettings) -> None:
        if settings != self._settings:
            self._settings = settings
            self._fill()
            self._unreported = True
            self.flush()
