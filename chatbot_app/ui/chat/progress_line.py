"""The line below an answer that is being written: what is waited for, for how long, and how fast it comes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.answer_facts import progress
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

SILENT_SECONDS = 4.0  # without a first byte; from then on the line says what is waited for


class ProgressLine(QWidget):
    """Counts from its making; seconds of `clock`."""

    def __init__(
        self,
        look: Look,
        actions: TranscriptActions,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("progress_line")
        self._look = look
        self._clock = clock
        self._started = clock()
        self._first_token: float | None = None
        self._tokens = 0
        self._said = ""
        self._prompt_tokens: int | None = None
        words = self.tr("Stop")
        self._stop = ChatButton(look, "", words, "stop_waiting_button", self, caption=words)
        self._stop.clicked.connect(actions.stop_requested)
        self._stop.hide()

    def take_over(self, other: ProgressLine) -> None:
        """Go on counting where another line was."""
        self._started, self._first_token, self._tokens = other._started, other._first_token, other._tokens
        self._said, self._prompt_tokens = other._said, other._prompt_tokens
        self.tick()

    def count(self, tokens: int) -> None:
        """More of the answer, or of what is thought before it, has arrived."""
        self._first_token = self._first_token or self._clock()
        self._tokens += tokens
        self._said = ""

    def say(self, sentence: str) -> None:
        """Say this instead, until the next text; "" takes it back."""
        self._said = sentence
        self.tick()

    def set_prompt_tokens(self, tokens: int) -> None:
        """The request left with a prompt of about so many tokens."""
        self._prompt_tokens = tokens
        self.tick()

    def words(self) -> str:
        """Return what the line says now."""
        now = self._clock()
        seconds = now - self._started
        if self._said:
            return self._said
        if self._first_token is None and seconds >= SILENT_SECONDS:
            return _waiting(int(seconds), self._prompt_tokens)
        return progress(seconds, self._tokens, now - (self._first_token or now))

    def tick(self) -> None:
        """Draw the time again."""
        waits = self._first_token is None and self._clock() - self._started >= SILENT_SECONDS
        if waits == self._stop.isHidden():
            self._stop.setVisible(waits)
        self._place()
        self.update()

    def _place(self) -> None:
        if self._stop.isHidden():
            return
        hint = self._stop.sizeHint()
        left = self._look.px(2.4) + round(
            QFontMetricsF(self._look.small_font()).horizontalAdvance(self.words())
        )
        x = max(min(left + self._look.px(0.4), self.width() - hint.width()), 0)
        self._stop.setGeometry(x, (self.height() - hint.height()) // 2, hint.width(), hint.height())

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        radius = look.em * 0.19
        step = int(self._clock() * 3) % 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.colors.accent))
        for dot in range(3):
            painter.setOpacity(1.0 if dot == step else 0.35)
            x = radius + dot * look.em * 0.62
            painter.drawEllipse(QRectF(x - radius, area.center().y() - radius, 2 * radius, 2 * radius))
        painter.setOpacity(1)
        painter.setFont(look.small_font())
        painter.setPen(QColor(look.colors.muted))
        area.setLeft(look.em * 2.4)
        if not self._stop.isHidden():
            area.setRight(self._stop.x() - look.em * 0.2)
        words = QFontMetricsF(painter.font()).elidedText(
            self.words(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


def _waiting(seconds: int, prompt_tokens: int | None) -> str:
    """Return what is waited for: the search and the model before the request has left, the answer after that."""
    if prompt_tokens is None:
        words = QCoreApplication.translate("ProgressLine", "Preparing to answer: {seconds} s")
        return words.format(seconds=seconds)
    words = QCoreApplication.translate(
        "ProgressLine", "No answer from the server yet: {seconds} s  ·  prompt of {count} tokens"
    )
    return words.format(seconds=seconds, count=f"{prompt_tokens:,}")
