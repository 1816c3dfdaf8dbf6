"""One message: a tinted bubble for a question, the full column for an answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.answer_facts import facts_of
from chatbot_app.ui.chat.answer_placement import place_answer
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.message_content import MessageContent
from chatbot_app.ui.chat.message_editing import MessageEditing
from chatbot_app.ui.chat.message_editor import MessageEditor
from chatbot_app.ui.chat.message_footer import MessageFooter
from chatbot_app.ui.chat.message_menu import Entry, check_entries, entries_about, message_menu
from chatbot_app.ui.chat.message_toolbar import Siblings
from chatbot_app.ui.chat.question_bubble import QuestionBubble
from chatbot_app.ui.chat.spoken_message import spoken_description, spoken_name
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class MessageView(QWidget):
    """Places and paints what `content` shows; its parts emit what is asked for on the transcript's actions."""

    height_changed = Signal()
    place_wanted = Signal(int)  # a height beside this widget that should come into view

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        message: Message,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._actions = actions
        self._out_of_window = False
        self._newest = False
        self._width = -1
        self._height = 0
        self.bubble: QuestionBubble | None = None  # around what is not an answer
        self.footer = MessageFooter(drawing, actions, self)
        self.content = MessageContent(drawing, actions, message, clock, self)
        self.content.height_changed.connect(self._grow)
        self.content.state_changed.connect(self._show_state)
        self.content.place_wanted.connect(self._want_place)
        self._editing = MessageEditing(drawing, actions, self.content, self)
        self._editing.changed.connect(self._show_editing)
        if message.role is not Role.ASSISTANT:
            self.bubble = QuestionBubble(drawing, self)
            self.bubble.height_changed.connect(self._grow)
        self.setObjectName("message_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # for `composed`
        self._show_state()

    # --- the message ---------------------------------------------------------------------------------

    @property
    def message(self) -> Message:
        """The message as it was last given; while it streams, `text` knows more."""
        return self.content.message

    @property
    def body(self) -> MessageBody:
        """The words."""
        return self.content.body

    @property
    def text(self) -> str:
        """The original Markdown, with what has streamed in."""
        return self.content.text

    @property
    def editor(self) -> MessageEditor | None:
        """What stands in the place of the words while they are edited."""
        return self._editing.editor

    @property
    def is_streaming(self) -> bool:
        """Whether more text is to come."""
        return self.content.is_streaming

    def set_siblings(self, index: int, count: int) -> None:
        """Show which version this is, from 1."""
        self.footer.set_siblings(self.message, Siblings(index, count))
        self._grow()

    def set_out_of_window(self, outside: bool) -> None:
        """Draw weaker what the model no longer sees."""
        if outside != self._out_of_window:
            self._out_of_window = outside
            self.body.set_dimmed(self._is_weaker)
            self.update()

    def set_newest(self, newest: bool) -> None:
        """The newest message shows its buttons always."""
        if newest != self._newest:
            self._newest = newest
            self._show_quiet()

    def take_over(self, other: MessageView) -> None:
        """Go on where another view of the same message was: what was read, opened or typed there is kept."""
        if self.bubble is not None and other.bubble is not None:
            self.bubble.is_expanded = other.bubble.is_expanded
        self.content.take_over(other.content)
        if other.editor is not None:
            self._editing.begin(other.editor.text())

    @property
    def _is_weaker(self) -> bool:
        return self._out_of_window or self.message.excluded

    @Slot()
    def _show_state(self) -> None:
        message, content = self.message, self.content
        is_finished = message.role is Role.ASSISTANT and message.status is not MessageStatus.STREAMING
        self.footer.facts = facts_of(message) if is_finished else ""
        self.footer.offer_check(content.check_words(), is_running=content.is_checked_now)
        self.footer.show_message(message)
        self.body.set_dimmed(self._is_weaker)
        self.setAccessibleName(spoken_name(message))
        self.setAccessibleDescription(spoken_description(message, content.notes.description()))

    def _show_quiet(self) -> None:
        near = self.underMouse() or self.has_focus_inside()
        self.footer.set_quiet(not (near or self._newest or self.message.role is Role.ASSISTANT))

    def has_focus_inside(self) -> bool:
        """Whether the message or one of its buttons has the focus."""
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    # --- geometry ------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Place everything for a width and return the height, in pixels."""
        if width == self._width:
            return self._height
        self._width = width
        if self.editor is not None:
            y = put(self.editor, 0, 0, width)
        elif self.bubble is None:
            y = place_answer(self.content, width, self._drawing.look)
        else:
            y = self.bubble.place(self.body, 0, width)
        for part in self.content.below():
            y = put(part, 0, y + (self._drawing.look.px(0.6) if y else 0), width)
        is_busy = self.is_streaming or self.editor is not None
        self._height = self.footer.place(self.message.role, y, width, is_hidden=is_busy)
        return self._height

    def materialise(self, top: int, bottom: int) -> bool:
        """Make widgets of what lies between two heights; return whether the message's height changed."""
        before = self._height
        if self.footer.toolbar is None:
            toolbar = self.footer.make_toolbar(self.message)
            toolbar.copy_requested.connect(self.copy)
            toolbar.edit_requested.connect(self.edit)
            self._show_quiet()
            self._measure_again()
        body = self.body
        changed = self.content.arriving.materialise(top, bottom)
        if self.content.shows_words:
            if self.bubble is not None and self.bubble.hides_end:
                bottom = min(bottom, body.y() + body.height())
            changed |= body.materialise(top - body.y(), bottom - body.y(), body.width())
        if changed:
            self._measure_again()
        return self._height != before

    def release(self, top: int, bottom: int) -> None:
        """Drop the widgets that are far from the part between two heights."""
        self.body.release(top - self.body.y(), bottom - self.body.y())

    def leave(self) -> None:
        """Nothing of this message is in sight."""
        self.body.leave()
        self.content.arriving.leave()

    def invalidate(self) -> None:
        """Place everything again at the next `height_for`."""
        self._width = -1

    def _measure_again(self) -> None:
        self._width, width = -1, self._width
        self.height_for(width)

    @Slot()
    def _grow(self) -> None:
        self._width = -1
        self.update()
        self.height_changed.emit()

    @Slot(int)
    def _want_place(self, y: int) -> None:
        self.place_wanted.emit(self.y() + self.body.y() + y)

    # --- what is asked -------------------------------------------------------------------------------

    @Slot()
    def copy(self) -> None:
        """Copy the whole message as Markdown."""
        QGuiApplication.clipboard().setText(visible_text(self.text))
        if self.footer.toolbar is not None:
            self.footer.toolbar.confirm_copy()

    @Slot()
    def _copy_selection(self) -> None:
        text = self.body.selected_text()
        QGuiApplication.clipboard().setText(text or visible_text(self.text))

    @Slot()
    def edit(self) -> None:
        """Open the editor in place of the text; an answer cannot be edited while it arrives."""
        if not self.is_streaming and self.editor is None:
            self._editing.begin(self.text)

    @Slot()
    def _show_editing(self) -> None:
        if self.editor is not None and self.bubble is not None:
            self.bubble.hide_button()
        self._grow()

    # --- Qt ------------------------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_quiet()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_quiet()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_quiet()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_quiet()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.body.select_all()
        elif event.key() == Qt.Key.Key_Escape and self.body.selected_text():
            self.body.selection.clear()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._actions.composed.emit(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        asks = self.message.role is Role.USER
        entries: list[Entry] = []
        if self.body.selected_text():
            entries.append((self.tr("Copy selection"), self._copy_selection))
        entries += [
            (self.tr("Copy as Markdown"), self.copy),
            (self.tr("Select all"), self.body.select_all),
            (self.tr("Edit and send again") if asks else self.tr("Edit the answer"), self.edit),
        ]
        if not self.content.is_checked_now:
            entries += check_entries(self._actions, self.message, self.content.check_words())
        siblings = self.footer.siblings
        entries += entries_about(self._actions, self.message, siblings.index, siblings.count)
        menu = message_menu(self, self._actions, entries, self.body.addresses())
        menu.popup(event.globalPos() if not event.pos().isNull() else self.mapToGlobal(QPoint(0, 0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.bubble is not None and self.editor is None:
            self.bubble.paint(painter, weaker=self._is_weaker)
        if not self.is_streaming and self.editor is None:
            self.footer.paint(painter)
