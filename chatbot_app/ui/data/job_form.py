"""What a new data set is to be: of which documents, by which model, how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.chat.made_data.feedback import PRINCIPLES
from chatbot_app.chat.made_data.questions import MOST_EACH
from chatbot_app.core.documents import Collection
from chatbot_app.core.made_data import DataKind, DataWish
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, number_field, plain_label
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices

_MOST_PASSAGES = 10_000


class JobForm(QWidget):
    """Says what the person wants."""

    wanted = Signal(object)  # DataWish

    def __init__(self, services: LabServices, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = self._box("making_kind", self.tr("Kind"))
        self._kind.addItem(
            self.tr("What would have been asked for a passage (instruction backtranslation)"),
            DataKind.BACKTRANSLATION,
        )
        self._kind.addItem(self.tr("Questions and answers from a passage"), DataKind.QUESTIONS)
        self._kind.addItem(self.tr("A better and a worse answer, by principles"), DataKind.FEEDBACK)
        self._collection = self._box("making_collection", self.tr("Documents"))
        self.choice = LabModelChoice(services, self, name="making", is_narrow=True)
        self._passages = number_field(
            self, "making_passages", self.tr("Passages at most"), 1, _MOST_PASSAGES, 100
        )
        self._each = number_field(self, "making_each", self.tr("Questions of each passage"), 1, MOST_EACH, 1)
        self._rated = QCheckBox(
            self.tr("The model rates each pair from 1 to 5, and good ones are taken"), self
        )
        self._rated.setObjectName("making_rated")
        self._rated.setChecked(True)
        self._principles = QPlainTextEdit("\n".join(PRINCIPLES), self)
        self._principles.setObjectName("making_principles")
        self._principles.setAccessibleName(self.tr("Principles, one a line"))
        self._principles.setTabChangesFocus(True)
        self._principles.setMinimumHeight(em(self, 6))
        self._note = plain_label(self, "making_kind_note")
        set_look(self._note, "muted")
        self._start = dialog_button(self, "making_start", self.tr("Make"))
        set_look(self._start, "primary")
        self._start.clicked.connect(self._emit)
        self._kind.currentIndexChanged.connect(self._show_kind)
        self._build()
        self._show_kind()

    def _box(self, name: str, words: str) -> ComboBox:
        box = ComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        return box

    def _build(self) -> None:
        self._form = form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Kind"), self._kind)
        form.addRow("", self._note)
        form.addRow(self.tr("Documents"), self._collection)
        form.addRow(self.tr("Model"), self.choice)
        form.addRow(self.tr("Passages at most"), self._passages)
        form.addRow(self.tr("Questions of each"), self._each)
        form.addRow("", self._rated)
        form.addRow(self.tr("Principles, one a line"), self._principles)
        below = QHBoxLayout()
        below.addWidget(self._start)
        below.addStretch(1)
        form.addRow("", below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)

    def offer(self, collections: Sequence[Collection]) -> None:
        """Offer these collections; the chosen one stays where it is still there."""
        before = self._collection.currentData()
        self._collection.clear()
        self._collection.addItem(self.tr("All documents"), "")
        for collection in collections:
            self._collection.addItem(visible_text(collection.name), collection.id)
        self._collection.setCurrentIndex(max(self._collection.findData(before), 0))

    @Slot()
    def _show_kind(self) -> None:
        kind = self._kind.currentData()
        self._form.setRowVisible(self._each, kind == DataKind.QUESTIONS)
        self._form.setRowVisible(self._rated, kind == DataKind.BACKTRANSLATION)
        self._form.setRowVisible(self._principles, kind == DataKind.FEEDBACK)
        notes = {
            DataKind.BACKTRANSLATION: self.tr(
                "The passage is the answer; the model writes what it would have been asked (Li et al. 2023)."
            ),
            DataKind.QUESTIONS: self.tr(
                "Each answer is tested against its passage; one that the passage does not bear out is left out, and says why."
            ),
            DataKind.FEEDBACK: self.tr(
                "The model answers twice and judges by a principle, in both orders; only agreeing verdicts make a pair"
                " (Bai et al. 2022)."
            ),
        }
        self._note.setText(notes[DataKind(kind)])

    @Slot()
    def _emit(self) -> None:
        is_all = not self._collection.currentData()
        lines = (line.strip() for line in self._principles.toPlainText().splitlines())
        wish = DataWish(
            DataKind(self._kind.currentData()),
            str(self._collection.currentData() or ""),
            "" if is_all else self._collection.currentText(),
            self.choice.server_id,
            self.choice.model,
            self._passages.value(),
            self._each.value(),
            self._rated.isChecked(),
            tuple(line for line in lines if line),
        )
        self.wanted.emit(wish)
