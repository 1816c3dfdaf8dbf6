"""What the documents say themselves: their sentences, best first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.trust import Quote
from chatbot_app.ui.chat.fold_header import FoldHeader
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.quote_row import QuoteRow
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class QuotesView(QWidget):
    """A header that folds, and a row for each quote."""

    height_changed = Signal()

    def __init__(
        self,
        look: Look,
        actions: TranscriptActions,
        quotes: Sequence[Quote],
        parent: QWidget,
        *,
        is_open: bool,
        are_nearest: bool = False,
        are_certain: bool = True,
    ) -> None:
        """`are_nearest`: they do not answer the question, nothing stands nearer to it. Not `are_certain`: they may not."""
        super().__init__(parent)
        self._look = look
        self.quotes = tuple(quotes)
        self.setObjectName("quotes_view")
        self.is_settled_by_hand = False  # the person folded or opened it
        self._header = FoldHeader(look, "quotes_fold_button", self)
        count = len(self.quotes)
        if are_nearest:
            words = (
                self.tr("The nearest passage, which does not answer it")
                if count == 1
                else self.tr("The nearest {count} passages, which do not answer it")
            )
        elif not are_certain:
            words = (
                self.tr("1 quote from your documents, which may not answer it")
                if count == 1
                else self.tr("{count} quotes from your documents, which may not answer it")
            )
        else:
            words = (
                self.tr("1 quote from your documents")
                if count == 1
                else self.tr("{count} quotes from your documents")
            )
        self._header.say(words.format(count=count))
        self._header.setChecked(is_open)
        self._header.clicked.connect(self._chosen)
        self._header.toggled.connect(self._fold)
        self.rows = [
            QuoteRow(look, actions, quote, number, self) for number, quote in enumerate(self.quotes, 1)
        ]
        for row in self.rows:
            row.setVisible(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the quotes can be read."""
        return self._header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Fold or open the quotes, unless the person did that or is among them."""
        focus = self.focusWidget()
        is_visited = self.underMouse() or (focus is not None and focus.hasFocus())
        if not self.is_settled_by_hand and not (is_visited and not is_open):
            self._header.setChecked(is_open)

    def take_over(self, other: QuotesView) -> None:
        """Be as open as another view of the same quotes."""
        self.is_settled_by_hand = other.is_settled_by_hand
        self._header.setChecked(other.is_open)

    def height_for(self, width: int) -> int:
        """Place the rows for a width and return the height, in pixels."""
        look = self._look
        y = look.px(1.7)
        self._header.setGeometry(0, 0, min(self._header.wanted_width(), width), y)
        if not self.is_open:
            return y
        y += look.px(0.2)
        for row in self.rows:
            y = put(row, 0, y, width) + look.px(0.25)
        return y

    @Slot()
    def _chosen(self) -> None:
        self.is_settled_by_hand = True

    @Slot(bool)
    def _fold(self, is_open: bool) -> None:
        for row in self.rows:
            row.setVisible(is_open)
        self.height_changed.emit()
