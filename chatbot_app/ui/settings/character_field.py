"""Above the settings: the character that they came from, and what was changed since."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.ui.characters.character_button import CharacterButton
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.theme import em, scale_font, set_look


class CharacterField(QWidget):
    """A button with the name, and a sentence where there is something to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        label = QLabel(self.tr("Character"), self)
        self.button = CharacterButton("settings_character_button", self, widest=16, hides=False)
        label.setBuddy(self.button)
        self._said = plain_label(self, "character_changed")
        scale_font(self._said, 0.9)
        set_look(self._said, "muted")
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.25))
        column.addWidget(label)
        column.addWidget(self.button)
        column.addWidget(self._said)

    def show_character(self, name: str, changed: str, said: str) -> None:
        """Show the name, "" for none, what was changed since, and else what there is to say."""
        self.button.show_character(name, changed)
        self._said.setText(changed or said)
        self._said.setVisible(bool(changed or said))
