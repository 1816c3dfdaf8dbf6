"""The vicious circle, as it happens: a phrase is said again and again, and becomes likelier each time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.next_token_jobs import say_again
from chatbot_app.lab.repetition import Turn
from chatbot_app.ui.dialog_parts import dialog_button, number_field, plain_label
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.lab.probability_words import percent
from chatbot_app.ui.lab.turns_chart import TurnsChart
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream


class RepetitionView(QWidget):
    """A text, a phrase, and how often it is said."""

    def __init__(
        self, services: LabServices, models: RawModels, choice: LabModelChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._choice = choice
        self._stream = ModelStream(services.lanes.models, self)
        self._text = self._line("repetition_text", self.tr("Text"), self.tr("My day was good."))
        self._phrase = self._line("repetition_phrase", self.tr("Phrase"), self.tr(" I went to the shop."))
        self._turns = number_field(self, "repetition_turns", self.tr("Turns"), 2, 40, 8)
        self._start = dialog_button(self, "repetition_start", self.tr("Say it again and again"))
        set_look(self._start, "primary")
        self._stop = dialog_button(self, "repetition_stop", self.tr("Stop"))
        self._problem = plain_label(self, "repetition_problem")
        set_look(self._problem, "notice-warning")
        self._problem.hide()
        self.chart = TurnsChart(self)
        self._said = plain_label(self, "repetition_said")
        explanation = plain_label(
            self,
            "repetition_explanation",
            self.tr(
                "A bar is the mean probability of the phrase's tokens (the geometric one) after it was said so many "
                "times already; a dot is one token. The model chooses nothing here: the phrase is put there."
            ),
        )
        set_look(explanation, "muted")
        form = QFormLayout()
        form.addRow(self.tr("Text"), self._text)
        form.addRow(self.tr("Phrase"), self._phrase)
        form.addRow(self.tr("Turns"), self._turns)
        row = QHBoxLayout()
        row.addWidget(self._start)
        row.addWidget(self._stop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addWidget(self.chart, 1)
        column.addWidget(self._said)
        column.addWidget(explanation)
        self._start.clicked.connect(self._begin)
        self._stop.clicked.connect(self._stream.stop)
        self._stream.told.connect(self._show)
        self._stream.failed.connect(self._say)
        self._stream.ended.connect(self._show_state)
        services.given_up.connect(self._stream.forget)
        services.given_up.connect(self._show_state)
        self._show_state()

    def _line(self, name: str, words: str, text: str) -> QLineEdit:
        line = QLineEdit(text, self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        return line

    @Slot()
    def _begin(self) -> None:
        turns = self._turns.value()
        self.chart.begin(turns)
        self._said.clear()
        self._problem.hide()
        key = self._choice.server_id, self._choice.model
        self._stream.start(
            partial(say_again, self._models, key, self._text.text(), self._phrase.text(), turns)
        )
        self._show_state()

    @Slot(object)
    def _show(self, turn: Turn) -> None:
        self.chart.show_turn(turn)
        whole = [one.probability for one in self.chart.turns if one.is_whole]
        if whole:
            self._said.setText(" → ".join(percent(one) for one in whole))

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        self._problem.setText(notice.words)
        self._problem.show()

    @Slot()
    def _show_state(self) -> None:
        self._start.setEnabled(not self._stream.is_running)
        self._stop.setEnabled(self._stream.is_running)
