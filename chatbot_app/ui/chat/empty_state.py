"""A conversation before its first question: what this is, and three ways to begin."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.card_page import Card, CardPage
from chatbot_app.ui.chat.look import Look


class EmptyState(CardPage):
    """The promise in one line and three suggestions; a question is the key of its card."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        suggestions = (
            (
                self.tr("Explain something"),
                self.tr(
                    "Explain in simple words how a language model writes its answer, one step after the other."
                ),
            ),
            (
                self.tr("Write for me"),
                self.tr("Write a friendly e-mail that moves our meeting from Tuesday to Thursday."),
            ),
            (
                self.tr("Compare"),
                self.tr("Compare lists, tuples and sets in Python in a table, with an example of each."),
            ),
        )
        promise = self.tr(
            "Answers from a model here or on a server you choose; you see exactly what it was sent."
        )
        cards = [
            Card(question, f"suggestion_{position}", title, question)
            for position, (title, question) in enumerate(suggestions, start=1)
        ]
        super().__init__(look, self.tr("What would you like to know?"), [promise], cards, parent)
        self.setObjectName("empty_state")
