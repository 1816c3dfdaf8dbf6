"""Company, kind, period and date of a document: seen, corrected, and taken back to what was read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from chatbot_app.core.document_fields import FIELD_NAMES, DocumentFields
from chatbot_app.ui.theme import em, scale_font, set_look

_LONGEST = 200


class FieldForm(QWidget):
    """Four fields. What is written is checked elsewhere: `show_problems` says what is wrong with it."""

    save_requested = Signal(
        dict
    )  # dict[str, str | None]: what was changed, by field name; None: as it was read
    changed = Signal()

    def __init__(self, fields: DocumentFields, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field_form")
        self._fields = fields
        self._edits: dict[str, QLineEdit] = {}
        self._notes: dict[str, QLabel] = {}
        self._resets: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(em(self))
        grid.setVerticalSpacing(em(self, 0.15))
        grid.setColumnStretch(1, 1)
        titles, hints = self._titles(), self._hints()
        for place, name in enumerate(FIELD_NAMES):
            title = QLabel(titles[name], self)
            set_look(title, "muted")
            edit = QLineEdit(self)
            edit.setObjectName(f"field_{name}")
            edit.setAccessibleName(titles[name])
            edit.setPlaceholderText(hints[name])
            edit.setMaxLength(_LONGEST)
            title.setBuddy(edit)
            note = QLabel(self)
            note.setObjectName(f"field_{name}_note")
            note.setWordWrap(True)
            scale_font(note, 0.86)
            reset = QPushButton(self.tr("As read"), self)
            reset.setObjectName(f"field_{name}_reset")
            reset.setAccessibleName(self.tr("{field}: as it was read").format(field=titles[name]))
            reset.setToolTip(self.tr("Go back to what was read from the document"))
            set_look(reset, "quiet")
            grid.addWidget(title, 2 * place, 0)
            grid.addWidget(edit, 2 * place, 1)
            grid.addWidget(reset, 2 * place, 2)
            grid.addWidget(note, 2 * place + 1, 1)
            grid.setRowMinimumHeight(2 * place + 1, round(note.fontMetrics().height() * 1.25))
            edit.textEdited.connect(self._edited)
            reset.clicked.connect(self._reset)
            self._edits[name], self._notes[name], self._resets[name] = edit, note, reset
        self.show_fields(fields)

    @property
    def is_changed(self) -> bool:
        """Whether anything was written that is not stored."""
        return bool(self._written())

    def show_fields(self, fields: DocumentFields) -> None:
        """Show what is stored now."""
        self._fields = fields
        for name in FIELD_NAMES:
            self._edits[name].setText(self._stored(name))
            self._edits[name].setCursorPosition(0)  # what is long is seen from its beginning
            self._tell(name, "")
            self._resets[name].setVisible(name in fields.corrected)
        self.changed.emit()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field name, and put the cursor into the first of them."""
        for name in FIELD_NAMES:
            self._tell(name, problems.get(name, ""))
        first = next((name for name in FIELD_NAMES if name in problems), None)
        if first is not None:
            self._edits[first].setFocus()
            self._edits[first].selectAll()

    @Slot()
    def save(self) -> None:
        """Ask to store what was changed."""
        written = self._written()
        if written:
            self.save_requested.emit(written)

    def _titles(self) -> dict[str, str]:
        return {
            "company": self.tr("Company"),
            "kind": self.tr("Kind"),
            "period": self.tr("Period"),
            "date": self.tr("Date"),
        }

    def _hints(self) -> dict[str, str]:
        return {
            "company": self.tr("Whose document it is"),
            "kind": self.tr("10-Q, annual report, invoice, minutes…"),
            "period": self.tr("2022, Q3 2023, H1 2023"),
            "date": self.tr("Its day, or the last one of the period"),
        }

    def _stored(self, name: str) -> str:
        text = self._fields.period_shown if name == "period" else getattr(self._fields, name)
        return str(text)

    def _written(self) -> dict[str, str | None]:
        return {
            name: edit.text().strip()
            for name, edit in self._edits.items()
            if edit.text().strip() != self._stored(name)
        }

    def _tell(self, name: str, problem: str) -> None:
        note = self._notes[name]
        set_look(note, "danger" if problem else "muted")
        if problem:
            note.setText(problem)
        elif name in self._fields.corrected:
            note.setText(self.tr("corrected by you"))
        elif self._stored(name):
            note.setText(self.tr("read from the document"))
        else:
            note.setText(self.tr("the document does not say"))

    @Slot()
    def _edited(self) -> None:
        for name, edit in self._edits.items():
            if edit is self.sender():
                if edit.text().strip() == self._stored(name):
                    self._tell(name, "")
                else:
                    set_look(self._notes[name], "muted")
                    self._notes[name].setText(self.tr("not saved yet"))
        self.changed.emit()

    @Slot()
    def _reset(self) -> None:
        for name, button in self._resets.items():
            if button is self.sender():
                self.save_requested.emit({name: None})
