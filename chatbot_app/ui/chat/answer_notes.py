"""What stands above and below the words of an answer, so that a person knows what to believe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.chat.own_sentences import OWN_SENTENCES
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.model_verdicts import model_check_of
from chatbot_app.core.trust import (
    AnswerMode,
    Quote,
    Trust,
    checks_of,
    quotes_of,
    statements_found,
    trust_of,
)
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.model_check_line import Checking, ModelCheckLine
from chatbot_app.ui.chat.quotes_view import QuotesView
from chatbot_app.ui.chat.refusal_card import RefusalCard
from chatbot_app.ui.chat.searched_words import SearchedLine, kept_to, searched_words
from chatbot_app.ui.chat.small_model import SmallModelLine, UncheckedLabel
from chatbot_app.ui.chat.statement_marks import StatementMarks
from chatbot_app.ui.chat.support_line import SupportLine
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

_GAP = 0.6  # em between two notes


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of an answer that its message does not hold."""

    live: tuple[Quote, ...] = ()  # quotes that came before it
    is_certain: bool = True  # that these answer the question
    is_small: bool = False  # the model that answers
    is_without_words: bool = False  # while it streams: nothing of a model's own will come
    checking: Checking | None = None  # by a model, now


class AskModelRow(QWidget):
    """Offers a small model's own words, on demand."""

    def __init__(self, look: Look, actions: TranscriptActions, message_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._actions = actions
        self._message_id = message_id
        self.setObjectName("ask_model_row")
        words = self.tr("Ask the model")
        self._button = ChatButton(look, "", words, "ask_model_button", self, caption=words)
        self._button.setToolTip(self.tr("The model answers in its own words"))
        self._button.clicked.connect(self._ask)

    def height_for(self, width: int) -> int:
        """Place the button for a width and return the height, in pixels."""
        row = self._look.px(1.75)
        self._button.setGeometry(0, 0, min(self._button.sizeHint().width(), width), row)
        return row

    @Slot()
    def _ask(self) -> None:
        self._actions.model_answer_requested.emit(self._message_id)


Note = (
    AskModelRow
    | ModelCheckLine
    | QuotesView
    | RefusalCard
    | SearchedLine
    | SmallModelLine
    | SupportLine
    | UncheckedLabel
)


class AnswerNotes(QObject):
    """Builds the notes of one answer; its message view places them above and below the words."""

    statement_requested = Signal(int)  # number of a check
    height_changed = Signal()

    def __init__(self, actions: TranscriptActions, owner: QWidget) -> None:
        super().__init__(owner)
        self._actions = actions
        self._owner = owner
        self._shown: object = None
        self._above: list[Note] = []
        self._below: list[Note] = []
        self._quotes: QuotesView | None = None
        self._checking: Checking | None = None  # by a model, now
        self._model_line: ModelCheckLine | None = None
        self.hides_words = False  # the quotes or the refusal are the answer
        self.marks: StatementMarks | None = None

    def show(
        self,
        look: Look,
        message: Message,
        beside: Beside,
        *,
        has_words: bool,
    ) -> bool:
        """Show what goes with a message; return whether anything changed. `has_words`: some of it has arrived."""
        live, is_small, is_without_words = beside.live, beside.is_small, beside.is_without_words
        checking = beside.checking
        if checking is not None and self._checking is not None and self._model_line is not None:
            self._checking = checking
            self._model_line.show_checking(checking)
        state = (is_small, message.model, has_words, is_without_words, checking is None, beside.is_certain)
        wanted = (look, message.metadata, message.status, live, state)
        if wanted == self._shown:
            return False
        is_streaming = message.status is MessageStatus.STREAMING
        same_quotes = self._quotes is not None and is_streaming and self._quotes.quotes == live
        self._shown = wanted
        self._checking = checking
        if same_quotes and self._quotes is not None and (is_without_words or not is_small):
            self._quotes.set_open(is_without_words or not has_words)
            return True
        self._clear()
        if message.role is Role.ASSISTANT:
            if is_streaming:
                self.hides_words = is_without_words
                is_doubtful = is_small and not is_without_words
                self._show_live(look, beside, is_small=is_doubtful, has_words=has_words)
            else:
                self._show_finished(look, message, is_small=is_small)
        for note in (*self._above, *self._below):
            note.show()
        return True

    def place_above(self, y: int, width: int, look: Look) -> int:
        """Place what stands above the words from `y` on; return where it ends, with the gap below it."""
        return self._place(self._above, y, width, look, gap_first=False)

    def place_below(self, y: int, width: int, look: Look) -> int:
        """Place what stands below the words; return where it ends."""
        return self._place(self._below, y, width, look, gap_first=True)

    def take_over(self, other: AnswerNotes) -> None:
        """Open what the person opened in the notes of another view of the same message."""
        for mine, theirs in zip(self.notes(), other.notes(), strict=False):
            match mine, theirs:
                case QuotesView(), QuotesView():
                    mine.take_over(theirs)
                case SupportLine(), SupportLine():
                    mine.take_over(theirs)
                case RefusalCard(), RefusalCard():
                    mine.take_over(theirs)

    def notes(self) -> list[Note]:
        """Return the notes from the top."""
        return [*self._above, *self._below]

    def description(self) -> str:
        """Return what the checks found, for those who do not see lines under sentences."""
        lines = [note for note in self._below if isinstance(note, SupportLine)]
        model = f"{self._model_line.words()}. " if self._model_line is not None else ""
        return f"{lines[0].words()}. {model}{lines[0].reasons()}" if lines else ""

    def _place(self, notes: list[Note], y: int, width: int, look: Look, *, gap_first: bool) -> int:
        for note in notes:
            if gap_first and y:
                y += look.px(_GAP)
            y = put(note, 0, y, width)
            if not gap_first:
                y += look.px(_GAP)
        return y

    def _clear(self) -> None:
        for note in self.notes():
            note.hide()
            note.deleteLater()
        self._above, self._below = [], []
        self._quotes = None
        self._model_line = None
        self.hides_words = False
        self.marks = None

    # --- what is built -------------------------------------------------------------------------------

    def _show_live(self, look: Look, beside: Beside, *, is_small: bool, has_words: bool) -> None:
        if beside.live:
            is_open = is_small or not has_words
            quotes = self._add_quotes(look, beside.live, is_open=is_open, are_certain=beside.is_certain)
            (self._above if is_small else self._below).append(quotes)
        if beside.live and is_small and has_words:
            self._above.append(UncheckedLabel(look, self._owner))

    def _show_finished(self, look: Look, message: Message, *, is_small: bool) -> None:
        metadata = message.metadata
        trust, quotes, checks = trust_of(metadata), quotes_of(metadata), checks_of(metadata)
        is_small = is_small or (trust is not None and trust.small_model)
        certain = trust is None or trust.certain
        if trust is not None and trust.refused:
            self.hides_words = True
            kept = kept_to(metadata)
            self._add_refusal(look, message, trust, quotes, has_words=False, kept_to=kept)
            self._add_searched(look, metadata)
            return
        if quotes and trust is not None and trust.mode is AnswerMode.QUOTES:
            self.hides_words = True
            self._add_searched(look, metadata)
            self._below.append(self._add_quotes(look, quotes, is_open=True, are_certain=certain))
            self._add_ask_model(look, message)
            return
        is_unchecked = trust is not None and trust.unchecked
        if quotes and is_unchecked:
            self._above.append(self._add_quotes(look, quotes, is_open=True, are_certain=certain))
        if is_unchecked:
            self._above.append(UncheckedLabel(look, self._owner))
        if OWN_SENTENCES in metadata:
            if metadata[OWN_SENTENCES] != [0, 0]:  # there was a text
                self._add_ask_model(look, message)
            return
        if SupportLine.has_anything(checks):
            self._add_support(look, message, trust, quotes)
        if quotes and not is_unchecked and not any(isinstance(one, RefusalCard) for one in self._below):
            is_open = not message.text.strip()
            self._below.append(self._add_quotes(look, quotes, is_open=is_open, are_certain=certain))
        if is_small and message.text.strip():
            self._below.append(SmallModelLine(look, self._actions, message.model, self._owner))

    def _add_ask_model(self, look: Look, message: Message) -> None:
        self._below.append(AskModelRow(look, self._actions, message.id, self._owner))

    def _add_support(
        self, look: Look, message: Message, trust: Trust | None, quotes: Sequence[Quote]
    ) -> None:
        checks = checks_of(message.metadata)
        by_model = model_check_of(message.metadata)
        self.marks = StatementMarks(message.text, checks, by_model)
        line = SupportLine(look, self.marks, self._owner)
        line.statement_requested.connect(self.statement_requested)
        line.height_changed.connect(self.height_changed)
        self._below.append(line)
        if self._checking is not None or by_model is not None:
            self._model_line = ModelCheckLine(look, self._actions, message.id, self._owner)
            if self._checking is not None:
                self._model_line.show_checking(self._checking)
            elif by_model is not None:
                self._model_line.show_check(by_model)
            self._below.append(self._model_line)
        found, checked = statements_found(checks)
        if checked and not found and trust is not None:
            self._add_refusal(look, message, trust, quotes, has_words=True)

    def _add_quotes(
        self, look: Look, quotes: Sequence[Quote], *, is_open: bool, are_certain: bool
    ) -> QuotesView:
        self._quotes = QuotesView(
            look, self._actions, quotes, self._owner, is_open=is_open, are_certain=are_certain
        )
        self._quotes.height_changed.connect(self.height_changed)
        return self._quotes

    def _add_searched(self, look: Look, metadata: Mapping[str, Any]) -> None:
        words = searched_words(metadata)
        if words:
            self._below.append(SearchedLine(look, words, self._owner))

    def _add_refusal(
        self,
        look: Look,
        message: Message,
        trust: Trust,
        quotes: Sequence[Quote],
        *,
        has_words: bool,
        kept_to: Sequence[str] = (),
    ) -> None:
        card = RefusalCard(
            look,
            self._actions,
            message.id,
            trust,
            quotes,
            self._owner,
            has_words=has_words,
            kept_to=kept_to,
        )
        card.height_changed.connect(self.height_changed)
        self._below.append(card)
