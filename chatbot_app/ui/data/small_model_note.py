"""What is said where a data set is made, or about to be made, by a small model."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import set_look


class SmallModelNote(QWidget):
    """A sentence, and the way to a better model; hidden at first."""

    models_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        words = plain_label(
            self,
            "making_small",
            self.tr(
                "This is a small model: expect poor rows, and look at each. A larger one makes better ones."
            ),
            shrinks=True,
        )
        set_look(words, "notice-info")
        better = dialog_button(self, "making_better", self.tr("Models…"))
        better.clicked.connect(self.models_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(better)
        self.hide()
