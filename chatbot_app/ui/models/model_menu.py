"""The menu that changes who answers: favourites, this computer's models, servers with theirs, the way to a better one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.models.known_models import KnownModels, ModelKey
from chatbot_app.ui.theme import em, scale_font, set_look

_MOST = 30  # entries of one server; more are searched for in Settings
_LONGEST = 48  # characters of a name


class ModelMenuActions(QObject):
    """What can be chosen in any of the menus."""

    model_chosen = Signal(str, str)  # server id, model; "" leaves it to the server
    favourite_toggled = Signal(str, str, bool)  # server id, model, whether it is one now
    list_wanted = Signal(str)  # id of a server whose models are looked at
    better_model_requested = Signal()
    models_requested = Signal()
    servers_requested = Signal()
    settings_requested = Signal()


def entry_words(name: str) -> str:
    """Return a model's name for a menu: one line, literal, of some length."""
    words = " ".join(visible_text(name).split())
    return shortened(words, _LONGEST).replace("&", "&&")


class ModelMenu(QMenu):
    """Built from what is known when it opens; a server is asked when its own menu is opened."""

    def __init__(self, known: KnownModels, actions: ModelMenuActions, owner: QWidget) -> None:
        super().__init__(owner)
        self._known = known
        self._actions = actions
        self._submenus: dict[str, QMenu] = {}
        self.setToolTipsVisible(True)
        self.triggered.connect(self._trigger)
        self._add_favourites()
        self._add_local()
        self._add_servers()
        self._add_ways()

    def show_models(self, known: KnownModels, server_id: str) -> None:
        """Fill the menu of a server that has been asked."""
        self._known = known
        menu, server = self._submenus.get(server_id), known.server(server_id)
        if menu is not None and server is not None:
            self._fill(menu, server)

    def show_loaded(self, known: KnownModels) -> None:
        """Mark what a server has said to have in memory, wherever it is offered."""
        self._known = known
        for menu in (self, *self._submenus.values()):
            for action in menu.actions():
                if isinstance(beside := action.property("beside"), str):  # else it is no model
                    action.setText(self._words(tuple(action.data()), beside))

    def _add_heading(self, words: str) -> None:
        # A section of Qt's own has no words under a style sheet.
        label = QLabel(words, self)
        label.setContentsMargins(em(self, 0.7), em(self, 0.35), em(self, 0.7), em(self, 0.1))
        set_look(label, "muted")
        scale_font(label, 0.85)
        heading = QWidgetAction(self)
        heading.setText(words)
        heading.setDefaultWidget(label)
        heading.setEnabled(False)
        self.addAction(heading)

    def _add_favourites(self) -> None:
        known = [key for key in self._known.favourites if self._known.server(key[0]) is not None]
        if not known:
            return
        self._add_heading(self.tr("Favourites"))
        for key in known:
            server = self._known.server(key[0])
            beside = "" if server is None or key[0] == BUILT_IN_SERVER_ID else server.name
            self._add_model(self, key, beside=beside)

    def _add_local(self) -> None:
        names = self._known.models.get(BUILT_IN_SERVER_ID, ())
        if not names:
            return
        self._add_heading(self.tr("On this computer"))
        for name in names[:_MOST]:
            self._add_model(self, (BUILT_IN_SERVER_ID, name))
        self._add_rest(self, len(names))

    def _add_servers(self) -> None:
        others = [server for server in self._known.servers if server.id != BUILT_IN_SERVER_ID]
        if others:
            self._add_heading(self.tr("Servers"))
        for server in others:
            menu = QMenu(entry_words(server.name), self)
            menu.setObjectName(f"models_of_{server.id}")
            menu.menuAction().setCheckable(True)
            menu.menuAction().setChecked(server.id == self._known.chosen[0])
            menu.setToolTipsVisible(True)
            self._submenus[server.id] = menu
            self._fill(menu, server)
            menu.aboutToShow.connect(self._ask_for_list)
            self.addMenu(menu)

    def _fill(self, menu: QMenu, server: Server) -> None:
        menu.clear()
        own = self.tr("Its own choice")
        if server.default_model:
            own = self.tr("Its default: {model}").format(model=entry_words(server.default_model))
        self._add(menu, own, (server.id, ""), checked=self._known.chosen == (server.id, ""))
        names = self._known.models.get(server.id)
        problem = self._known.problems.get(server.id)
        menu.addSeparator()
        if names:
            for name in names[:_MOST]:
                self._add_model(menu, (server.id, name))
            self._add_rest(menu, len(names))
            return
        words = self.tr("It has no model yet.") if names is not None else self.tr("Asking for its models…")
        waiting = menu.addAction(entry_words(problem) if problem else words)
        waiting.setToolTip(visible_text(problem or ""))
        waiting.setEnabled(False)

    def _add_rest(self, menu: QMenu, count: int) -> None:
        if count > _MOST:
            menu.addAction(self.tr("All {n} models, in Settings…").format(n=count)).setData("settings")

    def _add_model(self, menu: QMenu, key: ModelKey, *, beside: str = "") -> None:
        action = self._add(menu, self._words(key, beside), key, checked=key == self._known.current)
        action.setProperty("beside", beside)
        action.setToolTip(visible_text(key[1])[:300])

    def _words(self, key: ModelKey, beside: str) -> str:
        notes = [entry_words(beside)] if beside else []
        if self._known.is_running(key):
            notes.append(self.tr("loaded"))
        return "\t".join(filter(None, (entry_words(key[1]), " · ".join(notes))))

    def _add(self, menu: QMenu, words: str, key: ModelKey, *, checked: bool) -> QAction:
        action = QAction(words, menu, checkable=True)
        action.setChecked(checked)
        action.setData(list(key))
        menu.addAction(action)
        return action

    def _add_ways(self) -> None:
        self.addSeparator()
        server_id, model = self._known.current
        if model:
            words = self.tr("Keep {model} among the favourites").format(model=entry_words(model))
            favourite = QAction(words, self, checkable=True)
            favourite.setChecked((server_id, model) in self._known.favourites)
            favourite.setData("favourite")
            self.addAction(favourite)
        ways: Sequence[tuple[str, str]] = (
            ("better", self.tr("Use a better model…")),
            ("models", self.tr("Models…")),
            ("servers", self.tr("Servers…")),
        )
        for data, words in ways:
            self.addAction(words).setData(data)

    @Slot()
    def _ask_for_list(self) -> None:
        asked = self.sender()
        for server_id, menu in self._submenus.items():
            if menu is asked:
                self._actions.list_wanted.emit(server_id)

    @Slot(QAction)
    def _trigger(self, action: QAction) -> None:
        data = action.data()
        if isinstance(data, list) and len(data) == 2:
            self._actions.model_chosen.emit(*data)
        elif data == "favourite":
            self._actions.favourite_toggled.emit(*self._known.current, action.isChecked())
        elif data == "better":
            self._actions.better_model_requested.emit()
        elif data == "models":
            self._actions.models_requested.emit()
        elif data == "servers":
            self._actions.servers_requested.emit()
        elif data == "settings":
            self._actions.settings_requested.emit()
