"""What a transcript shows: every message it was given, and the widgets of those near the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.ui.chat.answer_remarks import AnswerRemarks
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.transcript_paging import Paging
from chatbot_app.ui.chat.transcript_record import Record

GROWING = 3  # messages at the end that may still be arriving


class TranscriptMessages(QObject):
    """Keeps records, and makes and drops their widgets as `paging` says.

    A message that goes out of sight gives its text back to its record.
    """

    height_changed = Signal()  # of a widget
    place_wanted = Signal(int)  # a height in the column that should come into view
    streaming_shown = Signal()  # a widget was made of an answer that is arriving

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        column: QWidget,
        focus_heir: QWidget,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """Widgets stand in `column`; `focus_heir` takes the focus of one that goes."""
        super().__init__(parent)
        self._drawing = drawing
        self._actions = actions
        self._column = column
        self._focus_heir = focus_heir
        self._clock = clock
        self._records: list[Record] = []
        self._index: dict[str, Record] = {}
        self._paging = Paging()
        self._unseen: frozenset[str] = frozenset()
        self.remarks = AnswerRemarks(lambda: self._records, self.find)
        self.has_older = False  # than the first record, in the store

    # --- looking -----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._records)

    def ids(self) -> list[str]:
        """Return the ids of all messages that were given, oldest first."""
        return [record.message.id for record in self._records]

    def find(self, message_id: str) -> Record | None:
        """Return a message that was given."""
        return self._index.get(message_id)

    def view_of(self, message_id: str) -> MessageView | None:
        """Return the widget of a message, or None where it is not one now."""
        record = self._index.get(message_id)
        return record.view if record is not None else None

    def views(self) -> list[MessageView]:
        """Return the widgets, from the top."""
        shown = self._records[self._paging.first : self._paging.last]
        return [record.view for record in shown if record.view is not None]

    def growing(self) -> list[MessageView]:
        """Return the widgets of the newest messages, which may still be arriving."""
        return [record.view for record in self._records[-GROWING:] if record.view is not None]

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message is a widget."""
        return self._paging.is_at_end

    @property
    def is_at_start(self) -> bool:
        """Whether the oldest message that was given is a widget."""
        return self._paging.first == 0

    def text_of(self, message_id: str) -> str:
        """Return the original text of a message with what has streamed in; "" for an unknown id."""
        record = self._index.get(message_id)
        if record is None:
            return ""
        return record.view.text if record.view is not None else record.message.text

    # --- messages come -----------------------------------------------------------------------------------

    def show(self, messages: Sequence[Message], *, has_older: bool) -> None:
        """Show the end of these, oldest first, instead of all that was there."""
        self.clear()
        self.has_older = has_older
        self._records = [Record(message) for message in messages]
        self._index = {record.message.id: record for record in self._records}
        self._paging.open(len(self._records))
        self._follow_paging()

    def prepend(self, messages: Sequence[Message]) -> bool:
        """Put older messages above, oldest first; False where all are known."""
        new = [Record(message) for message in messages if message.id not in self._index]
        self._index.update((record.message.id, record) for record in new)
        self._records[:0] = new
        self._paging.prepend(len(new))
        return bool(new)

    def append(self, message: Message) -> None:
        """Put a message at the end."""
        record = Record(message)
        self._records.append(record)
        self._index[message.id] = record
        self._paging.append()
        self._follow_paging()

    def set(self, message: Message) -> bool:
        """Know another state of a message; return whether its widget has text to draw."""
        record = self._index.get(message.id)
        if record is None:
            return False
        record.message = message
        if record.view is None:
            return False
        self.remarks.show_size(record)
        record.view.content.set_message(message)
        return not record.view.body.is_fed

    def begin(self, message: Message) -> None:
        """Let text be appended to a message that is there."""
        record = self._index[message.id]
        record.message = replace(message, status=MessageStatus.STREAMING)
        if record.view is not None:
            record.view.content.set_message(record.message)
            record.view.content.begin()

    def append_text(self, message_id: str, *, text: str = "", reasoning: str = "") -> bool:
        """Take more of an answer and of the thoughts before it; False where that is not drawn now."""
        record = self._index.get(message_id)
        if record is None:
            return False
        if record.view is None:
            # Scrolled far away: it is kept and drawn when the message comes back.
            known = record.message
            record.message = replace(known, text=known.text + text, reasoning=known.reasoning + reasoning)
            return False
        if text:
            record.view.content.append_text(text)
        if reasoning:
            record.view.content.append_reasoning(reasoning)
        return True

    def clear(self) -> None:
        """Show nothing."""
        for record in self._records:
            self._drop(record)
        self._records, self._index = [], {}
        self._paging.open(0)
        self._unseen = frozenset()
        self.has_older = False

    # --- which are widgets -------------------------------------------------------------------------------

    def page_up(self) -> None:
        """Make widgets of a page of older messages; what is arriving stays one."""
        self._paging.page_up(keep_end=any(view.is_streaming for view in self.growing()))
        self._follow_paging()

    def page_down(self) -> None:
        """Make widgets of a page of newer messages."""
        self._paging.page_down()
        self._follow_paging()

    def go_to_end(self) -> None:
        """Make widgets of the newest messages."""
        self._paging.go_to_end()
        self._follow_paging()

    def go_to(self, message_id: str) -> MessageView | None:
        """Make widgets of a message and those around it; None where it is not known."""
        record = self._index.get(message_id)
        if record is None:
            return None
        self._paging.go_to(self._records.index(record))
        self._follow_paging()
        return record.view

    def mark_found(self, message_id: str, words: re.Pattern[str]) -> None:
        """Mark what a search found in a message, also when its widget is made anew."""
        record = self.find(message_id)
        if record is not None:
            record.found = words
            if record.view is not None:
                record.view.body.mark_found(words)

    def make_anew(self) -> None:
        """Make every widget once more: colours or fonts changed; what was opened and typed there is kept."""
        for record in self._records[self._paging.first : self._paging.last]:
            old = record.view
            self._drop(record)
            self._make(record)
            if old is not None and record.view is not None:
                record.view.take_over(old)

    def _follow_paging(self) -> None:
        for position, record in enumerate(self._records):
            if not self._paging.holds(position):
                self._drop(record)
            elif record.view is None:
                self._make(record)

    def _make(self, record: Record) -> None:
        message = record.message
        view = MessageView(self._drawing, self._actions, message, self._clock, self._column)
        view.set_siblings(*record.siblings)
        record.view = view
        self.remarks.show_on(record)
        view.place_wanted.connect(self.place_wanted)
        view.height_changed.connect(self.height_changed)
        if record.found is not None:
            view.body.blocks.mark_found(record.found)
        if message.status is MessageStatus.STREAMING:
            view.content.begin()
            self.streaming_shown.emit()
        view.show()

    def _drop(self, record: Record) -> None:
        view, record.view = record.view, None
        if view is None:
            return
        record.message = replace(record.message, text=view.text, reasoning=view.content.reasoning)
        if view.has_focus_inside():
            # Qt would give the focus to the next message and scroll there.
            self._focus_heir.setFocus(Qt.FocusReason.OtherFocusReason)
        view.hide()
        view.deleteLater()

    # --- what is said of them ----------------------------------------------------------------------------

    def refresh(self) -> str | None:
        """Draw weaker what the model no longer sees and mark the newest; return the last that is not seen."""
        last_unseen = None
        for position, record in enumerate(self._records):
            unseen = record.message.id in self._unseen
            if unseen:
                last_unseen = record.message.id
            if record.view is not None:
                record.view.set_out_of_window(unseen and not record.message.pinned)
                record.view.set_newest(position >= len(self._records) - 1)
        return last_unseen

    def set_unseen(self, message_ids: frozenset[str]) -> bool:
        """Say which messages the model no longer sees; False where that is known."""
        is_new = message_ids != self._unseen
        self._unseen = message_ids
        return is_new

    def set_siblings(self, message_id: str, index: int, count: int) -> None:
        """Say which of its siblings a message is, from 1, and how many there are."""
        record = self._index.get(message_id)
        if record is not None:
            record.siblings = (index, count)
            if record.view is not None:
                record.view.set_siblings(index, count)
