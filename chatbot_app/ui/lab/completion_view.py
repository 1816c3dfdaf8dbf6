"""The playground of raw completions: a text, what follows it, and the request as code."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import ServerKind
from chatbot_app.lab.completion import CompletionRequest, complete
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.raw_model import SMALL_MODELS
from chatbot_app.llm.stream_events import StreamEvent, StreamFinished, TextDelta, UsageReported
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.completion_form import CompletionForm
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.lab.streamed_text import StreamedText
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_PAUSE_MS = 120  # after the last key
_BUILT_IN_ADDRESS = "http://127.0.0.1:PORT/v1"  # it is another one after each start, with a key of its own


class CompletionView(QWidget):
    """Everything that was set is sent, and nothing else: the code says the same."""

    def __init__(
        self, services: LabServices, models: RawModels, choice: LabModelChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._choice = choice
        self._stream = ModelStream(services.lanes.models, self)
        self._usage = ""
        self._build()
        self._stream.told.connect(self._show)
        self._stream.failed.connect(self._say)
        self._stream.ended.connect(self._show_state)
        self._start.clicked.connect(self._begin)
        self._stop.clicked.connect(self._stream.stop)
        self._copy.clicked.connect(self._copy_code)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._show_code)
        for changed in (self._prompt.textChanged, self._form.changed, choice.changed):
            changed.connect(self._pause.start)
        services.given_up.connect(self._stream.forget)
        services.given_up.connect(self._show_state)
        self._show_code()
        self._show_state()

    def _build(self) -> None:
        field = LongTextField("completion_prompt", self.tr("Prompt"), self)
        self._prompt = field.edit
        self._prompt.setPlaceholderText(self.tr("A text to go on with: no roles, no question needed"))
        self._text = StreamedText("completion_text", self.tr("What follows"), self)
        self._text.setPlaceholderText(self.tr("What follows stands here"))
        self._start = dialog_button(self, "completion_start", self.tr("Complete"))
        set_look(self._start, "primary")
        self._stop = dialog_button(self, "completion_stop_button", self.tr("Stop"))
        self._said = plain_label(self, "completion_said")
        set_look(self._said, "muted")
        self._problem = plain_label(self, "completion_problem")
        set_look(self._problem, "notice-warning")
        self._problem.hide()
        self._form = CompletionForm(self)
        self._code = ViewTabs("completion_code", self.tr("The request as code"), self)
        for name, words in (("completion_python", self.tr("Python")), ("completion_curl", self.tr("curl"))):
            view = QPlainTextEdit(self)
            view.setObjectName(name)
            set_look(view, "code")
            view.setAccessibleName(self.tr("The request as code: {language}").format(language=words))
            view.setReadOnly(True)
            view.setTabChangesFocus(True)
            view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self._code.add(view, words)
        self._copy = dialog_button(self, "completion_copy", self.tr("Copy code"))
        row = QHBoxLayout()
        row.addWidget(self._start)
        row.addWidget(self._stop)
        row.addWidget(self._said, 1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(field, 2)
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addWidget(self._text, 3)
        right = QWidget(self)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(em(self, 0.6), 0, 0, 0)
        beside.setSpacing(em(self, 0.4))
        beside.addWidget(self._form)
        beside.addWidget(self._code, 1)
        beside.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignRight)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setSizes([em(self, 30), em(self, 22)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, em(self, 0.5), 0, 0)
        whole.addWidget(parts)

    def _request(self) -> CompletionRequest:
        return self._form.request(self._prompt.toPlainText())

    @Slot()
    def _begin(self) -> None:
        self._text.begin()
        self._say_words("")
        self._usage = ""
        self._said.clear()
        key = self._choice.server_id, self._choice.model
        self._stream.start(partial(_complete, self._models, key, self._request()))
        self._show_state()

    @Slot(object)
    def _show(self, event: StreamEvent) -> None:
        if isinstance(event, TextDelta):
            self._text.add(event.text)
        elif isinstance(event, UsageReported) and event.usage.completion_tokens is not None:
            self._usage = self.tr("%n token(s)", "", event.usage.completion_tokens)
        elif isinstance(event, StreamFinished):
            reasons = {
                "stop": self.tr("Ended by itself, or before a stop sequence."),
                "length": self.tr("Cut at the most tokens that were asked for."),
            }
            if not self._text.text:
                reasons["stop"] = self.tr("The model ended the text at once: nothing follows.")
            reason = reasons.get(event.finish_reason or "", event.finish_reason or "")
            self._said.setText(f"{self._usage} · {reason}" if self._usage else reason)

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        self._say_words(notice.words)

    def _say_words(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @Slot()
    def _show_state(self) -> None:
        self._start.setEnabled(not self._stream.is_running)
        self._stop.setEnabled(self._stream.is_running)

    @Slot()
    def _show_code(self) -> None:
        request, server = self._request(), self._choice.server
        is_built_in = server is None or server.kind is ServerKind.BUILT_IN
        address = _BUILT_IN_ADDRESS if server is None or is_built_in else server.base_url
        model = self._choice.model or (server.default_model if server is not None else "")
        if server is SMALL_MODELS:
            words = self.tr("A model of “Build one” has no endpoint that a program could ask.")
            for place in range(self._code.count()):
                shown = self._code.widget(place)
                assert isinstance(shown, QPlainTextEdit)
                shown.setPlainText(words)
            return
        for view, code in (
            (self._code.widget(0), request.as_python(address, model)),
            (self._code.widget(1), request.as_curl(address, model)),
        ):
            assert isinstance(view, QPlainTextEdit)
            view.setPlainText(code)

    @Slot()
    def _copy_code(self) -> None:
        view = self._code.currentWidget()
        assert isinstance(view, QPlainTextEdit)
        QGuiApplication.clipboard().setText(view.toPlainText())


async def _complete(
    models: RawModels, key: tuple[str | None, str | None], request: CompletionRequest
) -> AsyncGenerator[StreamEvent, None]:
    async with models.use(*key) as client, aclosing(complete(client, request)) as events:
        async for event in events:
            yield event
