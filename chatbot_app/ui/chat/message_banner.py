"""A quiet line below an answer: what happened, what to do next, and the buttons that do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.trust import trust_of
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.icons import icon


class Tone(StrEnum):
    """How loud a banner is."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class BannerText:
    """What one banner says and offers; `actions` are values of `Action` or "regenerate"."""

    tone: Tone
    summary: str
    next_step: str = ""
    actions: tuple[str, ...] = ()


REGENERATE = "regenerate"
TRY_AGAIN = "try-again"  # another answer, as with REGENERATE
_SAID_ELSEWHERE = (
    "CircleStopped",
    "NothingSupported",
    "NothingFound",
)  # by a banner of its own, or by the answer's notes


def banners_of(message: Message) -> list[BannerText]:
    """Return the banners of a message in its present state, the one that ended it last."""
    if message.role is not Role.ASSISTANT or message.status is MessageStatus.STREAMING:
        return [_plain(notice.summary, notice.next_step, notice.action) for notice in message.notices]
    translate = QCoreApplication.translate
    trust = trust_of(message.metadata)
    notices = [notice for notice in message.notices if trust is None or notice.kind not in _SAID_ELSEWHERE]
    if trust is not None and trust.circle:
        words = translate("MessageBanner", "It began to repeat itself, so it was stopped.")
        # What would be continued is the circle.
        shown = [_plain(notice.summary, notice.next_step, "") for notice in notices]
        return [*shown, BannerText(Tone.WARNING, words, "", (TRY_AGAIN,))]
    ending: BannerText | None = None
    match message.status:
        case MessageStatus.FAILED:
            last = notices.pop() if notices else None
            summary = last.summary if last else translate("MessageBanner", "The answer failed.")
            actions = [Action.RETRY.value]
            if last and last.action not in ("", Action.RETRY.value):
                actions.insert(0, last.action)
            ending = BannerText(Tone.DANGER, summary, last.next_step if last else "", tuple(actions))
        case MessageStatus.INTERRUPTED:
            last = notices.pop() if notices else None
            words = translate("MessageBanner", "The answer was interrupted: it may be cut off.")
            ending = BannerText(
                Tone.WARNING,
                last.summary if last else words,
                last.next_step if last else "",
                (Action.CONTINUE.value, REGENERATE),
            )
        case MessageStatus.STOPPED:
            words = translate("MessageBanner", "You stopped this answer.")
            ending = BannerText(Tone.INFO, words, "", (Action.CONTINUE.value,))
        case MessageStatus.COMPLETE if message.finish_reason == "length":
            words = translate("MessageBanner", "Length limit reached: the answer is cut off.")
            ending = BannerText(Tone.INFO, words, "", (Action.CONTINUE.value,))
        case _:
            pass
    shown = [_plain(notice.summary, notice.next_step, notice.action) for notice in notices]
    return shown if ending is None else [*shown, ending]


def _plain(summary: str, next_step: str, action: str) -> BannerText:
    return BannerText(Tone.INFO, summary, next_step, (action,) if action else ())


class MessageBanner(QWidget):
    """Draws one banner. Its text is plain: a server's HTML is shown as it is."""

    def __init__(
        self,
        look: Look,
        actions: TranscriptActions,
        message_id: str,
        text: BannerText,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._message_id = message_id
        self._look = look
        self._text = text
        self.setObjectName("message_banner")
        words = text.summary + (f" {text.next_step}" if text.next_step else "")
        self.setAccessibleName(words)
        self._label = QLabel(words, self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setObjectName("message_banner_text")
        self._label.setWordWrap(True)
        self._label.setFont(look.small_font())
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[ChatButton] = []
        for position, action in enumerate(text.actions):
            words = self._words(action)
            button = ChatButton(
                look,
                "",
                words,
                f"{action.replace('-', '_')}_button",
                self,
                caption=words,
                primary=not position,
            )
            button.setProperty("action", action)
            button.clicked.connect(self._choose)
            self._buttons.append(button)

    @property
    def text(self) -> BannerText:
        """What the banner says."""
        return self._text

    def height_for(self, width: int) -> int:
        """Lay out for a width and return the height."""
        look = self._look
        pad, gap = look.px(0.7), look.px(0.5)
        mark = look.px(1.6)
        buttons = sum(button.sizeHint().width() + gap for button in self._buttons)
        beside = width - 2 * pad - mark - buttons
        stacked = beside < look.em * 16
        room = width - 2 * pad - mark if stacked else beside
        text_height = self._label.heightForWidth(room)
        row = self._buttons[0].sizeHint().height() if self._buttons else 0
        inner = text_height + gap + row if stacked and row else max(text_height, row)
        text_top = pad if stacked or not row else pad + (inner - text_height) // 2
        self._label.setGeometry(pad + mark, text_top, room, text_height)
        x = pad + mark if stacked else width - pad - buttons + gap
        y = pad + text_height + gap if stacked else pad + (inner - row) // 2
        for button in self._buttons:
            hint = button.sizeHint()
            button.setGeometry(x, y, hint.width(), hint.height())
            x += hint.width() + gap
        return inner + 2 * pad

    def _words(self, action: str) -> str:
        match action:
            case Action.RETRY.value:
                return self.tr("Retry")
            case Action.CONTINUE.value:
                return self.tr("Continue")
            case Action.OPEN_SERVERS.value:
                return self.tr("Open Servers…")
            case Action.OPEN_MODELS.value:
                return self.tr("Open Models…")
            case Action.FETCH_MODELS.value:
                return self.tr("Download model")
            case Action.OPEN_SETTINGS.value:
                return self.tr("Open Settings")
            case Action.SET_WINDOW.value:
                return self.tr("Set window…")
            case _ if action == TRY_AGAIN:
                return self.tr("Try again")
            case _:
                return self.tr("Regenerate")

    @Slot()
    def _choose(self) -> None:
        action = str(self.sender().property("action"))
        if action in (REGENERATE, TRY_AGAIN, Action.RETRY.value):
            self._actions.regenerate_requested.emit(self._message_id)
        elif action == Action.CONTINUE.value:
            self._actions.continue_requested.emit(self._message_id)
        else:
            self._actions.remedy_requested.emit(action)

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._look.colors
        fill, ink = {
            Tone.INFO: (shown.info_background, shown.accent),
            Tone.WARNING: (shown.warning_background, shown.warning),
            Tone.DANGER: (shown.danger_background, shown.danger),
        }[self._text.tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        radius = self._look.em * 0.6
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        side = self._look.px(1.05)
        name = "info" if self._text.tone is Tone.INFO else "warning"
        line = round(self._look.line * 0.9)
        y = self._label.y() + (line - side) // 2
        icon(name, ink).paint(painter, self._look.px(0.7), y, side, side)
