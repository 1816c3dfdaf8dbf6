"""One question to two, three or four models or settings, side by side."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from chatbot_app.core.compared import ComparedAnswer, ComparedQuestion, Outcome
from chatbot_app.core.messages import Notice
from chatbot_app.core.model_prices import PriceBook
from chatbot_app.ui.chat.link_dialog import offer_link
from chatbot_app.ui.compare.compare_column import Ask, CompareColumn
from chatbot_app.ui.compare.compare_form import MOST, CompareForm
from chatbot_app.ui.compare.compare_start import CompareStart
from chatbot_app.ui.compare.comparison_keeper import ComparisonKeeper
from chatbot_app.ui.compare.vote_bar import VoteBar
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.theme import em
from chatbot_app.workers.lab_services import LabServices

_WIDTH, _HEIGHT = 70, 50  # lines of text, where there is room
Shuffle = Callable[[list[CompareColumn]], None]


class CompareWindow(QWidget):
    """A top-level window that belongs to the main window and goes with it; closing it ends what is asked."""

    price_requested = Signal(object, list, str)  # Server, none, the model whose price is to be said

    def __init__(
        self,
        services: LabServices,
        ask: Ask,
        keeper: ComparisonKeeper,
        start_of: Callable[[], CompareStart],
        is_answering: Callable[[str], bool],
        parent: QMainWindow,
        shuffle: Shuffle = random.shuffle,
    ) -> None:
        """`start_of` returns the end of the conversation that is open, `is_answering` says whether an answer is under
        way in one; `shuffle` puts columns whose names are hidden into any order."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("compare_window")
        self.setWindowTitle(self.tr("Compare models"))
        self.setAccessibleName(self.tr("Compare models"))
        self._services = services
        self._keeper = keeper
        self._start_of = start_of
        self._is_answering = is_answering
        self._shuffle = shuffle
        self._asked: ComparedQuestion | None = None  # what the answers belong to
        self._taking_part: list[CompareColumn] = []  # in it, by their numbers
        self._vote: int | Outcome | None = None  # the number of the best column, a tie, or all bad
        self._is_hidden = False  # who answers is not told yet
        self._form = CompareForm(self)
        self.columns = [CompareColumn(number + 1, services, ask, self) for number in range(MOST)]
        self._votes = VoteBar(self)
        self._build()
        self._connect(parent)
        self._show_columns()

    def _build(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("compare_splitter")
        self._splitter.setChildrenCollapsible(False)
        for column in self.columns:
            self._splitter.addWidget(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(em(self, 0.9), em(self, 0.7), em(self, 0.9), em(self, 0.9))
        whole.setSpacing(em(self, 0.5))
        whole.addWidget(self._form)
        whole.addWidget(self._splitter, 1)
        whole.addWidget(self._votes)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))

    def _connect(self, main: QMainWindow) -> None:
        SharedKeys(main, self)
        self._form.asked.connect(self._begin)
        self._form.stopped.connect(self._end)
        self._form.changed.connect(self._show_columns)
        self._votes.vote_requested.connect(self._vote_for_none)
        self._keeper.failed.connect(self._fail_to_keep)
        self._keeper.voted.connect(self._count_votes)
        for column in self.columns:
            column.state_changed.connect(self._show_state)
            column.take_over_requested.connect(self._take_over)
            column.vote_requested.connect(self._cast)
            column.price_requested.connect(self._ask_for_price)
            column.text.link_activated.connect(self._show_link)

    def fit_to_font(self) -> None:
        """Fit the fields to another text size."""
        self._form.fit_to_font()
        for column in self.columns:
            column.fit_to_font()

    @property
    def shown(self) -> list[CompareColumn]:
        """The columns that are asked."""
        return self.columns[: self._form.count]

    def come_forward(self, question: str = "") -> None:
        """Show the window in front, with a question to be asked; at first its columns have the conversation's settings."""
        if question:
            self._form.show_question(question)
        if self._asked is None and not self.isVisible():
            settings = self._start().settings
            for column in self.columns:
                column.settings.show_settings(settings)
        for column in self.columns:
            column.settings.choice.refresh()
        self.follow()
        self._count_votes()
        self.show()
        self.raise_()
        self.activateWindow()
        self._form.question.edit.setFocus()

    @Slot(object)
    def follow(self, _: object = None) -> None:
        """Take over that another conversation is open, or that the open one goes on."""
        opened = self._start_of()
        self._form.follow(opened)
        settings = self._form.chosen_start(opened).settings
        for column in self.columns:
            column.settings.follow(settings)
        self._show_state()

    def _start(self) -> CompareStart:
        return self._form.chosen_start(self._start_of())

    def shutdown(self) -> None:
        """End what is asked, and the threads."""
        self.hide()
        for column in self.columns:
            column.forget()
        self._services.shutdown()

    # --- asking --------------------------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        start = self._start()
        if start.is_busy:
            self._form.say(self.tr("An answer is under way in the conversation. Stop it first, or wait."))
            return
        self._form.say("")
        self._asked = start.question(self._form.text)
        self._keeper.begin(self._asked)
        self._taking_part = list(self.shown)
        self._vote, self._is_hidden = None, self._form.is_blind
        order = list(self.shown)
        if self._is_hidden:
            self._shuffle(order)
        for place, column in enumerate(order):
            self._splitter.insertWidget(place, column)
            letter = chr(ord("A") + place)
            hidden_as = self.tr("Answer {letter}").format(letter=letter) if self._is_hidden else ""
            column.begin(self._asked, start.settings, hidden_as)
        self._show_state()

    @Slot()
    def _end(self) -> None:
        for column in self.columns:
            column.stream.stop()

    @Slot()
    def _show_columns(self) -> None:
        shown = self.shown
        self._taking_part = [column for column in self._taking_part if column in shown]
        for column in self.columns:
            column.setVisible(column in shown)
            if column not in shown:
                column.stream.stop()
        self._splitter.setSizes([em(self, 20)] * MOST)
        self.follow()

    @Slot()
    def _show_state(self) -> None:
        is_running = any(column.stream.is_running for column in self.columns)
        answers = self._answers()
        if not is_running and self._is_hidden and (len(answers) < 2 or not self._form.is_blind):
            self._reveal()  # there is nothing to vote on
        can_vote = not is_running and len(answers) > 1
        vote = self.tr("Keeps the question and all answers with your vote; press again to take it back.")
        take = self.tr("Keeps all answers, and goes on with this one, its model and its settings.")
        for column in self.columns:
            takes_part = column in self._taking_part
            can_take = takes_part and not is_running and not self._is_hidden
            is_best = takes_part and self._vote == column.number
            column.offer(
                take=take if can_take else "", vote=vote if can_vote and takes_part else "", is_best=is_best
            )
        self._votes.offer(vote if can_vote else "", self._vote if isinstance(self._vote, Outcome) else None)
        self._form.show_running(is_running=is_running)
        self._form.explain(self._start(), sum(column.settings.is_local for column in self.shown))

    def _answers(self) -> dict[int, ComparedAnswer]:
        """Return the answers that have words, by the number of their column."""
        kept = {column.number: column.kept for column in self._taking_part}
        return {number: answer for number, answer in kept.items() if answer is not None}

    def _reveal(self) -> None:
        self._is_hidden = False
        for column in self.columns:
            column.reveal()

    # --- what is kept --------------------------------------------------------------------------------

    @Slot(int)
    def _take_over(self, number: int) -> None:
        assert self._asked is not None
        if self._is_answering(self._asked.conversation_id):
            self._form.say(self.tr("An answer is under way in the conversation. Stop it first, or wait."))
            return
        self._form.say("")
        self._keeper.go_on(self._answers(), number)

    @Slot(str)
    def _vote_for_none(self, outcome: str) -> None:
        self._cast(Outcome(outcome))

    @Slot(int)
    def _cast(self, vote: int | Outcome) -> None:
        """Keep a vote; the same one again takes it back."""
        answers = self._answers()
        is_blind = self._is_hidden
        self._vote = None if self._vote == vote else vote
        outcomes: dict[int, Outcome] = {}
        if isinstance(self._vote, Outcome):
            outcomes = dict.fromkeys(answers, self._vote)
        elif self._vote is not None:
            outcomes = dict.fromkeys(answers, Outcome.LOST) | {self._vote: Outcome.WON}
        self._form.say("")
        self._reveal()
        self._keeper.vote(answers, outcomes, is_blind=is_blind)
        self._show_state()

    @Slot(object)
    def _fail_to_keep(self, notice: Notice) -> None:
        self._vote = None
        self.complain(notice)
        self._show_state()

    @Slot(object)
    def complain(self, notice: Notice) -> None:
        """Say what went wrong with the whole."""
        self._form.say(notice.words)

    @Slot()
    def _count_votes(self) -> None:
        store = self._services.house.compared_answers
        self._services.run(
            lambda _: store.tally(), self._votes.show_tally, self.complain, topic="tally of votes"
        )

    @Slot(object)
    def show_prices(self, book: PriceBook) -> None:
        """Count with these prices."""
        for column in self.columns:
            column.cost.show_prices(book)

    @Slot(int)
    def _ask_for_price(self, number: int) -> None:
        column = self.columns[number - 1]
        answer = column.answer
        server = None if answer is None else column.settings.choice.server_of(answer.server_id)
        if answer is not None and server is not None:
            self.price_requested.emit(server, [], answer.model or "")

    @Slot(str)
    def _show_link(self, address: str) -> None:
        offer_link(address, self)

    # --- Qt ------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_splitter"):
            self.fit_to_font()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        self._services.give_up()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Close) or event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
