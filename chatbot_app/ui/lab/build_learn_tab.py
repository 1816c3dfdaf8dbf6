"""Learning: the form of a model, its curves, and what it writes while it learns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.refusals import Refused
from chatbot_app.lab.small.training_plan import Source, TrainingPlan
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.build_form import BuildForm
from chatbot_app.ui.lab.build_status import LossCurves, TrainingWords
from chatbot_app.ui.lab.small_model_words import failure_words, refusal_words
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.small_models import SmallModelProcess

_SAMPLES = 40  # kept below each other


class LearnTab(QWidget):
    """Shows one model: a new one, whose form can be changed, or one that is kept."""

    wanted = Signal(
        object
    )  # a TrainingPlan that is to be begun: whoever hears it makes the model and calls `learn`
    progressed = Signal()  # the model was saved, or has ended

    def __init__(self, process: SmallModelProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self._model: KeptModel | None = None
        self._learns: KeptModel | None = None
        self._exact: float | None = None
        self._build()
        self._connect()
        self.show_model(None)

    def _build(self) -> None:
        self.form = BuildForm(self)
        self._begin_with = QLineEdit(self.tr("Emma "), self)
        self._begin_with.setObjectName("build_begin_with")
        self._begin_with.setAccessibleName(self.tr("Samples begin with"))
        self._begin_with.setToolTip(self.tr("What the model goes on from while it learns"))
        self._start = dialog_button(self, "build_start", self.tr("Learn"))
        set_look(self._start, "primary")
        self._pause = dialog_button(self, "build_pause", self.tr("Pause"))
        self._save = dialog_button(self, "build_save", self.tr("Save now"))
        self._status = plain_label(self, "build_status", shrinks=True)
        self._unsaved = plain_label(self, "build_unsaved", shrinks=True)
        set_look(self._unsaved, "notice-warning")
        self._unsaved.hide()
        self.curves = LossCurves(self)
        self._samples = QPlainTextEdit(self)
        self._samples.setObjectName("build_samples")
        self._samples.setAccessibleName(self.tr("What it writes while it learns"))
        self._samples.setPlaceholderText(self.tr("What it writes while it learns appears here."))
        self._samples.setReadOnly(True)
        self._words = TrainingWords(self)
        buttons = QHBoxLayout()
        for button in (self._start, self._pause, self._save):
            buttons.addWidget(button)
        buttons.addStretch(1)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(self.curves)
        parts.addWidget(self._samples)
        parts.setChildrenCollapsible(False)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(em(self, 0.5), 0, 0, 0)
        column.addLayout(buttons)
        column.addWidget(self._status)
        column.addWidget(self._unsaved)
        column.addWidget(parts, 1)
        begins = QHBoxLayout()
        title = QLabel(self.tr("Samples begin with"), self)
        title.setBuddy(self._begin_with)
        begins.addWidget(title)
        begins.addWidget(self._begin_with, 1)
        column.addLayout(begins)
        sides = QSplitter(Qt.Orientation.Horizontal, self)
        sides.addWidget(self.form)
        sides.addWidget(right)
        sides.setChildrenCollapsible(False)
        sides.setStretchFactor(1, 1)
        sides.setSizes([em(self, 17), em(self, 30)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, em(self, 0.5), 0, 0)
        whole.addWidget(sides)

    def _connect(self) -> None:
        self._start.clicked.connect(self._begin)
        self._pause.clicked.connect(self._process.stop)
        self._save.clicked.connect(self._process.save)
        self._process.happened.connect(self._hear)

    @property
    def learns(self) -> KeptModel | None:
        """The model that learns now."""
        return self._learns

    def show_model(self, model: KeptModel | None) -> None:
        """Show a model that is kept, or with None the form of a new one."""
        if model is not None and self._model is not None and model.folder == self._model.folder:
            self._model = model  # it has learned more: what is shown stays
            self._follow()
            return
        self._model = model
        self.form.set_editable(model is None)
        if model is not None:
            self.form.show_plan(model.plan)
        self.curves.clear()
        self._samples.clear()
        self._unsaved.hide()
        if model is not None and model.curves is not None:
            self.curves.begin(model.curves)
        self._say("" if model is None else self._state_of(model))
        self._follow()

    def learn(self, model: KeptModel) -> None:
        """Begin with a model, or go on with it."""
        self._model = self._learns = model
        self.form.set_editable(False)
        self._exact = None
        self._samples.clear()
        self._unsaved.hide()
        self._say(self.tr("The text is being read…"))
        self._process.ask(do="train", folder=str(model.folder), begin_with=self._begin_with.text())
        self._follow()

    def give_up(self) -> None:
        """Take back what was wanted: nobody makes the model any more."""
        self._follow()

    def say(self, words: str) -> None:
        """Show a sentence where the state is."""
        self._say(words)
        self._follow()

    @Slot()
    def _begin(self) -> None:
        if self._model is not None:
            self.learn(self._model)
            return
        try:
            plan: TrainingPlan = self.form.plan()
        except Refused as refused:
            self._say(refusal_words(refused))
            return
        self._start.setEnabled(False)
        self.wanted.emit(plan)

    @Slot(object)
    def _hear(self, event: dict[str, Any]) -> None:
        if self._learns is None:
            return
        shown = self._model is not None and self._model.folder == self._learns.folder
        kind = event["event"]
        if kind in ("done", "stopped", "failed"):
            self._learns = None
        elif kind == "saved":
            self.progressed.emit()
        if shown:
            self._show(kind, event)
        if kind in ("done", "stopped", "failed"):
            self._follow()
            self.progressed.emit()

    def _show(self, kind: str, event: dict[str, Any]) -> None:
        match kind:
            case "begun":
                self.curves.begin(event)
                self._say(self._words.begun(event))
            case "step":
                self._say(self._words.step(event["step"], event["loss"], event["left"]))
            case "look":
                self.curves.look(event)
                self._exact = event["exact"]
            case "sample":
                self._add_sample(event["step"], event["text"])
            case "not_saved":
                self._say_unsaved(failure_words(event))
            case "saved":
                self._unsaved.hide()
            case "failed":
                self._say(failure_words(event))
            case "done" | "stopped":
                self._say(self._words.ended(event, self._exact))

    def _say_unsaved(self, reason: str) -> None:
        """Show it until it is saved: the next step writes over the other line."""
        self._unsaved.setText(
            self.tr(
                "What was learned is not saved yet. {reason} Make room and press “Save now”; it is also tried again by "
                "itself. At its end “Pause” gives up what is not saved."
            ).replace("{reason}", reason if reason.endswith(".") else f"{reason}.")
        )
        self._unsaved.show()

    def _add_sample(self, step: int, text: str) -> None:
        head = self.tr("Step {step}").format(step=f"{step:,}")
        if self._exact is not None:
            head = self.tr("Step {step}: {share} exact").format(
                step=f"{step:,}", share=f"{100 * self._exact:.1f} %"
            )
        self._samples.setMaximumBlockCount(_SAMPLES * 8)
        self._samples.appendPlainText(f"{head}\n{text.strip()}\n")

    def _state_of(self, model: KeptModel) -> str:
        values = {"step": f"{model.step:,}", "steps": f"{model.plan.steps:,}"}
        said = self.tr("Learned {step} of {steps} steps").format(**values)
        if model.loss is not None:
            said += self.tr(", loss {loss}").format(loss=f"{model.loss:.3f}")
        if model.exact is not None:
            said += self.tr(", {share} exact").format(share=f"{100 * model.exact:.1f} %")
        return said + "."

    def _say(self, words: str) -> None:
        self._status.setText(words)

    def _follow(self) -> None:
        is_learning = self._learns is not None
        model = self._model
        self._start.setText(
            self.tr("Learn") if model is None or not model.step or model.is_done else self.tr("Go on")
        )
        self._start.setEnabled(not is_learning and not (model is not None and model.is_done))
        self._pause.setEnabled(is_learning)
        self._save.setEnabled(is_learning)
        is_text = model is None or model.plan.source is not Source.ADDITIONS
        self._begin_with.setEnabled(is_text)
