"""Cost against length: a recurrence and attention of the same size, measured here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.lab.small.model_shape import Kind
from chatbot_app.lab.small.refusals import Refused
from chatbot_app.lab.small.training_plan import TrainingPlan
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.curve_plot import CurvePlot
from chatbot_app.ui.lab.small_model_words import failure_words, refusal_words
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.small_models import SmallModelProcess


class CostTab(QWidget):
    """Takes width, layers and heads from the form of the page."""

    def __init__(
        self,
        process: SmallModelProcess,
        plan: Callable[[], TrainingPlan],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._process = process
        self._plan = plan
        self._start = dialog_button(self, "cost_start", self.tr("Measure"))
        set_look(self._start, "primary")
        self._note = plain_label(
            self,
            "cost_note",
            self.tr(
                "Processor time to read a text at once, and to write one token after it: a GRU keeps one state, a GPT "
                "looks at everything again."
            ),
            shrinks=True,
        )
        self._note.setWordWrap(True)
        self.curves = CurvePlot("cost_curves", self.tr("Tokens before"), self.tr("Milliseconds"), self)
        self.curves.set_logarithmic(True)
        row = QHBoxLayout()
        row.addWidget(self._note, 1)
        row.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.addLayout(row)
        column.addWidget(self.curves, 1)
        self._start.clicked.connect(self._begin)
        process.happened.connect(self._hear)

    @Slot()
    def _begin(self) -> None:
        try:
            shape = self._plan().shape
        except Refused as refused:
            self._note.setText(refusal_words(refused))
            return
        self.curves.clear()
        self._process.ask(do="cost", width=shape.width, layers=shape.layers, heads=shape.heads)
        self._start.setEnabled(False)

    @Slot(object)
    def _hear(self, event: dict[str, Any]) -> None:
        if event["event"] == "cost":
            reading, writing = 1000 * event["reading"], 1000 * event["writing"]
            if event["kind"] == Kind.GRU:
                self.curves.add(self.tr("GRU, reading"), event["length"], reading)
                self.curves.add(self.tr("GRU, one token more"), event["length"], writing)
            else:
                self.curves.add(self.tr("GPT, reading or one token more"), event["length"], reading)
        elif event["event"] == "failed":
            self._note.setText(failure_words(event))
        self._start.setEnabled(not self._process.is_busy)
