"""The conversation: what its owner gives it, and what Qt tells it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.core.messages import Message, Summary
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.first_page import FirstPage
from chatbot_app.ui.chat.found_place import FoundPlace
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.interludes import Interludes
from chatbot_app.ui.chat.jump_button import JumpButton
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.mathematics import MathRenderer
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.reading_ahead import ReadingAhead
from chatbot_app.ui.chat.step_allowance import StepAllowance
from chatbot_app.ui.chat.text_flush import TextFlush
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.transcript_column import TranscriptColumn
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement
from chatbot_app.ui.chat.transcript_restyle import TranscriptRestyle
from chatbot_app.ui.chat.typing_redirect import is_typing


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
        self._older_asked = False
        column = QWidget()
        column.setObjectName("transcript_column")
        self.setWidget(column)
        idle = IdleWork(self, gives_way=lambda: self._placement.has_begun_a_step)
        self.drawing = Drawing(look_of(self), MathRenderer(self), idle)  # what every message is drawn with
        self.drawing.step = step or self.drawing.step
        look, actions = self.drawing.look, self.user_actions
        self._messages = TranscriptMessages(self.drawing, actions, column, self, clock, self)
        self.remarks = self._messages.remarks  # what is said of answers
        self._interludes = Interludes(self.drawing, actions, column, self)
        self.first_page = FirstPage(look, actions, self.viewport())  # in the place of an empty conversation
        self._jump = JumpButton(look, self.tr("Jump to latest"), self.viewport())
        self._jump.hide()
        layout = TranscriptColumn(column, self.drawing, self._interludes)
        self._placement = TranscriptPlacement(self, self._messages, layout, self.drawing, self._jump)
        self._text = TextFlush(self._messages, self._placement, self.drawing, self)
        messages, placement = self._messages, self._placement
        self.found = FoundPlace(self, messages, placement, lambda: self.is_settled)
        self.reading_ahead = ReadingAhead(messages, placement, self.drawing, self)
        self._restyle = TranscriptRestyle(self, messages, placement, self.reading_ahead, self.drawing)
        self._connect()

    def _connect(self) -> None:
        bar = self.verticalScrollBar()
        for moved in (bar.sliderMoved, bar.actionTriggered):
            moved.connect(self.found.give_up)
            moved.connect(self._placement.moved_by_hand)
        self._placement.top_reached.connect(self._show_older)
        self._placement.end_reached.connect(self._show_newer)
        self._messages.height_changed.connect(self._placement.later)
        self._messages.place_wanted.connect(self._show_place)
        self._interludes.height_changed.connect(self._placement.later)
        self._restyle.look_changed.connect(self._show_look)
        self._jump.clicked.connect(self.jump_to_latest)

    # --- messages ------------------------------------------------------------------------------------

    def show_conversation(self, messages: list[Message], *, has_older: bool) -> None:
        """Show the newest messages of a conversation, oldest first; `has_older` says more can be asked for."""
        self.clear()
        self._messages.show(messages, has_older=has_older)
        self._refresh()
        self.reading_ahead.begin()

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
        waits = self._placement.is_waiting or self._restyle.is_waiting
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
        self.first_page.show(not len(self._messages))
        self._placement.place()

    # --- how it looks --------------------------------------------------------------------------------

    def before_restyle(self) -> None:
        """Another style sheet comes: what is on the screen stays there until something is drawn in it."""
        self._restyle.prepare()

    @Slot()
    def _show_look(self) -> None:
        """Draw in the look of the messages what stands between and above them."""
        look = self.drawing.look
        self.first_page.make_anew(look)
        self._interludes.rebuild()
        self._jump.set_look(look)
        self._jump.raise_()
        self._refresh()

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.first_page.fill()
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
        if hasattr(self, "_restyle"):  # Qt tells of changes while this is built
            self._restyle.heard(event)
