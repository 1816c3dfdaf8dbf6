"""How the next token is chosen, and how many."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, number_field
from chatbot_app.ui.theme import em, set_look


class StepButtons(QWidget):
    """Two rows: likeliest, drawn with a seed, so many at once; stop, undo, back to the text."""

    steps_requested = Signal(object, int)  # seed or None for the likeliest, number of tokens
    stop_requested = Signal()
    undo_requested = Signal()
    restart_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._greedy = dialog_button(self, "step_greedy", self.tr("Take the likeliest"))
        set_look(self._greedy, "primary")
        self._sample = dialog_button(self, "step_sample", self.tr("Draw one"))
        self._stop = dialog_button(self, "step_stop", self.tr("Stop"))
        self._undo = dialog_button(self, "step_undo", self.tr("Undo"))
        self._restart = dialog_button(self, "step_restart", self.tr("Back to the text"))
        self.seed = number_field(self, "step_seed", self.tr("Seed"), 0, 2**31 - 1, 1)
        self.count = number_field(self, "step_count", self.tr("Tokens at once"), 1, 200, 1)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._greedy)
        first.addWidget(self._sample)
        first.addStretch(1)
        for button in (self._stop, self._undo, self._restart):
            first.addWidget(button)
        for words, spin in ((self.tr("Seed"), self.seed), (self.tr("Tokens at once"), self.count)):
            label = QLabel(words, self)
            label.setBuddy(spin)
            second.addWidget(label)
            second.addWidget(spin)
        second.addStretch(1)
        rows = QVBoxLayout(self)  # all of it in one row is wider than a small screen
        rows.setContentsMargins(0, 0, 0, 0)
        for row in (first, second):
            row.setSpacing(em(self, 0.4))
            rows.addLayout(row)
        self._greedy.clicked.connect(self._ask_greedy)
        self._sample.clicked.connect(self._ask_sample)
        self._stop.clicked.connect(self.stop_requested)
        self._undo.clicked.connect(self.undo_requested)
        self._restart.clicked.connect(self.restart_requested)
        self.show_state(can_step=False, is_running=False, can_undo=False, can_restart=False)

    def show_state(self, *, can_step: bool, is_running: bool, can_undo: bool, can_restart: bool) -> None:
        """Show what can be done."""
        for button in (self._greedy, self._sample):
            button.setEnabled(can_step and not is_running)
        self._stop.setEnabled(is_running)
        self._undo.setEnabled(can_undo)
        self._restart.setEnabled(can_restart)

    @Slot()
    def _ask_greedy(self) -> None:
        self.steps_requested.emit(None, self.count.value())

    @Slot()
    def _ask_sample(self) -> None:
        self.steps_requested.emit(self.seed.value(), self.count.value())
