"""Three sentences as bags of words and as TF-IDF, and how near they are; dense vectors of the embedding model beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.text import clean_text
from chatbot_app.lab.text_vectors import Matrix, TextVectors, bag_of_words, cosines, tf_idf
from chatbot_app.ui.lab.number_table import NumberTable
from chatbot_app.ui.theme import em, scale_font, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

_PAUSE_MS = 300
_MOST_TERMS = 200  # that are shown
_LONGEST = 5_000  # characters of a sentence
_EXAMPLES = (
    "The doctor asked the nurse a question.",
    "The physician put a query to the nurse.",
    "The dog asked for a walk.",
)
_PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, slots=True)
class _Found:
    counts: TextVectors
    weights: TextVectors
    dense: Matrix | None  # cosines, None where there is no embedding model


class TextVectorsTab(QWidget):
    """Computes when a sentence changes."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._is_stale = True
        self._fields = []
        form = QFormLayout()
        for number, example in enumerate(_EXAMPLES, start=1):
            field = QLineEdit(example, self)
            field.setObjectName(f"sentence_{number}")
            field.setMaxLength(_LONGEST)
            words = self.tr("Sentence {number}").format(number=number)
            field.setAccessibleName(words)
            field.textChanged.connect(self._wait)
            form.addRow(words, field)
            self._fields.append(field)
        self._near = NumberTable("near_table", self.tr("How near the sentences are"), self)
        self._near.be_low(9)
        self._terms = NumberTable("terms_table", self.tr("Vectors of the sentences"), self)
        self._said = QLabel(self)
        self._said.setObjectName("vectors_said")
        self._said.setWordWrap(True)
        set_look(self._said, "muted")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._compute)
        services.given_up.connect(self._let_go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(form)
        column.addWidget(self._heading(self.tr("Cosine of the angle between two sentences")))
        column.addWidget(self._near)
        column.addWidget(self._heading(self.tr("The vectors: a number for each word")))
        column.addWidget(self._terms, 1)
        column.addWidget(self._said)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self)
        scale_font(label, 1.0, bold=True)
        return label

    @Slot()
    def _wait(self) -> None:
        self._is_stale = True
        self._pause.start()

    @Slot()
    def _compute(self) -> None:
        if not self.isVisible():
            return
        self._is_stale = False
        texts = [clean_text(field.text()) for field in self._fields]

        def job(progress: Progress) -> _Found:
            counts = bag_of_words(texts)
            found = _Found(counts, tf_idf(counts), None)
            progress.tell(found)  # the embedding model takes a second to start
            embedder = self._services.house.library.local_embedder
            if embedder is None:
                return found
            vectors = embedder.embed(texts)
            vectors[[not text.strip() for text in texts]] = 0  # a text without words has no direction
            return _Found(counts, found.weights, cosines(vectors.astype("float64")))

        self._services.run(job, self._show, self._fail, topic="vectors", progress=self._show)

    def _show(self, found: _Found) -> None:
        counts, weights = cosines(found.counts.matrix), cosines(found.weights.matrix)
        self._near.set_columns(
            [self.tr("Sentences"), self.tr("Bag of words"), self.tr("TF-IDF"), self.tr("Embedding model")]
        )
        self._near.set_rows(
            [
                [
                    self.tr("{one} and {other}").format(one=one + 1, other=other + 1),
                    f"{counts[one, other]:.2f}",
                    f"{weights[one, other]:.2f}",
                    "…" if found.dense is None else f"{found.dense[one, other]:.2f}",
                ]
                for one, other in _PAIRS
            ]
        )
        numbers = range(1, len(_EXAMPLES) + 1)
        self._terms.set_columns(
            [
                self.tr("Word"),
                *(self.tr("Count in {number}").format(number=number) for number in numbers),
                *(self.tr("TF-IDF in {number}").format(number=number) for number in numbers),
            ]
        )
        self._terms.set_rows(
            [
                [
                    term,
                    *(f"{count:.0f}" for count in found.counts.matrix[:, place]),
                    *(f"{weight:.3f}" for weight in found.weights.matrix[:, place]),
                ]
                for place, term in enumerate(found.counts.terms[:_MOST_TERMS])
            ]
        )
        left_out = len(found.counts.terms) - _MOST_TERMS
        self._say(self.tr("Not shown: %n words", "", left_out) if left_out > 0 else "")

    def _say(self, words: str) -> None:
        self._said.setVisible(bool(words))
        self._said.setText(words)

    def _fail(self, notice: Notice) -> None:
        """The classic vectors stand; only the embedding model has none."""
        self._say(notice.summary)

    @Slot()
    def _let_go(self) -> None:
        self._is_stale = True

    def sentences(self) -> Sequence[str]:
        """Return what is compared."""
        return [field.text() for field in self._fields]

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._pause.start()
