"""The conversation: a window of its newest messages as widgets, drawn block by block."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.trust import AnswerMode, Quotes
from chatbot_app.ui.chat.block_views import Drawing
from chatbot_app.ui.chat.card_page import CardPage
from chatbot_app.ui.chat.empty_state import EmptyState
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.interludes import GAP, Interludes
from chatbot_app.ui.chat.jump_button import JumpButton
from chatbot_app.ui.chat.look import SIDE, TEXT_WIDTH, look_of
from chatbot_app.ui.chat.mathematics import MathRenderer
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.model_check_line import Checking
from chatbot_app.ui.chat.text_view import warm_up
from chatbot_app.ui.chat.typing_redirect import is_typing
from chatbot_app.ui.icons import RETINT_EVENTS

FLUSH_MS = 40
SHOWN_MOST = 100  # messages that are widgets at once
SHOWN_AT_FIRST = 80
MARKING_STEPS = 200  # of FLUSH_MS: after that a place is not looked for any more
PAGE = 30  # messages that come or go at an end
FEED_SECONDS = 0.012  # of one flush; a faster stream waits its turn
AT_END = 24  # pixels from the end that still count as the end
WITHIN_EXCHANGE, BETWEEN_EXCHANGES = 0.15, 1.9  # em; below a question its hidden buttons make room already


@dataclass(slots=True)
class _Record:
    """A message that was given, whether it is a widget now or not."""

    message: Message
    siblings: tuple[int, int] = (1, 1)
    checking: Checking | None = None  # by a model, now
    view: MessageView | None = None


_OVER = object()  # of a job without more steps


class Transcript(QScrollArea):
    """Shows a conversation. The owner feeds it; it owns no store, no network and no thread."""

    older_requested = Signal(str)  # id of the oldest message shown; answer with prepend_messages()
    edit_requested = Signal(str, str)  # message id, new text
    regenerate_requested = Signal(str)  # message id
    continue_requested = Signal(str)  # message id
    retry_requested = Signal(str)  # message id
    stop_requested = Signal()  # of the answer that is waited for
    sibling_requested = Signal(str, int)  # message id, -1 or 1
    pin_toggled = Signal(str, bool)  # message id, wanted state
    exclude_toggled = Signal(str, bool)  # message id, wanted state
    link_activated = Signal(str)  # an http(s) address; show LinkDialog before opening it
    source_activated = Signal(object)  # core.documents.Citation or core.trust.Quote that was clicked
    inspection_requested = Signal(str, str)  # message id, the query that was searched for it
    action_requested = Signal(str, str)  # message id, value of core.errors.Action
    suggestion_chosen = Signal(str)  # question
    sample_question_chosen = Signal(str)  # question to the sample document
    welcome_step_chosen = Signal(object)  # WelcomeStep
    what_was_sent_requested = Signal(str)  # message id
    typed = Signal(str)  # text that was typed where nothing can be written
    composed = Signal(object)  # QInputMethodEvent, likewise; valid during the call only
    summary_edited = Signal(str, str)  # summary id, new text
    summary_pin_toggled = Signal(str, bool)  # summary id, wanted state
    summary_removed = Signal(str)  # summary id

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(self.tr("Conversation"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # for `composed`
        self._clock = clock
        self._scale = 1.0
        self._records: list[_Record] = []
        self._index: dict[str, _Record] = {}
        self._first = 0  # records[first:last] are widgets
        self._last = 0
        self._has_older = False
        self._is_small: Callable[[str | None, str | None], bool] = lambda *_: False
        self._checker: str | None = None
        self._older_asked = False
        self._unseen: frozenset[str] = frozenset()
        self._following = True
        self._placing = False
        self._ticks = 0
        self._renderer = MathRenderer(self)
        self._idle = IdleWork(self, gives_way=lambda: self._turn.isActive())
        self._look = look_of(self)
        self._drawing = Drawing(self._look, self._renderer, self._idle)
        self._column = QWidget()
        self._column.setObjectName("transcript_column")
        self.setWidget(self._column)
        self._interludes = Interludes(self._drawing, self._column, self)
        self._is_welcome = False
        self._empty: CardPage = EmptyState(self._look, self.viewport())
        self._jump = JumpButton(self._look, self.tr("Jump to latest"), self.viewport())
        self._jump.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(FLUSH_MS)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(0)
        self._turn = QTimer(
            self
        )  # runs until the event loop has had a turn: two steps in one would be a long one
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._restyle = QTimer(self)  # one for the several events of a change of colours or font
        self._restyle.setSingleShot(True)
        self._restyle.setInterval(0)
        self._marking: tuple[str, re.Pattern[str]] = ("", re.compile(""))  # message id, what was found in it
        self._marked_at, self._marking_left = -1, 0
        self._connect()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._flush)
        self._late.timeout.connect(self._place)
        self._restyle.timeout.connect(self._rebuild)
        self._jump.clicked.connect(self.jump_to_latest)
        self._connect_empty()
        self._interludes.height_changed.connect(self._later)
        self._interludes.link_activated.connect(self.link_activated)
        self._interludes.summary_edited.connect(self.summary_edited)
        self._interludes.summary_pin_toggled.connect(self.summary_pin_toggled)
        self._interludes.summary_removed.connect(self.summary_removed)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().sliderMoved.connect(self._moved_by_hand)
        self.verticalScrollBar().actionTriggered.connect(self._moved_by_hand)

    # --- messages ------------------------------------------------------------------------------------

    def show_conversation(self, messages: list[Message], *, has_older: bool) -> None:
        """Show the newest messages of a conversation, oldest first; `has_older` says more can be asked for."""
        self.clear()
        self._has_older = has_older
        self._records = [_Record(message) for message in messages]
        self._index = {record.message.id: record for record in self._records}
        self._last = len(self._records)
        self._first = max(self._last - SHOWN_AT_FIRST, 0)
        for record in self._records[self._first :]:
            self._make_view(record)
        self._following = True
        self._refresh_states()
        self._place()
        self._idle.add(self._prepare(), self)

    def prepend_messages(self, messages: list[Message], *, has_older: bool | None = None) -> None:
        """Put older messages above, oldest first; what the person reads stays where it is."""
        self._older_asked = False
        self._has_older = bool(messages) if has_older is None else has_older
        new = [_Record(message) for message in messages if message.id not in self._index]
        if not new:
            return
        for record in new:
            self._index[record.message.id] = record
        self._records[:0] = new
        self._first += len(new)
        self._last += len(new)
        self._extend_up()

    def add_message(self, message: Message) -> None:
        """Put a message at the end, or show the new state of one that is there."""
        if message.id in self._index:
            self.set_message(message)
            return
        record = _Record(message)
        self._records.append(record)
        self._index[message.id] = record
        if self._last == len(self._records) - 1:
            self._last += 1
            self._make_view(record)
            self._shrink_top()
        if message.role == "user":
            self._following = True
            self._extend_to_end()
        self._refresh_states()
        self._place()

    def begin_answer(self, message: Message) -> None:
        """Put an empty answer at the end (or reopen one that is continued); text will be appended."""
        if message.id in self._index:
            self.set_message(message)
        else:
            self.add_message(message)
        record = self._index[message.id]
        record.message = replace(message, status=MessageStatus.STREAMING)
        self._extend_to_end()
        if record.view is not None:
            record.view.set_message(record.message)
            record.view.begin()
        self._timer.start()
        self._place()

    def append_text(self, message_id: str, text: str) -> None:
        """Take more of an answer; it is drawn with the next flush."""
        record = self._index.get(message_id)
        if record is None:
            return
        if record.view is None:
            # Scrolled far away: the text is kept and drawn when the message comes back.
            record.message = replace(record.message, text=record.message.text + text)
            return
        record.view.append_text(text)
        if not self._timer.isActive():
            self._timer.start()

    def append_reasoning(self, message_id: str, text: str) -> None:
        """Take more of what the model thinks before it answers."""
        record = self._index.get(message_id)
        if record is None:
            return
        if record.view is None:
            record.message = replace(record.message, reasoning=record.message.reasoning + text)
            return
        record.view.append_reasoning(text)
        if not self._timer.isActive():
            self._timer.start()

    def set_message(self, message: Message) -> None:
        """Show another state of a message: its end, a pin, a notice."""
        record = self._index.get(message.id)
        if record is None:
            return
        record.message = message
        if record.view is not None:
            record.view.set_small(self._is_small(message.server_id, message.model))
            record.view.set_message(message)
            if not record.view.body.is_fed and not self._timer.isActive():
                self._timer.start()
        self._refresh_states()
        self._place()

    def set_quotes(self, message_id: str, quotes: Quotes, mode: AnswerMode | None = None) -> None:
        """Show what the documents say to a question while its answer, in a `mode`, is still to come."""
        record = self._index.get(message_id)
        if record is not None and record.view is not None:
            record.view.set_quotes(quotes.quotes, mode, refused=quotes.refused)

    def set_small_models(self, is_small: Callable[[str | None, str | None], bool]) -> None:
        """Say which models are small: `is_small(server id, model)`."""
        self._is_small = is_small
        for record in self._records:
            if record.view is not None:
                record.view.set_small(is_small(record.message.server_id, record.message.model))

    def set_checker(self, model: str | None) -> None:
        """Offer a check by the model of a name ("": not known) with answers from documents; None offers none."""
        self._checker = model
        for record in self._records:
            if record.view is not None:
                record.view.set_checker(model)

    def set_checking(self, message_id: str, checking: Checking | None) -> None:
        """Say how far a model is with checking an answer; None: it is not."""
        record = self._index.get(message_id)
        if record is not None:
            record.checking = checking
            if record.view is not None:
                record.view.set_checking(checking)

    def set_status_line(self, message_id: str, text: str) -> None:
        """Say below an answer what is being waited for; the next text takes it away."""
        record = self._index.get(message_id)
        if record is not None and record.view is not None:
            record.view.set_status_line(text)

    def set_prompt_tokens(self, message_id: str, tokens: int) -> None:
        """Say that the request for an answer left, with a prompt of about so many tokens."""
        record = self._index.get(message_id)
        if record is not None and record.view is not None:
            record.view.set_prompt_tokens(tokens)

    def set_siblings(self, message_id: str, index: int, count: int) -> None:
        """Say which of its siblings a message is, from 1, and how many there are."""
        record = self._index.get(message_id)
        if record is not None:
            record.siblings = (index, count)
            if record.view is not None:
                record.view.set_siblings(index, count)

    def set_marks(self, message_id: str, *, pinned: bool, excluded: bool) -> None:
        """Show whether a message is always or never sent."""
        record = self._index.get(message_id)
        if record is not None:
            message = record.view.message if record.view is not None else record.message
            text = self.text_of(message_id)
            self.set_message(replace(message, text=text, pinned=pinned, excluded=excluded))

    def set_unseen(self, message_ids: frozenset[str]) -> None:
        """Draw weaker what the model no longer sees, and a line below the last of it.

        Ids of messages that are not shown are ignored; pinned messages are always seen.
        """
        if message_ids != self._unseen:
            self._unseen = message_ids
            self._refresh_states()
            self._place()

    def set_summary(self, summary: Summary | None) -> None:
        """Show the summary that stands in for the start, below the last message that it covers."""
        self._interludes.set_summary(summary)
        self._place()

    def set_summary_pending(self, is_pending: bool) -> None:
        """Say below the line of the window that a summary is being written, or no longer."""
        self._interludes.set_pending(is_pending)
        self._place()

    def set_font_scale(self, scale: float) -> None:
        """Scale the text of the conversation (the setting `ui.font_scale`)."""
        if scale != self._scale:
            self._scale = scale
            self._restyle.start()

    def show_welcome(self, *, is_wanted: bool) -> None:
        """Show the welcome of the first launch in the place of the suggestions, or these again."""
        if is_wanted != self._is_welcome:
            self._is_welcome = is_wanted
            self._make_empty()
            self._empty.setVisible(not self._records)

    def _make_empty(self) -> None:
        self._empty.blockSignals(True)
        self._empty.hide()
        self._empty.deleteLater()
        if self._is_welcome:
            from chatbot_app.ui.chat.welcome import Welcome

            self._empty = Welcome(self._look, self.viewport())
            self._empty.step_chosen.connect(self.welcome_step_chosen)
        else:
            self._empty = EmptyState(self._look, self.viewport())
            self._connect_empty()
        self._empty.setGeometry(self.viewport().rect())

    def _connect_empty(self) -> None:
        if isinstance(self._empty, EmptyState):
            self._empty.question_chosen.connect(self.suggestion_chosen)
            self._empty.sample_chosen.connect(self.sample_question_chosen)

    def clear(self) -> None:
        """Show nothing but the suggestions."""
        for record in self._records:
            self._drop_view(record)
        self._records = []
        self._index = {}
        self._first = self._last = 0
        self._has_older = self._older_asked = False
        self._unseen = frozenset()
        self._interludes.clear()
        self._following = True
        self._timer.stop()
        self._idle.clear()
        self._place()

    def message_ids(self) -> list[str]:
        """Return the ids of all messages that were given, oldest first."""
        return [record.message.id for record in self._records]

    def text_of(self, message_id: str) -> str:
        """Return the original text of a message with what has streamed in; "" for an unknown id."""
        record = self._index.get(message_id)
        if record is None:
            return ""
        return record.view.text if record.view is not None else record.message.text

    def view_of(self, message_id: str) -> MessageView | None:
        """Return the widget of a message, or None where it is not one now."""
        record = self._index.get(message_id)
        return record.view if record is not None else None

    def scroll_to(self, message_id: str) -> None:
        """Bring a message that was given to the top of what is seen."""
        record = self._index.get(message_id)
        if record is None:
            return
        position = self._records.index(record)
        if not self._first <= position < self._last:
            self._show_range(max(position - SHOWN_AT_FIRST // 2, 0))
        self._following = False
        self._place()
        if record.view is not None:
            self.verticalScrollBar().setValue(record.view.y() - self._look.px(1))
            record.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, message_id: str, words: re.Pattern[str]) -> None:
        """Mark in a message what a search found and bring the first place into sight."""
        self._marking = (message_id, words)
        self._marked_at, self._marking_left = -1, MARKING_STEPS
        self._mark_on()

    @Slot()
    def _mark_on(self) -> None:
        """Go on until the place is found and nothing above it changes its height any more."""
        message_id, words = self._marking
        record = self._index.get(message_id)
        view = record.view if record is not None else None
        self._marking_left -= 1
        if view is None or self._marking_left < 0:
            return
        top = view.body.mark_found(words)
        if top is not None:
            place = view.y() + view.body.y() + top
            if place == self._marked_at and self.is_settled:
                return
            self._marked_at = place
            # A third of the way down, so that what stands before it is seen as well.
            self.verticalScrollBar().setValue(place - self.viewport().height() // 3)
            self._place()
        elif view.body.is_fed:
            return
        QTimer.singleShot(FLUSH_MS, self, self._mark_on)

    @Slot(int)
    def _show_place(self, y: int) -> None:
        self._following = False
        self.verticalScrollBar().setValue(y - self._look.px(2))

    @Slot()
    def jump_to_latest(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self._extend_to_end()
        self._place()

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the end as text arrives."""
        return self._following

    @property
    def is_settled(self) -> bool:
        """Whether everything that arrived has been drawn."""
        fed = all(record.view is None or record.view.body.is_fed for record in self._records[-3:])
        waits = self._late.isActive() or self._restyle.isActive()
        return fed and self._renderer.is_idle and self._idle.is_idle and not waits

    # --- the window of widgets -----------------------------------------------------------------------

    def _make_view(self, record: _Record) -> None:
        view = MessageView(self._drawing, record.message, self._clock, self._column)
        view.set_siblings(*record.siblings)
        view.set_small(self._is_small(record.message.server_id, record.message.model))
        view.set_checker(self._checker)
        if record.checking is not None:
            view.set_checking(record.checking)
        view.asked.connect(self._asked)
        view.link_activated.connect(self.link_activated)
        view.source_activated.connect(self.source_activated)
        view.place_wanted.connect(self._show_place)
        view.inspection_requested.connect(self.inspection_requested)
        view.composed.connect(self.composed)
        view.height_changed.connect(self._later)
        record.view = view
        if record.message.status is MessageStatus.STREAMING:
            view.begin()
            self._timer.start()
        view.show()

    def _drop_view(self, record: _Record) -> None:
        view, record.view = record.view, None
        if view is None:
            return
        record.message = replace(record.message, text=view.text, reasoning=view.reasoning)
        if view.has_focus_inside():
            # Qt would give the focus to the next message and scroll there.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        view.hide()
        view.deleteLater()

    def _streaming(self) -> bool:
        return any(record.view is not None and record.view.is_streaming for record in self._records[-3:])

    def _extend_up(self) -> None:
        """Make widgets of a page of older messages; drop as many far below."""
        first = max(self._first - PAGE, 0)
        for record in self._records[first : self._first]:
            self._make_view(record)
        self._first = first
        if not self._streaming():
            while self._last - self._first > SHOWN_MOST:
                self._last -= 1
                self._drop_view(self._records[self._last])
        self._refresh_states()
        self._place()

    def _extend_down(self) -> None:
        last = min(self._last + PAGE, len(self._records))
        for record in self._records[self._last : last]:
            self._make_view(record)
        self._last = last
        self._shrink_top()
        self._refresh_states()
        self._place()

    def _extend_to_end(self) -> None:
        if self._last < len(self._records):
            self._show_range(max(len(self._records) - SHOWN_AT_FIRST, 0))

    def _show_range(self, first: int) -> None:
        last = min(first + SHOWN_AT_FIRST, len(self._records))
        for position, record in enumerate(self._records):
            if first <= position < last:
                if record.view is None:
                    self._make_view(record)
            else:
                self._drop_view(record)
        self._first, self._last = first, last
        self._refresh_states()

    def _shrink_top(self) -> None:
        while self._last - self._first > SHOWN_MOST:
            self._drop_view(self._records[self._first])
            self._first += 1

    def _refresh_states(self) -> None:
        last_unseen = None
        for position, record in enumerate(self._records):
            unseen = bool(self._unseen) and record.message.id in self._unseen
            if unseen:
                last_unseen = record.message.id
            if record.view is not None:
                record.view.set_out_of_window(unseen and not record.message.pinned)
                record.view.set_newest(position >= len(self._records) - 1)
        self._interludes.set_line(last_unseen)

    def before_restyle(self) -> None:
        """Another style sheet comes: what is on the screen stays there until something is drawn in it."""
        self.viewport().setUpdatesEnabled(False)
        self._restyle.start()

    @Slot()
    def _rebuild(self) -> None:
        """Draw everything anew: the palette, the font or the screen changed."""
        self._restyle.stop()
        self.viewport().setUpdatesEnabled(True)
        self._look = look_of(self, self._scale)
        self._drawing.look = self._look
        reading = self._reading()
        for record in self._records[self._first : self._last]:
            old = record.view
            self._drop_view(record)
            self._make_view(record)
            if old is not None and record.view is not None:
                record.view.take_over(old)
        self._make_empty()
        self._interludes.rebuild()
        self._jump.set_look(self._look)
        self._jump.raise_()
        self._refresh_states()
        self._place()
        self._return_to(reading)
        self._idle.add(self._prepare(), self)

    def _reading(self) -> tuple[_Record, int, int] | None:
        """Return the message at the top of what is seen, how far into it that is, and how high it was."""
        top = self.verticalScrollBar().value()
        for record in [] if self._following else self._records[self._first : self._last]:
            view = record.view
            if view is not None and view.y() + view.height() > top:
                return record, top - view.y(), view.height()
        return None

    def _return_to(self, reading: tuple[_Record, int, int] | None) -> None:
        if reading is None:
            return
        record, into, height = reading
        if record.view is not None:
            share = record.view.height() / height if into > 0 and height else 1.0
            self.verticalScrollBar().setValue(record.view.y() + round(into * share))

    # --- placing -------------------------------------------------------------------------------------

    def _views(self) -> list[MessageView]:
        return [record.view for record in self._records[self._first : self._last] if record.view is not None]

    def _text_width(self) -> int:
        margin = self._look.px(SIDE)
        # Of the whole width: the column does not jump to the side when the scroll bar comes.
        return max(min(self._look.px(TEXT_WIDTH), self.width() - 2 * margin), self._look.px(8))

    @Slot()
    def _later(self) -> None:
        if not self._placing:
            self._late.start()

    @Slot()
    def _place(self) -> None:
        """Lay out the column, keep what is read in place, and make widgets of what can be seen.

        What this step does not allow any more is made in the next one.
        """
        if self._placing:
            return
        self._placing = True
        self._late.stop()
        try:
            views = self._views()
            self._empty.setVisible(not self._records)
            anchor = None if self._following else self._anchor(views)
            # Widgets that come into sight may be higher than they were thought to be.
            self._begin_step()
            for _ in range(4):
                self._lay_out(views)
                self._scroll_to_anchor(anchor)
                if not self._materialise(views):
                    break
        finally:
            self._placing = False
        if self._drawing.step.is_short:
            self._late.start()
        self._show_jump()

    def _begin_step(self) -> None:
        if not self._turn.isActive():
            self._drawing.step.begin()
            self._turn.start()

    def _lay_out(self, views: list[MessageView]) -> None:
        look = self._look
        width = self._text_width()
        left = max((self.width() - width) // 2, 0)
        y = look.px(1.6)
        previous: MessageView | None = None
        placed: set[QWidget] = set()
        for view in views:
            if previous is not None:
                # A question stands nearer to its answer than to the exchange before it.
                y += look.px(BETWEEN_EXCHANGES if view.message.role is Role.USER else WITHIN_EXCHANGE)
            height = view.height_for(width)
            view.setGeometry(left, y, width, height)
            y += height
            previous = view
            for extra in self._interludes.below(view.message.id):
                y += look.px(GAP)
                height = extra.height_for(width)
                extra.setGeometry(left, y, width, height)
                y += height
                placed.add(extra)
        for extra in self._interludes.all():
            extra.setVisible(extra in placed)
        y += look.px(1.2)
        self._column.resize(self.viewport().width(), max(y, self.viewport().height()) if views else 1)

    def _materialise(self, views: list[MessageView]) -> bool:
        height = self.viewport().height()
        top = self.verticalScrollBar().value() - height // 2
        bottom = top + 2 * height
        changed = False
        near = [view for view in views if view.y() + view.height() >= top and view.y() <= bottom]
        for view in set(views).difference(near):
            view.leave()
        # First what is seen, then what will be seen next.
        for first, last in ((top + height // 2, bottom - height // 2), (top, bottom)):
            for view in near:
                y = view.y()
                if y + view.height() >= first and y <= last:
                    changed |= view.materialise(first - y, last - y)
        for view in near:
            view.release(top - view.y(), bottom - view.y())
        for card in self._interludes.cards():
            if not card.isHidden() and card.y() <= bottom and card.y() + card.height() >= top:
                changed |= card.materialise(top - card.y(), bottom - card.y())
        return changed

    def _anchor(self, views: list[MessageView]) -> tuple[MessageView, tuple[int, int]] | None:
        top = self.verticalScrollBar().value()
        for view in views:
            if view.y() + view.height() > top:
                return view, view.body.anchor_at(top - view.y() - view.body.y())
        return None

    def _scroll_to_anchor(self, anchor: tuple[MessageView, tuple[int, int]] | None) -> None:
        bar = self.verticalScrollBar()
        if self._following:
            bar.setValue(bar.maximum())
        elif anchor is not None:
            view, place = anchor
            bar.setValue(view.y() + view.body.y() + view.body.height_of_anchor(place))

    def _show_jump(self) -> None:
        bar = self.verticalScrollBar()
        away = bool(self._records) and (
            self._last < len(self._records) or bar.maximum() - bar.value() > self.viewport().height() // 3
        )
        self._jump.setVisible(away and not self._following)
        side = self._look.px(2.4)
        self._jump.setGeometry(
            (self.viewport().width() - side) // 2,
            self.viewport().height() - side - self._look.px(0.8),
            side,
            side,
        )

    def _prepare(self) -> Iterator[None]:
        """Split the messages near the end before anybody scrolls to them."""
        yield from warm_up(self._look)
        for view in reversed(self._views()):
            if not isValid(view):
                continue  # scrolled away meanwhile
            steps = view.body.feed_all()
            while isValid(view) and next(steps, _OVER) is not _OVER:
                self._later()
                yield  # meanwhile it may go: another theme makes everything anew

    # --- scrolling -----------------------------------------------------------------------------------

    @Slot(int)
    def _moved_by_hand(self, _value: int) -> None:
        self._marking_left = 0
        bar = self.verticalScrollBar()
        self._following = bar.maximum() - bar.sliderPosition() <= AT_END and self._last == len(self._records)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        if self._placing:
            return
        bar = self.verticalScrollBar()
        self._following = bar.maximum() - value <= AT_END and self._last == len(self._records)
        self._place()
        height = self.viewport().height()
        if value < height and not self._following:
            if self._first > 0:
                self._extend_up()
            elif self._has_older and not self._older_asked and self._records:
                self._older_asked = True
                self.older_requested.emit(self._records[0].message.id)
        elif bar.maximum() - value < height and self._last < len(self._records):
            self._extend_down()

    @Slot()
    def _flush(self) -> None:
        """Draw what arrived since the last flush; the one timer of streaming."""
        end = time.perf_counter() + FEED_SECONDS
        self._begin_step()
        busy = False
        for record in self._records[-3:]:
            view = record.view
            if view is None:
                continue
            while not view.body.is_fed and self._drawing.step.has_room and time.perf_counter() < end:
                view.body.feed(at_most=2_000)
                view.invalidate()
            busy |= view.is_streaming or not view.body.is_fed
            if self._ticks % 4 == 0:
                view.tick()
        self._ticks += 1
        self._place()
        if not busy:
            self._timer.stop()

    # --- what is asked -------------------------------------------------------------------------------

    @Slot(str, str, str)
    def _asked(self, message_id: str, what: str, value: str) -> None:
        match what:
            case "edit":
                self.edit_requested.emit(message_id, value)
            case "regenerate":
                self.regenerate_requested.emit(message_id)
            case "continue":
                self.continue_requested.emit(message_id)
            case "retry":
                self.retry_requested.emit(message_id)
            case "stop":
                self.stop_requested.emit()
            case "sibling":
                self.sibling_requested.emit(message_id, int(value))
            case "pin":
                self.pin_toggled.emit(message_id, bool(value))
            case "exclude":
                self.exclude_toggled.emit(message_id, bool(value))
            case "what-was-sent":
                self.what_was_sent_requested.emit(message_id)
            case _:
                self.action_requested.emit(message_id, value)

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_End:
            self.jump_to_latest()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        elif is_typing(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composed.emit(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_late"):
            look = look_of(self, self._scale)
            if look != self._look:
                self._restyle.start()
