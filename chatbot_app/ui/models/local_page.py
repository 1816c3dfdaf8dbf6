"""The models of this computer: the list, the one that is chosen, and the ways to add one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.dropped_files import local_files
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.model_details import ModelDetails
from chatbot_app.ui.models.model_row import ModelRow
from chatbot_app.ui.models.path_fields import choose_model_file
from chatbot_app.ui.models.said_line import SaidLine
from chatbot_app.ui.models.two_line_list import TwoLineList
from chatbot_app.ui.theme import em, set_look


class LocalPage(QWidget):
    """Shows rows; what is chosen is emitted on `actions`."""

    def __init__(self, actions: LocalActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("local_models_page")
        self.setAcceptDrops(True)
        self._actions = actions
        self._threads: int | None = None
        self._rows: dict[str, ModelRow] = {}
        self._list = TwoLineList("models_list", self.tr("Models of this computer"), self)
        self._add = dialog_button(self, "model_add_button", self.tr("Add a file…"))
        self._others = dialog_button(
            self, "other_programs_button", self.tr("Look for models of other programs…")
        )
        self._idle = CalmSpinBox(self)
        self._idle.setObjectName("idle_minutes")
        self._idle.setAccessibleName(self.tr("Minutes without a question after which a model is unloaded"))
        self._idle.setToolTip(
            self.tr("A question brings an idle model back; nothing of the conversation is lost.")
        )
        self._idle.setRange(0, 24 * 60)
        self._idle.setSpecialValueText(self.tr("Never"))
        self._idle.setSuffix(self.tr(" min"))
        self._idle.setKeyboardTracking(False)
        self._idle.lineEdit().setTextMargins(em(self, 0.3), 0, 0, 0)
        self._idle.lineEdit().setAccessibleName(self._idle.accessibleName())
        self._said = SaidLine("models_said", self)
        self.details = ModelDetails(actions, self)
        self._build()
        self._list.chosen.connect(self._show_chosen)
        self._add.clicked.connect(self._ask_for_files)
        self._others.clicked.connect(actions.other_programs_requested)
        self._idle.valueChanged.connect(actions.idle_minutes_changed)

    def _build(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, em(self, 0.8), 0)
        column.addWidget(self._list)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("models_splitter")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(left)
        split.addWidget(self.details)
        split.setStretchFactor(0, 4)
        split.setStretchFactor(1, 5)
        under = QHBoxLayout()
        under.setSpacing(em(self, 0.5))
        under.addWidget(self._add)
        under.addWidget(self._others)
        under.addStretch(1)
        words = QLabel(self.tr("Unload when idle:"), self)
        words.setBuddy(self._idle)
        set_look(words, "muted")
        under.addWidget(words)
        under.addWidget(self._idle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, em(self, 0.6), 0, 0)
        whole.setSpacing(em(self, 0.5))
        whole.addWidget(split, 1)
        whole.addWidget(self._said)
        whole.addLayout(under)

    def show_rows(self, rows: Sequence[ModelRow], threads: int | None = None) -> None:
        """Show these; the chosen one stays chosen."""
        self._threads = threads
        self._rows = {row.id: row for row in rows}
        self._list.show_rows([row.lines() for row in rows])
        self._show_chosen()

    def show_idle_minutes(self, minutes: int) -> None:
        """Show after how many minutes idle models are unloaded, silently."""
        with QSignalBlocker(self._idle):
            self._idle.setValue(minutes)

    def choose(self, model_id: str) -> None:
        """Show one of the rows, the first where it is none."""
        self._list.choose(model_id)

    def chosen_id(self) -> str:
        """Return the id of the chosen model, "" for none."""
        return self._list.current_key()

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence below the list, "" none."""
        self._said.say(words, look)

    def focus_list(self) -> None:
        """Put the keyboard into the list."""
        self._list.setFocus()

    @Slot()
    def _show_chosen(self) -> None:
        self.details.show_row(self._rows.get(self.chosen_id()), self._threads)

    @Slot()
    def _ask_for_files(self) -> None:
        dialog = choose_model_file(self, self.tr("Add model files"), many=True)
        dialog.filesSelected.connect(self._offer)
        dialog.open()

    @Slot(list)
    def _offer(self, names: list[str]) -> None:
        self._actions.files_offered.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self._actions.files_offered.emit(files)
