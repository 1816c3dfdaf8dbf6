"""Pairs of input and output that a prompt shows as examples, each in two fields side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.theme import em

_LINES = 2.9  # of text that a field shows, its frame included


class ExampleRows(QScrollArea):
    """The pairs in their order; those with two empty fields are none."""

    changed = Signal()

    def __init__(self, pairs: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("prompt_examples")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[_Pair] = []
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        self.setWidget(inside)
        for given, answer in pairs:
            self._add(given, answer)
        self.setVisible(bool(self._rows))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return what is written."""
        return tuple(pair for pair in (row.texts() for row in self._rows) if any(map(str.strip, pair)))

    @Slot()
    def add_empty(self) -> None:
        """Add a pair to be written, and go there."""
        row = self._add("", "")
        self.show()
        row.start()
        self.changed.emit()

    def _add(self, given: str, answer: str) -> _Pair:
        row = _Pair(given, answer, self)
        row.changed.connect(self.changed)
        row.removal_wanted.connect(self._remove)
        self._column.insertWidget(len(self._rows), row)
        self._rows.append(row)
        return row

    @Slot(QWidget)
    def _remove(self, row: _Pair) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self._rows))
        self.changed.emit()


class _Pair(QWidget):
    changed = Signal()
    removal_wanted = Signal(QWidget)  # itself

    def __init__(self, given: str, answer: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, em(self, 0.2))
        self._fields = [
            self._field("example_input", self.tr("Input"), given),
            self._field("example_output", self.tr("Output"), answer),
        ]
        for field in self._fields:
            row.addWidget(field, 1)
        remove = dialog_button(self, "example_remove", self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove the example"))
        remove.clicked.connect(self._ask_to_go)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        self._fit()

    def _field(self, name: str, words: str, text: str) -> QPlainTextEdit:
        field = QPlainTextEdit(text, self)
        field.setObjectName(name)
        field.setAccessibleName(words)
        field.setPlaceholderText(words)
        field.setTabChangesFocus(True)
        field.textChanged.connect(self.changed)
        return field

    def texts(self) -> tuple[str, str]:
        """Return input and output."""
        return self._fields[0].toPlainText(), self._fields[1].toPlainText()

    def start(self) -> None:
        """Put the cursor into the input."""
        self._fields[0].setFocus()

    @Slot()
    def _ask_to_go(self) -> None:
        self.removal_wanted.emit(self)

    def _fit(self) -> None:
        for field in self._fields:
            field.setFixedHeight(em(self, _LINES))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_fields"):
            self._fit()
