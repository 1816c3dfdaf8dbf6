"""Refuses a question that would not fit, before anything is stored or sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.errors import ConversationTooLong, PromptDoesNotFit
from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.generation_choices import HISTORY_STRATEGIES
from chatbot_app.core.messages import Notice
from chatbot_app.core.picture_errors import PicturesNotSeen
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.context.next_prompt import NextPrompt
from chatbot_app.ui.severity import Severity

_OFFERED = (HistoryStrategy.OLDEST_EXCHANGES, HistoryStrategy.SUMMARISE, HistoryStrategy.RECALL)
_KIND = ConversationTooLong.__name__


class SendGuard(QObject):
    """Lets a question pass, holds it until its plan is known, or says by how much it is too long.

    Only under "Keep everything", and for pictures, is a plan waited for: with the other strategies a question that is too
    long by itself is the one case, which the turn says as well.
    """

    def __init__(
        self,
        pane: ChatPane,
        chat: ChatController,
        asking: AskingController,
        prompt: NextPrompt,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._chat = chat
        self._prompt = prompt
        self._held: tuple[str, Callable[[], None]] | None = None
        asking.guard_sending(self.check)
        prompt.planned.connect(self._take_plan)
        prompt.failed.connect(self._take_failure)
        pane.notice_bar.choice_made.connect(self._choose)

    def check(self, question: str, send: Callable[[], None]) -> None:
        """Send a question that fits."""
        self._held = None
        plan = self._prompt.plan_of(question)
        if plan is not None:
            self._decide(plan, send)
        elif self._must_wait() and self._chat.plan_request(question) is not None:
            self._held = (question, send)
            words = self.tr("Counting whether it fits…")
            if self._pane.composer.pictures.items:
                words = self.tr("Looking whether the model sees pictures…")
            self._pane.composer.show_hint(words)
            self._prompt.plan_now()
        else:
            send()

    def _must_wait(self) -> bool:
        return self._keeps_everything() or bool(self._pane.composer.pictures.items)

    def _keeps_everything(self) -> bool:
        return self._chat.settings.history_strategy is HistoryStrategy.KEEP_EVERYTHING

    def _decide(self, plan: PromptPlan, send: Callable[[], None]) -> None:
        unseen = next((one for one in plan.parts[-1].pictures if not one.is_sent), None)
        if unseen is not None:  # nothing is left out without a word
            unsent = PicturesNotSeen(reason=unseen.why_not)
            self._pane.notice_bar.show_notice(unsent.notice(), Severity.WARNING)
            self._pane.composer.focus_text()
            return
        if plan.fits:
            send()
            return
        details = {"tokens": plan.tokens, "budget": plan.budget, "over": plan.over_budget_tokens}
        if not self._keeps_everything():
            self._pane.notice_bar.show_notice(PromptDoesNotFit(**details).notice())
            return
        names = {choice.value: choice.title for choice in HISTORY_STRATEGIES}
        error = ConversationTooLong(**details)
        notice = Notice(_KIND, error.summary, error.next_step, error.action.value)
        choices = [(strategy.value, names[strategy]) for strategy in _OFFERED]
        self._pane.notice_bar.show_notice(notice, Severity.WARNING, choices)
        self._pane.composer.focus_text()

    @Slot(object)
    def _take_plan(self, plan: PromptPlan) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        self._pane.composer.clear_hint()
        if self._pane.composer.text().strip() == held[0]:
            self._decide(plan, held[1])
        else:  # whoever wrote on meanwhile has not asked for this yet
            self._pane.composer.show_hint(self.tr("Not sent, for you wrote on. Enter sends it."))

    @Slot(object, object)
    def _take_failure(self, _request: object, _notice: Notice) -> None:
        held, self._held = self._held, None
        if held is not None:
            held[1]()  # the turn meets the same trouble and says it with its question kept

    @Slot(str, str)
    def _choose(self, kind: str, key: str) -> None:
        if kind == _KIND:
            self._chat.replace_settings(history_strategy=HistoryStrategy(key))
            self._pane.composer.focus_text()
