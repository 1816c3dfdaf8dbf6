"""An answer of a chat, each word on a ground that says how certain the model was of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import exp

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.chat.services import Services
from chatbot_app.core.messages import Message, Notice
from chatbot_app.lab.answer_words import AnswerWord
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.next_token import Distribution, TokenPath
from chatbot_app.lab.next_token_jobs import Place, prompt_of, words_of
from chatbot_app.llm.kept_logprobs import LOGPROBS, read_places
from chatbot_app.llm.logprobs import ScoredToken
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.certainty_text import CertaintyText
from chatbot_app.ui.lab.probability_words import percent, token_words
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_TIP_TOKENS = 8


@dataclass(frozen=True, slots=True)
class _SentAnswer:
    """An answer, and what was sent for it; None where that is not known any more."""

    message: Message
    messages: list[dict[str, str]] | None
    words: list[AnswerWord]  # that were kept with it


class AnswerView(QWidget):
    """Reads an answer again with the model that wrote it: the same tokens after the same prompt."""

    word_chosen = Signal(object, object)  # TokenPath before the word, TokenPath of the whole answer
    kept_word_chosen = Signal(object)  # Place, of an answer whose prompt is not known as a text
    model_known = Signal(str, str)  # server id, model: who is asked

    def __init__(self, services: LabServices, models: RawModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._models = models
        self._prompt: TokenPath | None = None
        self._is_kept = False  # the words came with the answer
        self._words: list[AnswerWord] = []
        self._stream = ModelStream(services.lanes.models, self)
        self._explanation = plain_label(self, "answer_explanation")
        set_look(self._explanation, "muted")
        self._problem = plain_label(self, "answer_problem")
        set_look(self._problem, "notice-warning")
        self._problem.hide()
        self._text = CertaintyText("answer_words", self.tr("Words of the answer, by certainty"), self)
        self._text.tip = self._tip
        self._stop = dialog_button(self, "answer_stop", self.tr("Stop"))
        row = QHBoxLayout()
        row.addWidget(self._explanation, 1)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addWidget(self._text, 1)
        self._stream.told.connect(self._show)
        self._stream.failed.connect(self._say)
        self._stream.ended.connect(self._show_state)
        self._stop.clicked.connect(self._stream.stop)
        self._text.token_chosen.connect(self._choose)
        services.given_up.connect(self._stream.forget)
        services.given_up.connect(self._show_state)
        self._explain(self.tr("Choose “Show alternatives” below an answer of a chat, or in its menu."))
        self._show_state()

    def show_answer(self, message_id: str) -> None:
        """Read an answer of the history again."""
        self._stream.forget()
        self._prompt, self._words, self._is_kept = None, [], False
        self._text.show_tokens(())
        self._problem.hide()
        self._explain("")
        house = self._services.house
        self._services.run(lambda _: _read(house, message_id), self._ask, self._say, topic="answer")

    def _ask(self, sent: _SentAnswer) -> None:
        message, key = sent.message, (sent.message.server_id, sent.message.model)
        self.model_known.emit(message.server_id or "", message.model or "")
        self._is_kept = bool(sent.words)
        if self._is_kept:
            self._explain(
                self.tr(
                    "What {model} said of its words while it wrote. The less certain it was, the more a word's ground stands out; "
                    "a press on a word opens what else might have stood there."
                ).format(model=message.model)
            )
            self._words = sent.words
            self._show_words()
        elif sent.messages is None:
            self._say_words(
                self.tr("What was sent for this answer was not kept, so it cannot be read again.")
            )
        else:
            self._explain(
                self.tr(
                    "{model} reads its answer again, token by token. The less certain it was, the more a word's ground stands out; "
                    "a press on a word opens what else might have stood there."
                ).format(model=message.model)
            )
        if sent.messages is not None:
            if self._is_kept:
                self._stream.start(partial(prompt_of, self._models, key, sent.messages))
            else:
                self._stream.start(partial(words_of, self._models, key, sent.messages, message.text))
        self._show_state()

    @Slot(object)
    def _show(self, told: object) -> None:
        if isinstance(told, TokenPath):
            self._prompt = told
        elif isinstance(told, AnswerWord):
            self._words.append(told)
            self._show_words()

    def _show_words(self) -> None:
        self._text.show_tokens([ScoredToken(word.token, word.logprob) for word in self._words])

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        if self._is_kept:
            return  # the words are there; that nobody can go on from one is said when one is pressed
        self._say_words(notice.words)

    def _say_words(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.show()

    def _explain(self, words: str) -> None:
        self._explanation.setText(words)

    @Slot()
    def _show_state(self) -> None:
        self._stop.setEnabled(self._stream.is_running)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self._stream.stop()
        taken = tuple(ScoredToken(word.token, word.logprob) for word in self._words)
        if self._prompt is not None:
            whole = replace(self._prompt, taken=taken)
            self.word_chosen.emit(whole.back(len(taken) - place), whole)
        elif self._is_kept:
            before = TokenPath("", taken=taken[:place])
            likeliest = Distribution.of(self._words[place].likeliest, is_whole=False)
            self.kept_word_chosen.emit(Place(before, likeliest, is_kept=True))

    def _tip(self, place: int) -> str:
        word = self._words[place]
        lines = [f"{token_words(word.token)}  {percent(word.probability)}", ""]
        for one in word.likeliest[:_TIP_TOKENS]:
            lines.append(f"{percent(exp(one.logprob))}  {token_words(one.token)}")
        return "\n".join(lines)


def _read(house: Services, message_id: str) -> _SentAnswer:
    message, plan = house.conversations.message(message_id), house.conversations.plan(message_id)
    words = [
        AnswerWord(place.token.token, place.token.logprob, place.likeliest)
        for place in read_places(message.metadata.get(LOGPROBS))
        if place.token is not None
    ]
    return _SentAnswer(message, plan.messages() if plan is not None else None, words)
