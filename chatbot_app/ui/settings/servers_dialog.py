"""The Servers dialog: which servers there are, how they are reached, and whether they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.servers import SERVER_TEMPLATES, Server, ServerKind, ServerTemplate
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.keys import KeyPlace, KeyState
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.settings.found_servers import FoundServers
from chatbot_app.ui.settings.server_drafts import ConnectionResult, ServerDrafts
from chatbot_app.ui.settings.server_form import ServerForm
from chatbot_app.ui.settings.server_list import ServerList
from chatbot_app.ui.settings.server_removal import removal_question
from chatbot_app.ui.settings.server_uses import ServerUses
from chatbot_app.ui.theme import em, set_look


class ServersDialog(QDialog):
    """Shows servers and says what is to be done with them; what was written survives until it is stored."""

    server_saved = Signal(object, object)  # Server, key: str, "" to forget it, None to leave it
    server_removed = Signal(str)  # server id
    default_changed = Signal(str)  # server id
    prices_requested = Signal(object, list)  # Server, list[str]: its models
    test_requested = Signal(object, str)  # Server, the key that was typed or ""

    def __init__(
        self, parent: QWidget | None = None, *, new_id: Callable[[], str] = lambda: uuid4().hex
    ) -> None:
        super().__init__(parent)
        self._new_id = new_id
        self._servers = ServerDrafts()
        self._key_states: dict[str, KeyState] = {}
        self._testing = ""
        self._build()
        self._connect()
        self._show_current()

    def _build(self) -> None:
        self.setObjectName("servers_dialog")
        self.setWindowTitle(self.tr("Servers"))
        self.found = FoundServers(self)
        self._list = ServerList(self)
        self._add = dialog_button(self, "server_add_button", self.tr("Add"))
        self._templates = QMenu(self._add)
        for template in SERVER_TEMPLATES:
            self._templates.addAction(template.name).setData(template)
        self._add.setMenu(self._templates)
        self._remove = dialog_button(self, "server_remove_button", self.tr("Remove"))
        self._make_default = dialog_button(self, "server_default_button", self.tr("Make default"))
        self._form = ServerForm(self)
        self._uses = ServerUses(self)
        self._test = dialog_button(self, "server_test_button", self.tr("Test connection"))
        self._result = QLabel(self)
        self._result.setObjectName("server_test_result")
        self._result.setAccessibleName(self.tr("Result of the test"))
        self._problem = QLabel(self)
        self._problem.setObjectName("server_problem")
        self._problem.setAccessibleName(self.tr("Problem"))
        set_look(self._problem, "danger")
        for label in (self._result, self._problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._save = dialog_button(self, "server_save_button", self.tr("Save"))
        self._save.setDefault(True)
        set_look(self._save, "primary")
        self._close = dialog_button(self, "servers_close_button", self.tr("Close"))

        gap = em(self, 0.5)
        under = QHBoxLayout()
        under.setSpacing(gap)
        under.addWidget(self._add)
        under.addWidget(self._remove)
        left = QVBoxLayout()
        left.setSpacing(gap)
        left.addWidget(self._list, 1)
        left.addLayout(under)
        left.addWidget(self._make_default)
        test = QHBoxLayout()
        test.setSpacing(gap)
        test.addWidget(self._test, 0, Qt.AlignmentFlag.AlignTop)
        test.addWidget(self._result, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap)
        buttons.addStretch()
        buttons.addWidget(self._close)
        buttons.addWidget(self._save)
        right = QVBoxLayout()
        right.setSpacing(em(self, 0.8))
        right.addWidget(self._form)
        right.addLayout(test)
        right.addWidget(self._uses)
        right.addStretch(1)
        right.addWidget(self._problem)
        right.addLayout(buttons)
        both = QHBoxLayout()
        both.setSpacing(em(self, 1.2))
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(em(self), em(self), em(self), em(self))
        whole.setSpacing(em(self, 0.8))
        whole.addWidget(self.found)
        whole.addLayout(both, 1)
        self.resize(em(self, 50), em(self, 32))

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._row_chosen)
        self._templates.triggered.connect(self._template_chosen)
        self._remove.clicked.connect(self._ask_removal)
        self._make_default.clicked.connect(self._ask_default)
        self._form.changed.connect(self._written)
        self._form.prices_requested.connect(self._ask_prices)
        self._test.clicked.connect(self._ask_test)
        self._save.clicked.connect(self._ask_save)
        self._close.clicked.connect(self.close)

    def set_servers(self, servers: Sequence[Server], default_id: str, select: str = "") -> None:
        """Show what is stored now; drafts stay, but for those whose saving this answers."""
        self._servers.store(servers, default_id)
        wanted = select or self.current_id()
        self._fill(wanted if wanted in self._servers.ids() else default_id)

    def set_key_places(self, places: Sequence[KeyPlace], sentence: str = "") -> None:
        """Offer these places for keys, best first, and say why (no keychain answers)."""
        self._form.key.set_places(places, sentence)

    def set_key_states(self, states: Mapping[str, KeyState]) -> None:
        """Say where the keys of servers are, by server id."""
        self._key_states = dict(states)
        self._form.key.show_state(self._key_states.get(self.current_id()))

    def offer_open_conversation(self, offered: bool) -> None:
        """Say whether the open conversation may use a server that is added now."""
        self._uses.offer_open_conversation(offered)

    def is_for_new_conversations(self, server_id: str) -> bool:
        """Return whether a server that is being added is to be used for new conversations."""
        return not self._servers.is_stored(server_id) and self._uses.for_new_ones(server_id)

    def is_for_open_conversation(self, server_id: str) -> bool:
        """Return whether a server that is being added is to be used for the open conversation."""
        return not self._servers.is_stored(server_id) and self._uses.for_open_one(server_id)

    def key_place(self) -> KeyPlace:
        """Return where the person wants a new key to be kept."""
        return self._form.key.chosen_place()

    def current_id(self) -> str:
        """Return the id of the server in the form, or ""."""
        return self._list.current_id()

    def add_server(self, template: ServerTemplate) -> None:
        """Begin a server from a template; nothing is stored until it is saved."""
        server = Server(self._new_id(), template.name, template.base_url, template.kind)
        self._servers.begin(server)
        self._fill(server.id)
        self._form.focus_name()

    def ask_for_key(self, server: Server) -> None:
        """Begin a server that asks for a key, where the key is all that is missing."""
        begun = self._servers.draft_at(server.base_url)
        if begun is None:
            self._servers.begin(server)
        self._fill(server.id if begun is None else begun)
        self._form.key.edit.setFocus()

    def show_test_result(
        self, ok: bool, sentence: str, models: Sequence[str] = (), base_url: str = ""
    ) -> None:
        """Show what the test that was asked for last has said; `base_url` is where the server was found."""
        if self._testing:
            if base_url and self._testing == self.current_id():
                self._form.take_address(base_url)
            self._servers.tell(self._testing, ConnectionResult(ok, sentence, tuple(models)))
            self._testing = ""
        self._show_result()

    def show_found(self, server_id: str, ok: bool, sentence: str) -> None:
        """Say where a server that was saved has been found."""
        self._servers.tell(server_id, ConnectionResult(ok, sentence))
        self._show_result()

    def show_problem(self, sentence: str) -> None:
        """Say why something could not be stored; what was written stays in the form."""
        self._servers.save_failed()
        self._problem.setText(visible_text(sentence))
        self._problem.setVisible(bool(sentence))
        self._show_buttons()

    def _fill(self, select: str) -> None:
        self._list.show_servers(self._servers, select)
        self._show_current()

    def _show_current(self) -> None:
        id_ = self.current_id()
        draft, server = self._servers.draft(id_), self._servers.server(id_)
        self._problem.hide()
        self._form.setVisible(server is not None)
        if server is not None:
            self._form.show_server(server, draft.key if draft else None, self._key_states.get(id_))
            self._uses.show_server(id_, is_new=not self._servers.is_stored(id_))
        self._show_result()

    def _show_result(self) -> None:
        result = self._servers.result(self.current_id())
        self._result.setText(result.sentence)
        look = "muted" if result.is_running else "success" if result.ok else "danger"
        set_look(self._result, look)
        self._form.set_models(result.models)
        self._test.setText(self.tr("Testing…") if result.is_running else self.tr("Test connection"))
        self._show_buttons()

    def _show_buttons(self) -> None:
        id_ = self.current_id()
        draft, server = self._servers.draft(id_), self._servers.server(id_)
        self._save.setEnabled(draft is not None and not draft.is_saving)
        self._test.setEnabled(server is not None and not self._testing)
        self._remove.setEnabled(server is not None and server.kind is not ServerKind.BUILT_IN)
        self._make_default.setEnabled(self._servers.is_stored(id_) and id_ != self._servers.default_id)

    @Slot()
    def _row_chosen(self) -> None:
        self._show_current()

    @Slot(QAction)
    def _template_chosen(self, action: QAction) -> None:
        self.add_server(action.data())

    @Slot()
    def _written(self) -> None:
        self._servers.write(self._form.server(), self._form.key.key())
        self._problem.hide()
        self._result.clear()
        self._list.show_names(self._servers)
        self._show_buttons()

    @Slot()
    def _ask_test(self) -> None:
        server = self._form.server()
        self._testing = server.id
        self._servers.tell(server.id, ConnectionResult(True, self.tr("Testing…"), is_running=True))
        self._show_result()
        self.test_requested.emit(server, self._form.key.key() or "")

    @Slot()
    def _ask_save(self) -> None:
        draft = self._servers.draft(self.current_id())
        if draft is None:
            return
        if not draft.server.name:
            self.show_problem(self.tr("Give the server a name."))
        elif not draft.server.base_url and draft.server.kind is not ServerKind.BUILT_IN:
            self.show_problem(self.tr("Enter the address; it looks like http://localhost:1234/v1."))
        else:
            self._problem.hide()
            self._servers.save(draft.server.id)
            self._show_buttons()
            self.server_saved.emit(draft.server, draft.key)

    @Slot()
    def _ask_prices(self) -> None:
        self.prices_requested.emit(self._form.server(), self._form.models())

    @Slot()
    def _ask_default(self) -> None:
        self.default_changed.emit(self.current_id())

    @Slot()
    def _ask_removal(self) -> None:
        id_ = self.current_id()
        stored = self._servers.stored(id_)
        if stored is None:
            self._servers.forget(id_)
            self._fill(self._servers.default_id)
            return
        question, remove = removal_question(stored, self)
        remove.clicked.connect(lambda: self._remove_stored(id_))
        question.open()

    def _remove_stored(self, id_: str) -> None:
        self._servers.forget(id_)
        self.server_removed.emit(id_)
