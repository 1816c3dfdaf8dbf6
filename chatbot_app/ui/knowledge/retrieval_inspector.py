"""What a search found and why: the query that was really searched, ranked passages, each stage's scores."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QVBoxLayout, QWidget

from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.messages import Notice
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.knowledge.document_words import counted, one_line
from chatbot_app.ui.knowledge.evidence_list import (
    EVIDENCE_ROLE,
    EvidenceDelegate,
    EvidenceModel,
    RankedEvidence,
)
from chatbot_app.ui.knowledge.field_words import asked_words
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.theme import em, scale_font, set_look


class RetrievalInspector(QWidget):
    """Shows a `Retrieval`, of a test search or of an answer."""

    def __init__(self, actions: LibraryActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setObjectName("retrieval_inspector")
        self._summary = self._label("retrieval_summary")
        self._notes = self._label("retrieval_notes")
        self._model = EvidenceModel(self)
        self._list = QListView(self)
        self._list.setObjectName("retrieval_list")
        self._list.setAccessibleName(self.tr("Passages that were found"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(EvidenceDelegate(self._list))
        self._list.setResizeMode(QListView.ResizeMode.Adjust)  # rows are as high as their scores need
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self._list, "sidebar")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.3))
        column.addWidget(self._summary)
        column.addWidget(self._notes)
        column.addWidget(self._list, 1)
        self._list.activated.connect(self._choose)
        self._list.clicked.connect(self._choose)
        self.clear()

    def _label(self, name: str) -> QLabel:
        label = plain_label(self, name, shrinks=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(label, "muted")
        scale_font(label, 0.9)
        return label

    def clear(self) -> None:
        """Show nothing."""
        self._model.set_rows([])
        self._summary.setText(
            self.tr("Type a question to see which passages it finds, and why. No model is asked.")
        )
        self._notes.hide()

    def show_failure(self, notice: Notice) -> None:
        """Say why nothing was searched."""
        self._model.set_rows([])
        self._summary.setText(notice.words)
        self._notes.hide()

    def show_retrieval(self, retrieval: Retrieval, in_prompt: Container[int] | None = None) -> None:
        """Show what was found; `in_prompt` names the passages (by id) that fitted into an answer's prompt."""
        rows = [
            RankedEvidence(rank, found, *self._verdict(found, in_prompt))
            for rank, found in enumerate(retrieval.evidence, 1)
        ]
        rows += [
            RankedEvidence(rank, found, self.tr("too far from the question"), weak=True)
            for rank, found in enumerate(retrieval.below_floor, len(rows) + 1)
        ]
        self._model.set_rows(rows)
        self._list.scrollToTop()
        milliseconds = max(1, round(retrieval.seconds * 1000))
        found = counted(len(retrieval.evidence), self.tr("1 passage"), self.tr("{n} passages"))
        searched = one_line(retrieval.searched)
        lines = [self.tr("Searched for “{query}”").format(query=searched)]
        if retrieval.asked is not None:
            lines.append(asked_words(retrieval.asked))
        weight = round(100 * retrieval.vector_weight)
        lines.append(
            self.tr("{found} in {time} ms; meaning counts {weight} %, words the rest").format(
                found=found, time=milliseconds, weight=weight
            )
        )
        if not retrieval.evidence:
            lines[-1] = self.tr("No passage is near enough to this question to be shown to a model.")
        self._summary.setText("\n".join(lines))
        notes = list(retrieval.notes)
        if retrieval.pending_vectors:
            pending = self.tr("1 passage is found by its words alone so far.")
            several = self.tr("{n} passages are found by their words alone so far.")
            notes.append(counted(retrieval.pending_vectors, pending, several))
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def rows(self) -> list[RankedEvidence]:
        """Return what is listed."""
        return [self._model.index(row).data(EVIDENCE_ROLE) for row in range(self._model.rowCount())]

    def _verdict(self, found: Evidence, in_prompt: Container[int] | None) -> tuple[str, bool]:
        if in_prompt is None:
            return "", False
        if found.passage.id in in_prompt:
            return self.tr("in the prompt"), False
        return self.tr("not in the prompt"), True

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = index.data(EVIDENCE_ROLE)
        if isinstance(row, RankedEvidence):
            self._actions.passage_chosen.emit(row.evidence)
