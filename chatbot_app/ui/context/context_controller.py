"""The gauge, the line of the window and the inspector follow the next prompt and the answers given."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QImage

from chatbot_app.core.errors import Action
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, Notice
from chatbot_app.core.model_verdicts import model_check_of
from chatbot_app.core.prompt_plan import PicturePlace, PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.ui.chat.chat_area import ChatArea
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.picture_decoding import decoded
from chatbot_app.ui.context.inspected import Inspected
from chatbot_app.ui.context.inspector import ContextInspector
from chatbot_app.ui.context.next_prompt import NextPrompt, Planner
from chatbot_app.ui.context.send_guard import SendGuard
from chatbot_app.ui.context.summary_controller import Summariser, SummaryController
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner

_LARGEST = 1600  # pixels of a picture in the inspector


class Models(Protocol):
    """What is asked about models: `llm.gateway.Gateway`."""

    def names(self, settings: GenerationSettings) -> tuple[str, str | None]:
        """Return the server's id and the model that will answer, as far as known beforehand."""

    def remember_window(self, server_id: str, model: str, tokens: int | None) -> None:
        """Keep the window that the person named; None forgets it."""


class Worker(Planner, Summariser, Protocol):
    """What plans and summarises in the background: `workers.chat_worker.ChatWorker`."""


class ContextController(QObject):
    """Reads what was sent from the store, where it is kept with every answer; the rest is planned live."""

    def __init__(
        self,
        pane: ChatPane,
        area: ChatArea,
        store: ConversationStore,
        summaries: SummaryStore,
        models: Models,
        runner: TaskRunner,
        files: TaskRunner,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Pictures are unpacked in the thread of `files`."""
        super().__init__(parent)
        chat = area.chat
        prompt = NextPrompt(pane, chat, worker, self)
        SendGuard(pane, chat, area.asking, prompt, self)
        summary = SummaryController(pane, chat, store, summaries, runner, worker, self)
        self._pane = pane
        self._chat = chat
        self._marks = area.marks
        self._prompt = prompt
        self._store = store
        self._models = models
        self._runner = runner
        self._files = files
        self._inspector: ContextInspector | None = None
        self._awaits_plan = False  # the inspector opens when the plan of the next prompt is known
        self._names_window = False  # … with the cursor where the window is named
        pane.transcript.user_actions.what_was_sent_requested.connect(self.inspect)
        pane.gauge.clicked.connect(self.inspect_next)
        pane.notice_bar.action_requested.connect(self._act)
        pane.transcript.user_actions.remedy_requested.connect(self._act)
        chat.plan_known.connect(self._show_known)
        chat.prompt_changed.connect(self._replan)
        chat.conversation_opened.connect(self._leave)
        prompt.planned.connect(self._show_next)
        prompt.failed.connect(self._explain)
        summary.summary_changed.connect(self._replan)

    @Slot(str)
    def inspect(self, message_id: str) -> None:
        """Show what was sent for an answer."""

        def read() -> tuple[Message, PromptPlan | None]:
            return self._store.message(message_id), self._store.plan(message_id)

        self._runner.run(read, self._show_sent, self._pane.notice_bar.show_notice)

    @Slot()
    def inspect_next(self) -> None:
        """Show what the next prompt would be, as soon as that is known."""
        plan = self._prompt.plan_of(self._pane.composer.text())
        searches = self._chat.settings.collections is not None and bool(self._pane.composer.text().strip())
        self._awaits_plan = True
        if plan is not None:
            self._show_next(plan)
            if searches:
                self._prompt.plan_now(search=True)
        elif self._chat.plan_request("") is None:
            self._awaits_plan = False
            words = self.tr("Nothing can be planned while an answer is under way.")
            self._pane.notice_bar.show_notice(Notice("NothingPlanned", words), Severity.INFO)
        else:
            self._prompt.plan_now(search=searches)

    # --- plans -----------------------------------------------------------------------------------------

    @Slot(object)
    def _show_known(self, plan: PromptPlan | None) -> None:
        self._prompt.forget()
        self._draw(plan)

    @Slot(object)
    def _show_next(self, plan: PromptPlan) -> None:
        self._draw(plan)
        if self._awaits_plan or (self._inspector is not None and self._inspector.shows_next):
            settings = self._chat.settings

            def show(names: tuple[str, str | None]) -> None:
                self._open(Inspected(plan, settings, names[1], is_next=True))

            self._runner.run(lambda: self._models.names(settings), show, self._pane.notice_bar.show_notice)

    def _draw(self, plan: PromptPlan | None) -> None:
        self._pane.gauge.set_plan(plan)
        self._pane.transcript.set_unseen(plan.unseen_message_ids() if plan is not None else frozenset())

    @Slot()
    def _replan(self) -> None:
        # A conversation that is only read asks no server: a plan was made before, or is being looked at.
        if self._pane.gauge.has_plan or not self._pane.composer.is_empty:
            self._prompt.plan_again()
        if self._inspector is not None:
            self._inspector.refresh_marks()

    @Slot(object)
    def _leave(self, _conversation: Conversation | None) -> None:
        self._awaits_plan = self._names_window = False
        if self._inspector is not None and self._inspector.shows_next:
            self._inspector.close()  # it showed another conversation's
        if not self._pane.composer.is_empty:
            self._prompt.plan_again()

    @Slot(object, object)
    def _explain(self, _request: object, notice: Notice) -> None:
        self._pane.gauge.set_plan(None)
        if self._awaits_plan:
            self._awaits_plan = self._names_window = False
            self._pane.notice_bar.show_notice(notice)

    # --- the inspector ---------------------------------------------------------------------------------

    def _show_sent(self, found: tuple[Message, PromptPlan | None]) -> None:
        answer, plan = found
        if plan is None:
            words = self.tr("Nothing was sent for this message.")
            self._pane.notice_bar.show_notice(Notice("NothingSent", words), Severity.INFO)
            return
        self._awaits_plan = True
        self._open(Inspected(plan, answer.settings, answer.model, check=model_check_of(answer.metadata)))

    def _open(self, shown: Inspected) -> None:
        if self._inspector is None:
            self._inspector = inspector = ContextInspector(self._pane.window(), marks_of=self._marks.marks_of)
            inspector.pin_toggled.connect(self._marks.pin)
            inspector.exclude_toggled.connect(self._marks.exclude)
            inspector.message_requested.connect(self._chat.show_message)
            inspector.window_named.connect(self._name_window)
            inspector.window_forgotten.connect(self._forget_window)
            inspector.picture.wanted.connect(self._bring_picture)
        self._inspector.show_plan(shown)
        if self._awaits_plan:
            self._awaits_plan = False
            self._inspector.show()
            self._inspector.raise_()
            self._inspector.activateWindow()
        if self._names_window:
            self._names_window = False
            self._inspector.focus_window_field()

    @Slot(object)
    def _bring_picture(self, place: PicturePlace) -> None:
        inspector = self._inspector
        assert inspector is not None
        message_id, ordinal = place
        if not message_id:  # of the question that is being written
            inspector.picture.take(place, self._pane.composer.pictures.thumbnail(ordinal))
            return

        def read() -> QImage:
            return decoded(self._store.pictures.picture(message_id, ordinal), QSize(_LARGEST, _LARGEST))

        def show(image: QImage) -> None:
            inspector.picture.take(place, image)

        self._files.run(read, show, lambda _: show(QImage()))

    # --- the window of a model ---------------------------------------------------------------------------

    @Slot(str)
    def _act(self, action: str) -> None:
        if action == Action.SET_WINDOW:
            self._names_window = True
            self.inspect_next()

    @Slot(int)
    def _name_window(self, tokens: int) -> None:
        self._remember(tokens)

    @Slot()
    def _forget_window(self) -> None:
        self._remember(None)

    def _remember(self, tokens: int | None) -> None:
        settings = self._chat.settings

        def write() -> None:
            server_id, model = self._models.names(settings)
            self._models.remember_window(server_id, model or "", tokens)

        def plan_again(_: object) -> None:
            self._prompt.plan_now()

        self._runner.run(write, plan_again, self._pane.notice_bar.show_notice)
