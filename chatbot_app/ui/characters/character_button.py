"""Says which character is used, and opens the menu that changes it: in the header, and above the settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.theme import colors, em, scale_font, set_look

_SHARE = 0.2  # of a row's width, for the name
_ROOMY = 34  # lines of text: a narrower row has room for the icon alone


class CharacterButton(QPushButton):
    """The name of the character, as short as there is room; the whole one is its tooltip and accessible name."""

    menu_requested = Signal()  # by the person, with mouse or keyboard

    def __init__(self, name: str, parent: QWidget, *, widest: float, hides: bool) -> None:
        """It takes `widest` lines of text at most; one that `hides` is shown only where a character is used."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._widest = widest
        self._hides = hides
        self._name = ""
        self._more = ""
        self._row_width = 10_000
        if hides:
            set_look(self, "quiet")
            scale_font(self, 0.9)
            self.hide()
        self.clicked.connect(self.menu_requested)
        self._describe()

    def show_character(self, name: str, more: str = "") -> None:
        """Name the character, "" for none; `more` is a sentence of what differs from it."""
        self._name, self._more = visible_text(name), more
        self._describe()
        if self._hides:
            self.setVisible(bool(name))

    def fit(self, width: int) -> None:
        """Take less room in a row of few pixels."""
        if width != self._row_width:
            self._row_width = width
            self._describe()

    def _describe(self) -> None:
        words = self._name or self.tr("No character")
        shown = self.tr("{name} (changed)").replace("{name}", words) if self._more else words
        room = min(em(self, self._widest), round(self._row_width * _SHARE))
        shown = self.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, room)
        self.setText("" if self._row_width < em(self, _ROOMY) else shown.replace("&", "&&"))
        spoken = self.tr("Character: {name}.").replace("{name}", words)
        spoken = f"{spoken} {self._more}".strip()
        self.setAccessibleName(spoken[:300])
        self.setAccessibleDescription(self.tr("Opens a menu of characters"))
        self.setToolTip(spoken[:300])
        self._tint()
        self.updateGeometry()

    def open_menu(self, menu: QMenu) -> None:
        """Open a menu below the button."""
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + em(self, 0.2))))

    def _tint(self) -> None:
        shown = colors(self)
        self.setIcon(icon("character", shown.accent if self._name else shown.muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_more"):
            self._tint()
