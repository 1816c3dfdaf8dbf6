"""What a raw completion is asked with, besides its text."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QPlainTextEdit, QSpinBox, QWidget

from chatbot_app.core.escapes import unescaped
from chatbot_app.lab.completion import CompletionRequest
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox, CalmSpinBox
from chatbot_app.ui.theme import em

_UNSET = -0.01


class CompletionForm(QWidget):
    """Fields that say "Server default" are not sent."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = CalmSpinBox(self)
        self._most.setRange(1, 100_000)
        self._most.setValue(64)
        self._temperature = self._number(2.0, 0.05)
        self._top_p = self._number(1.0, 0.01)
        self._seed = CalmSpinBox(self)
        self._seed.setRange(-1, 2**31 - 1)
        self._seed.setValue(-1)
        self._seed.setSpecialValueText(self.tr("Server default"))
        self._stop = QPlainTextEdit(self)
        self._stop.setTabChangesFocus(True)
        self._stop.setPlaceholderText(self.tr("One a line; \\n is a line break"))
        self._echo = QCheckBox(self.tr("Echo: the prompt before what follows it"), self)
        self._echo.setObjectName("completion_echo")
        self._echo.setAccessibleName(self._echo.text())
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(em(self, 0.35))
        for name, words, widget in (
            ("completion_max_tokens", self.tr("Max tokens"), self._most),
            ("completion_temperature", self.tr("Temperature"), self._temperature),
            ("completion_top_p", self.tr("Top p"), self._top_p),
            ("completion_seed", self.tr("Seed"), self._seed),
            ("completion_stop", self.tr("Stop before"), self._stop),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(words)
            if isinstance(widget, QSpinBox | QDoubleSpinBox):
                widget.lineEdit().setAccessibleName(words)
                widget.valueChanged.connect(self._tell)
            form.addRow(words, widget)
        form.addRow(self._echo)
        self._stop.textChanged.connect(self._tell)
        self._echo.toggled.connect(self._tell)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Leave two lines to the stop sequences."""
        self._stop.setFixedHeight(em(self._stop, 2.2) + 2 * self._stop.frameWidth() + em(self._stop, 0.6))

    def request(self, prompt: str) -> CompletionRequest:
        """Return what is set, for a text."""
        stop = tuple(unescaped(line) for line in self._stop.toPlainText().split("\n") if line)
        return CompletionRequest(
            prompt,
            max_tokens=self._most.value(),
            temperature=_set(self._temperature.value()),
            top_p=_set(self._top_p.value()),
            seed=None if self._seed.value() < 0 else self._seed.value(),
            stop=stop,
            echo=self._echo.isChecked(),
        )

    def _number(self, most: float, step: float) -> QDoubleSpinBox:
        spin = CalmDoubleSpinBox(self)
        spin.setDecimals(2)
        spin.setRange(_UNSET, most)
        spin.setSingleStep(step)
        spin.setSpecialValueText(self.tr("Server default"))
        spin.setValue(_UNSET)
        return spin

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


def _set(value: float) -> float | None:
    return None if value < 0 else round(value, 2)
