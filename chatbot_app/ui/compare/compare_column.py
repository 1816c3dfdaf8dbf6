"""One of the models that are asked the same: who answers, with which settings, and the answer with its figures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import monotonic

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.chat.comparing import Comparison
from chatbot_app.chat.events import (
    PromptPlanned,
    ReasoningAppended,
    TextAppended,
    TurnFinished,
    WaitingToRetry,
)
from chatbot_app.core.generation import GENERATION_SETTINGS, GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import ServerKind
from chatbot_app.ui.chat.answer_facts import facts_of, progress
from chatbot_app.ui.compare.growing_text import GrowingText
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.settings.fields import NumberSpin
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_TICK_MS = 200
_TEMPERATURE = next(setting for setting in GENERATION_SETTINGS if setting.name == "temperature")


class CompareColumn(QFrame):
    """A column of the window."""

    state_changed = Signal()
    take_over_requested = Signal(object, object)  # the answer as Message, the PromptPlan that was sent for it

    def __init__(
        self, number: int, services: LabServices, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        """`number` counts from 1: it begins the names of its widgets."""
        super().__init__(parent)
        name = f"compare_{number}"
        self.setObjectName(name)
        words = self.tr("Column {number}").format(number=number)
        self._comparison = comparison
        self._base = GenerationSettings()
        self._began = 0.0
        self._is_thinking = False
        self._answer: Message | None = None
        self._plan: PromptPlan | None = None
        self.stream = ModelStream(services.lanes.models, self)
        self.choice = LabModelChoice(services, self, name=name, within=words, is_narrow=True)
        self.temperature = NumberSpin(_TEMPERATURE, self)
        self.temperature.setObjectName(f"{name}_temperature")
        spoken = self.tr("{column}: temperature").format(column=words)
        for field in (self.temperature, self.temperature.lineEdit()):
            field.setAccessibleName(spoken)
        self.system_prompt = QPlainTextEdit(self)
        self.system_prompt.setObjectName(f"{name}_system_prompt")
        self.system_prompt.setAccessibleName(self.tr("{column}: system prompt").format(column=words))
        self.system_prompt.setPlaceholderText(self.tr("No system prompt"))
        self.system_prompt.setTabChangesFocus(True)
        self._state = plain_label(self, f"{name}_state", shrinks=True)
        set_look(self._state, "muted")
        self._notice = plain_label(self, f"{name}_notice", shrinks=True)
        self._notice.setMargin(em(self, 0.35))
        self._notice.hide()
        self.text = GrowingText(f"{name}_text", self.tr("{column}: answer").format(column=words), self)
        self.take_button = dialog_button(self, f"{name}_take", self.tr("Go on with this one"))
        self.take_button.setAccessibleName(self.tr("{column}: go on with this one").format(column=words))
        self.take_button.setToolTip(self.tr("Keeps question and answer as a new conversation and opens it"))
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._build()
        self._connect()
        self._show_state("")

    def _build(self) -> None:
        label = QLabel(self.tr("Temperature"), self)
        label.setBuddy(self.temperature)
        row = QHBoxLayout()
        row.addWidget(label, 1)
        row.addWidget(self.temperature)
        foot = QHBoxLayout()
        foot.addWidget(self.take_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.2), 0, em(self, 0.2), 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self.choice)
        column.addLayout(row)
        column.addWidget(self.system_prompt)
        column.addWidget(self._state)
        column.addWidget(self._notice)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.fit_to_font()

    def _connect(self) -> None:
        self.stream.told.connect(self._take)
        self.stream.failed.connect(self._say)
        self.stream.ended.connect(self._end)
        self._ticking.timeout.connect(self._tick)
        self.choice.changed.connect(self.state_changed)
        self.take_button.clicked.connect(self._ask_to_take)

    def fit_to_font(self) -> None:
        """Give the system prompt the height of three lines, and the temperature the width of its words."""
        lines = 3 * self.system_prompt.fontMetrics().lineSpacing()
        self.system_prompt.setFixedHeight(lines + em(self, 0.9))
        words = self.temperature.fontMetrics().horizontalAdvance(self.temperature.specialValueText())
        self.temperature.setFixedWidth(words + em(self, 2.5))

    @property
    def answer(self) -> Message | None:
        """The answer as it ended, None while none has."""
        return self._answer

    @property
    def settings(self) -> GenerationSettings:
        """What is asked with."""
        temperature = self.temperature.chosen()
        return replace(
            self._base,
            server_id=self.choice.server_id,
            model=self.choice.model,
            temperature=None if temperature is None else float(temperature),
            system_prompt=self.system_prompt.toPlainText(),
        )

    @property
    def is_local(self) -> bool:
        """Whether a model of this computer, that the program loads itself, is chosen."""
        server = self.choice.server
        return server is not None and server.kind is ServerKind.BUILT_IN

    def show_settings(self, settings: GenerationSettings) -> None:
        """Begin with other settings; the choice of a model follows where they name one."""
        self._base = settings
        if settings.temperature is None:
            self.temperature.unset()
        else:
            self.temperature.setValue(settings.temperature)
        self.system_prompt.setPlainText(settings.system_prompt)
        if settings.server_id:
            self.choice.choose(settings.server_id, settings.model or "")

    def begin(self, question: str) -> None:
        """Ask; what was answered before goes."""
        self._answer = self._plan = None
        self._is_thinking = False
        self._began = monotonic()
        self.text.begin()
        self._say_words("", "")
        self._show_state(self.tr("Waiting for the first word…"))
        self._ticking.start()
        self.stream.start(partial(self._comparison.ask, question, self.settings))
        self.state_changed.emit()

    def forget(self) -> None:
        """End the request and tell nothing more of it."""
        self._ticking.stop()
        self.stream.forget()

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
            case WaitingToRetry(seconds, notice):
                again = self.tr("It is tried again in %n second(s).", "", max(1, round(seconds)))
                self._say_words(f"{notice.summary} {again}", "notice-warning")
            case TurnFinished(answer):
                self._show_end(answer)

    def _show_end(self, answer: Message) -> None:
        self._answer = answer
        if answer.text != self.text.text:  # cut back where it began to repeat itself
            self.text.begin()
            self.text.append(answer.text)
        self.text.finish()
        facts = [facts_of(answer)]
        if answer.timings is not None and answer.timings.total_seconds is not None and answer.text:
            facts.append(
                self.tr("{seconds} s altogether").format(seconds=f"{answer.timings.total_seconds:.1f}")
            )
        self._show_state("  ·  ".join(filter(None, facts)))
        said = [f"{notice.summary} {notice.next_step}".strip() for notice in answer.notices]
        if answer.status is MessageStatus.STOPPED and not said:
            said.append(self.tr("You stopped it."))
        elif answer.finish_reason == "length":
            said.append(self.tr("It reached the length limit."))
        failed = answer.status in (MessageStatus.FAILED, MessageStatus.INTERRUPTED)
        self._say_words("\n".join(said), "notice-danger" if failed else "notice-info")

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        self._say_words(f"{notice.summary} {notice.next_step}".strip(), "notice-danger")

    @Slot()
    def _end(self) -> None:
        self._ticking.stop()
        if self._answer is None:
            self._show_state("")
        self._show_button()
        self.state_changed.emit()

    @Slot()
    def _tick(self) -> None:
        spent = progress(monotonic() - self._began, 0, 0.0)
        if self.text.text:
            words = self.tr("Writing… {spent}")
        elif self._is_thinking:
            words = self.tr("Thinking… {spent}")
        else:
            words = self.tr("Waiting for the first word… {spent}")
        self._show_state(words.format(spent=spent))

    @Slot()
    def _ask_to_take(self) -> None:
        if self._answer is not None:
            self.take_over_requested.emit(self._answer, self._plan)

    def _show_state(self, words: str) -> None:
        self._state.setText(words)
        self._show_button()

    def _show_button(self) -> None:
        has_text = self._answer is not None and bool(self._answer.text.strip())
        self.take_button.setEnabled(has_text and not self.stream.is_running)

    def _say_words(self, words: str, look: str) -> None:
        set_look(self._notice, look)
        self._notice.setText(words)
        self._notice.setVisible(bool(words))
