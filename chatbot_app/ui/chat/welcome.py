"""The first launch: what the program is in three sentences, and the ways to begin."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from chatbot_app.ui.chat.card_page import Card, CardPage
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.theme import set_look

_FOUND = "found "  # keys of the cards of servers
_MOST_FOUND = 2


class WelcomeStep(Enum):
    """What a person can do first."""

    TRY_MODEL = "try-model"
    ASK_DOCUMENT = "ask-document"
    BETTER_MODEL = "better-model"
    ADD_SERVER = "add-server"
    SKIP = "skip"


class Welcome(CardPage):
    """Stands in the place of the suggestions until a step is chosen."""

    def __init__(self, look: Look, actions: TranscriptActions, parent: QWidget | None = None) -> None:
        sentences = (
            self.tr(
                "Answers come from your own documents, and every statement shows the place it was found."
            ),
            self.tr("A small model is built in: no account, no key and no network is needed to begin."),
            self.tr("The bar below your question shows what the model will be sent, before you send it."),
        )
        cards = (
            Card(
                WelcomeStep.TRY_MODEL.value,
                "welcome_try_model",
                self.tr("Try the built-in model"),
                self.tr("A first question is written for you; Enter sends it."),
            ),
            Card(
                WelcomeStep.ASK_DOCUMENT.value,
                "welcome_ask_document",
                self.tr("Ask a document"),
                self.tr("A short guide to begin with; drop your own files anywhere."),
            ),
            Card(
                WelcomeStep.BETTER_MODEL.value,
                "welcome_better_model",
                self.tr("Use a better model"),
                self.tr("Download one that fits this computer, or use a file that you have."),
            ),
            Card(
                WelcomeStep.ADD_SERVER.value,
                "welcome_add_server",
                self.tr("Add a server"),
                self.tr("OpenAI, Ollama, LM Studio, llama.cpp, vLLM and their like."),
            ),
        )
        skip = QPushButton(self.tr("Skip"))
        skip.setObjectName("welcome_skip")
        skip.setAccessibleName(self.tr("Skip the welcome"))
        skip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(skip, "quiet")
        super().__init__(look, self.tr("Welcome"), sentences, cards, parent, below=skip)
        self.setObjectName("welcome")
        self._actions = actions
        self._ways = cards
        skip.clicked.connect(self._skip)
        self.chosen.connect(self._begin)

    @Slot()
    def _skip(self) -> None:
        self._actions.welcome_step_chosen.emit(WelcomeStep.SKIP)

    def offer_servers(self, offers: Sequence[tuple[str, str]]) -> None:
        """Offer servers that run on this computer, each with a sentence and its models, before the other servers."""
        found = [
            Card(f"{_FOUND}{place}", f"welcome_found_server_{place}", title, words)
            for place, (title, words) in enumerate(offers[:_MOST_FOUND])
        ]
        self.set_cards([*self._ways[:-1], *found, self._ways[-1]])

    @Slot(str)
    def _begin(self, key: str) -> None:
        if key.startswith(_FOUND):
            self._actions.found_server_chosen.emit(int(key.removeprefix(_FOUND)))
            return
        self._actions.welcome_step_chosen.emit(WelcomeStep(key))
