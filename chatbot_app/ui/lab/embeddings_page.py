"""Embeddings: the library as a map, texts side by side, and sums of words."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.ui.lab.passage_map_tab import PassageMapTab
from chatbot_app.ui.lab.similarity_tab import SimilarityTab
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.lab.word_sums_tab import WordSumsTab
from chatbot_app.workers.lab_services import LabServices


class EmbeddingsPage(QWidget):
    """Three views of the vectors that search the documents; each computes when it is seen."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("embeddings_page")
        self._tabs = ViewTabs("embeddings_tabs", self.tr("Embeddings"), self)
        self.map = PassageMapTab(services, self)
        self.similarity = SimilarityTab(services, self)
        self.sums = WordSumsTab(services, self)
        for tab, title in (
            (self.map, self.tr("Library map")),
            (self.similarity, self.tr("Side by side")),
            (self.sums, self.tr("Word sums")),
        ):
            self._tabs.add(tab, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)

    def open_at(self, question: str = "", **_: Any) -> None:
        """Show where a question lies on the map."""
        self._tabs.setCurrentWidget(self.map)
        if question:
            self.map.ask(question)
