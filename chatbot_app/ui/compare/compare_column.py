"""One of the models that are asked the same: who answers, with which settings, and the answer with its figures."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from functools import partial
from time import monotonic

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.chat.circles import CIRCLE
from chatbot_app.chat.events import (
    PromptPlanned,
    ReasoningAppended,
    TextAppended,
    TurnEvent,
    TurnFinished,
    WaitingToRetry,
)
from chatbot_app.chat.overflow import WINDOW_ASSUMED
from chatbot_app.core.compared import ComparedAnswer, ComparedQuestion
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.ui.chat.answer_facts import facts_of, progress
from chatbot_app.ui.compare.column_settings import ColumnSettings
from chatbot_app.ui.compare.cost_line import CostLine
from chatbot_app.ui.compare.growing_text import GrowingText
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, scale_font, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_TICK_MS = 200

Ask = Callable[[ComparedQuestion, GenerationSettings], AsyncGenerator[TurnEvent, None]]


class CompareColumn(QFrame):
    """A column of the window."""

    state_changed = Signal()
    take_over_requested = Signal(int)  # its number
    vote_requested = Signal(int)  # its number: the best one
    price_requested = Signal(int)  # its number: of the model that answered

    def __init__(self, number: int, services: LabServices, ask: Ask, parent: QWidget | None = None) -> None:
        """`number` counts from 1: it begins the names of its widgets."""
        super().__init__(parent)
        name = f"compare_{number}"
        self.setObjectName(name)
        words = self.tr("Column {number}").format(number=number)
        self.number = number
        self._ask = ask
        self._began = 0.0
        self._is_thinking = False
        self._is_hidden = False  # who answers is not told
        self._answer: Message | None = None
        self._plan: PromptPlan | None = None
        self._failure: Notice | None = None
        self.stream = ModelStream(services.lanes.models, self)
        self._title = plain_label(self, f"{name}_title", shrinks=True)
        scale_font(self._title, 1.1, bold=True)
        self._title.hide()
        self.settings = ColumnSettings(name, words, services, self)
        self._state = plain_label(self, f"{name}_state", shrinks=True)
        set_look(self._state, "muted")
        self.cost = CostLine(name, words, self)
        self._notice = plain_label(self, f"{name}_notice", shrinks=True)
        self._notice.setMargin(em(self, 0.35))
        self._notice.hide()
        self.text = GrowingText(f"{name}_text", self.tr("{column}: answer").format(column=words), self)
        self.vote_button = dialog_button(self, f"{name}_vote", self.tr("Best"))
        self.vote_button.setCheckable(True)
        self.vote_button.setAccessibleName(self.tr("{column}: this one is best").format(column=words))
        self.take_button = dialog_button(self, f"{name}_take", self.tr("Go on with this one"))
        self.take_button.setAccessibleName(self.tr("{column}: go on with this one").format(column=words))
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(em(self, 0.4))
        foot.addWidget(self.vote_button)
        foot.addWidget(self.take_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.2), 0, em(self, 0.2), 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self._title)
        column.addWidget(self.settings)
        column.addWidget(self._state)
        column.addWidget(self.cost)
        column.addWidget(self._notice)
        column.addWidget(self.text, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.stream.told.connect(self._take)
        self.stream.failed.connect(self._fail)
        self.stream.ended.connect(self._end)
        self._ticking.timeout.connect(self._tick)
        self.settings.changed.connect(self.state_changed)
        self.vote_button.clicked.connect(self._ask_to_vote)
        self.take_button.clicked.connect(self._ask_to_take)
        self.cost.price_button.clicked.connect(self._ask_for_price)

    @property
    def answer(self) -> Message | None:
        """The answer as it ended, None while none has."""
        return self._answer

    @property
    def kept(self) -> ComparedAnswer | None:
        """The answer with what was sent for it; None where it has no words, or is not there."""
        answer = self._answer
        return ComparedAnswer(answer, self._plan) if answer is not None and answer.text.strip() else None

    def begin(self, question: ComparedQuestion, base: GenerationSettings, hidden_as: str = "") -> None:
        """Ask; what was answered before goes. `hidden_as` is a name in the place of the model's."""
        self._answer = self._plan = self._failure = None
        self._is_thinking = False
        self._is_hidden = bool(hidden_as)
        self.cost.hide()
        self._title.setText(hidden_as)
        self._title.setVisible(self._is_hidden)
        self.settings.setVisible(not self._is_hidden)
        self._began = monotonic()
        self.text.begin()
        self._say_words("", "")
        self._tick()
        self._ticking.start()
        self.stream.start(partial(self._ask, question, self.settings.chosen(base)))
        self.state_changed.emit()

    def reveal(self) -> None:
        """Tell who answered; the name it had stays above it."""
        if self._is_hidden:
            self._is_hidden = False
            self.settings.show()
            self._show_outcome()

    def forget(self) -> None:
        """End the request and tell nothing more of it."""
        self._ticking.stop()
        self.stream.forget()

    def offer(self, *, take: str, vote: str, is_best: bool) -> None:
        """Offer to go on with the answer and to vote for it, in tooltips; "" says that it cannot be done now."""
        has_words = self.kept is not None
        for button, words in ((self.take_button, take), (self.vote_button, vote)):
            button.setEnabled(has_words and bool(words))
            button.setToolTip(words)
        self.vote_button.setChecked(is_best)
        set_look(self.vote_button, "primary" if is_best else "")

    def fit_to_font(self) -> None:
        """Fit the fields to another text size."""
        self.settings.fit_to_font()

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case PromptPlanned(plan):
                self._plan = plan
            case TextAppended(text):
                self.text.append(text)
                self._say_words("", "")
            case ReasoningAppended():
                self._is_thinking = True
            case WaitingToRetry(seconds, notice) if not self._is_hidden:
                again = self.tr("It is tried again in %n second(s).", "", max(1, round(seconds)))
                self._say_words(f"{notice.summary} {again}", "notice-warning")
            case TurnFinished(answer):
                self._answer = answer
                if answer.text != self.text.text:  # cut back where it began to repeat itself
                    self.text.begin()
                    self.text.append(answer.text)
                self.text.finish()

    @Slot(object)
    def _fail(self, notice: Notice) -> None:
        self._failure = notice

    @Slot()
    def _end(self) -> None:
        self._ticking.stop()
        self._show_outcome()
        self.state_changed.emit()

    def _show_outcome(self) -> None:
        answer = self._answer
        if self.stream.is_running:
            self._tick()
        elif self._failure is not None:
            self._show_failure(self._failure.words)
            self._state.setText("")
        elif answer is not None:
            self._state.setText("" if self._is_hidden else "  ·  ".join(filter(None, self._facts(answer))))
            if not self._is_hidden:
                self.cost.show_answer(answer, self.settings.choice.server_of(answer.server_id))
            # A window that is assumed would be said in each column at once, and hide what they differ in.
            said = [notice.words for notice in answer.notices if notice.kind != WINDOW_ASSUMED]
            if answer.status is MessageStatus.STOPPED and CIRCLE not in answer.notices:
                said.append(self.tr("You stopped it."))
            elif answer.finish_reason == "length":
                said.append(self.tr("It reached the length limit."))
            if answer.status in (MessageStatus.FAILED, MessageStatus.INTERRUPTED):
                self._show_failure("\n".join(said))
            else:
                self._say_words("" if self._is_hidden else "\n".join(said), "notice-info")

    def _facts(self, answer: Message) -> list[str]:
        facts = [facts_of(answer, with_cost=False)]
        if answer.timings is not None and answer.timings.total_seconds is not None and answer.text:
            seconds = f"{answer.timings.total_seconds:.1f}"
            facts.append(self.tr("{seconds} s altogether").format(seconds=seconds))
        return facts

    def _show_failure(self, words: str) -> None:
        hidden = self.tr("This one failed. Why is said when the names are.")
        self._say_words(hidden if self._is_hidden else words, "notice-danger")

    @Slot()
    def _tick(self) -> None:
        """Say how far it is; how long it takes would tell who it is."""
        spent = "" if self._is_hidden else progress(monotonic() - self._began, 0, 0.0)
        if self.text.text:
            words = self.tr("Writing… {spent}")
        elif self._is_thinking and not self._is_hidden:
            words = self.tr("Thinking… {spent}")
        else:
            words = self.tr("Waiting for the first word… {spent}")
        self._state.setText(words.format(spent=spent).strip())

    @Slot()
    def _ask_to_take(self) -> None:
        self.take_over_requested.emit(self.number)

    @Slot()
    def _ask_for_price(self) -> None:
        self.price_requested.emit(self.number)

    @Slot()
    def _ask_to_vote(self) -> None:
        self.vote_requested.emit(self.number)

    def _say_words(self, words: str, look: str) -> None:
        set_look(self._notice, look)
        self._notice.setText(words)
        self._notice.setVisible(bool(words))
