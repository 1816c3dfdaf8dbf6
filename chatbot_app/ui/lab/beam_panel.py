"""A beam search: how wide and how far, its tree, and the continuations that it found."""

from __future__ import annotations

from math import exp

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.lab.beam_search import Level, Node
from chatbot_app.llm.logprobs import Token
from chatbot_app.ui.dialog_parts import dialog_button, number_field
from chatbot_app.ui.lab.beam_tree_view import BeamTreeView
from chatbot_app.ui.lab.probability_words import percent, token_words
from chatbot_app.ui.theme import em, set_look


class BeamPanel(QWidget):
    """The search itself is somebody else's: it is asked for, and its levels are given."""

    search_requested = Signal(int, int)  # width, depth
    node_chosen = Signal(object)  # Node to go on from

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = number_field(self, "beam_width", self.tr("Continuations kept"), 1, 8, 3)
        self._depth = number_field(self, "beam_depth", self.tr("Tokens"), 1, 16, 5)
        self._search = dialog_button(self, "beam_search_button", self.tr("Search"))
        self.view = BeamTreeView(self)
        scroll = QScrollArea(self)
        scroll.setObjectName("beam_scroll")
        scroll.setAccessibleName(self.view.accessibleName())
        scroll.setWidget(self.view)
        self._found = QListWidget(self)
        self._found.setObjectName("beam_found")
        self._found.setAccessibleName(self.tr("Continuations that were found"))
        set_look(self._found, "boxed")
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.5))
        for words, spin in (
            (self.tr("Continuations kept"), self._width),
            (self.tr("Tokens"), self._depth),
        ):
            label = QLabel(words, self)
            label.setBuddy(spin)
            head.addWidget(label)
            head.addWidget(spin)
        head.addWidget(self._search)
        head.addStretch(1)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.addWidget(scroll)
        parts.addWidget(self._found)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        parts.setSizes([em(self, 40), em(self, 14)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.4), 0, 0)
        column.addLayout(head)
        column.addWidget(parts, 1)
        self._search.clicked.connect(self._ask)
        self.view.node_chosen.connect(self.node_chosen)
        self._found.itemActivated.connect(self._choose)
        self._found.itemClicked.connect(self._choose)

    def clear(self) -> None:
        """Forget the search: the text is another one."""
        self.view.clear()
        self._found.clear()

    def add_level(self, level: Level[Token]) -> None:
        """Show one step of the search."""
        if level.depth == 0:
            self.clear()
        self.view.add_level(level)
        self._found.clear()
        for node in level.beam if level.depth else ():
            words = "".join(token_words(token) for token in node.tokens)
            item = QListWidgetItem(f"{percent(exp(node.total))}  {words}")
            item.setData(Qt.ItemDataRole.UserRole, node)
            item.setToolTip(words)
            self._found.addItem(item)

    @Slot()
    def _ask(self) -> None:
        self.search_requested.emit(self._width.value(), self._depth.value())

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        node = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(node, Node):
            self.node_chosen.emit(node)
