"""The key of a server: never shown unless asked for, and never kept where the person did not choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.llm.keys import KeyPlace
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.fields import CalmComboBox
from chatbot_app.ui.theme import em, scale_font, set_look


class KeyField(QWidget):
    """A password field, a choice of where a new key is kept, and a sentence that says where keys are."""

    changed = Signal()  # by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = False
        self._forget = False
        self.edit = QLineEdit(self)
        self.edit.setObjectName("server_key_edit")
        self.edit.setAccessibleName(self.tr("Key"))
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = IconButton("eye", self.tr("Show the key"), "server_key_show", self)
        self.show_button.setCheckable(True)
        self.forget_button = IconButton("trash", self.tr("Forget the stored key"), "server_key_forget", self)
        self._place_label = QLabel(self.tr("Keep it"), self)
        self.place = CalmComboBox("server_key_place", self.tr("Where the key is kept"), self)
        self._place_label.setBuddy(self.place)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("server_key_sentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        scale_font(self._sentence, 0.9)
        set_look(self._sentence, "muted")
        row = QHBoxLayout()
        row.setSpacing(em(self, 0.2))
        row.addWidget(self.edit, 1)
        row.addWidget(self.show_button)
        row.addWidget(self.forget_button)
        below = QHBoxLayout()
        below.setSpacing(em(self, 0.4))
        below.addWidget(self._place_label)
        below.addWidget(self.place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.3))
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(self._sentence)
        self.edit.textEdited.connect(self._typed)
        self.show_button.toggled.connect(self._show_or_hide)
        self.forget_button.clicked.connect(self._forget_stored)
        self.set_places(tuple(KeyPlace))

    def set_places(self, places: Sequence[KeyPlace], sentence: str = "") -> None:
        """Offer these places, best first, and say why they are what they are."""
        names = {
            KeyPlace.KEYCHAIN: self.tr("in the keychain of this computer"),
            KeyPlace.SESSION: self.tr("in memory, for this session only"),
            KeyPlace.FILE: self.tr("in a file that only you can read"),
        }
        chosen = self.place.currentData()
        with QSignalBlocker(self.place):
            self.place.clear()
            for place in places:
                self.place.addItem(names[place], place)
            row = self.place.findData(chosen)
            self.place.setCurrentIndex(max(0, row))
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def chosen_place(self) -> KeyPlace:
        """Return where a new key is to be kept."""
        place = self.place.currentData()
        return KeyPlace(place) if place else KeyPlace.SESSION

    def show_key(self, stored: bool, key: str | None) -> None:
        """Show a server's key: whether one is stored, and what was typed (None: nothing, "": forget it)."""
        self._stored = stored
        self._forget = key == ""
        self.edit.setText(key or "")
        self.show_button.setChecked(False)
        self._show_state()

    def key(self) -> str | None:
        """Return what was typed, "" to forget the stored key, or None to leave it as it is."""
        return self.edit.text() or ("" if self._forget else None)

    def _show_state(self) -> None:
        if self._forget:
            words = self.tr("The stored key is forgotten when you save")
        elif self._stored:
            words = self.tr("A key is stored; type to replace it")
        else:
            words = self.tr("No key")
        self.edit.setPlaceholderText(words)
        self.edit.setAccessibleDescription(words)
        self.forget_button.setEnabled(self._stored and not self._forget)
        for widget in (self._place_label, self.place):
            widget.setEnabled(bool(self.edit.text()))

    @Slot()
    def _typed(self) -> None:
        if self.edit.text():
            self._forget = False
        self._show_state()
        self.changed.emit()

    @Slot()
    def _forget_stored(self) -> None:
        self._forget = True
        self.edit.clear()
        self._show_state()
        self.changed.emit()

    @Slot(bool)
    def _show_or_hide(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.show_button.set_icon("eye-off" if shown else "eye")
        self.show_button.set_words(self.tr("Hide the key") if shown else self.tr("Show the key"))
