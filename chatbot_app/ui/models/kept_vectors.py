"""Which vectors of the documents are stored: those that are searched, and the ways back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.chat.library_move import KeptVectors
from chatbot_app.ui.dialog_parts import dialog_button, question_box
from chatbot_app.ui.models.model_words import DOT, one_line, size_words
from chatbot_app.ui.models.two_line_list import TwoLineList, TwoLines
from chatbot_app.ui.theme import em, set_look

_LINES = 6  # of text that the list shows; more are scrolled to


class KeptVectorsView(QWidget):
    """A list, and what can be done with the chosen row."""

    back_requested = Signal(object)  # KeptVectors: move the library to their model
    removal_requested = Signal(str)  # stamp

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[str, KeptVectors] = {}
        self._names: dict[str, str] = {}
        self._is_moving = False
        title = QLabel(self.tr("Vectors that are kept"), self)
        set_look(title, "muted")
        self._list = TwoLineList("kept_vectors_list", self.tr("Vectors that are kept"), self)
        self._list.setFixedHeight(_LINES * self.fontMetrics().lineSpacing())
        self._back = dialog_button(self, "kept_vectors_back", self.tr("Search with these"))
        self._remove = dialog_button(self, "kept_vectors_remove", self.tr("Remove…"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(title)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)
        self._list.chosen.connect(self._allow)
        self._back.clicked.connect(self._ask_back)
        self._remove.clicked.connect(self._ask_removal)
        self._allow()

    def show_kept(self, kept: Sequence[tuple[KeptVectors, str]], *, is_moving: bool) -> None:
        """Show vectors, each with the name of its model."""
        self._kept = {vectors.stamp: vectors for vectors, _ in kept}
        self._names = {vectors.stamp: name for vectors, name in kept}
        self._is_moving = is_moving
        rows = []
        for vectors, name in kept:
            below = self.tr("%n passage(s)", "", vectors.passages) + DOT + size_words(vectors.bytes)
            note = self.tr("searched") if vectors.is_used else ""
            rows.append(TwoLines(vectors.stamp, one_line(name), below, note, note_ink="success"))
        self._list.show_rows(rows)
        self._allow()

    def _chosen(self) -> KeptVectors | None:
        return self._kept.get(self._list.current_key())

    @Slot()
    def _allow(self) -> None:
        chosen = self._chosen()
        is_free = chosen is not None and not chosen.is_used and not self._is_moving
        self._back.setEnabled(is_free and chosen is not None and chosen.is_known)
        self._remove.setEnabled(is_free)

    @Slot()
    def _ask_back(self) -> None:
        self.back_requested.emit(self._chosen())

    @Slot()
    def _ask_removal(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        name = one_line(self._names[chosen.stamp])[:60]
        words = self.tr("This frees {size}. To search with that model again they would have to be made anew.")
        box, confirm = question_box(
            self,
            "kept_vectors_removal_box",
            self.tr("Remove the vectors of “{name}”?").replace("{name}", name),
            self.tr("Remove"),
            "kept_vectors_removal_confirmed",
            title=self.tr("Remove vectors"),
            more=words.format(size=size_words(chosen.bytes)),
        )
        stamp = chosen.stamp
        confirm.clicked.connect(lambda: self.removal_requested.emit(stamp))
        box.open()
