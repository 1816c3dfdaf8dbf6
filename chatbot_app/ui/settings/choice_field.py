"""A setting with a few values, each explained by one sentence below the list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.core.setting import Setting
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, scale_font, set_look


class ChoiceField(QWidget):
    """Shows the chosen value by its name, and what it means."""

    changed = Signal(str, object)  # name of the setting, the value; by the person only

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._title = QLabel(setting.title, self)
        self._combo = NamedComboBox(f"{setting.name}_combo", setting.title, self)
        self._title.setBuddy(self._combo)
        for place, choice in enumerate(setting.choices):
            self._combo.addItem(choice.title)
            # Not as the value of the item: Qt would turn a StrEnum into a plain text.
            self._combo.setItemData(place, choice.explanation, Qt.ItemDataRole.ToolTipRole)
            self._combo.setItemData(
                place, f"{choice.title}: {choice.explanation}", Qt.ItemDataRole.AccessibleTextRole
            )
        self._explanation = QLabel(self)
        self._explanation.setObjectName(f"{setting.name}_explanation")
        self._explanation.setTextFormat(Qt.TextFormat.PlainText)
        self._explanation.setWordWrap(True)
        self._explanation.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        set_look(self._explanation, "muted")
        scale_font(self._explanation, 0.9)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.25))
        column.addWidget(self._title)
        column.addWidget(self._combo)
        column.addWidget(self._explanation)
        self._combo.currentIndexChanged.connect(self._choose)
        self.set_value(setting.default)

    def value(self) -> Any:
        """Return the value that is shown."""
        return self.setting.choices[self._combo.currentIndex()].value

    def set_value(self, value: Any) -> None:
        """Show a value silently; one that is not offered shows the default."""
        values = [choice.value for choice in self.setting.choices]
        wanted = value if value in values else self.setting.default
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(values.index(wanted))
        self._explain()

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that a person points at."""
        return (self, self._title, self._combo)

    def _explain(self) -> None:
        chosen = self.setting.choices[self._combo.currentIndex()]
        self._explanation.setText(chosen.explanation)
        self._explanation.setAccessibleName(chosen.explanation)
        self._combo.setAccessibleDescription(f"{self.setting.explanation} {chosen.explanation}")

    @Slot(int)
    def _choose(self, _place: int) -> None:
        self._explain()
        self.changed.emit(self.setting.name, self.value())
