"""The buttons of one message."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chatbot_app.core.feedback import Feedback, Rating, feedback_of
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.servers import BUILT_IN_SERVER_ID
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.kept_logprobs import LOGPROBS
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.message_menu import message_menu, version_entries
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

COPIED_MS = 1_600
LONGEST_SHOWN_NOTE = 100  # characters


def _shown(note: str) -> str:
    """Return the first words of a note, fit for a tooltip: Qt would read one with a tag in it as rich text."""
    return first_words(visible_text(note), LONGEST_SHOWN_NOTE).replace("<", "‹")


def has_alternatives(message: Message) -> bool:
    """Whether the words of an answer have probabilities: they were kept with it, or a model of this computer tells them."""
    if message.role is not Role.ASSISTANT or not message.model or message.status is MessageStatus.STREAMING:
        return False
    return bool(message.metadata.get(LOGPROBS)) or message.server_id == BUILT_IN_SERVER_ID


@dataclass(frozen=True, slots=True)
class Siblings:
    """Which of its siblings a message is, from 1, and how many there are."""

    index: int = 1
    count: int = 1


class MessageToolbar(QWidget):
    """Copy, Edit, Regenerate, Pin, Exclude, the thumbs, Show alternatives, What was sent, and ‹ 2/3 ›."""

    copy_requested = Signal()  # as Markdown; these two are the message's own affair
    edit_requested = Signal()

    def __init__(
        self, look: Look, actions: TranscriptActions, message: Message, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._actions = actions
        self._message = message
        self._siblings = Siblings()
        self._buttons: list[ChatButton] = []  # from the left
        self._quiet = False
        asked = message.role is Role.USER
        if not asked:
            self._add_siblings()
        self._copy = self._add("copy", self.tr("Copy as Markdown"), "copy_button")
        self._copy.clicked.connect(self.copy_requested)
        words = self.tr("Edit and send again") if asked else self.tr("Edit the answer")
        self._add("edit", words, "edit_button").clicked.connect(self.edit_requested)
        words = self.tr("Answer again") if asked else self.tr("Regenerate")
        self._add("refresh", words, "regenerate_button").clicked.connect(self._regenerate)
        self._pin = self._add("pin", self.tr("Pin: always send it to the model"), "pin_button")
        self._pin.clicked.connect(self._toggle_pin)
        words = self.tr("Exclude: never send it to the model")
        self._exclude = self._add("eye-off", words, "exclude_button")
        self._exclude.clicked.connect(self._toggle_exclude)
        self._check: ChatButton | None = None
        self._alternatives: ChatButton | None = None
        self._thumbs: dict[Rating, ChatButton] = {}
        if message.role is Role.ASSISTANT:
            self._add_thumbs()
            self._check = self._add("double-check", "", "check_with_model_button")
            self._check.clicked.connect(self._ask_for_check)
            self._check.hide()
            words = self.tr(
                "Show alternatives: how certain each word was, and what else might have stood there"
            )
            self._alternatives = self._add("alternatives", words, "alternatives_button")
            self._alternatives.clicked.connect(self._ask_for_alternatives)
            sent = self._add("info", self.tr("What was sent"), "what_was_sent_button")
            sent.clicked.connect(self._ask_what_was_sent)
        else:
            # The other buttons show only when the mouse is near: what always shows stands below the bubble's edge.
            self._add_siblings()
        for button in (self._pin, self._exclude, *self._thumbs.values()):
            button.setCheckable(True)

    def _add_siblings(self) -> None:
        self._previous = self._add("chevron-left", self.tr("Previous version"), "previous_sibling_button")
        self._previous.clicked.connect(self._show_previous)
        self._next = self._add("chevron-right", self.tr("Next version"), "next_sibling_button")
        self._next.clicked.connect(self._show_next)

    def _add_thumbs(self) -> None:
        for rating, slot in ((Rating.UP, self._rate_up), (Rating.DOWN, self._rate_down)):
            button = self._add(f"thumb-{rating}", "", f"rate_{rating}_button")
            button.clicked.connect(slot)
            self._thumbs[rating] = button

    def _add(self, icon_name: str, words: str, object_name: str) -> ChatButton:
        button = ChatButton(self._look, icon_name, words, object_name, self)
        self._buttons.append(button)
        return button

    def show_message(self, message: Message, siblings: Siblings) -> None:
        """Show the state of a message."""
        self._message = message
        self._siblings = siblings
        for button in (self._previous, self._next):
            button.setVisible(siblings.count > 1)
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(hand if siblings.count > 1 else arrow)  # the number can be pressed
        self._previous.setEnabled(siblings.index > 1)
        self._next.setEnabled(siblings.index < siblings.count)
        self._pin.setChecked(message.pinned)
        self._pin.set_words(
            self.tr("Unpin") if message.pinned else self.tr("Pin: always send it to the model")
        )
        self._exclude.setChecked(message.excluded)
        self._exclude.set_words(
            self.tr("Include again") if message.excluded else self.tr("Exclude: never send it to the model")
        )
        self._show_rating(feedback_of(message.metadata))
        if self._alternatives is not None:
            self._alternatives.setVisible(has_alternatives(message))
        self.resize(self.wanted_width(), self._look.px(1.75))
        self._place()

    def _show_rating(self, feedback: Feedback | None) -> None:
        offers = {Rating.UP: self.tr("Good answer"), Rating.DOWN: self.tr("Bad answer")}
        for rating, button in self._thumbs.items():
            is_given = feedback is not None and feedback.rating is rating
            button.setChecked(is_given)
            words = offers[rating]
            if feedback is not None and is_given:
                note = _shown(feedback.note) or self.tr("Press again to take it back.")
                words = self.tr("You rated this: {rating}. {note}")
                words = words.replace("{rating}", offers[rating]).replace("{note}", note)
            button.set_words(words)

    def set_check(self, words: str, *, is_running: bool) -> None:
        """Offer a check by a model in these words; "" offers none."""
        button = self._check
        if button is None:
            return
        button.set_words(words)
        button.setEnabled(not is_running)
        if button.isHidden() == bool(words):
            button.setVisible(bool(words))
            self.resize(self.wanted_width(), self._look.px(1.75))
            self._place()

    def set_quiet(self, quiet: bool) -> None:
        """Hide what is not needed while nobody is near."""
        if quiet != self._quiet:
            self._quiet = quiet
            for button in self._buttons:
                button.set_quiet(quiet and button not in (self._previous, self._next))

    def confirm_copy(self) -> None:
        """Show for a while that the text was copied."""
        self._copy.set_icon("check")
        QTimer.singleShot(COPIED_MS, self, self._offer_copy)

    @Slot()
    def _offer_copy(self) -> None:
        self._copy.set_icon("copy")

    def wanted_width(self) -> int:
        """Return the width of the buttons that are shown."""
        side = self._look.px(1.75)
        shown = sum(1 for button in self._buttons if not button.isHidden())
        return shown * side + (self._counter_width() if self._siblings.count > 1 else 0)

    def _counter_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(f"{self._siblings.index}/{self._siblings.count}") + 6

    def _place(self) -> None:
        side = self._look.px(1.75)
        x = 0
        for button in self._buttons:
            if button.isHidden():
                continue
            button.setGeometry(x, 0, side, side)
            x += side + (self._counter_width() if button is self._previous else 0)

    # --- what is asked -------------------------------------------------------------------------------

    @Slot()
    def _regenerate(self) -> None:
        self._actions.regenerate_requested.emit(self._message.id)

    @Slot()
    def _toggle_pin(self) -> None:
        self._actions.pin_toggled.emit(self._message.id, not self._message.pinned)

    @Slot()
    def _toggle_exclude(self) -> None:
        self._actions.exclude_toggled.emit(self._message.id, not self._message.excluded)

    @Slot()
    def _rate_up(self) -> None:
        self._rate(Rating.UP)

    @Slot()
    def _rate_down(self) -> None:
        self._rate(Rating.DOWN)

    def _rate(self, rating: Rating) -> None:
        feedback = feedback_of(self._message.metadata)
        is_taken_back = feedback is not None and feedback.rating is rating
        self._actions.rating_requested.emit(self._message.id, "" if is_taken_back else rating.value)

    @Slot()
    def _ask_for_check(self) -> None:
        self._actions.check_requested.emit(self._message.id)

    @Slot()
    def _ask_for_alternatives(self) -> None:
        self._actions.alternatives_requested.emit(self._message.id)

    @Slot()
    def _ask_what_was_sent(self) -> None:
        self._actions.what_was_sent_requested.emit(self._message.id)

    @Slot()
    def _show_previous(self) -> None:
        self._actions.sibling_requested.emit(self._message.id, -1)

    @Slot()
    def _show_next(self) -> None:
        self._actions.sibling_requested.emit(self._message.id, 1)

    # --- Qt ------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Compare with another version, on the number that stands between the arrows."""
        if event.button() != Qt.MouseButton.LeftButton or not self._counter_area().contains(
            event.position().toPoint()
        ):
            super().mouseReleaseEvent(event)
            return
        place, count = self._siblings.index, self._siblings.count
        entries = version_entries(self._actions, self._message, place, count)
        if len(entries) == 1:
            entries[0][1]()
        elif entries:
            menu = message_menu(self, self._actions, entries, ())
            menu.popup(event.globalPosition().toPoint())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._counter_area().contains(event.pos()):
            QToolTip.showText(event.globalPos(), self.tr("Compare with another version"), self)
            return True
        return super().event(event)

    def _counter_area(self) -> QRect:
        if self._siblings.count < 2:
            return QRect()
        left = self._previous.geometry().right() + 1
        return QRect(left, 0, self._counter_width(), self._look.px(1.75))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._siblings.count < 2:
            return
        painter = QPainter(self)
        painter.setFont(self._look.small_font())
        painter.setPen(QColor(self._look.colors.muted))
        words = f"{self._siblings.index}/{self._siblings.count}"
        painter.drawText(self._counter_area(), int(Qt.AlignmentFlag.AlignCenter), words)
