"""The page of the next token: four parts with one model."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.lab.models import RawModels
from chatbot_app.lab.next_token import TokenPath
from chatbot_app.lab.next_token_jobs import Place
from chatbot_app.ui.lab.answer_view import AnswerView
from chatbot_app.ui.lab.completion_view import CompletionView
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.lab.next_token_controller import NextTokenController
from chatbot_app.ui.lab.next_token_view import NextTokenView
from chatbot_app.ui.lab.repetition_view import RepetitionView
from chatbot_app.ui.lab.side_by_side_view import SideBySideView
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices


class NextTokenPage(QWidget):
    """One model is chosen for all parts."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("next_token_page")
        root = services.house.paths.small_models
        self._models = RawModels(services.house.gateway, root)
        self.choice = LabModelChoice(services, self, small_models=root)
        self.tabs = ViewTabs("next_token_tabs", self.tr("Next token"), self)
        self.view = NextTokenView(self)
        self._controller = NextTokenController(services, self._models, self.choice, self.view)
        self.completion = CompletionView(services, self._models, self.choice, self)
        self.sides = SideBySideView(services, self._models, self.choice, self)
        self.repetition = RepetitionView(services, self._models, self.choice, self)
        self.answer = AnswerView(services, self._models, self)
        self.answer.model_known.connect(self.choice.choose)
        self.answer.word_chosen.connect(self._open_word)
        self.answer.kept_word_chosen.connect(self._open_kept)
        for part, words in (
            (self.view, self.tr("Next token")),
            (self.repetition, self.tr("Repetition")),
            (self.completion, self.tr("Completion")),
            (self.sides, self.tr("Side by side")),
            (self.answer, self.tr("An answer's words")),
        ):
            self.tabs.add(part, words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self.choice)
        column.addWidget(self.tabs, 1)

    def open_at(self, message_id: str) -> None:
        """Show an answer of the history with its words by certainty."""
        self.tabs.setCurrentWidget(self.answer)
        self.answer.show_answer(message_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.choice.refresh_small()  # another one may have learned meanwhile

    @Slot(object, object)
    def _open_word(self, path: TokenPath, whole: TokenPath) -> None:
        self.tabs.setCurrentWidget(self.view)
        self._controller.open_at(path, whole)

    @Slot(object)
    def _open_kept(self, place: Place) -> None:
        self.tabs.setCurrentWidget(self.view)
        self._controller.show_kept(place)
