"""The votes that no single answer gets, and how often each model won."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatbot_app.core.compared import Outcome, Tally
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look

_SHOWN = 6  # models
_LONGEST = 40  # characters of a model's name


class VoteBar(QWidget):
    """Stands below the columns."""

    vote_requested = Signal(str)  # Outcome.TIE or Outcome.BAD

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tie = dialog_button(self, "compare_tie", self.tr("Tie"))
        self._bad = dialog_button(self, "compare_bad", self.tr("All bad"))
        self._tally = plain_label(self, "compare_tally", shrinks=True)
        set_look(self._tally, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(em(self, 0.2), 0, em(self, 0.2), 0)
        row.setSpacing(em(self, 0.4))
        for button in (self._tie, self._bad):
            button.setCheckable(True)
            row.addWidget(button)
        row.addSpacing(em(self, 0.6))
        row.addWidget(self._tally, 1)
        self._tie.clicked.connect(self._vote_tie)
        self._bad.clicked.connect(self._vote_bad)
        self.show_tally(())

    def offer(self, words: str, chosen: Outcome | None) -> None:
        """Offer the votes, with this tooltip; "" says that there is nothing to vote on now."""
        for button, outcome in ((self._tie, Outcome.TIE), (self._bad, Outcome.BAD)):
            button.setEnabled(bool(words))
            button.setToolTip(words)
            button.setChecked(chosen is outcome)
            set_look(button, "primary" if chosen is outcome else "")

    def show_tally(self, found: Sequence[Tally]) -> None:
        """Show how often each model won."""
        words = [
            self.tr("{model} won {won} of {votes}").format(
                model=_short(one.model), won=one.won, votes=one.votes
            )
            for one in found
        ]
        shown = words[:_SHOWN] + (["…"] if len(words) > _SHOWN else [])
        self._tally.setText("  ·  ".join(shown) or self.tr("No votes between models yet."))
        self._tally.setToolTip("\n".join(words[:100]).replace("<", "‹") if len(words) > _SHOWN else "")

    @Slot()
    def _vote_tie(self) -> None:
        self.vote_requested.emit(Outcome.TIE.value)

    @Slot()
    def _vote_bad(self) -> None:
        self.vote_requested.emit(Outcome.BAD.value)


def _short(model: str) -> str:
    return shortened(visible_text(model), _LONGEST)
