"""What stands between messages: the line of the window, and the summary of what lies above."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Summary
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.summary_card import SummaryCard
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.window_line import WindowLine

GAP = 1.0  # em above each


class Interludes(QObject):
    """Knows below which message each stands; the transcript places them."""

    height_changed = Signal()

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        column: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._drawing = drawing
        self._column = column
        self._line = WindowLine(drawing.look, column)
        self._line_below: str | None = None
        self._card: SummaryCard | None = None
        self._pending: SummaryCard | None = None

    def set_line(self, message_id: str | None) -> None:
        """Draw the line below a message; None draws none."""
        self._line_below = message_id

    def set_summary(self, summary: Summary | None) -> None:
        """Show the summary that is in use; None shows none."""
        card = self._card
        shown = card.summary if card is not None else None
        if card is not None and shown is not None and summary is not None and shown.id == summary.id:
            card.set_summary(summary)
            return
        self._card = self._replace(card, self._make(summary) if summary else None)

    def set_pending(self, is_pending: bool) -> None:
        """Say below the line that a summary of what is above is being written, or no longer."""
        if is_pending != (self._pending is not None):
            new = self._make(None) if is_pending else None
            self._pending = self._replace(self._pending, new)

    def clear(self) -> None:
        """Show nothing."""
        self.set_line(None)
        self.set_summary(None)
        self.set_pending(False)
        self._line.hide()

    def rebuild(self) -> None:
        """Draw everything anew: fonts or colours changed."""
        self._line.set_look(self._drawing.look)
        card, pending = self._card, self._pending
        if card is not None:
            self.set_summary(None)
            self.set_summary(card.summary)
        if pending is not None:
            self.set_pending(False)
            self.set_pending(True)

    def all(self) -> list[WindowLine | SummaryCard]:
        """Return every widget that there is."""
        return [self._line, *self.cards()]

    def cards(self) -> list[SummaryCard]:
        """Return the cards that there are."""
        return [card for card in (self._card, self._pending) if card is not None]

    def below(self, message_id: str) -> list[WindowLine | SummaryCard]:
        """Return what stands below a message, from the top."""
        found: list[WindowLine | SummaryCard] = []
        if message_id == self._line_below:
            found.append(self._line)
        summary = self._card.summary if self._card is not None else None
        if self._card is not None and summary is not None and summary.through_id == message_id:
            found.append(self._card)
        if self._pending is not None and message_id == self._line_below:
            found.append(self._pending)
        return found

    def _make(self, summary: Summary | None) -> SummaryCard:
        return SummaryCard(self._drawing, self._actions, summary, self._column)

    def _replace(self, old: SummaryCard | None, new: SummaryCard | None) -> SummaryCard | None:
        if old is not None:
            old.hide()
            old.deleteLater()
        if new is not None:
            new.height_changed.connect(self.height_changed)
        return new
