"""What a model says to an answer beside our own checks: one line while it checks, and one when it has."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.model_verdicts import ModelCheck
from chatbot_app.core.trust import Verdict
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.small_model import short_name
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.icons import icon

_WRAPPED = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Checking:
    """A check under way: `done` of `statements` statements, 0 of 0 before it is known what there is to check."""

    model: str = ""
    done: int = 0
    statements: int = 0


def named(model: str) -> str:
    """Return how a model is spoken of."""
    return short_name(model) or QCoreApplication.translate("ModelCheckLine", "the model")


def checking_words(checking: Checking) -> str:
    """Return what is said while a model checks."""
    if not checking.statements:
        words = QCoreApplication.translate("ModelCheckLine", "{model} is asked about each statement…")
        return words.format(model=named(checking.model))
    words = QCoreApplication.translate("ModelCheckLine", "{model} checks: {done} of {statements} statements")
    return words.format(model=named(checking.model), done=checking.done, statements=checking.statements)


def checked_words(check: ModelCheck) -> str:
    """Return what a model found, in one line."""
    checked = len(check.verdicts)
    counts = (
        (check.count(Verdict.SUPPORTED), QCoreApplication.translate("ModelCheckLine", "{n} supported")),
        (
            check.count(Verdict.UNSUPPORTED),
            QCoreApplication.translate("ModelCheckLine", "{n} not supported"),
        ),
        (
            check.count(Verdict.CONTRADICTED),
            QCoreApplication.translate("ModelCheckLine", "{n} contradicted"),
        ),
        (check.count(Verdict.NOT_CHECKED), QCoreApplication.translate("ModelCheckLine", "{n} not checked")),
    )
    found = ", ".join(words.format(n=n) for n, words in counts if n)
    if checked < check.statements:
        words = QCoreApplication.translate(
            "ModelCheckLine", "By {model}, {checked} of {statements} statements: {found}"
        )
    elif checked == 1:
        words = QCoreApplication.translate("ModelCheckLine", "The statement, by {model}: {found}")
    else:
        words = QCoreApplication.translate("ModelCheckLine", "{statements} statements, by {model}: {found}")
    return words.format(model=named(check.model), checked=checked, statements=check.statements, found=found)


class ModelCheckLine(QWidget):
    """Says how far a check is, with Stop, or what it found."""

    def __init__(self, look: Look, actions: TranscriptActions, message_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._message_id = message_id
        self._look = look
        self._words = ""
        self._is_doubtful = False
        self.setObjectName("model_check_line")
        words = self.tr("Stop")
        self.stop_button = ChatButton(look, "", words, "stop_model_check_button", self, caption=words)
        self.stop_button.setAccessibleName(self.tr("Stop checking with the model"))
        self.stop_button.clicked.connect(self._stop)

    def show_checking(self, checking: Checking) -> None:
        """Say how far a check is."""
        self._show(checking_words(checking), is_doubtful=False)
        self.stop_button.show()

    def show_check(self, check: ModelCheck) -> None:
        """Say what was found."""
        self._show(
            checked_words(check),
            is_doubtful=check.count(Verdict.SUPPORTED) < max(len(check.verdicts), check.statements),
        )
        self.stop_button.hide()

    def words(self) -> str:
        """Return what the line says."""
        return self._words

    def _show(self, words: str, *, is_doubtful: bool) -> None:
        self._words, self._is_doubtful = words, is_doubtful
        self.setAccessibleName(words)
        self.setToolTip(words)
        if self.width():
            self.height_for(self.width())
        self.update()

    def height_for(self, width: int) -> int:
        """Place the button for a width and return the height, in pixels."""
        look = self._look
        metrics = QFontMetricsF(look.small_font())
        row = look.px(1.75)
        wide = self.stop_button.sizeHint().width()
        left = self._left()
        text = math.ceil(left + metrics.horizontalAdvance(self._words) + look.em * 0.6)
        self.stop_button.setGeometry(max(min(text, width - wide), 0), 0, wide, row)
        room = width - left if self.stop_button.isHidden() else self.stop_button.x() - left
        wanted = metrics.boundingRect(QRectF(0, 0, room, 1e6), _WRAPPED, self._words).height()
        return max(row, math.ceil(min(wanted, _MOST_LINES * metrics.lineSpacing()) + look.em * 0.4))

    @Slot()
    def _stop(self) -> None:
        self._actions.check_stop_requested.emit(self._message_id)

    def _left(self) -> float:
        return self._look.em * 0.8 + self._look.px(1.05)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        row = look.px(1.75)
        painter.setFont(look.small_font())
        painter.setPen(QColor(shown.muted))
        side = look.px(1.05)
        name = "warning" if self._is_doubtful else "double-check"
        icon(name, shown.muted).paint(painter, QRectF(look.em * 0.5, (row - side) / 2, side, side).toRect())
        left = self._left()
        room = (self.width() if self.stop_button.isHidden() else self.stop_button.x()) - left
        painter.drawText(QRectF(left, 0, room, self.height()), _WRAPPED, self._words)
