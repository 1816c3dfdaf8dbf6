"""Writing: a model that has learned goes on from a text, as sampling's settings say."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.lab.sampling import Sampling
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.training_plan import Source
from chatbot_app.lab.small.writing import MOST_TOKENS, Wish
from chatbot_app.ui.dialog_parts import dialog_button, number_field, plain_label
from chatbot_app.ui.lab.sampling_controls import SamplingControls
from chatbot_app.ui.lab.small_model_words import failure_words
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.small_models import SmallModelProcess


class WriteTab(QWidget):
    """Writes with the model that is chosen in the page's head."""

    def __init__(self, process: SmallModelProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self._model: KeptModel | None = None
        self._build()
        self._start.clicked.connect(self._begin)
        self._begin_with.returnPressed.connect(self._begin)
        self._stop.clicked.connect(process.stop)
        process.happened.connect(self._hear)
        self.show_model(None)

    def _build(self) -> None:
        self._begin_with = QLineEdit(self)
        self._begin_with.setObjectName("write_begin_with")
        self._begin_with.setAccessibleName(self.tr("Text to go on from"))
        self._begin_with.setPlaceholderText(self.tr("Text to go on from"))
        self._tokens = number_field(self, "write_tokens", self.tr("Tokens"), 1, MOST_TOKENS, 200)
        self._seed = number_field(self, "write_seed", self.tr("Seed"), 0, 1_000_000, 1)
        self._start = dialog_button(self, "write_start", self.tr("Write"))
        set_look(self._start, "primary")
        self._stop = dialog_button(self, "write_stop", self.tr("Stop"))
        self._note = plain_label(self, "write_note", shrinks=True)
        self._note.setWordWrap(True)
        self._written = QPlainTextEdit(self)
        self._written.setObjectName("write_text")
        self._written.setAccessibleName(self.tr("What was written"))
        self._written.setReadOnly(True)
        self.sampling = SamplingControls(self)
        self.sampling.show_sampling(Sampling(temperature=0.8, top_p=0.95))
        row = QHBoxLayout()
        for title, field in ((self.tr("Tokens"), self._tokens), (self.tr("Seed"), self._seed)):
            label = QLabel(title, self)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        row.addStretch(1)
        row.addWidget(self._start)
        row.addWidget(self._stop)
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, em(self, 0.4), 0, 0)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self._written, 1)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(self.sampling)
        parts.addWidget(below)
        parts.setChildrenCollapsible(False)
        parts.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, em(self, 0.5), 0, 0)
        whole.addWidget(self._begin_with)
        whole.addWidget(parts, 1)

    def show_model(self, model: KeptModel | None) -> None:
        """Choose who writes; None: nobody can yet."""
        changed = self._model is None or model is None or model.folder != self._model.folder
        self._model = model
        if changed:
            is_sum = model is not None and model.plan.source is Source.ADDITIONS
            example = "57 + 68 =" if model is None or model.plan.digits == 2 else "111 + 222 ="
            self._begin_with.setText(example if is_sum else self.tr("Emma "))
            self._written.clear()
        if model is None or not model.step:
            self._note.setText(self.tr("Choose a model above that has learned something."))
        elif changed or not self._process.is_busy:
            self._note.setText("")
        self._follow()

    @Slot()
    def _begin(self) -> None:
        if self._model is None or not self._model.step or self._process.is_busy:
            return
        self._note.setText("")
        self._written.clear()
        wish = Wish(self._begin_with.text(), self._tokens.value(), self._seed.value(), self.sampling.sampling)
        self._process.ask(do="write", folder=str(self._model.folder), **wish.to_dict())
        self._follow()

    @Slot(object)
    def _hear(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "written":
                self._written.setPlainText(event["begun"] + event["text"])
                self._written.moveCursor(QTextCursor.MoveOperation.End)
            case "unknown":
                left_out = self.tr(
                    "The model has no tokens for these characters and left them out: {characters}"
                )
                self._note.setText(left_out.format(characters=event["characters"][:40]))
            case "failed":
                self._note.setText(failure_words(event))
        self._follow()

    def _follow(self) -> None:
        can_write = self._model is not None and self._model.step > 0
        self._start.setEnabled(can_write and not self._process.is_busy)
        self._stop.setEnabled(self._process.is_busy)
