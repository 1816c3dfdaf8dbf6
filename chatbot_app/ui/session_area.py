"""What brings a window back and loses nothing of it, made and wired: session, drafts, saving, trash, damage."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QApplication

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.core.paths import DataPaths
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.draft_file import DraftFile
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.trash import Trash
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.conversation_trash_controller import ConversationTrashController
from chatbot_app.ui.damage_controller import DamageController
from chatbot_app.ui.draft_keeper import DraftKeeper
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.saving_controller import SavingController
from chatbot_app.ui.session_controller import SessionController
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.model_fetcher import ModelFetcher
from chatbot_app.workers.task_runner import TaskRunner


class Kept(Protocol):
    """What is kept of a window; `chatbot_app.services.Services` is one."""

    paths: DataPaths
    database: Database

    @property
    def settings(self) -> SettingsStore:
        """Settings."""
        ...

    @property
    def conversations(self) -> ConversationStore:
        """The history."""
        ...

    @property
    def trash(self) -> Trash:
        """What was deleted and can come back."""
        ...

    @property
    def backups(self) -> BackupStore:
        """Copies of the store."""
        ...

    @property
    def saver(self) -> AnswerSaver:
        """What writes answers until the store has taken them."""
        ...

    @property
    def gateway(self) -> Gateway:
        """The way to the models."""
        ...


@dataclass(frozen=True, slots=True)
class Runners:
    """Threads with a queue: for the store, for files beside it, which may have to be waited for, and for what has time."""

    store: TaskRunner
    files: TaskRunner
    housekeeping: TaskRunner


@dataclass(frozen=True, slots=True)
class SessionArea:
    """What works together on what lasts."""

    session: SessionController
    keeper: DraftKeeper
    trash: ConversationTrashController


def install_session(
    qt_application: QApplication,
    window: MainWindow,
    controllers: Controllers,
    kept: Kept,
    runners: Runners,
    fetcher: ModelFetcher,
    worker: ChatWorker,
) -> SessionArea:
    """Make the controllers; the window owns them. Nothing starts before `SessionController.start`."""
    chat, conversations = controllers.chat, controllers.conversations
    store, files, housekeeping = runners.store, runners.files, runners.housekeeping
    draft_file = DraftFile(kept.paths.drafts)
    keeper = DraftKeeper(
        controllers.drafts, kept.settings, kept.conversations, draft_file, store, files, window
    )
    session = SessionController(
        qt_application,
        window,
        controllers,
        kept.settings,
        kept.backups,
        store,
        fetcher,
        lambda: kept.gateway.warm(chat.settings.server_id),
        window,
        keeper=keeper,
    )
    kept.saver.tell = worker.saving_event.emit
    SavingController(window, worker, controllers.turns, kept.saver, files, time.monotonic, window)
    trash = ConversationTrashController(
        window.conversation_list,
        window.chat_pane.notice_bar,
        controllers.drafts,
        kept.conversations,
        kept.trash,
        kept.backups,
        store,
        housekeeping,
        window,
    )
    DamageController(kept.database, kept.backups, housekeeping, session.offer_backup, window)
    trash.restored.connect(conversations.show_restored)
    window.trash_requested.connect(trash.open_trash)
    conversations.trash_changed.connect(trash.count)
    conversations.new_requested.connect(session.start_new_conversation)
    if kept.database.mode is StoreMode.READ_WRITE:
        session.started.connect(trash.start)
    return SessionArea(session, keeper, trash)
