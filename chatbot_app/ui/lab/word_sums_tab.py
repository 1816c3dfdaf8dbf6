"""Words as vectors: king - man + woman."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.core.lab_errors import EmbeddingModelMissing
from chatbot_app.core.messages import Notice
from chatbot_app.core.paths import resources_dir
from chatbot_app.core.text import clean_text
from chatbot_app.lab.word_sums import nearest_words, read_sum, sum_of
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.number_table import NumberTable
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

MOST_WORDS = 3000
_AT_ONCE = 100
_EXAMPLE = "king − man + woman"


@dataclass(frozen=True, slots=True)
class _Words:
    stamp: str
    words: list[str]
    vectors: npt.NDArray[np.float32]


def common_words(count: int) -> list[str]:
    """Return frequent English words, the most frequent first: the vocabulary of the embedding model has them so."""
    path = resources_dir() / "tokenizers" / "all-minilm-l6-v2.tokenizer.json"
    vocabulary = json.loads(path.read_text("utf-8"))["model"]["vocab"]
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    return [word for word in ordered if len(word) > 2 and word.isascii() and word.isalpha()][:count]


class WordSumsTab(QWidget):
    """A sum and the words nearest to it, of the three thousand most frequent ones."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._words: _Words | None = None
        self.edit = QLineEdit(_EXAMPLE, self)
        self.edit.setObjectName("word_sum")
        self.edit.setAccessibleName(self.tr("Words with + and − between them"))
        self.edit.setMaxLength(500)
        self._go = dialog_button(self, "word_sum_button", self.tr("Compute"))
        set_look(self._go, "primary")
        self.table = NumberTable("word_sum_table", self.tr("Words nearest to the sum"), self)
        self.table.set_columns([self.tr("Word"), self.tr("Cosine")])
        self._said = plain_label(self, "word_sum_said", shrinks=True)
        set_look(self._said, "muted")
        self._said.setText(
            self.tr(
                "The first sum takes some seconds: every word is turned into a vector. Then sums are quick."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(em(self, 0.5))
        row.addWidget(self.edit, 1)
        row.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self._said)
        self._go.clicked.connect(self._compute)
        self.edit.returnPressed.connect(self._compute)

    @Slot()
    def _compute(self) -> None:
        text, known = clean_text(self.edit.text()), self._words

        def job(progress: Progress) -> tuple[_Words, list[tuple[str, float]]]:
            terms = read_sum(text)
            embedder = self._services.house.library.sentence_embedder
            if embedder is None:
                raise EmbeddingModelMissing()
            words = known if known is not None and known.stamp == embedder.model.stamp else None
            words = words or _embedded(embedder, progress)
            total = sum_of(embedder.embed([term.words for term in terms]), terms)
            return words, nearest_words(total, words.words, words.vectors, terms)

        self._services.run(job, self._show, self._fail, topic="word sum", progress=self._tell)

    def _tell(self, share: float) -> None:
        self._said.setText(self.tr("Words become vectors: {n} %").format(n=round(100 * share)))

    def _show(self, found: tuple[_Words, list[tuple[str, float]]]) -> None:
        self._words, nearest = found
        self.table.set_rows([[word, f"{cosine:.3f}"] for word, cosine in nearest])
        self._said.setText(
            self.tr("Of the 3,000 most frequent English words; those of the sum are left out.")
        )

    def _fail(self, notice: Notice) -> None:
        self.table.set_rows([])  # what stood there was the answer to another sum
        self._said.setText(notice.words)


def _embedded(embedder: Embedder, progress: Progress) -> _Words:
    words = common_words(MOST_WORDS)
    parts = []
    for start in range(0, len(words), _AT_ONCE):
        progress.tell(start / len(words))
        parts.append(embedder.embed(words[start : start + _AT_ONCE]))
    return _Words(embedder.model.stamp, words, np.concatenate(parts))
