"""Help, welcome and what is told of faults: made and wired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot_app.chat.services import Services
from chatbot_app.core.licences import read_licences
from chatbot_app.core.paths import sample_document
from chatbot_app.storage.database import utc_now
from chatbot_app.ui.crash_controller import CrashController
from chatbot_app.ui.help_controller import HelpController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.models_area import ModelsArea
from chatbot_app.ui.session_area import SessionArea
from chatbot_app.ui.settings.found_servers_controller import FoundServersController
from chatbot_app.ui.welcome_controller import WelcomeController
from chatbot_app.workers.lanes import Lanes
from chatbot_app.workers.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class HelpArea:
    """What works together on what a person asks and is told of the program."""

    help: HelpController
    crashes: CrashController
    welcome: WelcomeController


def install_help(
    window: MainWindow,
    services: Services,
    lanes: Lanes,
    area: SessionArea,
    models: ModelsArea,
    found: FoundServersController,
    crash: Callable[[], str],
) -> HelpArea:
    """Make the controllers; the window owns them. `crash` says what the run before left."""

    def diagnose(facts: Sequence[tuple[str, str]]) -> str:
        from chatbot_app.workers.diagnostics import write_diagnostics

        return write_diagnostics(services.database, facts, now=utc_now(), mask=services.mask, crash=crash())

    def licences() -> tuple[str, str]:
        found = read_licences()
        return found.own, found.third_party

    def remember_welcome() -> None:
        lanes.store.run(lambda: services.settings.set("ui.welcomed", True), None, lambda _: None)

    session, controllers = area.session, area.controllers
    help_controller = HelpController(window, diagnose, licences, TaskRunner, window)
    session.diagnostics_wanted.connect(help_controller.copy_diagnostics)
    welcome = WelcomeController(
        window,
        controllers.chat,
        sample_document(),
        controllers.servers.open_servers,
        models.models.open_better,
        found,
        session.start_new_conversation,
        remember_welcome,
        window,
    )
    return HelpArea(help_controller, CrashController(window, session, help_controller, window), welcome)
