"""Tokens: a text as a model reads it, tokenizers side by side, one trained here, and the vectors before all that."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.lab.tokenizer_choice import TokenizerShelf
from chatbot_app.ui.lab.text_vectors_tab import TextVectorsTab
from chatbot_app.ui.lab.token_compare_tab import TokenCompareTab
from chatbot_app.ui.lab.token_steps_tab import TokenStepsTab
from chatbot_app.ui.lab.train_tokens_tab import TrainTokensTab
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.workers.lab_services import LabServices


class TokensPage(QWidget):
    """Four views; each is made at once and computes when it is seen."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_page")
        self._tabs = ViewTabs("tokens_tabs", self.tr("Tokens"), self)
        shelf = TokenizerShelf()
        self._steps = TokenStepsTab(services, shelf, self)
        self._compare = TokenCompareTab(
            services, self._steps.text, self._steps.tokenizer.choices, self._steps.price, shelf, self
        )
        for tab, title in (
            (self._steps, self.tr("Step by step")),
            (self._compare, self.tr("Side by side")),
            (TrainTokensTab(services, self), self.tr("Train your own")),
            (TextVectorsTab(services, self), self.tr("Classic vectors")),
        ):
            self._tabs.add(tab, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)

    def open_at(self, text: str = "", **_: Any) -> None:
        """Show the tokens of a text."""
        self._tabs.setCurrentWidget(self._steps)
        self._steps.set_text(text)
