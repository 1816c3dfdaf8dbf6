"""A page in the place of the transcript: a heading, some sentences, and cards to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from chatbot_app.ui.chat.look import Look, sized
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.theme import set_look

_WIDTH = 34  # em, of the cards
_LINE = 52  # em, of a sentence above them: one that is longer has more lines
_CARD_HEIGHT = 4.1
_CARD_STEP = 4.7
_LOW_CARD_HEIGHT, _LOW_CARD_STEP, _LOW_TOP = 2.1, 2.4, 2.4  # with the title alone
_TOP_OF_WORDS = 2.8
_GAP = 1.2


@dataclass(frozen=True, slots=True)
class Card:
    """What can be chosen: `key` is emitted, `name` is that of the widget."""

    key: str
    name: str
    title: str
    words: str


class _CardButton(PaintedButton):
    def __init__(self, look: Look, card: Card, parent: QWidget) -> None:
        super().__init__(look, card.name, parent)
        self.card = card
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(card.words)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(_WIDTH), self._look.px(_CARD_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = self.smooth_painter()
        painter.setBrush(QColor(shown.raised if self.is_hot else shown.surface))
        painter.setPen(
            QPen(QColor(shown.accent if self.hasFocus() else shown.border), 1.5 if self.hasFocus() else 1)
        )
        radius = look.em * 0.8
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        has_words = self.height() > look.px((_CARD_HEIGHT + _LOW_CARD_HEIGHT) / 2)
        edge = look.em * (0.6 if has_words else 0.2)
        inside = QRectF(self.rect()).adjusted(look.em, edge, -look.em, -edge)
        painter.setPen(QColor(shown.text))
        painter.setFont(sized(look.font, 0.98, look.font.Weight.DemiBold))
        title = QFontMetricsF(painter.font()).elidedText(
            self.card.title, Qt.TextElideMode.ElideRight, inside.width()
        )
        place = Qt.AlignmentFlag.AlignTop if has_words else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, int(place | Qt.AlignmentFlag.AlignLeft), title)
        if not has_words:
            return
        painter.setPen(QColor(shown.muted))
        painter.setFont(look.small_font())
        words = QFontMetricsF(painter.font()).elidedText(
            self.card.words, Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), words)


class CardPage(QWidget):
    """Everything centred; `below` is a widget under the cards, if any."""

    chosen = Signal(str)  # key of a card

    def __init__(
        self,
        look: Look,
        title: str,
        sentences: Sequence[str],
        cards: Sequence[Card],
        parent: QWidget | None = None,
        *,
        below: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._title = title
        self._words = QLabel("\n".join(sentences), self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setFont(look.font)
        set_look(self._words, "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(sentences))
        self._cards: list[_CardButton] = []
        self._below = below
        if below is not None:
            below.setParent(self)
        self.set_cards(cards)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Offer these; a card that stays keeps its place and the focus."""
        known = {button.card: button for button in self._cards}
        for card, button in known.items():
            if card not in cards:
                button.hide()
                button.deleteLater()
        before: QWidget | None = None
        self._cards = []
        for card in cards:
            button = known.get(card) or _CardButton(self._look, card, self)
            if card not in known:
                button.clicked.connect(self._choose)
                button.setVisible(True)
            if before is not None:
                QWidget.setTabOrder(before, button)
            before = button
            self._cards.append(button)
        if before is not None and self._below is not None:
            QWidget.setTabOrder(before, self._below)
        self.place()
        self.update()

    def place(self) -> None:
        """Centre everything in the present size."""
        look = self._look
        width = max(min(self.width() - look.px(3), look.px(_WIDTH)), look.px(8))
        words_width = self._balanced(max(min(self.width() - look.px(3), look.px(_LINE)), look.px(8)))
        words_height = self._words.heightForWidth(words_width) + look.px(_GAP)
        below = 0 if self._below is None else self._below.sizeHint().height()
        # In a low window the ways to begin matter more than the sentences, and their titles more than their words.
        is_low = look.px(_TOP_OF_WORDS + _CARD_STEP * len(self._cards) + 1) + below > self.height()
        card_height, step = (_LOW_CARD_HEIGHT, _LOW_CARD_STEP) if is_low else (_CARD_HEIGHT, _CARD_STEP)
        top_of_words = _LOW_TOP if is_low else _TOP_OF_WORDS
        height = look.px(top_of_words + step * len(self._cards)) + below
        is_roomy = height + words_height + look.px(1) <= self.height()
        self._words.setVisible(is_roomy)
        height += words_height if is_roomy else 0
        self._top = max((self.height() - height) // 2, look.px(0.3 if is_low else 1))
        y = self._top + look.px(top_of_words)
        self._words.setGeometry((self.width() - words_width) // 2, y, words_width, words_height)
        y += words_height if is_roomy else 0
        for button in self._cards:
            button.setGeometry((self.width() - width) // 2, y, width, look.px(card_height))
            y += look.px(step)
        if self._below is not None:
            hint = self._below.sizeHint()
            self._below.setGeometry((self.width() - hint.width()) // 2, y, hint.width(), hint.height())

    def _balanced(self, width: int) -> int:
        """Return the least width in which the sentences take no more lines than in `width`: no line of one word."""
        height = self._words.heightForWidth(width)
        least, most = width // 2, width
        while least < most:
            middle = (least + most) // 2
            if self._words.heightForWidth(middle) > height:
                least = middle + 1
            else:
                most = middle
        return most

    @Slot()
    def _choose(self) -> None:
        sender = self.sender()
        if isinstance(sender, _CardButton):
            self.chosen.emit(sender.card.key)

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setPen(QColor(look.colors.text))
        painter.setFont(look.heading_font(1))
        margin = look.px(1.5)
        area = QRectF(margin, self._top, self.width() - 2 * margin, look.px(2.4))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), self._title)
