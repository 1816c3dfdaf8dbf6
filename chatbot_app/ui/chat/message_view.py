"""One message: a tinted bubble for a question, the full column for an answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.text import first_words
from chatbot_app.core.thinking_time import ThinkingTime
from chatbot_app.core.trust import AnswerMode, Check, Quote
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.answer_facts import facts_of, lines_of
from chatbot_app.ui.chat.answer_notes import AnswerNotes
from chatbot_app.ui.chat.block_views import Drawing
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.message_banner import REGENERATE, TRY_AGAIN, BannerText, MessageBanner, banners_of
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.message_editor import MessageEditor
from chatbot_app.ui.chat.message_toolbar import MessageToolbar, Siblings
from chatbot_app.ui.chat.model_check_line import CHECK_WITH_MODEL, Checking, named
from chatbot_app.ui.chat.progress_line import ProgressLine
from chatbot_app.ui.chat.reasoning_view import ReasoningView
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.chat.step_allowance import TOOLBAR
from chatbot_app.ui.menus import fresh_menu

BUBBLE_SHARE = 0.8  # of the column
COLLAPSED_LINES = 16
COPIED_MS = 1_600


@dataclass(slots=True)
class _Places:
    """Where things are drawn that are no widgets."""

    bubble: QRect = field(default_factory=QRect)
    facts: QRect = field(default_factory=QRect)


class MessageView(QWidget):
    """Shows a message and says what is asked for with it."""

    height_changed = Signal()
    asked = Signal(str, str, str)  # message id, what ("copy", "edit"…), value
    composed = Signal(object)  # QInputMethodEvent that came here, where nothing can be written
    link_activated = Signal(str)
    source_activated = Signal(object)  # core.documents.Citation or core.trust.Quote
    place_wanted = Signal(int)  # a height beside this widget that should come into view
    inspection_requested = Signal(str, str)  # message id, the query that was searched for it

    def __init__(
        self, drawing: Drawing, message: Message, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._clock = clock
        self._message = message
        self._siblings = Siblings()
        self._places = _Places()
        self._progress: ProgressLine | None = None  # while more text is to come
        self._thinking: ThinkingTime | None = None  # None where its start was not seen
        self._out_of_window = False
        self._newest = False
        self._expanded = False
        self._cut = False
        self._banners: list[MessageBanner] = []
        self._toolbar: MessageToolbar | None = None
        self._editor: MessageEditor | None = None
        self._expand: ChatButton | None = None
        self._reasoning: ReasoningView | None = None
        self._sources: SourcesView | None = None
        self._sources_of: object = None  # the metadata that is shown
        self._notes = AnswerNotes(self)
        self._live_quotes: tuple[Quote, ...] = ()  # that came before the answer
        self._is_small = False  # the model that answers
        self._checker: str | None = None  # the model that could check, "" where its name is not known
        self._checking: Checking | None = None
        self._is_without_words = False  # while it streams: nothing of a model's own will come
        self._width = -1
        self._height = 0
        self._facts = ""
        self._fact_lines: list[str] = []
        self.body = self._make_body()
        self.body.append(message.text)
        self._raw = [message.text]
        self._raw_reasoning = [""]
        if message.reasoning:
            self.append_reasoning(message.reasoning)
        self._notes.asked.connect(self._ask)
        self._notes.source_activated.connect(self.source_activated)
        self._notes.statement_requested.connect(self.go_to_statement)
        self._notes.height_changed.connect(self._grow)
        self.setObjectName("message_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # for `composed`
        self._show_state()

    # --- the message ---------------------------------------------------------------------------------

    @property
    def message(self) -> Message:
        """The message as it was last given; while it streams, `text` knows more."""
        return self._message

    @property
    def text(self) -> str:
        """The original Markdown, with what has streamed in."""
        if len(self._raw) > 1:
            self._raw = ["".join(self._raw)]
        return self._raw[0]

    @property
    def reasoning(self) -> str:
        """The thoughts before the answer, with what has streamed in."""
        return "".join(self._raw_reasoning)

    @property
    def facts(self) -> str:
        """The quiet line below a finished answer."""
        return self._facts

    def progress_text(self) -> str:
        """Return the line below an answer that is being written, "" for any other."""
        return self._progress.words() if self._progress is not None else ""

    def reasoning_text(self) -> str:
        """Return what can be read of the thoughts: nothing while they are folded away."""
        if self._reasoning is None or not self._reasoning.is_open:
            return ""
        return self._reasoning.body.text

    @property
    def is_streaming(self) -> bool:
        """Whether more text is to come."""
        return self._progress is not None

    def begin(self) -> None:
        """Text will be appended until `set_message` brings another state."""
        if self._progress is not None:
            return
        self._progress = ProgressLine(self._drawing.look, self._clock, self)
        self._progress.stop_requested.connect(self._stop)
        if self.text or self.reasoning:
            self._progress.count(0)  # a continued answer, or one that was left and is come back to
        self._progress.show()
        self._thinking = None if self.reasoning else ThinkingTime(self._clock)
        self._name_reasoning()
        self._grow()

    def _end_progress(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def set_quotes(
        self, quotes: tuple[Quote, ...], mode: AnswerMode | None, *, refused: bool = False
    ) -> None:
        """Show what the documents say while the model is still thinking.

        `mode` None: by model. Quotes that are the answer, and a refusal, leave no room for words.
        """
        self._live_quotes = () if refused else quotes
        self._is_without_words = refused or mode is AnswerMode.QUOTES or (mode is None and self._is_small)
        self._show_notes()

    def set_small(self, is_small: bool) -> None:
        """Say of the model that answers that it is small."""
        if is_small != self._is_small:
            self._is_small = is_small
            self._show_notes()

    def set_checker(self, model: str | None) -> None:
        """Offer a check by the model of a name; None: none that is connected can be trusted with it."""
        if model != self._checker:
            self._checker = model
            self._offer_check()

    def set_checking(self, checking: Checking | None) -> None:
        """Say how far a model is with checking; None: it is not."""
        self._checking = checking
        self._offer_check()
        self._show_notes()

    def _offer_check(self) -> None:
        if self._toolbar is not None:
            self._toolbar.set_check(self._check_words(), is_running=self._checking is not None)
            self._grow()

    def _check_words(self) -> str:
        """Return how a check by a model is offered, "" where none is."""
        message = self._message
        is_ended = message.status is not MessageStatus.STREAMING and self._progress is None
        if self._checker is None or not is_ended or not message.metadata.get("checks"):
            return ""
        words = self.tr("Check with {model}: each statement is sent to it with its sources")
        return words.format(model=named(self._checker))

    def append_text(self, text: str, tokens: int = 1) -> None:
        """Take more of the answer."""
        if self._live_quotes and text and not self.text:
            self._raw.append(text)
            self._show_notes()
        else:
            self._raw.append(text)
        self.body.append(text)
        if self._progress is not None and text:
            self._progress.count(tokens)
            if self._thinking is not None:
                self._thinking.answered()
            self._name_reasoning()

    def append_reasoning(self, text: str) -> None:
        """Take more of the thoughts before the answer; nothing is shown for none."""
        if not text.strip() and self._reasoning is None:
            return
        self._raw_reasoning.append(text)
        if self._reasoning is None:
            self._reasoning = ReasoningView(self._drawing, self)
            self._reasoning.height_changed.connect(self._grow)
            self._reasoning.link_activated.connect(self.link_activated)
            self._reasoning.show()
        if self._progress is not None:
            self._progress.count(0)
            if self._thinking is not None:
                self._thinking.thought(text)
        self._reasoning.body.append(text)
        self._name_reasoning()

    def set_message(self, message: Message) -> None:
        """Show another state of the message; its text is drawn again only where it differs."""
        old = self.text
        if message.text != old:
            if message.text.startswith(old):
                self._raw.append(message.text[len(old) :])
                self.body.append(message.text[len(old) :])
            else:
                self._replace_text(message.text)
        thoughts = self.reasoning
        if message.reasoning.startswith(thoughts) and message.reasoning != thoughts:
            self.append_reasoning(message.reasoning[len(thoughts) :])
        self._message = message
        if message.status is not MessageStatus.STREAMING:
            self._end_progress()
            self._name_reasoning()
        self._show_state()
        self._grow()

    def _make_body(self) -> MessageBody:
        body = MessageBody(self._drawing, self, literal=self._message.role is not Role.ASSISTANT)
        body.height_changed.connect(self._grow)
        body.link_activated.connect(self.link_activated)
        body.source_activated.connect(self._open_source)
        body.place_wanted.connect(self._want_place)
        return body

    def take_over(self, other: MessageView) -> None:
        """Go on where another view of the same message was: what was read, opened or typed there is kept."""
        self.body.take_over(other.body)
        self._raw, self._raw_reasoning = other._raw, other._raw_reasoning
        self._expanded = other._expanded
        if self._reasoning is not None and other._reasoning is not None:
            self._reasoning.take_over(other._reasoning)
        self._live_quotes, self._is_small = other._live_quotes, other._is_small
        self._is_without_words = other._is_without_words
        self._checker, self._checking = other._checker, other._checking
        self._show_notes()
        self._notes.take_over(other._notes)
        if other._progress is not None:
            self.begin()
            if self._progress is not None:
                self._progress.take_over(other._progress)
            self._thinking = other._thinking
        self._name_reasoning()
        if other._editor is not None:
            self._open_editor(other._editor.text())

    def _replace_text(self, text: str) -> None:
        old = self.body
        self.body = self._make_body()
        self.body.append(text)
        self.body.show()
        old.hide()
        old.deleteLater()
        self._raw = [text]

    def set_status_line(self, text: str) -> None:
        """Say what is being waited for, instead of the elapsed time."""
        if self._progress is not None:
            self._progress.say(text)

    def set_prompt_tokens(self, tokens: int) -> None:
        """The request for this answer left with a prompt of about so many tokens."""
        if self._progress is not None:
            self._progress.set_prompt_tokens(tokens)

    def set_siblings(self, index: int, count: int) -> None:
        """Show which version this is, from 1."""
        self._siblings = Siblings(index, count)
        if self._toolbar is not None:
            self._toolbar.show_message(self._message, self._siblings)
        self._grow()

    def set_out_of_window(self, outside: bool) -> None:
        """Draw weaker what the model no longer sees."""
        if outside != self._out_of_window:
            self._out_of_window = outside
            self.body.set_dimmed(outside or self._message.excluded)
            self.update()

    def set_newest(self, newest: bool) -> None:
        """The newest message shows its buttons always."""
        if newest != self._newest:
            self._newest = newest
            self._show_quiet()

    def tick(self) -> None:
        """Draw the time again while streaming."""
        if self._progress is not None:
            self._progress.tick()

    # --- state ---------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        message = self._message
        if message.status is not MessageStatus.STREAMING:
            self.body.finish()
            if self._reasoning is not None:
                self._reasoning.body.finish()
        wanted = banners_of(message)
        if wanted != [banner.text for banner in self._banners]:
            self._show_banners(wanted)
        finished = message.role is Role.ASSISTANT and message.status is not MessageStatus.STREAMING
        self._show_notes()
        self._show_sources(finished)
        self._facts = facts_of(message) if finished else ""
        if self._toolbar is not None:
            self._toolbar.set_check(self._check_words(), is_running=self._checking is not None)
            self._toolbar.show_message(message, self._siblings)
        self.body.set_dimmed(self._out_of_window or message.excluded)
        speaker = self.tr("You") if message.role is Role.USER else self.tr("Answer")
        self.setAccessibleName(f"{speaker}: {first_words(visible_text(message.text[:400]), 80)}")
        found = self._notes.description()
        self.setAccessibleDescription(f"{found} {visible_text(message.text[:4_000])}".strip())

    def _show_notes(self) -> None:
        message = self._message
        if self._progress is not None:
            message = replace(message, status=MessageStatus.STREAMING)
        if self._notes.show(
            self._drawing.look,
            message,
            live=self._live_quotes,
            is_small=self._is_small,
            has_words=bool(self.text.strip()),
            is_without_words=self._is_without_words,
            checking=self._checking,
        ):
            self.body.setVisible(not self._notes.hides_words and self._editor is None)
            self.body.set_statements(self._notes.marks)
            self._grow()

    @Slot(int)
    def go_to_statement(self, check: int) -> None:
        """Bring a checked sentence into sight and mark it."""
        self.body.go_to_statement(check)

    def _show_sources(self, finished: bool) -> None:
        metadata = self._message.metadata
        wanted = finished and not self._notes.hides_words and SourcesView.has_anything(metadata)
        if not wanted or metadata != self._sources_of:
            if self._sources is not None:
                self._sources.hide()
                self._sources.deleteLater()
                self._sources = None
            self._sources_of = metadata if wanted else None
            if wanted:
                self._sources = SourcesView(self._drawing.look, metadata, self)
                self._sources.source_activated.connect(self.source_activated)
                self._sources.inspection_requested.connect(self._inspect)
                self._sources.show()
        self.body.set_markers(self._sources.markers if self._sources is not None else {})

    @Slot(str)
    def _inspect(self, query: str) -> None:
        self.inspection_requested.emit(self._message.id, query)

    @Slot(int)
    def _want_place(self, y: int) -> None:
        self.place_wanted.emit(self.y() + self.body.y() + y)

    @Slot(int, object)
    def _open_source(self, number: int, check: Check | None) -> None:
        if self._sources is not None:
            self._sources.activate(number, check)

    def _show_banners(self, wanted: list[BannerText]) -> None:
        for banner in self._banners:
            banner.hide()
            banner.deleteLater()
        self._banners = []
        for text in wanted:
            banner = MessageBanner(self._drawing.look, text, self)
            banner.chosen.connect(self._ask)
            banner.show()
            self._banners.append(banner)

    def _name_reasoning(self) -> None:
        if self._reasoning is None:
            return
        measured = self._message.timings.reasoning_seconds if self._message.timings is not None else None
        if self._progress is not None:
            measured = self._thinking.seconds if self._thinking is not None else None
        if measured is not None:
            self._reasoning.set_seconds(measured)
        elif self._progress is not None and not self.text:
            self._reasoning.set_seconds(None)
        else:
            self._reasoning.set_done()

    def _show_quiet(self) -> None:
        if self._toolbar is not None:
            near = self.underMouse() or self.has_focus_inside()
            shown = near or self._newest or self._message.role is Role.ASSISTANT
            self._toolbar.set_quiet(not shown)
            self.update(self._places.facts)

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
        look = self._drawing.look
        y = 0
        self._places.bubble = QRect()
        if self._editor is not None:
            height = self._editor.height_for(width)
            self._editor.setGeometry(0, y, width, height)
            y += height
        elif self._message.role is Role.ASSISTANT:
            y = self._place_answer(y, width)
        else:
            y = self._place_bubble(y, width)
        for banner in self._banners:
            y += look.px(0.6) if y else 0
            height = banner.height_for(width)
            banner.setGeometry(0, y, width, height)
            y += height
        y = self._place_footer(y, width)
        self._height = y
        return y

    def _place_answer(self, y: int, width: int) -> int:
        look = self._drawing.look
        if self._reasoning is not None:
            height = self._reasoning.height_for(width)
            self._reasoning.setGeometry(0, y, width, height)
            y += height + look.px(0.35)
        y = self._notes.place_above(y, width, look)
        height = 0 if self._notes.hides_words else self.body.height_for(width)
        self.body.setGeometry(0, y, width, height)
        y = self._notes.place_below(y + height, width, look)
        if self._sources is not None:
            y += look.px(0.9) if height else 0
            height = self._sources.height_for(width)
            self._sources.setGeometry(0, y, width, height)
            y += height
        if self._progress is not None:
            y += look.px(0.4) if height else 0
            self._progress.setGeometry(0, y, width, look.px(1.75))
            y += look.px(1.75)
        return y

    def _place_bubble(self, y: int, width: int) -> int:
        look = self._drawing.look
        across, down = look.px(1.0), look.px(0.65)
        most = round(width * BUBBLE_SHARE) - 2 * across
        inside = self.body.natural_width(most)
        height = self.body.height_for(inside)
        limit = round(COLLAPSED_LINES * look.line * 1.42)
        self._cut = height > limit * 1.4
        shown = limit if self._cut and not self._expanded else height
        left = width - inside - across
        self.body.setGeometry(left, y + down, inside, shown)
        # Lines are higher than their text, with the air below it: less is needed under the last one.
        bottom = y + down + shown - (0 if self.body.ends_with_a_frame() else look.px(0.28))
        if self._cut:
            button = self._expand_button()
            hint = button.sizeHint()
            button.setGeometry(left - look.px(0.4), bottom + look.px(0.2), hint.width(), hint.height())
            bottom += hint.height()
        elif self._expand is not None:
            self._expand.hide()
        self._places.bubble = QRect(left - across, y, inside + 2 * across, bottom + down - y)
        return bottom + down

    def _expand_button(self) -> ChatButton:
        words = self.tr("Show less") if self._expanded else self.tr("Show all")
        if self._expand is None:
            self._expand = ChatButton(
                self._drawing.look, "chevron-down", words, "expand_button", self, caption=words
            )
            self._expand.clicked.connect(self._toggle_expanded)
        self._expand.set_words(words)
        self._expand.set_caption(words)
        self._expand.set_icon("chevron-up" if self._expanded else "chevron-down")
        self._expand.show()
        return self._expand

    def _place_footer(self, y: int, width: int) -> int:
        look = self._drawing.look
        side = look.px(1.75)
        top = y + look.px(0.25)
        if self._progress is not None or self._editor is not None:
            if self._toolbar is not None:
                self._toolbar.hide()
            return top
        wanted = look.px(1.75) * 5
        if self._toolbar is not None:
            self._toolbar.show()
            wanted = self._toolbar.wanted_width()
            left = -look.px(0.35) if self._message.role is Role.ASSISTANT else width - wanted + look.px(0.35)
            self._toolbar.setGeometry(left, top, wanted, side)
        return self._place_facts(
            QRect(wanted + look.px(0.3), top, width - wanted - look.px(0.3), side), width
        )

    def _place_facts(self, beside: QRect, width: int) -> int:
        """Put the facts beside the buttons, or below them where they do not fit; return where they end."""
        metrics = QFontMetricsF(self._drawing.look.small_font())
        self._fact_lines = lines_of(self._facts, metrics, beside.width())
        self._places.facts = beside
        if len(self._fact_lines) > 1:
            self._fact_lines = lines_of(self._facts, metrics, width)
            height = math.ceil(metrics.height() * 1.2) * len(self._fact_lines)
            self._places.facts = QRect(0, beside.bottom() + 1, width, height)
        return self._places.facts.bottom() + 1

    def materialise(self, top: int, bottom: int) -> bool:
        """Make widgets of what lies between two heights; return whether the message's height changed."""
        before = self._height
        if self._toolbar is None:
            self._drawing.step.spend(TOOLBAR)
            self._toolbar = MessageToolbar(self._drawing.look, self._message.role, self)
            self._toolbar.chosen.connect(self._ask)
            self._toolbar.set_check(self._check_words(), is_running=self._checking is not None)
            self._toolbar.show_message(self._message, self._siblings)
            self._show_quiet()
            self._width, width = -1, self._width
            self.height_for(width)
        body = self.body
        changed = False
        if self._reasoning is not None:
            y = self._reasoning.y()
            changed = self._reasoning.materialise(top - y, bottom - y, self._reasoning.width())
        if self._editor is None and not self._notes.hides_words:
            if self._cut and not self._expanded:
                bottom = min(bottom, body.y() + body.height())
            changed |= body.materialise(top - body.y(), bottom - body.y(), body.width())
        if changed:
            self._width, width = -1, self._width
            self.height_for(width)
        return self._height != before

    def release(self, top: int, bottom: int) -> None:
        """Drop the widgets that are far from the part between two heights."""
        self.body.release(top - self.body.y(), bottom - self.body.y())

    def leave(self) -> None:
        """Nothing of this message is in sight."""
        self.body.leave()
        if self._reasoning is not None:
            self._reasoning.body.leave()

    # --- what is asked -------------------------------------------------------------------------------

    @Slot(str)
    def _ask(self, what: str) -> None:
        match what:
            case "copy":
                self.copy()
            case "edit":
                self.edit()
            case "pin":
                self._send("pin", "" if self._message.pinned else "1")
            case "exclude":
                self._send("exclude", "" if self._message.excluded else "1")
            case "previous" | "next":
                self._send("sibling", "-1" if what == "previous" else "1")
            case Action.RETRY.value | Action.CONTINUE.value | "what-was-sent":
                self._send(what)
            case _ if what in (REGENERATE, TRY_AGAIN):
                self._send(REGENERATE)
            case _:
                self._send("action", what)

    def _send(self, what: str, value: str = "") -> None:
        self.asked.emit(self._message.id, what, value)

    @Slot()
    def _stop(self) -> None:
        self._send("stop")

    @Slot()
    def copy(self) -> None:
        """Copy what is selected, or the whole message as Markdown."""
        QGuiApplication.clipboard().setText(visible_text(self.text))
        if self._toolbar is not None:
            self._toolbar.confirm_copy(True)
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(self._copy_again)
            timer.timeout.connect(timer.deleteLater)
            timer.start(COPIED_MS)

    @Slot()
    def _check(self) -> None:
        self._ask(CHECK_WITH_MODEL)

    @Slot()
    def _copy_again(self) -> None:
        if self._toolbar is not None:
            self._toolbar.confirm_copy(False)

    @Slot()
    def _copy_selection(self) -> None:
        text = self.body.selected_text()
        QGuiApplication.clipboard().setText(text or visible_text(self.text))

    @Slot()
    def edit(self) -> None:
        """Open the editor in place of the text; an answer cannot be edited while it arrives."""
        if self._progress is None and self._editor is None:
            self._open_editor(self.text)

    def _open_editor(self, text: str) -> None:
        asks = self._message.role is Role.USER
        self._editor = MessageEditor(self._drawing.look, text, self, asks=asks)
        self._editor.submitted.connect(self._submit_edit)
        self._editor.cancelled.connect(self._close_editor)
        self.body.hide()
        if self._expand is not None:
            self._expand.hide()
        self._editor.show()
        self._editor.start()
        self._grow()

    @Slot(str)
    def _submit_edit(self, text: str) -> None:
        self._close_editor()
        self._send("edit", text)

    @Slot()
    def _close_editor(self) -> None:
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self.body.setVisible(not self._notes.hides_words)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._grow()

    @Slot()
    def _toggle_expanded(self) -> None:
        self._expanded = not self._expanded
        self._grow()

    @Slot()
    def _grow(self) -> None:
        self._width = -1
        self.update()
        self.height_changed.emit()

    def invalidate(self) -> None:
        """Place everything again at the next `height_for`."""
        self._width = -1

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
            self.body.clear_selection()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composed.emit(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = fresh_menu(self, "message_menu")
        if self.body.selected_text():
            menu.addAction(self.tr("Copy selection"), self._copy_selection)
        menu.addAction(self.tr("Copy as Markdown"), self.copy)
        menu.addAction(self.tr("Select all"), self.body.select_all)
        asked = self._message.role is Role.USER
        menu.addAction(self.tr("Edit and send again") if asked else self.tr("Edit the answer"), self.edit)
        if (words := self._check_words()) and self._checking is None:
            menu.addAction(words.partition(":")[0].replace("&", "&&"), self._check)
        for address in self.body.addresses()[:20]:
            words = self.tr("Open {address}…").format(address=address[:60]).replace("&", "&&")
            action = menu.addAction(words)
            action.setData(address)
        menu.triggered.connect(self._open_from_menu)
        where = event.globalPos() if not event.pos().isNull() else self.mapToGlobal(QPoint(0, 0))
        menu.popup(where)

    @Slot(object)
    def _open_from_menu(self, action: object) -> None:
        address = getattr(action, "data", lambda: None)()
        if isinstance(address, str) and address:
            self.link_activated.emit(address)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._drawing.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._places.bubble.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.colors.user_bubble))
            if self._out_of_window or self._message.excluded:
                painter.setOpacity(0.55)
            painter.drawRoundedRect(QRectF(self._places.bubble), look.em * 1.05, look.em * 1.05)
            painter.setOpacity(1)
        if self._fact_lines and self._progress is None and self._editor is None:
            painter.setFont(look.small_font())
            painter.setPen(QColor(look.colors.muted))
            area = QRectF(self._places.facts)
            area.setHeight(area.height() / len(self._fact_lines))
            for line in self._fact_lines:
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), line)
                area.translate(0, area.height())
