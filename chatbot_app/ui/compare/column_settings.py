"""With what a column is asked: the model, and the settings in which columns of one model may differ."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.generation import GENERATION_SETTINGS, GenerationSettings
from chatbot_app.core.servers import ServerKind
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.settings.fields import NumberSpin
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices

_NUMBERS = ("temperature", "top_p")
_DECLARED = {setting.name: setting for setting in GENERATION_SETTINGS if setting.name in _NUMBERS}


class ColumnSettings(QWidget):
    """Everything else is asked as the conversation is, or as a new one would be."""

    changed = Signal()  # another model

    def __init__(self, name: str, words: str, services: LabServices, parent: QWidget | None = None) -> None:
        """`name` begins the names of its widgets, `words` say which column it is."""
        super().__init__(parent)
        self._base = GenerationSettings()
        self.choice = LabModelChoice(services, self, name=name, within=words, is_narrow=True)
        self.numbers = {field: NumberSpin(_DECLARED[field], self) for field in _NUMBERS}
        self.system_prompt = QPlainTextEdit(self)
        self.system_prompt.setObjectName(f"{name}_system_prompt")
        self.system_prompt.setAccessibleName(self.tr("{column}: system prompt").format(column=words))
        self.system_prompt.setPlaceholderText(self.tr("No system prompt"))
        self.system_prompt.setTabChangesFocus(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(em(self, 0.5))
        grid.setVerticalSpacing(em(self, 0.3))
        grid.setColumnStretch(0, 1)
        for row, (field, spin) in enumerate(self.numbers.items()):
            spin.setObjectName(f"{name}_{field}")
            title = _DECLARED[field].title
            for edit in (spin, spin.lineEdit()):
                edit.setAccessibleName(f"{words}: {title}")
            label = QLabel(title, self)
            label.setBuddy(spin)
            grid.addWidget(label, row, 0)
            grid.addWidget(spin, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self.choice)
        column.addLayout(grid)
        column.addWidget(self.system_prompt)
        self.choice.changed.connect(self.changed)
        self.fit_to_font()

    @property
    def is_local(self) -> bool:
        """Whether a model of this computer, that the program loads itself, is chosen."""
        server = self.choice.server
        return server is not None and server.kind is ServerKind.BUILT_IN

    def chosen(self, base: GenerationSettings) -> GenerationSettings:
        """Return what is asked with: `base`, and what is chosen here."""
        return replace(
            base,
            server_id=self.choice.server_id,
            model=self.choice.model,
            system_prompt=self.system_prompt.toPlainText(),
            temperature=self._number("temperature"),
            top_p=self._number("top_p"),
        )

    def _number(self, name: str) -> float | None:
        chosen = self.numbers[name].chosen()
        return None if chosen is None else float(chosen)

    def show_settings(self, settings: GenerationSettings) -> None:
        """Begin with other settings; the choice of a model follows where they name one."""
        self._base = settings
        for name, spin in self.numbers.items():
            _show(spin, getattr(settings, name))
        self.system_prompt.setPlainText(settings.system_prompt)
        if settings.server_id:
            self.choice.choose(settings.server_id, settings.model or "")

    def follow(self, settings: GenerationSettings) -> None:
        """Take over from the settings of another conversation what was not changed here."""
        before, self._base = self._base, settings
        for name, spin in self.numbers.items():
            if spin.chosen() == getattr(before, name):
                _show(spin, getattr(settings, name))
        if self.system_prompt.toPlainText() == before.system_prompt != settings.system_prompt:
            self.system_prompt.setPlainText(settings.system_prompt)

    def fit_to_font(self) -> None:
        """Give the system prompt the height of three lines, and the numbers the width of their words."""
        lines = 3 * self.system_prompt.fontMetrics().lineSpacing()
        self.system_prompt.setFixedHeight(lines + em(self, 0.9))
        for spin in self.numbers.values():
            words = spin.fontMetrics().horizontalAdvance(spin.specialValueText())
            spin.setFixedWidth(words + em(self, 2.5))


def _show(spin: NumberSpin, value: float | None) -> None:
    if value is None:
        spin.unset()
    else:
        spin.setValue(value)
