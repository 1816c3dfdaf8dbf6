"""A conversation before its first question: what this is, and three ways to begin that any model can go."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.card_page import Card, CardPage
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

_OF_SAMPLE = "sample "  # keys of the questions to the sample document


class EmptyState(CardPage):
    """The promise in one line and three suggestions."""

    def __init__(self, look: Look, actions: TranscriptActions, parent: QWidget | None = None) -> None:
        suggestions = (
            (
                _OF_SAMPLE,
                self.tr("Ask the sample document"),
                self.tr("What does a number in brackets after a sentence mean?"),
            ),
            (_OF_SAMPLE, self.tr("Find a passage"), self.tr("Where are conversations and documents kept?")),
            ("", self.tr("Summarise a text"), self.tr("Summarise this text in its own sentences:")),
        )
        promise = self.tr(
            "Answers from your own documents, word for word, or in a model's words that are checked against them."
        )
        cards = [
            Card(f"{kind}{words}", f"suggestion_{position}", title, words)
            for position, (kind, title, words) in enumerate(suggestions, start=1)
        ]
        super().__init__(look, self.tr("What would you like to know?"), [promise], cards, parent)
        self._actions = actions
        self.setObjectName("empty_state")
        self.chosen.connect(self._tell)

    @Slot(str)
    def _tell(self, key: str) -> None:
        if key.startswith(_OF_SAMPLE):
            self._actions.sample_question_chosen.emit(key.removeprefix(_OF_SAMPLE))
        else:
            self._actions.suggestion_chosen.emit(f"{key}\n\n")
