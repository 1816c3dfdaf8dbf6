"""Tokens: a text as a model reads it, tokenizers side by side, one trained here, and the vectors before all that."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from chatbot_app.ui.lab.token_steps_tab import TokenStepsTab
from chatbot_app.workers.lab_services import LabServices


class TokensPage(QWidget):
    """Four views; each is made at once and computes when it is seen."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_page")
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("tokens_tabs")
        self._tabs.setAccessibleName(self.tr("Tokens"))
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setObjectName("tokens_tab_bar")
        self._tabs.tabBar().setAccessibleName(self.tr("Views"))
        self._steps = TokenStepsTab(services, self)
        self._tabs.addTab(self._steps, self.tr("Step by step"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)

    def open_at(self, text: str = "", **_: Any) -> None:
        """Show the tokens of a text."""
        self._tabs.setCurrentWidget(self._steps)
        self._steps.set_text(text)
