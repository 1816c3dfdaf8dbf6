"""The settings that reshape a distribution, each with a slider, as they are changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QPushButton, QWidget

from chatbot_app.lab.sampling import Sampling
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox, CalmSlider
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.theme import em, set_least_size

# name, least, most, step
_FIELDS = (
    ("temperature", 0.0, 2.0, 0.05),
    ("top_k", 0.0, 200.0, 1.0),
    ("top_p", 0.0, 1.0, 0.01),
    ("min_p", 0.0, 1.0, 0.01),
    ("repeat_penalty", 1.0, 2.0, 0.01),
    ("presence_penalty", -2.0, 2.0, 0.05),
    ("frequency_penalty", -2.0, 2.0, 0.05),
)


_LEAST_SLIDER = 5  # lines of text wide: its ends are told apart by a hand


class SamplingControls(QWidget):
    """One row a setting; `changed` comes while a slider moves."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sliders: dict[str, tuple[CalmSlider, QDoubleSpinBox]] = {}
        self._filling = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(em(self, 0.5))
        grid.setVerticalSpacing(em(self, 0.25))
        grid.setColumnStretch(1, 1)
        for row, (name, least, most, step) in enumerate(_FIELDS):
            title, tip = self._words(name)
            label = QLabel(title, self)
            slider = CalmSlider(Qt.Orientation.Horizontal, self)
            slider.setObjectName(f"sampling_{name}_slider")
            slider.setAccessibleName(self.tr("{title}, slider").format(title=title))
            slider.setRange(0, round((most - least) / step))
            set_least_size(slider, _LEAST_SLIDER)
            spin = CalmDoubleSpinBox(self)
            spin.setObjectName(f"sampling_{name}")
            spin.setAccessibleName(title)
            spin.lineEdit().setAccessibleName(title)
            spin.setDecimals(0 if step == 1 else 2)
            spin.setRange(least, most)
            spin.setSingleStep(step)
            label.setBuddy(spin)
            for widget in (label, slider, spin):
                widget.setToolTip(tip)
            self._sliders[name] = slider, spin
            spin.valueChanged.connect(self._spun)
            slider.valueChanged.connect(self._slid)
            grid.addWidget(label, row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(spin, row, 2)
        self._neutral: QPushButton = dialog_button(self, "sampling_neutral", self.tr("Change nothing"))
        self._neutral.setToolTip(self.tr("Temperature 1, no filter and no penalty: what the model says"))
        self._neutral.clicked.connect(self._reset)
        grid.addWidget(self._neutral, len(_FIELDS), 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        self.show_sampling(Sampling())

    @property
    def sampling(self) -> Sampling:
        """What is set."""
        values: dict[str, Any] = {name: spin.value() for name, (_, spin) in self._sliders.items()}
        return replace(Sampling(), **{**values, "top_k": round(values["top_k"])})

    def show_sampling(self, sampling: Sampling) -> None:
        """Show other values; `changed` comes once where they differ."""
        before = self.sampling
        self._filling = True
        for name, (_, spin) in self._sliders.items():
            spin.setValue(float(getattr(sampling, name)))
        self._filling = False
        self._follow()
        if self.sampling != before:
            self.changed.emit()

    @Slot()
    def _reset(self) -> None:
        self.show_sampling(Sampling())

    @Slot()
    def _spun(self) -> None:
        if not self._filling:
            self._follow()
            self.changed.emit()

    @Slot()
    def _slid(self) -> None:
        if self._filling:
            return
        for slider, spin in self._sliders.values():
            if slider is self.sender():
                spin.setValue(spin.minimum() + slider.value() * spin.singleStep())

    def _follow(self) -> None:
        """Put the sliders where the numbers are."""
        self._filling = True
        for slider, spin in self._sliders.values():
            slider.setValue(round((spin.value() - spin.minimum()) / spin.singleStep()))
        self._filling = False
        self._neutral.setEnabled(self.sampling != Sampling())

    def _words(self, name: str) -> tuple[str, str]:
        return {
            "temperature": (
                self.tr("Temperature"),
                self.tr(
                    "Divides the scores: below 1 sharpens, above 1 flattens, 0 leaves the likeliest token alone."
                ),
            ),
            "top_k": (self.tr("Top k"), self.tr("Keeps the k likeliest tokens; 0 keeps all.")),
            "top_p": (
                self.tr("Top p"),
                self.tr("Keeps the fewest tokens that reach this probability together."),
            ),
            "min_p": (
                self.tr("Min p"),
                self.tr("Leaves out what is less likely than this share of the likeliest token."),
            ),
            "repeat_penalty": (
                self.tr("Repeat penalty"),
                self.tr("Divides or multiplies the scores of tokens among the last 64; 1 leaves them."),
            ),
            "presence_penalty": (
                self.tr("Presence penalty"),
                self.tr("Is subtracted once from the scores of tokens among the last 64."),
            ),
            "frequency_penalty": (
                self.tr("Frequency penalty"),
                self.tr("Is subtracted as often as a token stands among the last 64."),
            ),
        }[name]
