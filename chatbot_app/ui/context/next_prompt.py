"""The plan of the next prompt, asked for while one types; only the newest answer counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from chatbot_app.chat.requests import PlanRequest
from chatbot_app.core.messages import Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.ui.chat.chat_pane import ChatPane

PAUSE_MS = 60  # several changes at once ask for one plan


class Planner(Protocol):
    """What plans without sending: `workers.chat_worker.ChatWorker`."""

    prompt_planned: SignalInstance  # PlanRequest, PromptPlan
    planning_failed: SignalInstance  # PlanRequest, Notice

    def plan(self, request: PlanRequest) -> None:
        """Plan; an older request under way is dropped."""


class Conversation(Protocol):
    """What the next question stands in: `ui.chat.chat_controller.ChatController`."""

    def plan_request(self, draft: str) -> PlanRequest | None:
        """Return what to plan for a draft; None where nothing can be planned yet."""


class NextPrompt(QObject):
    """Knows the plan of what would be sent now. It never plans in the window's thread."""

    planned = Signal(object)  # PromptPlan of the present draft
    failed = Signal(object, object)  # PlanRequest, Notice

    def __init__(
        self, pane: ChatPane, conversation: Conversation, planner: Planner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._conversation = conversation
        self._planner = planner
        self._asked: PlanRequest | None = None
        self._plan: PromptPlan | None = None
        self._is_broken = False  # the server could not be asked: typing on does not ask it again
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        pane.composer.text_changed_debounced.connect(self._typed)
        planner.prompt_planned.connect(self._take_plan)
        planner.planning_failed.connect(self._take_failure)

    def plan_of(self, draft: str) -> PromptPlan | None:
        """Return the plan where it is known and made for exactly this draft, as it stands now."""
        if self._plan is None or self._pause.isActive():
            return None
        return self._plan if self._is_asked(self._conversation.plan_request(draft.strip())) else None

    def forget(self) -> None:
        """Another conversation is shown, or an answer is under way: what was planned counts no more."""
        self._pause.stop()
        self._asked = self._plan = None
        self._is_broken = False

    @Slot()
    def plan_again(self) -> None:
        """What the prompt is made of changed: plan once the changes pause."""
        self._plan = None
        self._is_broken = False
        self._pause.start()

    def plan_now(self, *, search: bool = False) -> None:
        """Plan at once: somebody waits for it. With `search` the documents are searched for the draft."""
        self._is_broken = False
        self._plan = None
        self._pause.stop()
        self._request(search=search)

    @Slot(str)
    def _typed(self, draft: str) -> None:
        # An empty draft is planned only where there was a fuller one before: opening a conversation to read
        # it asks no server for anything.
        if self._is_broken or (self._pane.composer.is_empty and self._asked is None):
            return
        request = self._conversation.plan_request(draft.strip())
        if request is not None and not self._is_asked(request):
            self._pause.start()

    def _is_asked(self, request: PlanRequest | None) -> bool:
        return request is not None and self._asked in (request, replace(request, search=True))

    @Slot()
    def _ask(self) -> None:
        self._request(search=False)

    def _request(self, *, search: bool) -> None:
        request = self._conversation.plan_request(self._pane.composer.text().strip())
        if request is None:
            self._asked = self._plan = None
            return
        self._asked = replace(request, search=search)
        self._planner.plan(self._asked)

    @Slot(object, object)
    def _take_plan(self, request: PlanRequest, plan: PromptPlan) -> None:
        if request == self._asked:
            self._plan = plan
            self.planned.emit(plan)

    @Slot(object, object)
    def _take_failure(self, request: PlanRequest, notice: Notice) -> None:
        if request == self._asked:
            self._asked = self._plan = None
            self._is_broken = True
            self.failed.emit(request, notice)
