"""Comparing: the same data for models that differ in one switch, and their curves above each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.lab.small.refusals import Refused
from chatbot_app.lab.small.training_plan import TrainingPlan
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, number_field, plain_label
from chatbot_app.ui.lab.curve_plot import CurvePlot
from chatbot_app.ui.lab.small_model_words import failure_words, refusal_words, variant_words
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.small_models import SmallModelProcess


class CompareTab(QWidget):
    """Takes data and sizes from the form of the page, whatever it shows."""

    wanted = Signal()  # whoever hears it finds the text and calls `compare`

    def __init__(
        self,
        process: SmallModelProcess,
        plan: Callable[[], TrainingPlan],
        parent: QWidget | None = None,
    ) -> None:
        """`plan` returns what the form says; it may raise Refused."""
        super().__init__(parent)
        self._process = process
        self._plan = plan
        self._sizes: dict[str, int] = {}
        self._last: dict[str, dict[str, Any]] = {}
        self._build()
        self._start.clicked.connect(self.wanted)
        self._stop.clicked.connect(process.stop)
        process.happened.connect(self._hear)
        self._group.currentIndexChanged.connect(self._forget)
        self._follow()

    def _build(self) -> None:
        self._group = ComboBox(self)
        self._group.setObjectName("compare_group")
        self._group.setAccessibleName(self.tr("What is compared"))
        for words, name in (
            (self.tr("GPT, GRU, encoder and decoder"), "architecture"),
            (self.tr("Attention scores"), "scores"),
            (self.tr("Heads"), "heads"),
            (self.tr("Cross-attention"), "cross"),
            (self.tr("Causal mask"), "mask"),
            (self.tr("Positions"), "positions"),
            (self.tr("Layer norm and skip connections"), "parts"),
        ):
            self._group.addItem(words, name)
        self._steps = number_field(self, "compare_steps", self.tr("Steps of each"), 1, 20_000, 200)
        self._start = dialog_button(self, "compare_start", self.tr("Compare"))
        set_look(self._start, "primary")
        self._stop = dialog_button(self, "compare_stop", self.tr("Stop"))
        hint = self.tr(
            "Data, sizes and learning rate are those of the form under Learn; all see the same batches."
        )
        self._note = plain_label(self, "compare_note", hint, shrinks=True)
        self._note.setWordWrap(True)
        set_look(self._note, "muted")
        self.curves = CurvePlot(
            "compare_curves", self.tr("Steps"), self.tr("Loss on what is held out, nats a character"), self
        )
        self._result = plain_label(self, "compare_result", shrinks=True)
        self._result.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self._group)
        label = QLabel(self.tr("Steps of each"), self)
        label.setBuddy(self._steps)
        row.addWidget(label)
        row.addWidget(self._steps)
        row.addStretch(1)
        row.addWidget(self._start)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self.curves, 1)
        column.addWidget(self._result)

    def plan(self) -> TrainingPlan:
        """Return what all of them have in common. Raises Refused."""
        return self._plan()

    def compare(self, text_file: str) -> None:
        """Begin; `text_file` holds the text, "" for sums."""
        try:
            plan = self._plan().to_dict()
        except Refused as refused:
            self.say(refusal_words(refused))
            return
        self._sizes, self._last = {}, {}
        self.curves.clear(float(self._steps.value()))
        self._process.ask(
            do="compare",
            plan={**plan, "steps": self._steps.value()},
            group=self._group.currentData(),
            text_file=text_file,
        )
        self.say(self.tr("The models learn in turns, step by step."))
        self._follow()

    @Slot()
    def _forget(self) -> None:
        """Take away what was said of other models than those that are chosen now."""
        self._sizes, self._last = {}, {}
        self.curves.clear()
        self.say("")

    def say(self, words: str) -> None:
        """Show a sentence below the curves."""
        self._result.setText(words)

    @Slot(object)
    def _hear(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "compared_with":
                self._sizes[event["name"]] = event["parameters"]
            case "point":
                self.curves.add(variant_words(event["name"]), event["step"], event["loss"])
                self._last[event["name"]] = event
                self.say(self._results())
            case "diverged":
                self._last.pop(event["name"], None)
                self._sizes[event["name"]] = 0
                self.say(self._results())
            case "failed":
                self.say(failure_words(event))
        self._follow()

    def _results(self) -> str:
        """Return a line for each model, the best first, with what its switch does to the loss of the first one."""
        lines = []
        first = next(iter(self._sizes), "")
        for name, point in sorted(self._last.items(), key=lambda item: item[1]["loss"]):
            line = self.tr(
                "{name}: loss {loss} ({training} where it learns), {parameters} parameters"
            ).format(
                name=variant_words(name),
                loss=f"{point['loss']:.3f}",
                training=f"{point['training']:.3f}",
                parameters=f"{self._sizes.get(name, 0):,}",
            )
            if name != first and first in self._last:
                line += self.tr(", {change} against “{first}”").format(
                    change=f"{point['loss'] - self._last[first]['loss']:+.3f}", first=variant_words(first)
                )
            if point["exact"] is not None:
                line += self.tr(", {share} exact").format(share=f"{100 * point['exact']:.1f} %")
            lines.append(line)
        lines += [
            self.tr("{name}: its loss grew beyond all numbers").format(name=variant_words(name))
            for name, size in self._sizes.items()
            if not size
        ]
        return "\n".join(lines)

    def _follow(self) -> None:
        self._start.setEnabled(not self._process.is_busy)
        self._stop.setEnabled(self._process.is_busy)
        for field in (self._group, self._steps):  # of what learns now
            field.setEnabled(not self._process.is_busy)
