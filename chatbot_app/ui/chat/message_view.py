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
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.answer_facts import facts_of
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.message_content import MessageContent
from chatbot_app.ui.chat.message_editor import MessageEditor
from chatbot_app.ui.chat.message_footer import MessageFooter
from chatbot_app.ui.chat.message_menu import Entry, entries_about, message_menu
from chatbot_app.ui.chat.message_toolbar import Siblings
from chatbot_app.ui.chat.question_bubble import QuestionBubble
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

# Longer than 300 lines: what Qt tells a widget has to be told to this one, and all of it is about one place.


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
        self.editor: MessageEditor | None = None
        self.bubble: QuestionBubble | None = None  # around what is not an answer
        self.footer = MessageFooter(drawing, actions, self)
        self.content = MessageContent(drawing, actions, message, clock, self)
        self.content.height_changed.connect(self._grow)
        self.content.state_changed.connect(self._show_state)
        self.content.place_wanted.connect(self._want_place)
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
    def facts(self) -> str:
        """The quiet line below a finished answer."""
        return self.footer.facts

    @property
    def is_streaming(self) -> bool:
        """Whether more text is to come."""
        return self.content.is_streaming

    def progress_text(self) -> str:
        """Return the line below an answer that is being written, "" for any other."""
        line = self.content.arriving.line
        return line.words() if line is not None else ""

    def reasoning_text(self) -> str:
        """Return what can be read of the thoughts: nothing while they are folded away."""
        thoughts = self.content.arriving.thoughts
        return thoughts.body.text if thoughts is not None and thoughts.is_open else ""

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
            self._open_editor(other.editor.text())

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
        speaker = self.tr("You") if message.role is Role.USER else self.tr("Answer")
        said = message.text[:400] or ", ".join(one.name for one in pictures_of(message.metadata))
        self.setAccessibleName(f"{speaker}: {first_words(visible_text(said), 80)}")
        found = content.notes.description()
        self.setAccessibleDescription(f"{found} {visible_text(message.text[:4_000])}".strip())

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
            y = self._place_answer(width)
        else:
            y = self.bubble.place(self.body, 0, width)
        for part in self.content.below():
            y = put(part, 0, y + (self._drawing.look.px(0.6) if y else 0), width)
        is_busy = self.is_streaming or self.editor is not None
        self._height = self.footer.place(self.message.role, y, width, is_hidden=is_busy)
        return self._height

    def _place_answer(self, width: int) -> int:
        look, content = self._drawing.look, self.content
        y = 0
        if content.arriving.thoughts is not None:
            y = put(content.arriving.thoughts, 0, y, width) + look.px(0.35)
        y = content.notes.place_above(y, width, look)
        height = 0 if content.notes.hides_words else content.body.height_for(width)
        content.body.setGeometry(0, y, width, height)
        y = content.notes.place_below(y + height, width, look)
        if content.sources is not None:
            top = y + (look.px(0.9) if height else 0)
            y = put(content.sources, 0, top, width)
            height = y - top
        if content.arriving.line is not None:
            y += look.px(0.4) if height else 0
            content.arriving.line.setGeometry(0, y, width, look.px(1.75))
            y += look.px(1.75)
        return y

    def materialise(self, top: int, bottom: int) -> bool:
        """Make widgets of what lies between two heights; return whether the message's height changed."""
        before = self._height
        if self.footer.toolbar is None:
            toolbar = self.footer.make_toolbar(self.message)
            toolbar.copy_requested.connect(self.copy)
            toolbar.edit_requested.connect(self.edit)
            self._show_quiet()
            self._measure_again()
        body, thoughts = self.body, self.content.arriving.thoughts
        changed = False
        if thoughts is not None:
            y = thoughts.y()
            changed = thoughts.materialise(top - y, bottom - y, thoughts.width())
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
        if self.content.arriving.thoughts is not None:
            self.content.arriving.thoughts.body.leave()

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
    def _check(self) -> None:
        self._actions.check_requested.emit(self.message.id)

    @Slot()
    def edit(self) -> None:
        """Open the editor in place of the text; an answer cannot be edited while it arrives."""
        if not self.is_streaming and self.editor is None:
            self._open_editor(self.text)

    def _open_editor(self, text: str) -> None:
        asks = self.message.role is Role.USER
        self.editor = MessageEditor(self._drawing.look, text, self, asks=asks)
        self.editor.submitted.connect(self._submit_edit)
        self.editor.cancelled.connect(self._close_editor)
        self.content.set_edited(True)
        if self.bubble is not None:
            self.bubble.hide_button()
        self.editor.show()
        self.editor.start()
        self._grow()

    @Slot(str)
    def _submit_edit(self, text: str) -> None:
        self._close_editor()
        self._actions.edit_requested.emit(self.message.id, text)

    @Slot()
    def _close_editor(self) -> None:
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
            self.content.set_edited(False)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
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
        if (words := self.content.check_words()) and not self.content.is_checked_now:
            entries.append((words.partition(":")[0], self._check))
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
