"""Pictures of the real window, light and dark: python -m tests.screenshots FOLDER.

No model and no network are needed: a scripted server answers. Nothing waits for a time, only for facts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

from PySide6.QtCore import QEvent, QEventLoop, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QWidget,
)

from chatbot_app.application import Application, create_application
from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.messages import Message, Summary
from chatbot_app.core.prompt_plan import PromptPlan, TemplateCosts
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.planner import PromptRequest, plan_prompt
from chatbot_app.ui.context.gauge_popover import GaugePopover
from chatbot_app.ui.context.inspected import Inspected
from chatbot_app.ui.context.inspector import ContextInspector
from chatbot_app.ui.crash_dialog import CrashDialog
from tests.screenshot_data import MODEL, fill
from tests.scripted_server import ScriptedServer, json_answer, models_answer, sse_answer

THEMES = ("light", "dark")
SIZE = (1280, 820)
PATIENCE_SECONDS = 20.0

POEM = (
    "The tide comes in, the tide goes out,\n\n"
    "- it carries sand\n- it carries *light*\n\n"
    "```python\nfor wave in sea:\n    wave.br"
)


class Photographer:
    """Brings one window into a state and takes its picture."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.application = application
        self.window = application.window
        self._folder = folder

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """Return a widget of the window by its name."""
        found = self.window.findChild(kind, name)
        if found is None:
            raise LookupError(name)
        return found

    def wait(self, fact: Callable[[], bool]) -> None:
        """Run the event loop until something holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not fact():
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not reach the state that was to be photographed")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def settle(self) -> None:
        """Wait until the transcript has drawn everything."""
        transcript = self.window.chat_pane.transcript
        self.wait(lambda: transcript.is_settled)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def open(self, conversation_id: str) -> None:
        """Open a conversation and wait until it is drawn."""
        chat = self.application.controllers.chat
        chat.open(conversation_id)
        self.wait(lambda: chat.conversation_id == conversation_id)
        self.settle()

    def take(
        self, name: str, of: QWidget | None = None, *, after: Callable[[], object] = lambda: None
    ) -> None:
        """Save a picture of the window, or of another one, in both themes, each `after` something."""
        for theme in THEMES:
            self.window.theme_chosen.emit(theme)
            self.settle()
            after()
            picture = (of or self.window).grab()
            if not picture.save(str(self._folder / f"{name}-{theme}.png")):
                raise OSError(f"cannot write to {self._folder}")


@contextmanager
def opened(data_dir: Path, folder: Path) -> Iterator[Photographer]:
    """Start the application on a data folder; it is shut down at the end."""
    application = create_application(data_dir)
    try:
        application.window.resize(*SIZE)
        photographer = Photographer(application, folder)
        photographer.wait(application.window.isVisible)
        photographer.settle()
        yield photographer
    finally:
        application.shutdown()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def photograph_first_launch(data_dir: Path, folder: Path) -> None:
    """The window as a new person sees it."""
    with opened(data_dir, folder) as photographer:
        photographer.take("01-first-launch")
        photographer.find("welcome_skip", QPushButton).click()
        photographer.take("01b-suggestions")


def photograph_conversations(photographer: Photographer, ids: dict[str, str]) -> None:
    """What can be read: a rich answer, early endings, scripts of the world."""
    transcript = photographer.window.chat_pane.transcript
    photographer.open(ids["rich"])
    photographer.wait(photographer.find("models_refresh_button").isEnabled)
    photographer.take("02-conversation-end")
    transcript.verticalScrollBar().setValue(0)
    photographer.settle()
    photographer.take("03-conversation-top")
    photographer.open(ids["endings"])
    photographer.take("04-endings")
    photographer.open(ids["words"])
    photographer.take("05-scripts-and-long-words")

    def visit_question() -> None:
        question = transcript.view_of(transcript.message_ids()[2])
        assert question is not None
        question.setFocus()
        photographer.settle()

    photographer.take("06-question-in-focus", after=visit_question)
    photographer.window.chat_pane.composer.focus_text()


def photograph_streaming(photographer: Photographer, server: ScriptedServer, ids: dict[str, str]) -> None:
    """An answer on its way: text has come, more is to come, and writing goes on below."""
    pieces = [POEM[start : start + 4] for start in range(0, len(POEM), 4)]
    server.set_answers(sse_answer(pieces, ending="stall"))
    photographer.open(ids["streaming"])
    chat, transcript = photographer.application.controllers.chat, photographer.window.chat_pane.transcript
    photographer.application.controllers.asking.send("Write a poem about the sea, then some code.")
    photographer.wait(lambda: len(transcript.message_ids()) == 4)
    answer = transcript.message_ids()[-1]
    photographer.wait(lambda: transcript.text_of(answer) == POEM)
    photographer.window.chat_pane.composer.set_text("And then\nI want to ask")
    photographer.take("07-streaming")
    photographer.application.controllers.asking.stop()
    photographer.wait(lambda: not chat.is_answering(chat.conversation_id))
    photographer.window.chat_pane.composer.set_text("")


def photograph_panels(photographer: Photographer, ids: dict[str, str]) -> None:
    """Search hits, the settings with everything unfolded, and the Servers dialog."""
    photographer.open(ids["rich"])
    search = photographer.find("conversation_search", QLineEdit)
    assert isinstance(search, QLineEdit)
    search.setText("period")
    hits = photographer.window.conversation_list.findChild(QWidget, "search_hits")
    assert hits is not None
    photographer.wait(lambda: hits.isVisible() and hits.model().rowCount() > 3)  # type: ignore[attr-defined]
    photographer.take("08-search")
    search.clear()
    more = photographer.find("more_parameters_button", QPushButton)
    assert isinstance(more, QPushButton)
    more.setChecked(True)
    photographer.take("09-settings-unfolded")
    scroll = photographer.find("settings_scroll", QScrollArea)
    assert isinstance(scroll, QScrollArea)
    photographer.wait(lambda: scroll.verticalScrollBar().maximum() > 0)
    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
    photographer.take("10-settings-end")
    more.setChecked(False)
    photographer.window.knowledge_dock.raise_()
    photographer.take("11-knowledge")
    with tempfile.TemporaryDirectory() as folder:
        panel = photographer.window.knowledge_panel
        panel.user_actions.watch_requested.emit([Path(folder)])
        photographer.wait(lambda: panel.watched.paths == [folder])
        panel.watched.fold_button.click()
        photographer.take("11-watched-folder")
        panel.watched.stop_requested.emit(folder)
        photographer.wait(lambda: panel.watched.paths == [])
    photographer.window.settings_dock.raise_()


def photograph_servers(photographer: Photographer) -> None:
    """The Servers dialog on the built-in server and on one whose test failed."""
    photographer.window.servers_requested.emit()
    dialog = photographer.find("servers_dialog")
    photographer.wait(dialog.isVisible)
    servers = photographer.find("servers_list", QListWidget)
    test = photographer.find("server_test_button", QPushButton)
    assert isinstance(servers, QListWidget)
    assert isinstance(test, QPushButton)
    photographer.wait(lambda: servers.count() >= 2)
    servers.setCurrentRow(0)
    photographer.take("12-servers-first", dialog)
    servers.setCurrentRow(1)
    test.click()
    photographer.wait(lambda: test.text() == "Test connection")
    photographer.take("13-servers-test-failed", dialog)
    dialog.close()


def next_plan(messages: list[Message], window: int, question: str, summary: Summary | None) -> PromptPlan:
    """Return what the planner would send of a conversation; a word counts as 1.4 tokens."""
    passages = ["[1] Ferries to Cacilhas leave every 20 minutes. " * 3, "[2] Dogs travel for free. " * 4]
    request = PromptRequest(
        "Answer briefly. Say when you are not sure.",
        messages,
        question,
        passages,
        strategy=HistoryStrategy.SUMMARISE,
        summary=summary,
    )
    budget = Budget(window, window // 4, "table")
    return plan_prompt(request, budget, lambda text: round(len(text.split()) * 1.4), TemplateCosts(4, 3))


def photograph_memory(photographer: Photographer, ids: dict[str, str]) -> None:
    """The gauge in its states, the line of the window, the summary, the inspector, the strategies."""
    photographer.open(ids["long"])
    pane, services = photographer.window.chat_pane, photographer.application.services
    chat, composer = photographer.application.controllers.chat, pane.composer
    question = "Which ferry do we take on Tuesday, and where do we get off?"
    messages = services.conversations.path(ids["long"], chat.leaf_id or "")
    [summary] = services.summaries.all(ids["long"])
    composer.set_text(question)

    def show(plan: PromptPlan) -> None:
        pane.gauge.set_plan(plan)
        pane.transcript.set_unseen(plan.unseen_message_ids())
        photographer.settle()

    def hover() -> None:
        QApplication.sendEvent(pane.gauge, QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint()))

    for name, window in (("ok", 4096), ("amber", 1000), ("red", 700)):
        plan = next_plan(messages, window, question, summary)
        photographer.take(f"17-gauge-{name}", composer, after=lambda plan=plan: show(plan))  # type: ignore[misc]
        hover()
        popover = pane.gauge.findChild(GaugePopover)
        assert popover is not None
        photographer.take(f"18-parts-{name}", popover, after=hover)
        popover.hide()
    plan = next_plan(messages, 700, question, summary)

    def read() -> None:
        show(plan)
        pane.transcript.scroll_to(messages[4].id)
        photographer.settle()

    photographer.take("19-line-and-summary", after=read)
    inspector = ContextInspector(photographer.window)
    shown = Inspected(plan, chat.settings, MODEL, is_next=True)
    inspector.show_plan(shown)
    inspector.show()
    photographer.take("20-inspector-next", inspector)
    inspector.show_plan(Inspected(plan, chat.settings, MODEL))
    inspector.findChild(QTabWidget, "inspector_tabs").setCurrentIndex(1)
    photographer.take("21-inspector-sent", inspector)
    inspector.close()
    inspector.deleteLater()
    composer.set_text("")


def photograph_about(photographer: Photographer) -> None:
    """The About dialog: whose work is in the program, and what goes with the report of a fault."""
    photographer.window.about_requested.emit()
    dialog = photographer.find("about_dialog")
    photographer.wait(photographer.find("copy_diagnostics_button").isEnabled)
    photographer.take("22-about", dialog)
    tabs = photographer.find("about_tabs", QTabWidget)
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(2)
    photographer.take("22-diagnostics", dialog)
    dialog.close()


def photograph_crash(photographer: Photographer) -> None:
    """The dialog about a mistake of the program's own."""
    dialog = CrashDialog("RuntimeError", photographer.window)
    dialog.show_saved(is_saved=True)
    dialog.show_count(3)
    dialog.show()
    photographer.take("23-crash", dialog)
    dialog.close()
    dialog.deleteLater()


def photograph_trust(photographer: Photographer, ids: dict[str, str]) -> None:
    """Quotes, checked sentences, a refusal, a small model's own words and a circle, in a wide and a small window."""
    photographer.open(ids["trust"])
    window, transcript = photographer.window, photographer.window.chat_pane.transcript

    def visit(place: int) -> None:
        transcript.scroll_to(transcript.message_ids()[place])
        photographer.settle()

    for place, name in ((0, "quotes"), (2, "checked"), (4, "refused"), (8, "circle")):
        photographer.take(f"24-trust-{name}", after=lambda place=place: visit(place))  # type: ignore[misc]
    answer = transcript.view_of(transcript.message_ids()[3])
    assert answer is not None
    for button in ("findings_fold_button", "quotes_fold_button", "next_finding_button"):
        part = answer.findChild(QAbstractButton, button)
        assert part is not None
        part.click()
    photographer.take("25-trust-findings", after=lambda: visit(2))
    window.resize(700, 460)
    photographer.take("26-trust-narrow", after=lambda: visit(2))
    window.resize(*SIZE)
    for _ in range(5):
        window.text_size_changed.emit(0.1)
    photographer.take("27-trust-large-text", after=lambda: visit(2))
    window.text_size_changed.emit(0.0)


def photograph_sizes(photographer: Photographer, ids: dict[str, str]) -> None:
    """Larger text, and a window as narrow as an old laptop's."""
    photographer.open(ids["rich"])
    for _ in range(4):
        photographer.window.text_size_changed.emit(0.1)
    photographer.take("14-large-text")
    photographer.window.text_size_changed.emit(0.0)
    photographer.window.chat_pane.panels_button.click()
    photographer.take("15-without-panels")
    photographer.window.chat_pane.panels_button.click()
    photographer.window.resize(800, 600)
    photographer.take("16-narrow")


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        del os.environ[name]
    unauthorised = json_answer({"error": {"message": "Incorrect API key provided"}}, 401)
    with tempfile.TemporaryDirectory() as scratch, ScriptedServer(sse_answer(["Yes."])) as server:
        photograph_first_launch(Path(scratch) / "first", folder)
        ids = fill(Path(scratch) / "filled", server.base_url)
        server.set_answers(models_answer([MODEL, "gemma-3-4b-it"]), path="/v1/models")
        with opened(Path(scratch) / "filled", folder) as photographer:
            photograph_conversations(photographer, ids)
            photograph_streaming(photographer, server, ids)
            photograph_trust(photographer, ids)
            photograph_memory(photographer, ids)
            photograph_panels(photographer, ids)
            server.set_answers(unauthorised, path="/v1/models")
            photograph_servers(photographer)
            photograph_about(photographer)
            photograph_crash(photographer)
            photograph_sizes(photographer, ids)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the pictures go: python -m tests.screenshots FOLDER")
    main(Path(sys.argv[1]))
