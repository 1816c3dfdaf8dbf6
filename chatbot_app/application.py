"""The only place that constructs the window's objects and wires them together (`services` is below it).

What a launch does not need is imported and constructed when it is first used: the window stands before the
network, the models and the transcript are loaded.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.qt_start import import_qt, keep_qt_settings
from chatbot_app.services import Services, create_services, new_id
from chatbot_app.storage.database import StoreMode, utc_now

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from chatbot_app.ui.chat.chat_controller import ChatController
    from chatbot_app.ui.controllers import Controllers
    from chatbot_app.workers.fault_hooks import FaultHooks

__all__ = [
    "Application",
    "Services",
    "create_application",
    "create_services",
    "new_id",
]

LOCKS_AT_END_SECONDS = 1.0  # how long the end of the program waits for who holds the store


class Application:
    """The window and everything under it, wired; ends cleanly with `shutdown`.

    `start` shows a window that can be written in; `stages` yields after each further step of some tens of
    milliseconds, so that the event loop can answer in between.
    """

    controllers: Controllers

    def __init__(self, qt_application: QApplication, services: Services) -> None:
        from chatbot_app.ui.main_window import MainWindow
        from chatbot_app.ui.theme import apply_text_size, apply_theme

        self.services = services
        self._qt_application = qt_application
        self._stored = services.settings.all()
        apply_theme(qt_application, self._stored["ui.theme"])
        apply_text_size(qt_application, self._stored["ui.font_scale"])
        self.window = MainWindow()
        self._stages = self.stages()
        self._is_complete = False
        self._files_to_open: list[Path] = []
        self._crash = ""  # what the run before left
        self._hooks: FaultHooks | None = None
        self._is_shut_down = False

    def start(self) -> None:
        """Show the window as it was left, before it has anything to show."""
        if self._stored["ui.geometry"]:
            self.window.restore_layout(self._stored["ui.geometry"])
        composer = self.window.chat_pane.composer
        composer.hold()  # nobody listens to it before the last stage
        composer.focus_text()
        self.window.show()

    def open_files(self, paths: list[Path]) -> None:
        """Put files into the library as soon as the window is complete; says which are not there."""
        if not self._is_complete:
            self._files_to_open = [*self._files_to_open, *paths]
        elif paths:
            self._session.open_files(paths)

    def catch_faults(self, crash_before: str = "") -> None:
        """Tell the person of faults that no code caught, and of `crash_before`, which the run before left.

        Before the window is complete; `shutdown` ends it.
        """
        from chatbot_app.workers.fault_hooks import FaultHooks
        from chatbot_app.workers.stop_signals import StopSignals

        self._crash = crash_before
        self._hooks = FaultHooks(self.window)
        self._hooks.interrupted.connect(self._qt_application.quit)
        self._hooks.install()
        self._stop_signals = StopSignals(self.window)
        self._stop_signals.stop_wanted.connect(self._qt_application.quit)
        self._stop_signals.install()

    def finish_start(self) -> None:
        """Run all stages at once."""
        for _ in self._stages:
            pass

    def next_stage(self) -> bool:
        """Run one stage; False when none is left."""
        return next(self._stages, None) is not None

    def stages(self) -> Iterator[str]:
        """Import, construct and wire what the window needs to be whole; yields the name of each stage."""
        window, services = self.window, self.services
        from chatbot_app.ui.icons import application_icon
        from chatbot_app.workers.task_runner import TaskRunner

        # Where no menu entry of ours is installed, the window system has no other way to it.
        self._qt_application.setWindowIcon(application_icon())
        yield "icon"
        self._runner = runner = TaskRunner()
        window.fill_menus()
        window.add_conversation_list()
        yield "list"
        window.chat_pane.add_gauge()
        yield "gauge"
        import markdown_it  # noqa: F401  # the slow parts of what follows, one at a time

        yield "markdown"
        from chatbot_app.ui.chat import block_views  # noqa: F401

        yield "blocks"
        from chatbot_app.ui.chat import transcript  # noqa: F401

        yield "transcript code"
        window.chat_pane.add_transcript()
        yield "transcript"

        yield "settings code"
        window.add_settings_panel()
        yield "settings panel"
        window.add_knowledge_panel()
        yield "knowledge panel"
        import asyncio  # noqa: F401

        yield "asyncio"
        from chatbot_app.llm import chat_client  # noqa: F401

        yield "client"
        _ = services.gateway
        yield "gateway"
        import numpy  # noqa: F401

        yield "numpy"
        from chatbot_app.chat import turn  # noqa: F401

        _ = services.conversations
        yield "turn"
        from chatbot_app.workers.chat_worker import ChatWorker
        from chatbot_app.workers.model_fetcher import ModelFetcher

        self._worker = worker = ChatWorker(
            services.run_turn,
            at_end=services.gateway.close,
            plan_turn=services.plan_turn,
            after_turn=services.after_turn,
        )
        yield "workers"
        from chatbot_app.ui.chat.chat_area import install_chat
        from chatbot_app.ui.chat.model_check_controller import ModelCheckController
        from chatbot_app.ui.chat.running_turns import RunningTurns
        from chatbot_app.workers.model_check_worker import ModelCheckWorker

        turns = RunningTurns(worker, new_id, window)
        area = install_chat(window.chat_pane, services.conversations, runner, turns, window)
        chat = area.chat
        checks = ModelCheckWorker(worker, services.check_with_model, window)
        checking = ModelCheckController(window.chat_pane, chat, area.answering, checks, runner, window)
        window.escaped.connect(checking.stop)
        yield "chat"
        from chatbot_app.ui.settings.servers_controller import ServersController
        from chatbot_app.ui.settings.settings_controller import SettingsController

        form, gateway = window.settings_panel, services.gateway
        servers = ServersController(
            form, chat, services.servers, services.keys, gateway, runner, worker, window
        )
        settings = SettingsController(form, chat, servers, services.settings, gateway, runner, worker, window)
        yield "settings"
        from chatbot_app.llm.model_fetching import fetch_models
        from chatbot_app.ui.context.context_controller import ContextController
        from chatbot_app.ui.controllers import Controllers
        from chatbot_app.ui.conversations_controller import ConversationsController
        from chatbot_app.ui.quiet_collector import QuietCollector
        from chatbot_app.ui.session_area import Runners, install_session
        from chatbot_app.ui.settings.environment_server import EnvironmentServer
        from chatbot_app.workers.single_instance import SingleInstance, launch_unreachable

        self._fetcher = ModelFetcher(fetch_models)
        self._files = files = TaskRunner()  # for files beside the store, which may have to be waited for
        conversations = ConversationsController(
            window.conversation_list,
            window.chat_pane.notice_bar,
            chat,
            turns,
            services.conversations,
            services.gateway,
            runner,
            worker,
            services.settings,
            window,
        )
        area.answering.answer_finished.connect(conversations.consider_title)
        area.answering.answer_finished.connect(settings.list_what_is_missing)
        yield "conversations"
        self.controllers = Controllers(
            chat, area.asking, area.drafts, turns, conversations, settings, servers
        )
        self._housekeeping = TaskRunner()
        runners = Runners(runner, files, self._housekeeping)
        kept = install_session(
            self._qt_application, window, self.controllers, services, runners, self._fetcher, worker
        )
        self._session, self._trash, self.draft_keeper = kept.session, kept.trash, kept.keeper
        self._housekeeping.run(self._remove_leftovers, None, lambda _: None)
        environment = EnvironmentServer(
            dict(os.environ),
            Path(".env").resolve(),
            services.servers,
            services.settings,
            services.keys,
            runner,
            window,
        )
        ContextController(
            window.chat_pane,
            area,
            services.conversations,
            services.summaries,
            services.gateway,
            runner,
            worker,
            window,
        )
        self._instance = SingleInstance(services.paths.root, window)
        self._instance.raise_requested.connect(self._session.come_forward)
        self._instance.files_given.connect(self._session.open_files)
        if self._instance.problem:
            self._session.tell(launch_unreachable(self._instance.problem))
        environment.offered.connect(self._session.tell)
        environment.added.connect(servers.reload_servers)
        self._session.environment_server_accepted.connect(environment.add)
        self._session.started.connect(environment.look)
        window.chat_pane.composer.writing_began.connect(services.gateway.preload_client)
        yield from self._library_stages(chat)
        from chatbot_app.ui.help_controller import HelpController

        self._help = HelpController(window, self._diagnose, self._read_licences, TaskRunner, window)
        self._session.diagnostics_wanted.connect(self._help.copy_diagnostics)
        yield "help"
        from chatbot_app.ui.crash_controller import CrashController

        self._crashes = CrashController(window, self._session, self._help, window)
        yield "crashes"
        from chatbot_app.core.paths import sample_document
        from chatbot_app.ui.welcome_controller import WelcomeController

        welcome = WelcomeController(
            window,
            chat,
            sample_document(),
            servers.open_servers,
            self._session.start_new_conversation,
            lambda: runner.run(lambda: services.settings.set("ui.welcomed", True), None, lambda _: None),
            window,
        )
        yield "welcome"
        importer = self._importer
        self._collector = QuietCollector(lambda: bool(worker.running_turns()) or importer.is_working, window)
        self._is_complete = True
        self._session.start(self._stored, services.database)
        welcome.start(self._stored)
        if self._hooks is not None:
            self._hooks.fault_found.connect(self._crashes.show_fault)
        if self._crash and services.database.notice is None:
            self._crashes.tell_of_crash_before()
        self.open_files(self._files_to_open)
        yield "session"

    def _library_stages(self, chat: ChatController) -> Iterator[str]:
        """Wire the documents: the panel, the import, the viewer and the choice of collections."""
        window, library = self.window, self.services.library
        from chatbot_app.llm.web_pages import PageFetcher
        from chatbot_app.workers.import_thread import ImportParts
        from chatbot_app.workers.import_worker import ImportWorker
        from chatbot_app.workers.task_runner import TaskRunner

        yield "library code"
        self._library_runner = runner = TaskRunner()
        parser = library.create_parser()
        parts = ImportParts(
            lambda is_stopped: library.create_importer(parser, is_stopped),
            lambda: library.embedder,
            parser,
            library.documents,
            library.passages,
            library.create_field_reading(),
            library.jobs,
            PageFetcher(),
            self.services.paths.texts,
            library.interrupt,
        )
        self._importer = ImportWorker(parts)
        from chatbot_app.ui.knowledge.knowledge_area import install_knowledge
        from chatbot_app.workers.folder_watcher import FolderWatcher

        yield "library"
        self._watcher = FolderWatcher(library.create_folder_watch, window)
        answers = self.services.conversations
        area = install_knowledge(
            window, library, answers, chat, self._importer, self._watcher, runner, window
        )
        knowledge = area.knowledge
        from chatbot_app.ui.chat.trust_area import install_trust

        servers, small_models = self.controllers.servers, self.services.small_models
        trust = install_trust(
            window.chat_pane, window.settings_panel, chat, servers, small_models, self._runner, window
        )
        knowledge.shelf.collections_changed.connect(trust.set_library)
        knowledge.filing.purged.connect(self._trash.scrub)
        self._trash.documents_purged.connect(knowledge.shelf.refresh)
        knowledge.shelf.start()
        if self.services.database.mode is StoreMode.READ_WRITE:
            self._importer.start()
            self._watcher.start()
        yield "knowledge"

    def _remove_leftovers(self) -> None:
        from chatbot_app.storage.leftovers import remove_leftovers

        remove_leftovers(self.services.paths.root)

    def _diagnose(self, window: Sequence[tuple[str, str]]) -> str:
        from chatbot_app.diagnostics import write_diagnostics

        services = self.services
        return write_diagnostics(
            services.database, window, now=utc_now(), mask=services.mask, crash=self._crash
        )

    def _read_licences(self) -> tuple[str, str]:
        from chatbot_app.licences import read_licences

        found = read_licences()
        return found.own, found.third_party

    def run(self) -> int:
        """Run until the window is closed, then shut down; return the exit status."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        timer = QTimer()

        def advance() -> None:
            if not self.next_stage():
                timer.stop()

        timer.timeout.connect(advance)
        timer.start(0)
        try:
            return QApplication.exec()
        finally:
            gc.enable()
            self.shutdown()

    def shutdown(self) -> None:
        """Stop answers and downloads, save what is open, end every thread and child; at most about 3 s."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self.finish_start()  # a window closed during its first moments has nothing to save but is whole
        if self._hooks is not None:
            self._hooks.remove()
            self._stop_signals.remove()
        self._instance.close()
        self._collector.stop()
        self._session.save()
        self.window.hide()
        self.services.database.hurry(LOCKS_AT_END_SECONDS)
        self._fetcher.shutdown()
        self._worker.shutdown()
        self._watcher.shutdown()
        self._importer.shutdown()
        self._help.shutdown()
        self.services.database.on_damaged_value = lambda: None  # who listened is about to go
        self.services.trash.interrupt()
        self.services.backups.interrupt()
        self._housekeeping.shutdown()
        self._library_runner.shutdown()
        self._runner.shutdown()
        self._files.shutdown()
        self.services.close()
        self.window.deleteLater()


def create_application(data_dir: Path | None = None, *, staged: bool = False) -> Application:
    """Open the store and the window; returns an object with `.window` and `.shutdown()`.

    A QApplication is made where there is none. With `staged`, the window is shown and `run` (or
    `next_stage`) completes it; else it is complete when this returns.

    Raises:
        AlreadyRunning, DataFolderUnusable, StoreError: the store cannot be opened.
    """
    if staged:
        # Imports make thousands of objects and no garbage; collecting costs a launch 7 % (`run` turns it on).
        gc.disable()
    import_qt()
    from PySide6.QtWidgets import QApplication

    from chatbot_app.core.paths import APPLICATION_NAME

    qt_application = QApplication.instance() or QApplication([APPLICATION_NAME])
    assert isinstance(qt_application, QApplication)
    qt_application.setApplicationName(APPLICATION_NAME)
    qt_application.setDesktopFileName("chatbot-app")
    services = Services(data_dir)
    if services.paths.are_portable:
        keep_qt_settings(services.paths.root)
    application = Application(qt_application, services)
    application.start()
    if not staged:
        application.finish_start()
    return application
