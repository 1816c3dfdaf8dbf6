"""The conversation: what its owner gives it, and what Qt tells it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from chatbot_app.core.messages import Message, Summary
from chatbot_app.core.trust import AnswerMode, Quotes
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.first_page import FirstPage
from chatbot_app.ui.chat.found_place import FoundPlace
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.interludes import Interludes
from chatbot_app.ui.chat.jump_button import JumpButton
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.mathematics import MathRenderer
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.model_check_line import Checking
from chatbot_app.ui.chat.safe_document import warm_up
from chatbot_app.ui.chat.step_allowance import StepAllowance
from chatbot_app.ui.chat.text_flush import TextFlush
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.transcript_column import TranscriptColumn
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement
from chatbot_app.ui.chat.typing_redirect import is_typing
from chatbot_app.ui.icons import RETINT_EVENTS

# Longer than 300 lines: one short method for each thing that can be shown; what they do is in the parts.
_NO_WORDS = re.compile("(?!)")
_OVER = object()  # of a job without more steps


class Transcript(QScrollArea):
    """Shows a conversation. The owner feeds it; it owns no store, no network and no thread."""

    older_requested = Signal(str)  # id of the oldest message shown; answer with prepend_messages()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        step: StepAllowance | None = None,
    ) -> None:
        """`clock` counts what is shown as elapsed, in seconds; `step` is what one turn of the event loop may draw."""
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(self.tr("Conversation"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # for `user_actions.composed`
        self.user_actions = TranscriptActions(self)  # what is asked for here
        self._scale = 1.0
        self._older_asked = False
        column = QWidget()
        column.setObjectName("transcript_column")
        self.setWidget(column)
        idle = IdleWork(self, gives_way=lambda: self._placement.has_begun_a_step)
        self.drawing = Drawing(look_of(self), MathRenderer(self), idle)  # what every message is drawn with
        self.drawing.step = step or self.drawing.step
        look, actions = self.drawing.look, self.user_actions
        self._messages = TranscriptMessages(self.drawing, actions, column, self, clock, self)
        self._interludes = Interludes(self.drawing, actions, column, self)
        self._empty = FirstPage(look, actions, self.viewport())
        self._jump = JumpButton(look, self.tr("Jump to latest"), self.viewport())
        self._jump.hide()
        layout = TranscriptColumn(column, self.drawing, self._interludes)
        self._placement = TranscriptPlacement(self, self._messages, layout, self.drawing, self._jump)
        self._text = TextFlush(self._messages, self._placement, self.drawing, self)
        self._found = FoundPlace(self, self._messages, self._placement, lambda: self.is_settled)
        self._restyle = QTimer(self)  # one for the several events of a change of colours or font
        self._restyle.setSingleShot(True)
        self._restyle.setInterval(0)
        self._connect()

    def _connect(self) -> None:
        bar = self.verticalScrollBar()
        for moved in (bar.sliderMoved, bar.actionTriggered):
            moved.connect(self._found.give_up)
            moved.connect(self._placement.moved_by_hand)
        self._placement.top_reached.connect(self._show_older)
        self._placement.end_reached.connect(self._show_newer)
        self._messages.height_changed.connect(self._placement.later)
        self._messages.place_wanted.connect(self._show_place)
        self._interludes.height_changed.connect(self._placement.later)
        self._restyle.timeout.connect(self._rebuild)
        self._jump.clicked.connect(self.jump_to_latest)

    # --- messages ------------------------------------------------------------------------------------

    def show_conversation(self, messages: list[Message], *, has_older: bool) -> None:
        """Show the newest messages of a conversation, oldest first; `has_older` says more can be asked for."""
        self.clear()
        self._messages.show(messages, has_older=has_older)
        self._refresh()
        self.drawing.idle.add(self.read_ahead(), self)

    def prepend_messages(self, messages: list[Message], *, has_older: bool | None = None) -> None:
        """Put older messages above, oldest first; what the person reads stays where it is."""
        self._older_asked = False
        self._messages.has_older = bool(messages) if has_older is None else has_older
        if self._messages.prepend(messages):
            self._messages.page_up()
            self._refresh()

    def add_message(self, message: Message) -> None:
        """Put a message at the end, or show the new state of one that is there."""
        if self._messages.find(message.id) is not None:
            self.set_message(message)
            return
        self._messages.append(message)
        if message.role == "user":
            self._placement.follow()
            self._messages.go_to_end()
        self._refresh()

    def begin_answer(self, message: Message) -> None:
        """Put an empty answer at the end (or reopen one that is continued); text will be appended."""
        self.add_message(message)
        self._messages.go_to_end()
        self._messages.begin(message)
        self._text.soon()
        self._refresh()

    def append_text(self, message_id: str, text: str) -> None:
        """Take more of an answer; it is drawn with the next flush."""
        if self._messages.append_text(message_id, text=text):
            self._text.soon()

    def append_reasoning(self, message_id: str, text: str) -> None:
        """Take more of what the model thinks before it answers."""
        if self._messages.append_text(message_id, reasoning=text):
            self._text.soon()

    def set_message(self, message: Message) -> None:
        """Show another state of a message: its end, a pin, a notice."""
        if self._messages.find(message.id) is None:
            return
        if self._messages.set(message):
            self._text.soon()
        self._refresh()

    def set_marks(self, message_id: str, *, pinned: bool, excluded: bool) -> None:
        """Show whether a message is always or never sent."""
        record = self._messages.find(message_id)
        if record is not None:
            message = record.view.message if record.view is not None else record.message
            text = self.text_of(message_id)
            self.set_message(replace(message, text=text, pinned=pinned, excluded=excluded))

    def set_siblings(self, message_id: str, index: int, count: int) -> None:
        """Say which of its siblings a message is, from 1, and how many there are."""
        self._messages.set_siblings(message_id, index, count)

    def clear(self) -> None:
        """Show nothing but the suggestions."""
        self._messages.clear()
        self._older_asked = False
        self._interludes.clear()
        self._placement.follow()
        self._text.stop()
        self.drawing.idle.clear()
        self._refresh()

    # --- what is said of an answer -------------------------------------------------------------------

    def set_quotes(self, message_id: str, quotes: Quotes, mode: AnswerMode | None = None) -> None:
        """Show what the documents say to a question while its answer, in a `mode`, is still to come."""
        if (view := self.view_of(message_id)) is not None:
            view.content.set_quotes(quotes, mode)

    def set_small_models(self, is_small: Callable[[str | None, str | None], bool]) -> None:
        """Say which models are small: `is_small(server id, model)`."""
        self._messages.set_small_models(is_small)

    def set_checker(self, model: str | None) -> None:
        """Offer a check by the model of a name ("": not known) with answers from documents; None offers none."""
        self._messages.set_checker(model)

    def set_checking(self, message_id: str, checking: Checking | None) -> None:
        """Say how far a model is with checking an answer; None: it is not."""
        self._messages.set_checking(message_id, checking)

    def set_status_line(self, message_id: str, text: str) -> None:
        """Say below an answer what is being waited for; the next text takes it away."""
        if (view := self.view_of(message_id)) is not None:
            view.content.arriving.say(text)

    def set_prompt_tokens(self, message_id: str, tokens: int) -> None:
        """Say that the request for an answer left, with a prompt of about so many tokens."""
        if (view := self.view_of(message_id)) is not None:
            view.content.arriving.set_prompt_tokens(tokens)

    # --- what the model sees -------------------------------------------------------------------------

    def set_unseen(self, message_ids: frozenset[str]) -> None:
        """Draw weaker what the model no longer sees, and a line below the last of it.

        Ids of messages that are not shown are ignored; pinned messages are always seen.
        """
        if self._messages.set_unseen(message_ids):
            self._refresh()

    def set_summary(self, summary: Summary | None) -> None:
        """Show the summary that stands in for the start, below the last message that it covers."""
        self._interludes.set_summary(summary)
        self._placement.place()

    def set_summary_pending(self, is_pending: bool) -> None:
        """Say below the line of the window that a summary is being written, or no longer."""
        self._interludes.set_pending(is_pending)
        self._placement.place()

    # --- looking -------------------------------------------------------------------------------------

    def message_ids(self) -> list[str]:
        """Return the ids of all messages that were given, oldest first."""
        return self._messages.ids()

    def text_of(self, message_id: str) -> str:
        """Return the original text of a message with what has streamed in; "" for an unknown id."""
        return self._messages.text_of(message_id)

    def view_of(self, message_id: str) -> MessageView | None:
        """Return the widget of a message, or None where it is not one now."""
        return self._messages.view_of(message_id)

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the end as text arrives."""
        return self._placement.is_following

    @property
    def is_settled(self) -> bool:
        """Whether everything that arrived has been drawn."""
        fed = all(view.body.is_fed for view in self._messages.growing())
        waits = self._placement.is_waiting or self._restyle.isActive()
        return fed and self.drawing.renderer.is_idle and self.drawing.idle.is_idle and not waits

    def flush(self) -> None:
        """Draw at once what would be drawn a moment later, for printing and tests."""
        self._text.flush()

    # --- going somewhere -----------------------------------------------------------------------------

    def scroll_to(self, message_id: str) -> None:
        """Bring a message that was given to the top of what is seen."""
        view = self._messages.go_to(message_id)
        if view is not None:
            self._placement.is_following = False
            self._refresh()
            self.verticalScrollBar().setValue(view.y() - self.drawing.look.px(1))
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, message_id: str, words: re.Pattern[str]) -> None:
        """Mark in a message what a search found and bring the first place into sight."""
        self._found.show(message_id, words)

    def mark_all(self, message_ids: Iterable[str], words: re.Pattern[str] | None) -> None:
        """Mark words in those messages that are shown, and go nowhere; None takes the marks away."""
        if words is None:
            self._found.give_up()
        for message_id in message_ids:
            self._messages.mark_found(message_id, words or _NO_WORDS)

    @Slot()
    def jump_to_latest(self) -> None:
        """Go to the end and stay there."""
        self._placement.follow()
        self._messages.go_to_end()
        self._refresh()

    @Slot(int)
    def _show_place(self, y: int) -> None:
        self._placement.go_to(y - self.drawing.look.px(2))

    @Slot()
    def _show_older(self) -> None:
        if not self._messages.is_at_start:
            self._messages.page_up()
            self._refresh()
        elif self._messages.has_older and not self._older_asked and len(self._messages):
            self._older_asked = True
            self.older_requested.emit(self._messages.ids()[0])

    @Slot()
    def _show_newer(self) -> None:
        if not self._messages.is_at_end:
            self._messages.page_down()
            self._refresh()

    def _refresh(self) -> None:
        """Show what changed: which messages are seen by the model, and where everything stands."""
        self._interludes.set_line(self._messages.refresh())
        self._empty.show(not len(self._messages))
        self._placement.place()

    def read_ahead(self) -> Iterator[None]:
        """Split the messages near the end before anybody scrolls to them, a step at a time."""
        yield from warm_up(self.drawing.look)
        for view in reversed(self._messages.views()):
            if not isValid(view):
                continue  # scrolled away meanwhile
            steps = view.body.feed_all()
            while isValid(view) and next(steps, _OVER) is not _OVER:
                self._placement.later()
                yield  # meanwhile it may go: another theme makes everything anew

    # --- how it looks --------------------------------------------------------------------------------

    def set_font_scale(self, scale: float) -> None:
        """Scale the text of the conversation (the setting `ui.font_scale`)."""
        if scale != self._scale:
            self._scale = scale
            self._restyle.start()

    def show_welcome(self, *, is_wanted: bool) -> None:
        """Show the welcome of the first launch in the place of the suggestions, or these again."""
        self._empty.show_welcome(is_wanted=is_wanted)

    def offer_servers(self, offers: Sequence[tuple[str, str]]) -> None:
        """Offer servers of this computer in the welcome: a sentence and the models of each."""
        self._empty.offer_servers(offers)

    def before_restyle(self) -> None:
        """Another style sheet comes: what is on the screen stays there until something is drawn in it."""
        self.viewport().setUpdatesEnabled(False)
        self._restyle.start()

    @Slot()
    def _rebuild(self) -> None:
        """Draw everything anew: the palette, the font or the screen changed."""
        self._restyle.stop()
        self.viewport().setUpdatesEnabled(True)
        self.drawing.look = look_of(self, self._scale)
        reading = self._placement.reading()
        self._messages.make_anew()
        self._empty.make_anew(self.drawing.look)
        self._interludes.rebuild()
        self._jump.set_look(self.drawing.look)
        self._jump.raise_()
        self._refresh()
        self._placement.return_to(reading)
        self.drawing.idle.add(self.read_ahead(), self)

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.fill()
        self._placement.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_End:
            self.jump_to_latest()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        elif is_typing(event):
            self.user_actions.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.user_actions.composed.emit(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        is_other = event.type() in RETINT_EVENTS and hasattr(self, "_restyle")
        if is_other and look_of(self, self._scale) != self.drawing.look:
            self._restyle.start()
