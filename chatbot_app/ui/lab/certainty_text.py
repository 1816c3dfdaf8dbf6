"""Tokens as running text, each on a ground that says how certain the model was of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import exp

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from chatbot_app.llm.logprobs import ScoredToken
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.lab.probability_words import percent, token_words
from chatbot_app.ui.theme import colors, set_look

MOST_TOKENS = 2000  # that are drawn; the newest, of a longer text


class CertaintyText(QTextEdit):
    """A text that is read, whose tokens can be pressed: with the mouse, or the caret and Return."""

    token_chosen = Signal(int)  # its place

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        set_look(self, "field")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._tokens: list[ScoredToken] = []
        self._starts: list[int] = []  # positions in the document
        self._skipped = 0  # tokens that are not drawn
        self.tip: Callable[[int], str] = self._own_tip

    @property
    def tokens(self) -> Sequence[ScoredToken]:
        """What is shown."""
        return tuple(self._tokens)

    def show_tokens(self, tokens: Sequence[ScoredToken]) -> None:
        """Show these tokens; those that are there already stay as they are."""
        known = len(self._tokens)
        if list(tokens[:known]) != self._tokens or len(tokens) > MOST_TOKENS:
            self.clear()
            self._tokens, self._starts = [], []
            self._skipped = max(0, len(tokens) - MOST_TOKENS)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for token in tokens[self._skipped + len(self._tokens) :]:
            self._tokens.append(token)
            self._starts.append(cursor.position())
            cursor.insertText(_text(token), self._format(token))
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def token_at(self, point: QPoint) -> int | None:
        """Return the place of the token at a point of the viewport."""
        layout = self.document().documentLayout()
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        position = layout.hitTest((point + offset).toPointF(), Qt.HitTestAccuracy.ExactHit)
        return self._place(position)

    def _place(self, position: int) -> int | None:
        place = bisect_right(self._starts, position) - 1
        return self._skipped + place if position >= 0 and place >= 0 else None

    def _format(self, token: ScoredToken) -> QTextCharFormat:
        shown = colors(self)
        made = QTextCharFormat()
        made.setForeground(QColor(shown.text))
        made.setBackground(
            ground(exp(token.logprob), shown.surface, shown.warning_background, shown.danger_background)
        )
        return made

    def _own_tip(self, place: int) -> str:
        token = self._tokens[place - self._skipped]
        return f"{token_words(token.token)}  {percent(exp(token.logprob))}"

    # --- Qt ------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            place = self.token_at(event.position().toPoint())
            if place is not None:
                self.token_chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            place = self._place(self.textCursor().position())
            if place is not None:
                self.token_chosen.emit(place)
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.token_at(event.pos())
            QToolTip.showText(event.globalPos(), self.tip(place) if place is not None else "", self)
            return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and self._tokens:
            shown, self._tokens = self._tokens, []
            self.clear()
            self._starts, self._skipped = [], 0
            self.show_tokens(shown)


def ground(probability: float, certain: str, doubtful: str, unlikely: str) -> QColor:
    """Return the ground of a token: from `certain` (1) over `doubtful` (a half) to `unlikely` (0)."""
    first, second, share = (
        (certain, doubtful, (1 - probability) * 2)
        if probability >= 0.5
        else (doubtful, unlikely, 1 - probability * 2)
    )
    a, b = QColor(first), QColor(second)
    return QColor(
        round(a.red() + (b.red() - a.red()) * share),
        round(a.green() + (b.green() - a.green()) * share),
        round(a.blue() + (b.blue() - a.blue()) * share),
    )


def _text(token: ScoredToken) -> str:
    if token.token.is_special or token.token.is_part:
        return token.token.text or token_words(token.token)
    return token.token.text
