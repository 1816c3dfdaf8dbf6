"""Who answers: shown in the header and beside the composer, and changed there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu

from chatbot_app.core.local_models import ModelKind
from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.loaded_models import loaded_path
from chatbot_app.storage.favourite_models import FavouriteModelStore
from chatbot_app.storage.models import LocalModelStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.models.known_models import KnownModels, ModelKey
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.models.model_menu import ModelMenu, ModelMenuActions
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner

ASK_AGAIN_SECONDS = 20.0  # a list that was had a moment ago is not asked for again


@dataclass(frozen=True, slots=True)
class _Local:
    """What the store says: the models of this computer that can talk, the default one, favourites."""

    names: dict[str, str]  # by id
    default: str
    favourites: tuple[ModelKey, ...]


class ModelChoiceController(QObject):
    """Knows which models there are, as far as they were said; asks a server when its menu is opened and not before."""

    current_changed = Signal(str, str)  # server id, model, "" where only the server knows

    def __init__(
        self,
        buttons: Sequence[ModelButton],
        chat: ChatController,
        models: LocalModelStore,
        favourites: FavouriteModelStore,
        gateway: Gateway,
        running: Callable[[], frozenset[str]],
        runner: TaskRunner,
        worker: ChatWorker,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`running` says which models of this computer are loaded, by their ids, without waiting for anything."""
        super().__init__(parent)
        self._buttons = tuple(buttons)
        self._chat = chat
        self._models = models
        self._favourites = favourites
        self._gateway = gateway
        self._running = running
        self._runner = runner
        self._worker = worker
        self._clock = clock
        self._known = KnownModels()
        self._default_id = ""
        self._local_names: dict[str, str] = {}  # of the models of this computer, by id
        self._listed_at: dict[str, float] = {}  # by server id
        self._menu: ModelMenu | None = None
        self.actions = ModelMenuActions(self)
        for button in self._buttons:
            button.menu_requested.connect(self._open_menu)
        chat.conversation_opened.connect(self._show_opened)
        chat.prompt_changed.connect(self.refresh)
        self.actions.model_chosen.connect(self.choose)
        self.actions.favourite_toggled.connect(self._mark)
        self.actions.list_wanted.connect(self._ask_for_list)

    @property
    def known(self) -> KnownModels:
        """What is known now."""
        return self._known

    @Slot(list, str)
    def set_servers(self, servers: Sequence[Server], default_id: str) -> None:
        """Take over which servers there are; what one said at another address is forgotten."""
        before = {server.id: server.base_url for server in self._known.servers}
        moved = {server.id for server in servers if before.get(server.id, server.base_url) != server.base_url}
        gone = moved | (before.keys() - {server.id for server in servers})
        self._default_id = default_id
        models = {id_: names for id_, names in self._known.models.items() if id_ not in gone}
        loaded = {id_: names for id_, names in self._known.loaded.items() if id_ not in gone}
        self._listed_at = {id_: at for id_, at in self._listed_at.items() if id_ not in gone}
        self._know(servers=tuple(servers), models=models, loaded=loaded)
        self.read_models()

    @Slot()
    def read_models(self) -> None:
        """Read which models this computer has, and the favourites, and show what follows from it."""

        def read() -> _Local:
            talking = [model for model in self._models.list() if model.facts.kind is ModelKind.CHAT]
            found = {model.id: model.name for model in talking}
            return _Local(found, self._models.default().name, self._favourites.list())

        self._runner.run(read, self._take_local, lambda _: None)

    def _take_local(self, local: _Local) -> None:
        self._local_names = local.names
        self._know(
            models={**self._known.models, BUILT_IN_SERVER_ID: tuple(local.names.values())},
            own={**self._known.own, BUILT_IN_SERVER_ID: local.default},
            favourites=local.favourites,
        )

    @Slot(str, list)
    def take_list(self, server_id: str, names: Sequence[str]) -> None:
        """Take over which models a server has said to have, whoever asked it."""
        if server_id == BUILT_IN_SERVER_ID:
            return  # the store says it
        problems = {id_: words for id_, words in self._known.problems.items() if id_ != server_id}
        self._listed_at[server_id] = self._clock()
        self._know(models={**self._known.models, server_id: tuple(names)}, problems=problems)
        self._tell_menu(server_id)

    @Slot()
    def refresh(self) -> None:
        """Show who answers in the open conversation."""
        settings = self._chat.settings
        self._know(chosen=(settings.server_id or self._default_id, settings.model or ""))

    @Slot(object)
    def _show_opened(self, _: Conversation | None) -> None:
        self.refresh()

    @Slot(str, str)
    def choose(self, server_id: str, model: str) -> None:
        """Let a model answer in the open conversation from now on."""
        self._chat.replace_settings(server_id=server_id, model=model or None)

    def _know(self, **changes: Any) -> None:
        before = self._known.current
        self._known = replace(self._known, **changes)
        server_id, model = self._known.current
        server = self._known.server(server_id)
        name = "" if server is None else server.name
        if server_id == BUILT_IN_SERVER_ID:
            name = self.tr("this computer")
        for button in self._buttons:
            button.show_model(name, model)
        if before != (server_id, model):
            self.current_changed.emit(server_id, model)

    # --- the menu --------------------------------------------------------------------------------------------

    @Slot()
    def _open_menu(self) -> None:
        button = self.sender()
        assert isinstance(button, ModelButton)
        loaded = self._running()
        self._know(running=frozenset(name for id_, name in self._local_names.items() if id_ in loaded))
        for old in button.findChildren(QMenu, "model_menu", Qt.FindChildOption.FindDirectChildrenOnly):
            old.setObjectName("")
            old.deleteLater()
        self._menu = ModelMenu(self._known, self.actions, button)
        self._menu.setObjectName("model_menu")
        self._menu.aboutToHide.connect(self._forget_menu)
        self._ask_what_is_loaded()
        button.open_menu(self._menu)

    def _ask_what_is_loaded(self) -> None:
        """Ask the servers of this computer whose kind says it; what they said before stands until they answer."""
        for server in self._known.servers:
            if loaded_path(server):
                self._worker.call(
                    partial(self._gateway.loaded_models, server.id),
                    partial(self._take_loaded, server.id),
                    lambda _: None,
                )

    def _take_loaded(self, server_id: str, names: frozenset[str]) -> None:
        self._know(loaded={**self._known.loaded, server_id: names})
        if self._menu is not None:
            self._menu.show_loaded(self._known)

    @Slot()
    def _forget_menu(self) -> None:
        self._menu = None

    def _tell_menu(self, server_id: str) -> None:
        if self._menu is not None:
            self._menu.show_models(self._known, server_id)

    @Slot(str)
    def _ask_for_list(self, server_id: str) -> None:
        asked_at = self._listed_at.get(server_id)
        if asked_at is not None and self._clock() - asked_at < ASK_AGAIN_SECONDS:
            return
        self._listed_at[server_id] = self._clock()

        def show(names: list[str]) -> None:
            self.take_list(server_id, names)

        def explain(notice: Notice) -> None:
            self._listed_at.pop(server_id, None)
            self._know(problems={**self._known.problems, server_id: notice.summary})
            self._tell_menu(server_id)

        self._worker.call(lambda: self._gateway.list_models(server_id), show, explain)

    @Slot(str, str, bool)
    def _mark(self, server_id: str, model: str, favourite: bool) -> None:
        self._runner.run(
            lambda: self._favourites.mark(server_id, model, favourite=favourite),
            lambda favourites: self._know(favourites=favourites),
        )
