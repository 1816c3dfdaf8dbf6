"""Says who answers, and opens the menu that changes it: in the header of a conversation and beside the composer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.small_model import short_name
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.shortening_button import ShorteningButton
from chatbot_app.ui.theme import colors, em, scale_font, set_look

_SHARE = 0.24  # of a row's width, for the name


class ModelButton(ShorteningButton):
    """The name of the model, as short as there is room; the whole one is its tooltip and accessible name."""

    menu_requested = Signal()  # by the person, with mouse or keyboard
    keeps_words = 0  # where the composer is narrow: the header says it as well

    def __init__(self, name: str, parent: QWidget | None = None, *, widest: float) -> None:
        """The name takes `widest` lines of text at most, and about a quarter of its row."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._widest = widest
        self._server = self._model = ""
        self._row_width = 10_000
        set_look(self, "quiet")
        scale_font(self, 0.9)
        self.clicked.connect(self.menu_requested)
        self._describe()

    def show_model(self, server: str, model: str) -> None:
        """Name the server that answers and its model, "" where only the server knows."""
        if (server, model) != (self._server, self._model):
            self._server, self._model = visible_text(server), visible_text(model)
            self._describe()

    def fit(self, width: int) -> None:
        """Take less room in a row of few pixels."""
        if width != self._row_width:
            self._row_width = width
            self._describe()

    def _describe(self) -> None:
        words = short_name(self._model) or self._server or self.tr("Model")
        if self._model and self._server:
            spoken = self.tr("Answered by {model} on {server}").format(model=self._model, server=self._server)
        else:
            spoken = self.tr("Answered by {name}").format(name=self._model or self._server or words)
        room = min(em(self, self._widest), round(self._row_width * _SHARE))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        self._say(shown)
        self.setAccessibleName(spoken[:300])
        self.setAccessibleDescription(self.tr("Opens a menu to choose another model"))
        self.setToolTip(self.tr("{who}. Click to choose another model.").format(who=spoken[:300]))
        self._tint()
        self.updateGeometry()

    def open_menu(self, menu: QMenu) -> None:
        """Open a menu below the button, or above it where there is no room below."""
        size = menu.sizeHint()
        below = self.mapToGlobal(QPoint(0, self.height() + em(self, 0.2)))
        screen = self.screen() or QGuiApplication.primaryScreen()
        window_end = self.window().mapToGlobal(QPoint(0, self.window().height())).y()
        end = min(screen.availableGeometry().bottom(), window_end)
        if below.y() + size.height() > end:
            above = self.mapToGlobal(QPoint(0, -size.height() - em(self, 0.2)))
            below = above if above.y() > screen.availableGeometry().top() else below
        menu.popup(below)

    def _tint(self) -> None:
        self.setIcon(icon("model", colors(self).muted))

    def fit_to_font(self) -> None:
        """Cut the name for the new size of letters."""
        self._describe()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_model"):
            self._tint()
