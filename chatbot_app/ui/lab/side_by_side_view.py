"""Two prompts for one question, answered at the same time by the same model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from chatbot_app.lab.models import RawModels
from chatbot_app.lab.side_by_side import PAIRS
from chatbot_app.ui.dialog_parts import dialog_button, number_field
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.lab.side_view import SideView
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices


class SideBySideView(QWidget):
    """The pairs that are worth a look, each of which can be changed."""

    def __init__(
        self, services: LabServices, models: RawModels, choice: LabModelChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._pairs = NamedComboBox("side_pairs", self.tr("What is compared"), self)
        titles = {
            "instruction": self.tr("A question as a raw text, and as a message"),
            "steps": self.tr("Without and with “think step by step”"),
            "examples": self.tr("Without and with examples"),
            "order": self.tr("The answer first, and the reasoning first"),
        }
        self._pairs.addItems([titles[pair.name] for pair in PAIRS])
        self._most = number_field(self, "side_max_tokens", self.tr("Max tokens"), 1, 4096, 120)
        self._start = dialog_button(self, "side_start", self.tr("Ask both"))
        set_look(self._start, "primary")
        self._stop = dialog_button(self, "side_stop", self.tr("Stop"))
        self.left = SideView("side_left", self.tr("Left"), services, models, self)
        self.right = SideView("side_right", self.tr("Right"), services, models, self)
        label = QLabel(self.tr("Max tokens"), self)
        label.setBuddy(self._most)
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.5))
        head.addWidget(self._pairs, 1)
        for widget in (label, self._most, self._start, self._stop):
            head.addWidget(widget)
        sides = QSplitter(Qt.Orientation.Horizontal, self)
        sides.setChildrenCollapsible(False)
        for side in (self.left, self.right):
            sides.addWidget(side)
            side.state_changed.connect(self._show_state)
        sides.setSizes([em(self, 20), em(self, 20)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addLayout(head)
        column.addWidget(sides, 1)
        self._pairs.currentIndexChanged.connect(self._show_pair)
        self._start.clicked.connect(self._begin)
        self._stop.clicked.connect(self._end)
        services.given_up.connect(self._give_up)
        self._show_pair()

    @Slot()
    def _show_pair(self) -> None:
        pair = PAIRS[self._pairs.currentIndex()]
        self.left.show_side(pair.left)
        self.right.show_side(pair.right)
        self._show_state()

    @Slot()
    def _begin(self) -> None:
        for side in (self.left, self.right):
            side.begin(self._choice.server_id, self._choice.model, self._most.value())
        self._show_state()

    @Slot()
    def _end(self) -> None:
        for side in (self.left, self.right):
            side.stream.stop()

    @Slot()
    def _give_up(self) -> None:
        for side in (self.left, self.right):
            side.stream.forget()
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        is_running = self.left.stream.is_running or self.right.stream.is_running
        self._start.setEnabled(not is_running)
        self._stop.setEnabled(is_running)
