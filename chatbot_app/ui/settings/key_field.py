"""The key of a server: never shown unless asked for, and never kept where the person did not choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.llm.keys import KeyPlace, KeyState
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, scale_font, set_look


class KeyField(QWidget):
    """A password field, a choice of where a new key is kept, and a sentence that says where keys are."""

    changed = Signal()  # by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = False
        self._state: KeyState | None = None  # None: not looked yet
        self._was_stored = False
        self._forget = False
        self.edit = QLineEdit(self)
        self.edit.setObjectName("server_key_edit")
        self.edit.setAccessibleName(self.tr("Key"))
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = IconButton("eye", self.tr("Show the key"), "server_key_show", self)
        self.show_button.setCheckable(True)
        self.forget_button = IconButton("trash", self.tr("Forget the stored key"), "server_key_forget", self)
        self._place_label = QLabel(self.tr("Keep it"), self)
        self.place = NamedComboBox("server_key_place", self.tr("Where the key is kept"), self)
        self._place_label.setBuddy(self.place)
        self._where = self._label("server_key_state")
        self._sentence = self._label("server_key_sentence")
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
        column.addWidget(self._where)
        column.addLayout(below)
        column.addWidget(self._sentence)
        self.edit.textEdited.connect(self._typed)
        self.show_button.toggled.connect(self._show_or_hide)
        self.forget_button.clicked.connect(self._forget_stored)
        self.set_places(tuple(KeyPlace))

    def _label(self, name: str) -> QLabel:
        label = plain_label(self, name)
        scale_font(label, 0.9)
        set_look(label, "muted")
        label.hide()
        return label

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

    def show_key(self, stored: bool, key: str | None, state: KeyState | None = None) -> None:
        """Show a server's key: whether one was kept, what was typed (None: nothing, "": forget it), where it is.

        `state` is None as long as nobody has looked.
        """
        self._stored = stored and state is not KeyState.NONE
        self._was_stored = stored
        self._state = state
        self._forget = key == ""
        self.edit.setText(key or "")
        self.show_button.setChecked(False)
        self._show_state()

    def show_state(self, state: KeyState | None) -> None:
        """Say where the key is; what is being typed stays."""
        self._state = state
        self._stored = self._was_stored and state is not KeyState.NONE
        self._show_state()

    def key(self) -> str | None:
        """Return what was typed, "" to forget the stored key, or None to leave it as it is."""
        return self.edit.text() or ("" if self._forget else None)

    def _show_state(self) -> None:
        hint, words = self.tr("No key"), ""
        if self._forget:
            words = self.tr("The stored key is forgotten when you save.")
        elif self._was_stored:
            words = self._words_of_state()
            hint = self.tr("Type to replace it") if self._stored else self.tr("Enter it again")
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleDescription(words or hint)
        self._where.setText(words)
        self._where.setVisible(bool(words))
        set_look(self._where, "muted" if self._stored or self._forget else "warning")
        self.updateGeometry()  # the form gives the row the height that its sentences need
        self.forget_button.setEnabled(self._stored and not self._forget)
        for widget in (self._place_label, self.place):
            widget.setEnabled(bool(self.edit.text()))

    def _words_of_state(self) -> str:
        return {
            None: self.tr("A key was stored."),
            KeyState.KEYCHAIN: self.tr("A key is stored in the keychain."),
            KeyState.SESSION: self.tr("A key is kept in memory until the program ends."),
            KeyState.FILE: self.tr("A key is stored in the file of keys."),
            KeyState.NONE: self.tr("The key was kept for one session, and that has ended."),
            KeyState.UNKNOWN: self.tr("A key was stored, but the keychain does not answer."),
        }[self._state]

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
