"""What spans the whole window: its look and layout, what was open, the built-in model, the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from chatbot_app.core.errors import Action
from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.core.settings import SETTINGS
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.backup_files import Backup
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.draft_keeper import DraftKeeper
from chatbot_app.ui.knowledge.document_order import order_of
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.severity import Severity
from chatbot_app.ui.theme import apply_text_size, apply_theme
from chatbot_app.workers.model_fetcher import ModelFetcher
from chatbot_app.workers.task_runner import TaskRunner

TIDY_AFTER_MS = 20_000  # when the launch is long over
WARM_AFTER_MS = 400  # the first paint and the first list come before the model


class SessionController(QObject):
    """Brings the window back as it was left, and leaves it so that it can be brought back."""

    started = Signal()
    environment_server_accepted = Signal()
    diagnostics_wanted = Signal()

    def __init__(
        self,
        qt_application: QApplication,
        window: MainWindow,
        controllers: Controllers,
        settings: SettingsStore,
        backups: BackupStore,
        runner: TaskRunner,
        fetcher: ModelFetcher,
        warm: Callable[[], None],
        parent: QObject | None = None,
        *,
        keeper: DraftKeeper,
    ) -> None:
        """`warm` loads the built-in model in the background where it will answer next."""
        super().__init__(parent)
        self._window = window
        self._chat = controllers.chat
        self._keeper = keeper
        self._turns = controllers.turns
        self._conversations = controllers.conversations
        self._settings_controller = controllers.settings
        self._servers = controllers.servers
        self._settings = settings
        self._backups = backups
        self._runner = runner
        self._fetcher = fetcher
        self._warm = warm
        self._font_scale = 1.0
        self._qt = qt_application
        self._backup_to_restore: Backup | None = None
        self._connect(controllers.asking)

    def _connect(self, asking: AskingController) -> None:
        window, bar = self._window, self._window.chat_pane.notice_bar
        window.new_conversation_requested.connect(self.start_new_conversation)
        window.export_requested.connect(self._export)
        window.servers_requested.connect(self._servers.open_servers)
        window.theme_chosen.connect(self._choose_theme)
        window.text_size_changed.connect(self._change_text_size)
        window.knowledge_panel.user_actions.order_chosen.connect(self._keep_document_order)
        window.escaped.connect(asking.stop)
        window.about_to_close.connect(self.save)
        bar.action_requested.connect(self._act)
        window.chat_pane.transcript.user_actions.remedy_requested.connect(self._act)
        self._servers.notice_raised.connect(self.tell)
        self._servers.told.connect(self.tell_news)
        self._runner.failed.connect(self.tell)
        self._fetcher.progressed.connect(self._show_progress)
        self._fetcher.fetched.connect(self._fetched)
        self._fetcher.failed.connect(self.tell)

    def start(self, stored: Mapping[str, Any], database: Database) -> None:
        """Fill the window from the `stored` settings, and say what is wrong with the store, if anything."""
        self._window.show_theme(stored["ui.theme"])
        self._set_text_size(stored["ui.font_scale"])
        self._window.knowledge_panel.page.set_order(order_of(stored["ui.document_order"]))
        self._conversations.automatic_titles = stored["chat.automatic_titles"]
        typed = self._window.chat_pane.composer.text()
        draft = self._keeper.bring_back(stored["ui.drafts"])
        self._settings_controller.load()
        self.start_new_conversation()
        if typed:
            self._window.chat_pane.composer.restore_text(typed)  # written while the rest was loading
        wanted = stored["ui.open_conversation"]
        self._conversations.refresh(lambda found: self._open_last(found, wanted, draft))
        self._tell_of_store(database)
        self._release_composer(wanted)
        self._keeper.start()
        QTimer.singleShot(WARM_AFTER_MS, self, self._warm_model)
        QTimer.singleShot(TIDY_AFTER_MS, self, self._tidy_memory)
        self.started.emit()

    def _tell_of_store(self, database: Database) -> None:
        if database.notice is None:
            return
        notice = database.notice.notice()
        if database.damage is not None and database.damage.backup is not None:
            self._backup_to_restore = database.damage.backup
            notice = replace(notice, action=Action.RESTORE_BACKUP.value)
        if database.mode is StoreMode.READ_ONLY:
            self._window.chat_pane.composer.set_blocked(notice.summary)
        self.tell(notice)

    def offer_backup(self, notice: Notice, backup: Backup | None) -> None:
        """Show a notice whose button puts a backup in the place of the history."""
        self._backup_to_restore = backup
        self.tell(notice)

    def _restore_backup(self) -> None:
        backup = self._backup_to_restore
        if backup is None:
            return

        def show(_: object) -> None:
            self._backup_to_restore = None
            self.start_new_conversation()
            self._settings_controller.load()
            self._conversations.refresh()
            words = self.tr("The backup is in place: {what}.").format(what=backup.describe())
            self._window.chat_pane.notice_bar.show_notice(Notice("BackupRestored", words), Severity.INFO)

        self._turns.stop_all()
        self._runner.run(lambda: self._backups.restore(backup.path), show, self.tell)

    @Slot()
    def come_forward(self) -> None:
        """Bring the window to the front: the program was started a second time."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @Slot(list)
    def open_files(self, paths: list[Path]) -> None:
        """Take files as if they had been dropped onto the window, and say which are not there."""
        missing = [path for path in paths if not path.exists()]
        found = [path for path in paths if path not in missing]
        if found:
            self._window.chat_pane.composer.files_dropped.emit(found)
        if missing:
            names = ", ".join(path.name for path in missing[:3]) + ("…" if len(missing) > 3 else "")
            if len(missing) == 1:
                words = self.tr("One file could not be opened, for it is not there: ")
            else:
                words = self.tr("%n files could not be opened, for they are not there: ", "", len(missing))
            next_step = self.tr("Check the name, or drop the file onto this window.")
            self.tell(Notice("FilesMissing", words + names, next_step))

    def _open_last(self, conversations: list[Conversation], wanted: str, draft: str) -> None:
        # A person who has already opened or begun another is not interrupted.
        if self._chat.conversation_id is None and any(found.id == wanted for found in conversations):
            self._chat.reopen(wanted, draft)

    def _release_composer(self, wanted: str) -> None:
        """Let questions go where they belong: below the conversation that was open last, once it is back."""
        release = self._window.chat_pane.composer.release
        if not wanted:
            release()
            return
        # First after the list, then after what the list has opened, whether they could be read or not.
        self._runner.afterwards(lambda: self._runner.afterwards(release))

    @Slot()
    def save(self) -> None:
        """Keep layout, open conversation and drafts for the last time."""
        self._keeper.stop()
        self.save_now()

    def save_now(self, done: Callable[[bool], None] | None = None) -> None:
        """Keep layout, open conversation and drafts; work goes on, and `done` is told whether they are safe."""
        layout, opened = self._window.layout_state(), self._chat.conversation_id or ""
        opened = "" if is_temporary(opened) else opened
        write_drafts = self._keeper.last_write()

        def write() -> None:
            write_drafts()
            self._settings.set("ui.geometry", layout)
            self._settings.set("ui.open_conversation", opened)

        def tell(is_saved: bool) -> None:
            if not is_saved:
                self._keeper.try_again()
            if done is not None:
                done(is_saved)

        self._runner.run(write, lambda _: tell(True), lambda _: tell(False))

    @Slot()
    def start_new_conversation(self) -> None:
        """Show an empty conversation with the settings that new ones have."""
        self._chat.start_new(self._settings_controller.new_conversation_settings())

    @Slot(object)
    def tell(self, notice: Notice) -> None:
        """Show a notice above the transcript."""
        self._window.chat_pane.notice_bar.show_notice(notice)

    @Slot(object)
    def tell_news(self, notice: Notice) -> None:
        """Show a notice of what went well."""
        self._window.chat_pane.notice_bar.show_notice(notice, Severity.INFO)

    @Slot(str)
    def _act(self, action: str) -> None:
        if action == Action.OPEN_SERVERS:
            self._servers.open_servers()
        elif action == Action.OPEN_SETTINGS:
            self._window.show_settings()
        elif action == Action.RESTORE_BACKUP:
            self._restore_backup()
        elif action == Action.COPY_DIAGNOSTICS:
            self.diagnostics_wanted.emit()
        elif action == Action.ADD_SERVER:
            self.environment_server_accepted.emit()
        elif action == Action.FETCH_MODELS:
            self._fetcher.start()

    @Slot()
    def _export(self) -> None:
        if self._chat.conversation_id is not None:
            self._conversations.export(self._chat.conversation_id)

    # --- look --------------------------------------------------------------------------------------------------

    @Slot(str)
    def _choose_theme(self, mode: str) -> None:
        apply_theme(self._qt, mode)
        self._runner.run(lambda: self._settings.set("ui.theme", mode))

    @Slot(str)
    def _keep_document_order(self, order: str) -> None:
        self._runner.run(lambda: self._settings.set("ui.document_order", order))

    @Slot(float)
    def _change_text_size(self, step: float) -> None:
        scale = round(self._font_scale + step, 1) if step else 1.0
        if not SETTINGS["ui.font_scale"].accepts(scale):
            return  # it is as small or as large as it gets
        self._set_text_size(scale)
        self._runner.run(lambda: self._settings.set("ui.font_scale", scale))

    def _set_text_size(self, scale: float) -> None:
        self._font_scale = scale
        apply_text_size(self._qt, scale)

    # --- the built-in model ------------------------------------------------------------------------------------

    @Slot()
    def _warm_model(self) -> None:
        self._runner.run(self._warm, None, lambda _: None)

    @Slot(str, int, int)
    def _show_progress(self, name: str, received: int, total: int) -> None:
        share = f"{100 * received // total} %" if total else f"{received // 1_000_000} MB"
        self._window.chat_pane.notice_bar.show_notice(
            Notice("FetchingModel", self.tr("The built-in model is being downloaded: ") + share),
            Severity.INFO,
        )

    @Slot()
    def _fetched(self) -> None:
        self._window.chat_pane.notice_bar.show_notice(
            Notice("ModelFetched", self.tr("The built-in model is ready."), self.tr("Ask it something.")),
            Severity.INFO,
        )
        self._warm_model()

    @Slot()
    def _tidy_memory(self) -> None:
        self._runner.run(return_free_memory)  # what the launch has freed
