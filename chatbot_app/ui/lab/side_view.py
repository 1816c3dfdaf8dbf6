"""One of two prompts, and what is answered to it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.side_by_side import Manner, Side, answer
from chatbot_app.llm.stream_events import StreamEvent, StreamFinished, TextDelta
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.streamed_text import StreamedText
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_MANNERS = (Manner.COMPLETION, Manner.CHAT)


class SideView(QWidget):
    """A column."""

    state_changed = Signal()

    def __init__(
        self, name: str, words: str, services: LabServices, models: RawModels, parent: QWidget | None = None
    ) -> None:
        """`name` begins the names of its widgets, `words` is its title."""
        super().__init__(parent)
        self._models = models
        self.stream = ModelStream(services.lanes.models, self)
        self._manner = NamedComboBox(f"{name}_manner", self.tr("{side}: sent as").format(side=words), self)
        self._manner.addItems([self.tr("Raw text (completion)"), self.tr("Message (chat)")])
        field = LongTextField(f"{name}_prompt", self.tr("{side}: prompt").format(side=words), self)
        self._prompt = field.edit
        self.text = StreamedText(f"{name}_text", self.tr("{side}: answer").format(side=words), self)
        self._problem = plain_label(self, f"{name}_problem", shrinks=True)
        set_look(self._problem, "notice-warning")
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.2), 0, em(self, 0.2), 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(QLabel(words, self))
        column.addWidget(self._manner)
        column.addWidget(field, 2)
        column.addWidget(self._problem)
        column.addWidget(self.text, 3)
        self.stream.told.connect(self._show)
        self.stream.failed.connect(self._say)
        self.stream.ended.connect(self.state_changed)

    @property
    def side(self) -> Side:
        """What is asked here."""
        return Side(_MANNERS[self._manner.currentIndex()], self._prompt.toPlainText())

    def show_side(self, side: Side) -> None:
        """Ask something else; what was answered before goes."""
        self.stream.forget()
        self._manner.setCurrentIndex(_MANNERS.index(side.manner))
        self._prompt.setPlainText(side.prompt)
        self.text.begin()
        self._say_words("")

    def begin(self, server_id: str | None, model: str | None, max_tokens: int) -> None:
        """Ask."""
        self.text.begin()
        self._say_words("")
        self.stream.start(partial(answer, self._models, server_id, model, self.side, max_tokens))

    @Slot(object)
    def _show(self, event: StreamEvent) -> None:
        if isinstance(event, TextDelta):
            self.text.add(event.text)
        elif isinstance(event, StreamFinished) and not self.text.text:
            self._say_words(self.tr("The model ended at once: nothing follows."))

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        self._say_words(notice.words)

    def _say_words(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
