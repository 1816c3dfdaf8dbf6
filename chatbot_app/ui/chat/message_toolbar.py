"""The buttons of one message."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Message, Role
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.model_check_line import CHECK_WITH_MODEL


@dataclass(frozen=True, slots=True)
class Siblings:
    """Which of its siblings a message is, from 1, and how many there are."""

    index: int = 1
    count: int = 1


class MessageToolbar(QWidget):
    """Copy, Edit, Regenerate, Pin, Exclude, What was sent, and ‹ 2/3 ›."""

    chosen = Signal(
        str
    )  # "copy", "edit", "regenerate", "pin", "exclude", "check-with-model", "what-was-sent", "previous", "next"

    def __init__(self, look: Look, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._siblings = Siblings()
        self._buttons: dict[str, ChatButton] = {}
        self._quiet = False
        asked = role is Role.USER
        if not asked:
            self._add_siblings()
        self._add("copy", "copy", self.tr("Copy as Markdown"), "copy_button")
        self._add(
            "edit",
            "edit",
            self.tr("Edit and send again") if asked else self.tr("Edit the answer"),
            "edit_button",
        )
        self._add(
            "regenerate",
            "refresh",
            self.tr("Answer again") if asked else self.tr("Regenerate"),
            "regenerate_button",
        )
        self._add("pin", "pin", self.tr("Pin: always send it to the model"), "pin_button")
        self._add("exclude", "eye-off", self.tr("Exclude: never send it to the model"), "exclude_button")
        if role is Role.ASSISTANT:
            self._add(CHECK_WITH_MODEL, "double-check", "", "check_with_model_button")
            self._buttons[CHECK_WITH_MODEL].hide()
            self._add("what-was-sent", "info", self.tr("What was sent"), "what_was_sent_button")
        else:
            # The other buttons show only when the mouse is near: what always shows stands below the bubble's edge.
            self._add_siblings()
        for name in ("pin", "exclude"):
            self._buttons[name].setCheckable(True)

    def _add_siblings(self) -> None:
        self._add("previous", "chevron-left", self.tr("Previous version"), "previous_sibling_button")
        self._add("next", "chevron-right", self.tr("Next version"), "next_sibling_button")

    def _add(self, name: str, icon_name: str, words: str, object_name: str) -> None:
        button = ChatButton(self._look, icon_name, words, object_name, self)
        button.setProperty("action", name)
        button.clicked.connect(self._choose)
        self._buttons[name] = button

    def show_message(self, message: Message, siblings: Siblings) -> None:
        """Show the state of a message."""
        self._siblings = siblings
        several = siblings.count > 1
        for name in ("previous", "next"):
            self._buttons[name].setVisible(several)
        self._buttons["previous"].setEnabled(siblings.index > 1)
        self._buttons["next"].setEnabled(siblings.index < siblings.count)
        pin, exclude = self._buttons["pin"], self._buttons["exclude"]
        pin.setChecked(message.pinned)
        pin.set_words(self.tr("Unpin") if message.pinned else self.tr("Pin: always send it to the model"))
        exclude.setChecked(message.excluded)
        exclude.set_words(
            self.tr("Include again") if message.excluded else self.tr("Exclude: never send it to the model")
        )
        self.resize(self.wanted_width(), self._look.px(1.75))
        self._place()

    def set_check(self, words: str, *, is_running: bool) -> None:
        """Offer a check by a model in these words; "" offers none."""
        button = self._buttons.get(CHECK_WITH_MODEL)
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
            for name, button in self._buttons.items():
                button.set_quiet(quiet and name not in ("previous", "next"))

    def confirm_copy(self, copied: bool) -> None:
        """Show that the text was copied, or offer copying again."""
        self._buttons["copy"].set_icon("check" if copied else "copy")

    def wanted_width(self) -> int:
        """Return the width of the buttons that are shown."""
        side = self._look.px(1.75)
        shown = sum(1 for button in self._buttons.values() if not button.isHidden())
        return shown * side + (self._counter_width() if self._siblings.count > 1 else 0)

    def _counter_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(f"{self._siblings.index}/{self._siblings.count}") + 6

    def _place(self) -> None:
        side = self._look.px(1.75)
        x = 0
        for name, button in self._buttons.items():
            if button.isHidden():
                continue
            button.setGeometry(x, 0, side, side)
            x += side + (self._counter_width() if name == "previous" else 0)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(str(self.sender().property("action")))

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._siblings.count < 2:
            return
        painter = QPainter(self)
        painter.setFont(self._look.small_font())
        painter.setPen(QColor(self._look.colors.muted))
        words = f"{self._siblings.index}/{self._siblings.count}"
        left = self._buttons["previous"].geometry().right() + 1
        area = QRect(left, 0, self._counter_width(), self._look.px(1.75))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
