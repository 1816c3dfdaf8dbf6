"""The settings of a conversation: what is not set is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.generation import GenerationSettings, Preset
from chatbot_app.core.servers import Server
from chatbot_app.core.settings import GENERATION_SETTINGS, Setting
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.settings.choice_field import ChoiceField
from chatbot_app.ui.settings.fields import NumberField, escaped, unescaped
from chatbot_app.ui.settings.preset_field import PresetField
from chatbot_app.ui.settings.server_field import ServerField
from chatbot_app.ui.theme import colors, em, scale_font, set_look

TYPING_PAUSE_MS = 150
PATIENCE_MS = 700  # before a wait is spoken of: most lists are there sooner, and nothing jumps
_SHOWN_FIRST = ("temperature", "max_tokens", "top_p", "top_k")
_BY_NAME = {setting.name: setting for setting in GENERATION_SETTINGS}


class TextField(QPlainTextEdit):
    """A few lines of plain text; Tab leaves it."""

    def __init__(self, name: str, words: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setTabChangesFocus(True)
        self._lines = lines
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Be as high as the lines."""
        self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing() + em(self, 1.1))


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
        self._settings = GenerationSettings()
        self._conversation_id = ""
        self._filling = False
        self._unreported = False
        self._explained: dict[QObject, Setting] = {}
        self._build()
        self._connect()
        self._fill()

    def _build(self) -> None:
        self.setObjectName("settings_panel")
        self.setAccessibleName(self.tr("Settings"))
        self._server = ServerField(self)
        self._presets = PresetField(self)
        self._numbers = {
            setting.name: NumberField(setting, self)
            for setting in GENERATION_SETTINGS
            if setting.type in (int, float)
        }
        self._choices = {
            setting.name: ChoiceField(setting, self) for setting in GENERATION_SETTINGS if setting.choices
        }
        prompt, stop, think = (_BY_NAME[name] for name in ("system_prompt", "stop", "think_step_by_step"))
        self._prompt = TextField("system_prompt_edit", prompt.title, 5, self)
        self._prompt.setPlaceholderText(self.tr("No system prompt"))
        self._stop = TextField("stop_edit", stop.title, 2, self)
        self._stop.setPlaceholderText(self.tr("One a line; \\n is a line break"))
        self._think = QCheckBox(think.title, self)
        self._think.setObjectName("think_step_by_step_check")
        self._think.setAccessibleName(think.title)
        self._more = QPushButton(self)
        self._more.setObjectName("more_parameters_button")
        self._more.setCheckable(True)
        set_look(self._more, "fold")
        self._reset = QPushButton(self.tr("Reset to server defaults"), self)
        self._reset.setObjectName("reset_parameters_button")
        self._reset.setAccessibleName(self.tr("Reset all parameters to the server's defaults"))
        self._help = QLabel(self)
        self._help.setObjectName("settings_help")
        self._help.setWordWrap(True)
        self._help.setTextFormat(Qt.TextFormat.PlainText)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._help.setText(self._help_at_first())
        set_look(self._help, "muted")
        scale_font(self._help, 0.9)
        self._lay_out()
        self.fit_to_font()
        for field in self._fields().values():
            self._explain(field.setting, *field.parts())
        self._explain(prompt, self._prompt, self._prompt.viewport(), self._prompt_label)
        self._explain(stop, self._stop, self._stop.viewport(), self._stop_label)
        self._explain(think, self._think)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._fetching = QTimer(self)
        self._fetching.setSingleShot(True)
        self._fetching.setInterval(PATIENCE_MS)

    def _lay_out(self) -> None:
        margin = em(self, 0.8)
        self._prompt_label = QLabel(_BY_NAME["system_prompt"].title, self)
        self._prompt_label.setBuddy(self._prompt)
        self._stop_label = QLabel(_BY_NAME["stop"].title, self)
        self._stop_label.setBuddy(self._stop)
        self._folded = QWidget(self)
        folded = QVBoxLayout(self._folded)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(em(self, 0.6))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.7))
        column.addWidget(self._server)
        column.addLayout(self._labelled(self._prompt_label, self._prompt))
        column.addWidget(self._think)
        for choice in self._choices.values():
            column.addWidget(choice)
        column.addWidget(self._line())
        column.addWidget(self._presets)
        for name, field in self._numbers.items():
            (column if name in _SHOWN_FIRST else folded).addWidget(field)
        folded.addLayout(self._labelled(self._stop_label, self._stop))
        column.addWidget(self._more)
        column.addWidget(self._folded)
        column.addWidget(self._reset)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("settings_scroll")
        scroll.setAccessibleName(self.tr("Settings"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are what the keyboard visits
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        below = QVBoxLayout()
        below.setContentsMargins(margin, em(self, 0.4), margin, em(self, 0.4))
        below.addWidget(self._help)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._line())
        whole.addLayout(below)
        self._folded.hide()
        self._scroll, self._inside = scroll, inside

    def fit_to_font(self) -> None:
        """Leave room for the help, and for the fields: a scroll area would let its dock cut them off."""
        self._help.setFixedHeight(4 * self._help.fontMetrics().lineSpacing() + 2)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(self._inside.minimumSizeHint().width() + bar)

    def _fields(self) -> dict[str, NumberField | ChoiceField]:
        return {**self._numbers, **self._choices}

    def _help_at_first(self) -> str:
        return self.tr(
            "Point at a setting to read what it does. What is not set is not sent:"
            " the server then uses a default of its own."
        )

    def _labelled(self, label: QLabel, field: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(em(self, 0.25))
        column.addWidget(label)
        column.addWidget(field)
        return column

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setFixedHeight(1)
        set_look(line, "line")
        return line

    def _explain(self, setting: Setting, *widgets: QWidget) -> None:
        tip = f"<p><b>{escape(setting.title)}</b></p><p>{escape(setting.explanation)}</p>"
        for widget in widgets:
            self._explained[widget] = setting
            widget.setToolTip(tip)
            widget.setAccessibleDescription(setting.explanation)
            widget.installEventFilter(self)

    def _connect(self) -> None:
        self._server.server_chosen.connect(self._server_chosen)
        self._server.model_changed.connect(self._model_changed)
        self._server.models_refresh_requested.connect(self.models_refresh_requested)
        self._server.servers_dialog_requested.connect(self.servers_dialog_requested)
        self._server.small_model_marked.connect(self.small_model_marked)
        self._presets.preset_chosen.connect(self._preset_chosen)
        self._presets.preset_saved.connect(self.preset_saved)
        self._presets.preset_deleted.connect(self.preset_deleted)
        for field in self._fields().values():
            field.changed.connect(self._change)
        self._prompt.textChanged.connect(self._prompt_typed)
        self._stop.textChanged.connect(self._stop_typed)
        self._think.toggled.connect(self._think_toggled)
        self._more.toggled.connect(self._folded.setVisible)
        self._more.toggled.connect(self._show_folded)
        self._reset.clicked.connect(self._reset_parameters)
        self._pause.timeout.connect(self.flush)
        self._fetching.timeout.connect(self._say_fetching)

    def settings(self) -> GenerationSettings:
        """Return the settings as they are shown now."""
        return self._settings

    def conversation_id(self) -> str:
        """Return whose settings these are; while `settings_changed` is emitted, whose were changed."""
        return self._conversation_id

    def set_settings(self, settings: GenerationSettings, conversation_id: str = "") -> None:
        """Show the settings of a conversation, silently; a change not yet reported is reported first."""
        self.flush()
        self._settings = settings
        self._conversation_id = conversation_id
        self._fill()

    def set_servers(self, servers: Sequence[Server], default_id: str | None = None) -> None:
        """Offer these servers; `default_id` names the one of conversations that chose none."""
        self._server.set_servers(servers, default_id)

    def show_small_model(self, *, is_small: bool, is_fixed: bool) -> None:
        """Show whether the chosen model is called small; `is_fixed`: nobody can say otherwise."""
        self._server.show_small(is_small=is_small, is_fixed=is_fixed)

    def set_models(self, names: Sequence[str]) -> None:
        """Offer the models of the chosen server."""
        self._fetching.stop()
        self._server.set_models(names)
        self._server.set_refreshing(False)
        self._server.set_status("")

    def set_models_refreshing(self) -> None:
        """Show that the list of models is being fetched, until `set_models` or `show_models_problem`."""
        self._server.set_refreshing(True)
        self._fetching.start()

    @Slot()
    def _say_fetching(self) -> None:
        self._server.set_status(self.tr("Fetching the list of models…"))

    def show_models_problem(self, sentence: str) -> None:
        """Say why the list of models could not be fetched; a name can still be written."""
        self._fetching.stop()
        self._server.set_refreshing(False)
        self._server.set_status(sentence)

    def set_presets(self, presets: Sequence[Preset]) -> None:
        """Offer the person's own presets."""
        self._presets.set_presets(presets)

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
        self._server.show_choice(shown.server_id, shown.model)
        for name, field in self._fields().items():
            field.set_value(getattr(shown, name))
        if self._prompt.toPlainText() != shown.system_prompt:
            self._prompt.setPlainText(shown.system_prompt)
        if self._stop_lines() != shown.stop:
            self._stop.setPlainText("\n".join(escaped(text) for text in shown.stop))
        self._think.setChecked(shown.think_step_by_step)
        self._filling = False
        self._show_summary()

    def _show_summary(self) -> None:
        self._presets.show_settings(self._settings)
        folded = [name for name in self._numbers if name not in _SHOWN_FIRST]
        count = sum(getattr(self._settings, name) is not None for name in folded) + bool(self._settings.stop)
        words = self.tr("More parameters")
        words = self.tr("{words} ({count} set)").format(words=words, count=count) if count else words
        self._more.setText(words)
        self._more.setAccessibleName(words)
        self._reset.setEnabled(bool(self._settings.request_parameters()))
        self._show_folded()

    @Slot()
    def _show_folded(self) -> None:
        name = "chevron-down" if self._more.isChecked() else "chevron-right"
        self._more.setIcon(icon(name, colors(self).text))

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
        unset: dict[str, Any] = dict.fromkeys(self._numbers)
        self._take(replace(self._settings, stop=(), **unset))

    def _take(self, settings: GenerationSettings) -> None:
        if settings != self._settings:
            self._settings = settings
            self._fill()
            self._unreported = True
            self.flush()

    def _stop_lines(self) -> tuple[str, ...]:
        lines = self._stop.toPlainText().split("\n")
        return tuple(unescaped(line) for line in lines if line)

    @Slot()
    def _prompt_typed(self) -> None:
        self._change("system_prompt", self._prompt.toPlainText())

    @Slot()
    def _stop_typed(self) -> None:
        self._change("stop", self._stop_lines())

    @Slot(bool)
    def _think_toggled(self, chosen: bool) -> None:
        self._change("think_step_by_step", chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            setting = self._explained.get(watched)
            if setting is not None:
                self._help.setText(f"{setting.title}: {setting.explanation}")
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_pause"):
            self._show_folded()
