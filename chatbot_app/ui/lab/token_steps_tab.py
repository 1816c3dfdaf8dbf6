"""A text as tokens, live: boxes over it, what is known of each, counts and cost, and every step below."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Notice
from chatbot_app.lab.token_look import PAGE, TokenLook, TokenPage, look, page_of
from chatbot_app.lab.tokenizer_choice import TokenizerShelf
from chatbot_app.ui.lab.box_flow import BoxFlow
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.pager import Pager
from chatbot_app.ui.lab.steps_view import StepsView
from chatbot_app.ui.lab.token_price import TokenPrice
from chatbot_app.ui.lab.token_words import token_box
from chatbot_app.ui.lab.tokenizer_box import TokenizerBox
from chatbot_app.ui.theme import em, set_least_size, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

_PAUSE_MS = 150  # after the last key
_SLOW_MS = 400  # until it is said that something is computed
_EXAMPLE = "Tokenization isn't reading: 2026 naïve words, 漢字, 😀."


class TokenStepsTab(QWidget):
    """Computes off the GUI thread what one sees of the text, and draws it when it comes."""

    def __init__(self, services: LabServices, shelf: TokenizerShelf, parent: QWidget | None = None) -> None:
        """`shelf` is used in the page's thread alone."""
        super().__init__(parent)
        self._services = services
        self._shelf = shelf
        self._look: TokenLook | None = None
        self._is_stale = True
        self.tokenizer = TokenizerBox(services, self)
        self._specials = QCheckBox(self.tr("Read special tokens"), self)
        self._specials.setToolTip(self.tr("What spells a special token in the text is read as one."))
        self._specials.setObjectName("read_specials")
        self._specials.setChecked(True)
        self._text = LongTextField("tokens_text", self.tr("Text"), self)
        self._count = QLabel(self)
        self._count.setObjectName("tokens_count")
        self._count.setWordWrap(True)
        self.price = TokenPrice(services, self)
        self._boxes = BoxFlow("token_boxes", self.tr("Tokens of the text"), self, focus=True)
        self._pager = Pager("tokens", self)
        self._facts = QLabel(self)
        self._facts.setObjectName("token_facts")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setWordWrap(True)
        set_look(self._facts, "muted")
        self._steps = StepsView(self)
        self._pause, self._slow = QTimer(self), QTimer(self)
        for timer, wait in ((self._pause, _PAUSE_MS), (self._slow, _SLOW_MS)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
        self._build()
        self._connect()
        self._text.edit.setPlainText(_EXAMPLE)
        self._show_facts(-1)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._specials, 1)
        head.addWidget(self.price)
        self._inside = inside = QWidget(self)
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, em(self, 0.4), 0)
        below.setSpacing(em(self, 0.4))
        for part in (self._boxes, self._pager, self._facts):
            below.addWidget(part)
        below.addSpacing(em(self, 0.6))
        below.addWidget(self._steps)
        below.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setObjectName("token_area")
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        set_least_size(self._facts, height=2.2)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        lower = QWidget(self)
        stack = QVBoxLayout(lower)
        stack.setContentsMargins(0, em(self, 0.4), 0, 0)
        stack.addWidget(self._count)
        stack.addWidget(self._area, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setObjectName("tokens_splitter")
        split.addWidget(self._text)
        split.addWidget(lower)
        split.setCollapsible(0, False)
        split.setCollapsible(1, False)
        split.setSizes([em(self, 7), em(self, 30)])
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self.tokenizer)
        column.addLayout(head)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        self._text.edit.textChanged.connect(self._wait)
        self._text.edit.held.connect(self._wait)
        self.tokenizer.changed.connect(self._compute)
        self._specials.toggled.connect(self._compute)
        self._pause.timeout.connect(self._compute)
        self._slow.timeout.connect(self._say_slow)
        self._pager.turned.connect(self._turn)
        self._boxes.pointed.connect(self._show_facts)
        self.price.changed.connect(self._show_counts)
        self._services.given_up.connect(self._let_go)

    def set_text(self, text: str) -> None:
        """Show the tokens of another text."""
        self._text.edit.setPlainText(text)

    def text(self) -> str:
        """Return the text, all of it."""
        return self._text.edit.toPlainText()

    @Slot()
    def _wait(self) -> None:
        self._is_stale = True
        self._pause.start()

    @Slot()
    def _compute(self) -> None:
        self._pause.stop()
        self._is_stale = False
        self._slow.start()
        text, choice, specials = self.text(), self.tokenizer.choice, self._specials.isChecked()

        def job(progress: Progress) -> TokenLook:
            progress.check()
            tokenizer = self._shelf.take(choice)
            progress.check()
            return look(tokenizer, text, specials=specials)

        self._services.run(job, self._show, self._say, topic="look")

    def _show(self, found: TokenLook) -> None:
        self._slow.stop()
        self._look = found
        self._show_counts()
        self._pager.set_total(len(found.encoded), PAGE)
        self._show_page(found.page)
        self._steps.show_steps(found.steps, found.is_cut)

    def _show_page(self, page: TokenPage) -> None:
        self._boxes.show_boxes([token_box(token, facts) for token, facts in page.tokens])

    @Slot()
    def _show_counts(self) -> None:
        found = self._look
        if found is None:
            return
        count, characters = len(found.encoded), len(found.encoded.text)
        words = [self.tr("1 token") if count == 1 else self.tr("{count} tokens").format(count=f"{count:,}")]
        if count:
            words.append(self.tr("{ratio} characters a token").format(ratio=f"{characters / count:.2f}"))
        longest = found.tokenizer.longest_input
        if longest:
            share = f"{100 * count / longest:.1f} %" if count <= longest else self.tr("too long")
            words.append(
                self.tr("longest input {longest} tokens ({share})").format(
                    longest=f"{longest:,}", share=share
                )
            )
        cost = self.price.cost_words(count)
        if cost:
            words.append(cost)
        set_look(self._count, "danger" if longest and count > longest else "")
        self._count.setText(" · ".join(words))

    def _say(self, notice: Notice) -> None:
        self._slow.stop()
        self._look = None
        self._boxes.show_boxes([])
        self._steps.clear()  # they were those of another tokenizer
        self._pager.set_total(0, PAGE)
        set_look(self._count, "danger")
        self._count.setText(notice.words)

    @Slot()
    def _say_slow(self) -> None:
        set_look(self._count, "muted")
        self._count.setText(self.tr("Counting…"))

    @Slot(int)
    def _turn(self, first: int) -> None:
        found = self._look
        if found is not None:
            self._services.run(
                lambda _: page_of(found.tokenizer, found.encoded, first),
                self._show_page,
                self._say,
                topic="page",
            )

    @Slot(int)
    def _show_facts(self, number: int) -> None:
        boxes = self._boxes.boxes
        self._facts.setText(
            " · ".join(boxes[number].tip.split("\n"))
            if 0 <= number < len(boxes)
            else self.tr("Point at a token, or go to it with the arrow keys, to see what is known of it.")
        )
        if number >= 0 and self._boxes.hasFocus():
            place = self._boxes.place_of(number).center()
            at = self._boxes.mapTo(self._inside, place)
            self._area.ensureVisible(at.x(), at.y(), em(self, 2), em(self, 2))

    @Slot()
    def _let_go(self) -> None:
        self._slow.stop()
        self._is_stale = True

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tokenizer.read_models()
        if self._is_stale:
            self._pause.start()
