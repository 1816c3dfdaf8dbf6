"""The only place that constructs the window's objects and wires them together (`chat.services` is below it).

What a launch does not need is imported and constructed when it is first used: the window stands before the
network, the models and the transcript are loaded.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.ids import new_id
from chatbot_app.workers.qt_start import import_qt, keep_qt_settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from chatbot_app.ui.chat.chat_area import ChatArea
    from chatbot_app.ui.controllers import Controllers
    from chatbot_app.ui.session_area import SessionArea
    from chatbot_app.ui.settings.settings_area import SettingsArea
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
        """Tell the person of faults that no code caught, and of `crash_before`, which the run before left; as soon as the
        window is complete. `shutdown` ends it.
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
        if self._is_complete:
            self._tell_of_faults()

    def _tell_of_faults(self) -> None:
        if self._hooks is not None:
            self._hooks.fault_found.connect(self._help.crashes.show_fault)
        if self._crash and self.services.database.notice is None:
            self._help.crashes.tell_of_crash_before()

    def finish_start(self) -> None:
        """Run all stages at once."""
        for _ in self._stages:
            pass

    def next_stage(self) -> bool:
        """Run one stage; False when none is left."""
        return next(self._stages, None) is not None

    def stages(self) -> Iterator[str]:
        """Import, construct and wire what the window needs to be whole; yields the name of each stage.

        The order is that of use: a person looks at the window before they ask, and asks before they open a panel.
        Each area is given those that it builds on, so that no other order can be written.
        """
        window, services = self.window, self.services
        from chatbot_app.ui.window_area import fill_window

        yield from fill_window(self._qt_application, window)
        yield from self._load_models()
        from chatbot_app.workers.lanes import Lanes

        self.lanes = lanes = Lanes(services)
        yield "lanes"
        from chatbot_app.ui.chat.chat_area import install_chat

        chat = install_chat(window, services, lanes)
        yield "chat"
        from chatbot_app.ui.settings.settings_area import install_settings

        settings = install_settings(window, services, lanes, chat)
        yield "settings"
        session = self._install_session(chat, settings)
        yield "session"
        from chatbot_app.ui.models.models_area import install_models

        self.models = install_models(window, services, lanes, chat, settings)
        yield "models"
        self._install_context(chat)
        yield "context"
        from chatbot_app.ui.knowledge import knowledge_area

        yield "knowledge code"
        self.knowledge = knowledge_area.install_knowledge(window, services, lanes, session, self.models)
        yield "knowledge"
        self._install_help(session, settings)
        self._install_doors(session, settings)
        yield "help"
        self._keep_house()
        self._begin()
        yield "begun"

    def _load_models(self) -> Iterator[str]:
        """Import what asks models, one slow part at a time."""
        import asyncio  # noqa: F401  # loaded here, used later

        yield "asyncio"
        from chatbot_app.llm import chat_client  # noqa: F401  # loaded here, used later

        yield "client"
        _ = self.services.gateway
        yield "gateway"
        import numpy  # noqa: F401  # loaded here, used later

        yield "numpy"
        from chatbot_app.chat import turn  # noqa: F401  # loaded here, used later

        _ = self.services.conversations
        yield "turn"

    def _install_session(self, chat: ChatArea, settings: SettingsArea) -> SessionArea:
        """Make what lasts from one launch to the next, and the conversations that do not."""
        window, services, lanes = self.window, self.services, self.lanes
        from chatbot_app.ui.session_area import install_session

        session = install_session(self._qt_application, window, services, lanes, chat, settings)
        self.controllers = session.controllers
        self._session = session.session
        self._instance = session.instance
        self.draft_keeper = session.keeper
        from chatbot_app.ui.transfer.transfer_controller import TransferController

        TransferController(window, session.controllers.conversations, lanes.transfer, window)
        from chatbot_app.ui.temporary.temporary_area import install_temporary

        install_temporary(window, services, lanes, session)
        return session

    def _install_context(self, chat: ChatArea) -> None:
        """Make the gauge of the context and what it opens."""
        from chatbot_app.ui.context.context_controller import ContextController

        ContextController(
            self.window.chat_pane,
            chat,
            self.services.conversations,
            self.services.summaries,
            self.services.gateway,
            self.lanes.store,
            self.lanes.files,
            self.lanes.models,
            self.window,
        )

    def _install_help(self, session: SessionArea, settings: SettingsArea) -> None:
        from chatbot_app.ui.help_area import install_help

        self._help = install_help(
            self.window,
            self.services,
            self.lanes,
            session,
            self.models,
            settings.found,
            lambda: self._crash,
        )

    def _install_doors(self, session: SessionArea, settings: SettingsArea) -> None:
        """Make the doors to windows of their own, whose code is imported when they are opened; and prompts."""
        window, services, lanes = self.window, self.services, self.lanes
        from chatbot_app.ui.compare_door import CompareDoor
        from chatbot_app.ui.data.making_door import MakingDoor
        from chatbot_app.ui.laboratory_door import LaboratoryDoor
        from chatbot_app.ui.prompts.prompts_area import install_prompts
        from chatbot_app.ui.training.training_door import TrainingDoor

        self._laboratory = LaboratoryDoor(window, services, lanes, window)
        install_prompts(window, services, lanes, session, settings)
        self._compare = CompareDoor(window, services, lanes, session.controllers, window)
        self._training = TrainingDoor(window, services, lanes, window)
        self._making = MakingDoor(window, services, lanes, window)

    def _keep_house(self) -> None:
        """Remove what runs before left, and collect garbage while nobody waits."""
        from chatbot_app.storage.leftovers import remove_leftovers
        from chatbot_app.ui.quiet_collector import QuietCollector

        root = self.services.paths.root
        self.lanes.housekeeping.run(lambda: remove_leftovers(root), None, lambda _: None)
        self._collector = QuietCollector(
            lambda: bool(self.lanes.models.running_turns()) or self.knowledge.importer.is_working, self.window
        )

    def _begin(self) -> None:
        """Show what was open, when everybody listens; what was waiting for a whole window comes last."""
        self._is_complete = True
        self._session.start(self._stored, self.services.database)
        self._help.welcome.start(self._stored)
        self._tell_of_faults()
        self.open_files(self._files_to_open)

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
        self._session.save()  # while the store's lane still takes work
        self.window.hide()  # the rest may take some seconds
        self.services.database.hurry(LOCKS_AT_END_SECONDS)
        self.lanes.stop_asking()  # before the store's lane, which takes what they have last
        self.knowledge.shutdown()
        self.models.models.shutdown()
        self._help.help.shutdown()
        self._laboratory.shutdown()
        self._compare.shutdown()
        self._training.shutdown()
        self._making.shutdown()
        self.services.database.on_damaged_value = lambda: None  # who listened is about to go
        self.lanes.finish()
        self.services.close()  # when no lane uses it
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
