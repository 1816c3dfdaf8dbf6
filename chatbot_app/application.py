"""The only place that constructs objects and wires them together."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.events import TurnEvent
from chatbot_app.chat.turn import ChatTurn, TurnRequest
from chatbot_app.core.paths import DataPaths, default_data_dir
from chatbot_app.core.servers import Server
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.keys import KeyStore
from chatbot_app.llm.local_server import LocalServer
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Access, Database, StoreMode, utc_now
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

LOG_BYTES, LOG_FILES = 1_000_000, 3


@dataclass(frozen=True, slots=True)
class Services:
    """Everything below the window: the command line uses the same."""

    paths: DataPaths
    database: Database
    conversations: ConversationStore
    settings: SettingsStore
    servers: ServerStore
    backups: BackupStore
    keys: KeyStore
    local_server: LocalServer
    gateway: Gateway
    run_turn: Callable[[TurnRequest], AsyncIterator[TurnEvent]]

    def close(self) -> None:
        """End the built-in server and close the store."""
        self.local_server.stop()
        self.database.close()


def create_services(data_dir: Path | None = None, *, access: Access = Access.OWNER) -> Services:
    """Open the store in a data folder and construct what works on it.

    Raises:
        AlreadyRunning, DataFolderUnusable, StoreError: the store cannot be opened.
    """
    paths = DataPaths(data_dir or default_data_dir())
    database = Database(paths, access=access)
    settings = SettingsStore(database)
    servers = ServerStore(database, settings)
    conversations = ConversationStore(database, now=utc_now, new_id=new_id)
    if access is Access.OWNER and database.mode is StoreMode.READ_WRITE:
        conversations.interrupt_streaming()  # whoever was answering has died
    keys = KeyStore(paths.keys)
    local_server = LocalServer()

    def find_server(server_id: str | None) -> Server:
        return (servers.find(server_id) if server_id else None) or servers.default()

    gateway = Gateway(find_server, keys, local_server, servers.remember_trait)
    turn = ChatTurn(conversations, gateway, clock=time.monotonic)
    backups = BackupStore(database, now=utc_now)
    return Services(
        paths, database, conversations, settings, servers, backups, keys, local_server, gateway, turn.run
    )


def new_id() -> str:
    """Return an id that is unique everywhere."""
    return uuid.uuid4().hex


def keep_log(paths: DataPaths) -> None:
    """Write what the program says of itself into the data folder; message text and keys are never logged."""
    try:
        paths.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            paths.logs / "chatbot.log",
            maxBytes=LOG_BYTES,
            backupCount=LOG_FILES,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return  # a folder open for reading only: the window says so, the log stays silent
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("chatbot_app").addHandler(handler)
    logging.getLogger("chatbot_app").setLevel(logging.INFO)


class Application:
    """The window and everything under it, wired; ends cleanly with `shutdown`."""

    def __init__(self, qt_application: QApplication, services: Services) -> None:
        from chatbot_app.llm.model_files import fetch_models
        from chatbot_app.ui.chat.chat_controller import ChatController
        from chatbot_app.ui.chat.running_turns import RunningTurns
        from chatbot_app.ui.conversations_controller import ConversationsController
        from chatbot_app.ui.main_window import MainWindow
        from chatbot_app.ui.session_controller import Controllers, SessionController
        from chatbot_app.ui.settings.environment_server import EnvironmentServer
        from chatbot_app.ui.settings.settings_controller import SettingsController
        from chatbot_app.workers.chat_worker import ChatWorker
        from chatbot_app.workers.model_fetcher import ModelFetcher
        from chatbot_app.workers.task_runner import TaskRunner

        self.services = services
        self.window = MainWindow()
        self._runner = TaskRunner()
        self._worker = ChatWorker(services.run_turn, at_end=services.gateway.close)
        self._fetcher = ModelFetcher(fetch_models)
        window, store, runner, worker = self.window, services.conversations, self._runner, self._worker
        chat = ChatController(window.chat_pane, store, runner, RunningTurns(worker, new_id, window), window)
        settings = SettingsController(
            window.settings_panel,
            chat,
            services.servers,
            services.settings,
            services.keys,
            services.gateway,
            runner,
            worker,
            window,
        )
        conversations = ConversationsController(
            window.conversation_list,
            window.chat_pane.notice_bar,
            chat,
            store,
            services.gateway,
            runner,
            worker,
            window,
        )
        self.controllers = Controllers(chat, conversations, settings)
        self._session = SessionController(
            qt_application,
            window,
            self.controllers,
            services.settings,
            runner,
            self._fetcher,
            lambda: services.gateway.warm(chat.settings.server_id),
            window,
        )
        environment = EnvironmentServer(
            dict(os.environ),
            Path(".env").resolve(),
            services.servers,
            services.settings,
            services.keys,
            runner,
            window,
        )
        environment.offered.connect(self._session.tell)
        environment.added.connect(settings.reload_servers)
        self._session.environment_server_accepted.connect(environment.add)
        self._session.started.connect(environment.look)
        conversations.new_requested.connect(self._session.start_new_conversation)
        self._is_shut_down = False

    def start(self) -> None:
        """Show the window as it was left."""
        notice = self.services.database.notice
        self._session.start(notice.notice() if notice else None)

    def run(self) -> int:
        """Run until the window is closed, then shut down; return the exit status."""
        from PySide6.QtWidgets import QApplication

        try:
            return QApplication.exec()
        finally:
            self.shutdown()

    def shutdown(self) -> None:
        """Stop answers and downloads, save what is open, end every thread and child; at most about 3 s."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self._session.save()
        self.window.hide()
        self._fetcher.shutdown()
        self._worker.shutdown()
        self._runner.shutdown()
        self.services.close()
        self.window.deleteLater()


def create_application(data_dir: Path | None = None) -> Application:
    """Open the store and the window; returns an object with `.window` and `.shutdown()`.

    A QApplication is made where there is none.

    Raises:
        AlreadyRunning, DataFolderUnusable, StoreError: the store cannot be opened.
    """
    from PySide6.QtWidgets import QApplication

    from chatbot_app.core.paths import APPLICATION_NAME
    from chatbot_app.ui.icons import application_icon

    qt_application = QApplication.instance() or QApplication([APPLICATION_NAME])
    assert isinstance(qt_application, QApplication)
    qt_application.setApplicationName(APPLICATION_NAME)
    qt_application.setDesktopFileName("chatbot-app")
    services = create_services(data_dir)
    qt_application.setWindowIcon(application_icon())
    application = Application(qt_application, services)
    application.start()
    return application
