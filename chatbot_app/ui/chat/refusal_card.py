"""What stands in the place of an answer that the documents do not give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from chatbot_app.core.trust import Quote, Trust, years_shown
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look, sized
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.quotes_view import QuotesView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.icons import icon

_MOST_NAMES = 3  # of collections; the others are counted
_LONGEST_QUERY = 120


class RefusalCard(QWidget):
    """Says that the documents are silent, what was searched, what stands nearest, and what can be done."""

    height_changed = Signal()

    def __init__(
        self,
        look: Look,
        actions: TranscriptActions,
        message_id: str,
        trust: Trust | None,
        quotes: Sequence[Quote],
        parent: QWidget,
        *,
        has_words: bool = False,
        kept_to: Sequence[str] = (),
    ) -> None:
        """`message_id` is that of the answer. `has_words`: a model has answered all the same.

        `kept_to`: what the documents' fields had to say.
        """
        super().__init__(parent)
        self._actions = actions
        self._message_id = message_id
        self._look = look
        self.setObjectName("refusal_card")
        if trust is not None and not trust.documents and kept_to:
            title = self.tr("None of your documents fits")
        elif trust is not None and not trust.documents and not quotes:
            title = self.tr("There are no documents to search yet")
        elif has_words:
            title = self.tr("Your documents do not support this answer")
        elif trust is not None and trust.unsaid_years:
            title = self.tr("Your documents do not answer this for {years}").format(
                years=years_shown(trust.unsaid_years)
            )
        else:
            title = self.tr("Your documents do not answer this")
        searched = self._searched_words(trust, kept_to)
        self._title = self._label(title, "refusal_title", sized(look.font, 1.05, QFont.Weight.DemiBold))
        self._searched = self._label(searched, "refusal_searched", look.small_font())
        self._nearest: QuotesView | None = None
        if quotes:
            self._nearest = QuotesView(look, actions, quotes, self, is_open=False, are_nearest=True)
            self._nearest.height_changed.connect(self.height_changed)
        without = self._button(self.tr("Answer without documents"), "without_documents_button")
        without.clicked.connect(self._answer_without_documents)
        others = self._button(self.tr("Search in other collections…"), "choose_collections_button")
        others.clicked.connect(actions.collections_requested)
        self._buttons = [without, others]
        self.setAccessibleName(title)
        self.setAccessibleDescription(searched)

    def take_over(self, other: RefusalCard) -> None:
        """Be as open as another card of the same refusal."""
        if self._nearest is not None and other._nearest is not None:
            self._nearest.take_over(other._nearest)

    def words(self) -> str:
        """Return what the card says."""
        return f"{self._title.text()}\n{self._searched.text()}"

    def _button(self, words: str, name: str) -> ChatButton:
        return ChatButton(self._look, "", words, name, self, caption=words)

    @Slot()
    def _answer_without_documents(self) -> None:
        self._actions.answer_without_documents_requested.emit(self._message_id)

    def _label(self, words: str, name: str, font: QFont) -> QLabel:
        label = QLabel(words, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(font)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _searched_words(self, trust: Trust | None, kept_to: Sequence[str]) -> str:
        if trust is None:
            return self.tr("Ask in other words, or choose other documents.")
        fields = ", ".join(f"“{text}”" for text in kept_to[:_MOST_NAMES])
        if not trust.documents and kept_to:
            return self.tr(
                "This conversation keeps to documents of {fields}. Remove one of these above the message, or correct"
                " what a document says of itself, in Knowledge."
            ).replace("{fields}", fields)
        if not trust.documents:
            return self.tr("Add some, or ask without documents.")
        names = [f"“{' '.join(visible_text(name).split())}”" for name in trust.collections]
        count = trust.documents
        if kept_to and not names:
            words = (
                self.tr("1 document of {fields}") if count == 1 else self.tr("{count} documents of {fields}")
            )
            where = words.replace("{count}", f"{count:,}").replace("{fields}", fields)
        elif not names:
            where = (
                self.tr("your one document")
                if count == 1
                else self.tr("all {count} documents").format(count=f"{count:,}")
            )
        else:
            shown = ", ".join(names[:_MOST_NAMES])
            if len(names) > _MOST_NAMES:
                shown = self.tr("{names} and {more} more").format(names=shown, more=len(names) - _MOST_NAMES)
            words = self.tr("{names} (1 document)") if count == 1 else self.tr("{names} ({count} documents)")
            where = words.format(names=shown, count=f"{count:,}")
        searched = " ".join(visible_text(trust.searched).split())
        if not searched:
            return self.tr("Searched: {where}.").format(where=where)
        if len(searched) > _LONGEST_QUERY:
            searched = searched[:_LONGEST_QUERY].rstrip() + "…"
        return self.tr("Searched for “{query}” in {where}.").format(query=searched, where=where)

    def height_for(self, width: int) -> int:
        """Place everything for a width and return the height, in pixels."""
        look = self._look
        pad, gap = look.px(0.9), look.px(0.45)
        mark = look.px(1.7)
        room = width - 2 * pad
        y = pad
        for label, left in ((self._title, pad + mark), (self._searched, pad)):
            wide = pad + room - left
            height = label.heightForWidth(wide)
            label.setGeometry(left, y, wide, height)
            y += height + look.px(0.25)
        y += gap - look.px(0.25)
        if self._nearest is not None:
            y = put(self._nearest, pad, y, room) + gap
        x = pad
        row = look.px(1.75)
        for button in self._buttons:
            wide = min(button.sizeHint().width(), room)
            if x > pad and x + wide > pad + room:
                x, y = pad, y + row + look.px(0.3)
            button.setGeometry(x, y, wide, row)
            x += wide + look.px(0.5)
        return y + row + pad

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(shown.surface))
        painter.setPen(QPen(QColor(shown.border), 1))
        radius = look.em * 0.6
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        side = look.px(1.2)
        y = self._title.y() + (round(look.line * 1.05) - side) // 2
        icon("search", shown.accent).paint(painter, look.px(0.9), y, side, side)
