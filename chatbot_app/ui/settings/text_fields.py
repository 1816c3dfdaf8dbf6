"""Fields for settings that are texts, lists of texts, or on or off."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.core.escapes import escaped, unescaped
from chatbot_app.core.setting import Setting
from chatbot_app.ui.theme import em


class TextField(QWidget):
    """A title and a few lines of plain text, which Tab leaves; a list of texts has one a line."""

    changed = Signal(str, object)  # name of the setting, str | tuple[str, ...]; by the person only

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._is_list = setting.type is tuple
        self._filling = False
        self._title = QLabel(setting.title, self)
        self._edit = QPlainTextEdit(self)
        self._edit.setObjectName(f"{setting.name}_edit")
        self._edit.setAccessibleName(setting.title)
        self._edit.setTabChangesFocus(True)
        self._edit.setPlaceholderText(setting.placeholder)
        self._title.setBuddy(self._edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.25))
        column.addWidget(self._title)
        column.addWidget(self._edit)
        self.fit_to_font()
        self._edit.textChanged.connect(self._typed)

    def fit_to_font(self) -> None:
        """Be as high as the lines."""
        spacing = self._edit.fontMetrics().lineSpacing()
        self._edit.setFixedHeight(self.setting.lines * spacing + em(self._edit, 1.1))

    def value(self) -> Any:
        """Return what is written."""
        text = self._edit.toPlainText()
        if not self._is_list:
            return text
        return tuple(unescaped(line) for line in text.split("\n") if line)

    def set_value(self, value: Any) -> None:
        """Show a value silently; what is written already stays, with its cursor."""
        if self.value() == value:
            return
        self._filling = True
        self._edit.setPlainText("\n".join(escaped(text) for text in value) if self._is_list else value)
        self._filling = False

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that a person points at."""
        return (self._edit, self._edit.viewport(), self._title)

    @Slot()
    def _typed(self) -> None:
        if not self._filling:
            self.changed.emit(self.setting.name, self.value())


class CheckField(QCheckBox):
    """A setting that is on or off."""

    changed = Signal(str, object)  # name of the setting, bool; by the person only

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting.title, parent)
        self.setting = setting
        self._filling = False
        self.setObjectName(f"{setting.name}_check")
        self.setAccessibleName(setting.title)
        self.toggled.connect(self._switched)

    def set_value(self, value: bool) -> None:
        """Show a value silently."""
        self._filling = True
        self.setChecked(value)
        self._filling = False

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that a person points at."""
        return (self,)

    @Slot(bool)
    def _switched(self, chosen: bool) -> None:
        if not self._filling:
            self.changed.emit(self.setting.name, chosen)
