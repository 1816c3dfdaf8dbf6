"""Fields for settings that may be left to the server."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.setting import Setting
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox, CalmSlider
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.theme import em, set_look

_LOGARITHMIC_FROM = 1000  # times the minimum: below that even steps can be aimed at
_SLIDER_MOST = 1_000_000  # a slider over more values than this cannot be aimed at
_LOGARITHMIC_STEPS = 200


class NamedComboBox(ComboBox):
    """A list with a name, as wide as the panel and no wider."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        # A long model name must not widen the panel.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class ModelComboBox(NamedComboBox):
    """A name of a model that can be written or chosen; what is written is never finished by itself."""

    def __init__(self, name: str, words: str, edit_name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, words, parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.name_edit = QLineEdit(self)
        self.name_edit.setObjectName(edit_name)
        self.name_edit.setAccessibleName(words)
        self.setLineEdit(self.name_edit)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    def show_name(self, name: str) -> None:
        """Show a name silently, from its beginning."""
        with QSignalBlocker(self):
            self.setEditText(name)
        self.name_edit.setCursorPosition(0)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these names silently; what is written stays."""
        written = self.currentText()
        with QSignalBlocker(self):
            self.clear()
            self.addItems(list(names))
            self.setCurrentIndex(self.findText(written, Qt.MatchFlag.MatchExactly))
        self.show_name(written)


def _decimals_of(step: float) -> int:
    return max(2, len(f"{step:.6f}".rstrip("0").partition(".")[2]))


class NumberSpin(CalmDoubleSpinBox):
    """A number of a setting; below its smallest value stands "Server default"."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert setting.minimum is not None
        assert setting.maximum is not None
        self._setting = setting
        whole = setting.type is int
        self._decimals = 0 if whole else _decimals_of(setting.step or 1)
        self.setDecimals(self._decimals)
        self.setObjectName(f"{setting.name}_spin")
        self.setAccessibleName(setting.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(setting.minimum - 10.0**-self._decimals, setting.maximum)
        self.setSingleStep(setting.step or 1)
        self.lineEdit().setAccessibleName(setting.title)
        # The style sheet's padding does not reach the field inside a spin box.
        self.lineEdit().setTextMargins(em(self, 0.3), 0, 0, 0)
        self.setSpecialValueText(self.tr("Server default"))
        self.unset()

    def value(self) -> float | int:
        """Return the number that is shown, an int for a setting of whole numbers."""
        number = super().value()
        return round(number) if self._setting.type is int else round(number, self._decimals)

    def chosen(self) -> float | int | None:
        """Return the value, or None for the server's default."""
        return None if super().value() == self.minimum() else self.value()

    def unset(self) -> None:
        """Leave the value to the server."""
        self.setValue(self.minimum())

    def stepBy(self, steps: int) -> None:
        if self.chosen() is None and self._setting.suggested is not None:
            self.setValue(self._setting.suggested)
        else:
            super().stepBy(steps)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if not text.strip():
            return QValidator.State.Acceptable, text, position
        state, text, position = super().validate(text, position)
        return state, text, position

    def valueFromText(self, text: str) -> float:
        # An emptied field means: as the server likes.
        return super().valueFromText(text) if text.strip() else self.minimum()


class NumberField(QWidget):
    """A row for a number: its title, a slider, an exact field, and a button that unsets it."""

    changed = Signal(str, object)  # name of the setting, float | int | None; by the person only

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert setting.minimum is not None
        assert setting.maximum is not None
        self.setting = setting
        self._filling = False
        self._least = setting.minimum
        self._span = setting.maximum - setting.minimum
        self._logarithmic = self._least > 0 and setting.maximum / self._least > _LOGARITHMIC_FROM
        self.title = QLabel(setting.title, self)
        self.spin = NumberSpin(setting, self)
        self.title.setBuddy(self.spin)
        self.clear_button = IconButton(
            "reset",
            self.tr("{title}: back to the server's default").format(title=setting.title),
            f"{setting.name}_clear",
            self,
            ink="muted",
            size=0.85,
        )
        kept = self.clear_button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.clear_button.setSizePolicy(kept)
        self.slider = CalmSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName(f"{setting.name}_slider")
        self.slider.setAccessibleName(self.tr("{title}, slider").format(title=setting.title))
        self.slider.setRange(0, self._steps())
        self.slider.setPageStep(max(1, self._steps() // 10))
        self.slider.setVisible(self._span <= _SLIDER_MOST)
        self.fit_to_font()
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.2))
        head.addWidget(self.title, 1)
        head.addWidget(self.clear_button)
        head.addWidget(self.spin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.1))
        column.addLayout(head)
        column.addWidget(self.slider)
        self.spin.valueChanged.connect(self._spun)
        self.slider.valueChanged.connect(self._slid)
        self.clear_button.clicked.connect(self.spin.unset)
        self._show_state()

    def fit_to_font(self) -> None:
        """Leave room for the words that stand for no number."""
        words = self.spin.fontMetrics().horizontalAdvance(self.spin.specialValueText())
        self.spin.setFixedWidth(words + em(self, 2.5))

    def value(self) -> float | int | None:
        """Return what is shown, or None for the server's default."""
        return self.spin.chosen()

    def set_value(self, value: float | int | None) -> None:
        """Show a value silently; one outside the range is shown at its end."""
        self._filling = True
        if value is None:
            self.spin.unset()
        else:
            self.spin.setValue(max(self._least, value))
        self._filling = False
        self._show_state()

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that a person points at."""
        return (self, self.title, self.spin, self.slider)

    def _steps(self) -> int:
        return _LOGARITHMIC_STEPS if self._logarithmic else round(self._span / (self.setting.step or 1))

    def _value_at(self, position: int) -> float:
        if not self._logarithmic:
            return self._least + position * (self.setting.step or 1)
        value: float = self._least * (1 + self._span / self._least) ** (position / _LOGARITHMIC_STEPS)
        step = self.setting.step or 1
        return round(value / step) * step if value > 4 * step else round(value)

    def _position_of(self, value: float) -> int:
        if not self._logarithmic:
            return round((value - self._least) / (self.setting.step or 1))
        share = math.log(max(value, self._least) / self._least) / math.log1p(self._span / self._least)
        return round(_LOGARITHMIC_STEPS * share)

    @Slot(int)
    def _slid(self, position: int) -> None:
        if not self._filling:
            self.spin.setValue(self._value_at(position))

    @Slot()
    def _spun(self) -> None:
        if not self._filling:
            self._show_state()
            self.changed.emit(self.setting.name, self.value())

    def _show_state(self) -> None:
        value = self.value()
        look = "unset" if value is None else ""
        set_look(self.spin, look)
        set_look(self.slider, look)
        self.clear_button.setVisible(value is not None)
        shown = value if value is not None else self.setting.suggested or 0
        was_filling, self._filling = self._filling, True
        self.slider.setValue(self._position_of(shown))
        self._filling = was_filling
