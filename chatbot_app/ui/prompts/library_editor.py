"""A dialog in which something that is kept by name is written: it stays open until it could be saved."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.theme import em, set_look


class LibraryEditor(QDialog):
    """Stays open until its owner accepts what was written; asks before that is lost. Deletes itself when closed."""

    save_requested = Signal(object)  # what `written` returns

    def __init__(self, kind: str, before: Any, title: str, name_hint: str, parent: QWidget | None) -> None:
        """`kind` begins the names of its widgets, `before` is what there was to be changed."""
        super().__init__(parent)
        self._before = before
        self._kind = kind
        self.setObjectName(f"{kind}_editor")
        self.setWindowTitle(title)
        self._name = QLineEdit(before.name, self)
        self._name.setObjectName(f"{kind}_name")
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(name_hint)
        self._said = plain_label(self, f"{kind}_said")
        set_look(self._said, "danger")
        self._said.hide()
        self._save = dialog_button(self, f"{kind}_save", self.tr("Save"))
        set_look(self._save, "primary")
        self._cancel = dialog_button(self, f"{kind}_cancel", self.tr("Cancel"))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(em(self, 0.4))
        self.add_titled(self.tr("Name"), self._name)
        self._name.returnPressed.connect(self._ask_to_save)
        self._save.clicked.connect(self._ask_to_save)
        self._cancel.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)

    @abstractmethod
    def written(self) -> Any:
        """Return what is written."""

    def add_titled(self, words: str, field: QWidget, stretch: int = 0) -> None:
        """Put a field below its words, under what is there."""
        label = plain_label(self, f"{field.objectName()}_label", words)
        label.setBuddy(field)
        self._column.addWidget(label)
        self._column.addWidget(field, stretch)
        self._column.addSpacing(em(self, 0.4))

    def add_buttons(self) -> None:
        """Put what was said and the buttons at the end."""
        self._column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        self._column.addLayout(buttons)

    def explained(self, words: str) -> QWidget:
        """Return a label that explains."""
        label = plain_label(self, f"{self._kind}_explained", words)
        set_look(label, "muted")
        return label

    def text_field(self, name: str, words: str, text: str) -> QPlainTextEdit:
        """Return a field for several lines, which Tab leaves."""
        field = QPlainTextEdit(text, self)
        field.setObjectName(name)
        field.setAccessibleName(words)
        field.setTabChangesFocus(True)
        return field

    def say(self, words: str) -> None:
        """Say why it was not saved; writing goes on."""
        self._said.setText(words)
        self._said.show()
        self._save.setEnabled(True)

    @Slot()
    def _ask_to_save(self) -> None:
        if self._save.isEnabled():
            self._save.setEnabled(False)
            self.save_requested.emit(self.written())

    def reject(self) -> None:
        if self.written() == self._before:
            super().reject()
            return
        box, discard = question_box(
            self,
            f"{self._kind}_discard_box",
            self.tr("What you wrote is not saved."),
            self.tr("Discard"),
            f"{self._kind}_discard",
            title=self.windowTitle(),
            refuse=self.tr("Go on writing"),
        )
        discard.clicked.connect(self._discard)
        box.open()

    @Slot()
    def _discard(self) -> None:
        super().reject()
