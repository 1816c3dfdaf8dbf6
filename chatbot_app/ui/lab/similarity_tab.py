"""Up to thirty texts and how near each is to each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from chatbot_app.core.lab_errors import EmbeddingModelMissing
from chatbot_app.core.messages import Notice
from chatbot_app.core.text import clean_text
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.similarity_grid import SimilarityGrid
from chatbot_app.ui.theme import em, set_least_size, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

MOST_TEXTS = 30
_LONGEST = 4000  # characters of a text that are read
_LOOKED_AT = 1_000_000  # characters of the field
_PAUSE_MS = 300
_EXAMPLES = (
    "The cat sleeps on the sofa.",
    "A kitten is taking a nap on the couch.",
    "The dog chased the postman.",
    "Quarterly profits fell by 12 %.",
    "The company earned less than last year.",
)


class SimilarityTab(QWidget):
    """A line is a text; the model that searches the documents makes the vectors."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._is_stale = True
        field = LongTextField("similarity_texts", self.tr("Texts, one a line"), self)
        set_least_size(field, height=6)
        self.edit = field.edit
        self.edit.setPlainText("\n".join(_EXAMPLES))
        self.grid = SimilarityGrid(self)
        scroll = QScrollArea(self)
        scroll.setObjectName("similarity_scroll")
        scroll.setAccessibleName(self.grid.accessibleName())
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.grid)
        scroll.setWidgetResizable(True)
        self._said = plain_label(self, "similarity_said", shrinks=True)
        set_look(self._said, "muted")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._compute)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setObjectName("similarity_splitter")
        parts.addWidget(field)
        parts.addWidget(scroll)
        parts.setStretchFactor(1, 3)
        parts.setSizes([em(self, 9), em(self, 20)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.addWidget(QLabel(self.tr("A text on each line, at most %n", "", MOST_TEXTS), self))
        column.addWidget(parts, 1)
        column.addWidget(self._said)
        self.edit.textChanged.connect(self._wait)
        services.given_up.connect(self._forget)

    @Slot()
    def _wait(self) -> None:
        self._is_stale = True
        self._pause.start()

    @Slot()
    def _forget(self) -> None:
        self._is_stale = True

    @Slot()
    def _compute(self) -> None:
        if not self.isVisible():
            return
        self._is_stale = False
        whole = self.edit.toPlainText()[:_LOOKED_AT]
        lines = [clean_text(line.strip())[:_LONGEST] for line in whole.split("\n") if line.strip()]
        texts = lines[:MOST_TEXTS]
        left_out = len(lines) - len(texts)

        def job(progress: Progress) -> tuple[list[str], npt.NDArray[np.float32], int, str]:
            embedder = self._services.house.library.sentence_embedder
            if embedder is None:
                raise EmbeddingModelMissing()
            vectors = embedder.embed(texts) if texts else np.zeros((0, 1), np.float32)
            models = self._services.house.embedding_models
            return texts, vectors @ vectors.T, left_out, models.name_of(models.used())

        self._services.run(job, self._show, self._fail, topic="similarity")

    def _show(self, found: Any) -> None:
        texts, cosines, left_out, model = found
        self.grid.show_cosines(texts, cosines)
        words = (
            self.tr("Vectors by {model}.").replace("{model}", model) if texts else self.tr("Write a text.")
        )
        if left_out:
            words += " " + self.tr("%n more line(s) are left out.", "", left_out)
        self._said.setText(words)

    def _fail(self, notice: Notice) -> None:
        self._said.setText(notice.words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._pause.start(0)
            self._pause.setInterval(_PAUSE_MS)
