"""Asks for what a prompt leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from chatbot_app.core.prompt_template import Variable
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look


class PromptFillDialog(QDialog):
    """One field for each variable. Deletes itself when it is closed."""

    filled = Signal(dict)  # dict[str, str]: values by the names of the variables

    def __init__(self, name: str, variables: Sequence[Variable], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt_fill_dialog")
        self.setWindowTitle(visible_text(name))
        self._fields: dict[str, ComposerEdit | ComboBox] = {}
        form = QWidget(self)
        rows = QVBoxLayout(form)
        rows.setSpacing(em(self, 0.3))
        for variable in variables:
            self._add(rows, variable, form)
        rows.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("prompt_fill_area")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(form)
        self._insert = dialog_button(self, "prompt_fill_insert", self.tr("Put into the message"))
        set_look(self._insert, "primary")
        cancel = dialog_button(self, "prompt_fill_cancel", self.tr("Cancel"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._insert)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        self.resize(em(self, 32), em(self, min(9 + 4.5 * len(variables), 34)))
        self._insert.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        next(iter(self._fields.values())).setFocus()

    def _add(self, rows: QVBoxLayout, variable: Variable, form: QWidget) -> None:
        label = plain_label(form, "prompt_variable_name", visible_text(variable.name))
        field: ComposerEdit | ComboBox
        if variable.choices:
            field = ComboBox(form)
            for choice in variable.choices:
                field.addItem(visible_text(choice), choice)
        else:
            field = ComposerEdit(form)
            field.set_all(variable.default)
            field.selectAll()
            field.submitted.connect(self._go_on)
            field.escaped.connect(self.reject)
        field.setObjectName(f"prompt_variable_{len(self._fields)}")
        field.setAccessibleName(visible_text(variable.name))
        label.setBuddy(field)
        self._fields[variable.name] = field
        rows.addWidget(label)
        rows.addWidget(field)
        rows.addSpacing(em(self, 0.4))

    def values(self) -> dict[str, str]:
        """Return what is written and chosen, by the names of the variables."""
        return {
            name: str(field.currentData()) if isinstance(field, ComboBox) else field.toPlainText()
            for name, field in self._fields.items()
        }

    @Slot()
    def _go_on(self) -> None:
        """Enter: to the next field, or done."""
        fields = list(self._fields.values())
        following = [field for number, field in enumerate(fields) if number and fields[number - 1].hasFocus()]
        if following:
            following[0].setFocus()
        else:
            self._give()

    @Slot()
    def _give(self) -> None:
        self.filled.emit(self.values())
        self.accept()
