"""The first part of the page: a text, what may follow, and one token after the other."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from chatbot_app.lab.beam_search import Node
from chatbot_app.lab.next_token import TokenPath
from chatbot_app.lab.next_token_jobs import Place
from chatbot_app.llm.logprobs import Token
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.beam_panel import BeamPanel
from chatbot_app.ui.lab.certainty_text import CertaintyText
from chatbot_app.ui.lab.distribution_words import circle_words, entropy_words, reshaping_words
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.sampling_controls import SamplingControls
from chatbot_app.ui.lab.shown_distribution import ShownDistribution
from chatbot_app.ui.lab.step_buttons import StepButtons
from chatbot_app.ui.lab.token_bars import TokenBars
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.theme import em, set_look

_PAUSE_MS = 400  # after the last key
_TEXT_LINES, _TAKEN_LINES = 3.2, 3.4


class NextTokenView(QWidget):
    """Shows where somebody stands and says what is wanted; who asks the model is `NextTokenController`."""

    text_changed = Signal(str)  # when nobody has typed for a moment
    path_wanted = Signal(object)  # TokenPath to stand at

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place: Place | None = None
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell_text)
        self.text.textChanged.connect(self._pause.start)
        self.text.textChanged.connect(self._show_example)
        self.example.clicked.connect(self._begin_with_example)
        self.bars.token_chosen.connect(self._take)
        self.taken.token_chosen.connect(self._go_back)
        self.beams.node_chosen.connect(self._take_beam)

    def _build(self) -> None:
        field = LongTextField("next_text", self.tr("Text"), self)
        self.text = field.edit
        self.text.setPlaceholderText(self.tr("Write a text, and see what may follow"))
        self.taken = CertaintyText("next_taken", self.tr("What was written after it"), self)
        self.taken.setPlaceholderText(
            self.tr("What is taken stands here; its ground says how likely it was.")
        )
        self.example = dialog_button(
            self, "next_example", self.tr("Begin with an example: “{text}”").format(text=self._example())
        )
        self.steps = StepButtons(self)
        self.problem = plain_label(self, "next_problem")
        set_look(self.problem, "notice-warning")
        self.problem.hide()
        self.circle = plain_label(self, "next_circle")
        set_look(self.circle, "notice-info")
        self.circle.hide()
        self.bars = TokenBars(self)
        self.entropy = plain_label(self, "next_entropy")
        self.cuts = plain_label(self, "next_cuts")
        set_look(self.cuts, "muted")
        self.sampling = SamplingControls(self)
        self.beams = BeamPanel(self)
        side = QWidget(self)
        beside = QVBoxLayout(side)
        beside.setContentsMargins(em(self, 0.6), 0, 0, 0)
        beside.addWidget(self.entropy)
        beside.addWidget(self.sampling)
        beside.addWidget(self.cuts)
        beside.addStretch(1)
        likeliest = QSplitter(Qt.Orientation.Horizontal, self)
        likeliest.setChildrenCollapsible(False)
        likeliest.addWidget(self.bars)
        likeliest.addWidget(side)
        likeliest.setStretchFactor(0, 3)
        likeliest.setStretchFactor(1, 2)
        self.parts = ViewTabs("next_parts", self.tr("What may follow"), self)
        self.parts.add(likeliest, self.tr("Likeliest tokens"))
        self.parts.add(self.beams, self.tr("Beam search"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(field)
        column.addWidget(self.example, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.taken, self.steps, self.problem, self.circle):
            column.addWidget(widget)
        column.addWidget(self.parts, 1)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Leave a few lines to the texts."""
        for widget, lines in ((self.text, _TEXT_LINES), (self.taken, _TAKEN_LINES)):
            widget.setFixedHeight(em(widget, lines) + 2 * widget.frameWidth() + em(widget, 0.6))

    # --- what is shown -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show where somebody stands; the rows come with `show_distribution`."""
        self.place = place
        self.taken.show_tokens(place.path.taken)
        words = circle_words(place.path.taken)
        self.circle.setText(words)
        self.circle.setVisible(bool(words))
        self.say(
            self.tr(
                "This server does not continue raw texts: the text was sent as a message, and these tokens may begin "
                "its answer. Nobody can go on from one of them."
            )
            if place.distribution.of_answer
            else ""
        )

    def show_distribution(self, shown: ShownDistribution) -> None:
        """Show the rows, and what reshapes them."""
        self.bars.rows.show_bars(shown.bars)
        self.entropy.setText(entropy_words(shown))
        self.cuts.setText(reshaping_words(shown))

    def show_nothing(self) -> None:
        """Forget where somebody stood."""
        self.place = None
        self.taken.show_tokens(())
        self.circle.hide()
        self.bars.rows.show_bars(())
        self.entropy.clear()
        self.cuts.clear()
        self.beams.clear()

    def say(self, words: str) -> None:
        """Say what went wrong, "" nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def show_text(self, text: str) -> None:
        """Put a text there without asking for what follows."""
        with QSignalBlocker(self.text):
            self.text.setPlainText(text)
        self.text.moveCursor(QTextCursor.MoveOperation.End)  # where the next token follows
        self._pause.stop()
        self._show_example()

    # --- what is wanted ------------------------------------------------------------------------------

    def _example(self) -> str:
        return self.tr("The capital of France is")

    @Slot()
    def _show_example(self) -> None:
        self.example.setVisible(self.text.document().isEmpty())

    @Slot()
    def _begin_with_example(self) -> None:
        self.show_text(self._example())
        self.text.setFocus()
        self._tell_text()

    @Slot()
    def _tell_text(self) -> None:
        self.text_changed.emit(self.text.toPlainText())

    @Slot(int)
    def _take(self, place: int) -> None:
        if self.place is None:
            return
        distribution = self.place.distribution
        if place < len(distribution.tokens):
            logprob = float(distribution.logprobs[place])
            self.path_wanted.emit(self.place.path.and_then(distribution.tokens[place], logprob))

    @Slot(int)
    def _go_back(self, place: int) -> None:
        """Stand before a token that was taken: what else might have stood there?"""
        if self.place is not None:
            path = self.place.path
            self.path_wanted.emit(path.back(len(path.taken) - place))

    @Slot(object)
    def _take_beam(self, node: Node[Token]) -> None:
        if self.place is None:
            return
        path: TokenPath = self.place.path
        way: list[Node[Token]] = []
        one: Node[Token] | None = node
        while one is not None and one.token is not None:
            way.append(one)
            one = one.parent
        for step in reversed(way):
            assert step.token is not None
            path = path.and_then(step.token, step.logprob)
        if way:
            self.path_wanted.emit(path)
