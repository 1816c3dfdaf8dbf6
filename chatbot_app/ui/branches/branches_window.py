"""The window that shows the map of the open conversation."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from chatbot_app.chat.branch_map import BranchMap
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.branches.branch_delegate import NAME_EDIT, BranchDelegate
from chatbot_app.ui.branches.branch_model import BranchModel
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.side_list import side_list
from chatbot_app.ui.theme import em, scale_font, set_look

_WIDTH, _HEIGHT = 30, 36  # lines of text


class BranchesWindow(QWidget):
    """A top-level window that belongs to the main window and goes with it."""

    message_chosen = Signal(str)  # id of the message where a branch begins
    comparison_wanted = Signal(str, str)  # ids of two messages where branches begin
    shown = Signal()

    def __init__(self, parent: QMainWindow) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("branches_window")
        self.setWindowTitle(self.tr("Branches"))
        self.setAccessibleName(self.tr("Branches"))
        self.model = BranchModel(self)
        self._waiting: list[BranchMap | None] = []  # what came while a name was being written
        self._build()
        self._connect()
        SharedKeys(parent, self)
        self.show_map(None)

    def _build(self) -> None:
        self._title = plain_label(self, "branches_title", shrinks=True)
        scale_font(self._title, 1.15, bold=True)
        self._words = plain_label(self, "branches_words", shrinks=True)
        set_look(self._words, "muted")
        self.list = side_list(self, "branches_list", self.tr("Map of the branches"))
        set_look(self.list, "boxed")
        self.list.setModel(self.model)
        self._delegate = BranchDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.go_button = dialog_button(self, "branch_go_button", self.tr("&Go there"))
        self.name_button = dialog_button(self, "branch_name_button", self.tr("&Name…"))
        self.compare_button = dialog_button(self, "branch_compare_button", self.tr("&Compare"))
        self.compare_button.setToolTip(
            self.tr("Two chosen branches side by side: choose the second one with Ctrl")
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.go_button)
        buttons.addWidget(self.name_button)
        buttons.addWidget(self.compare_button)
        buttons.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.8), em(self, 0.8), em(self, 0.8), em(self, 0.8))
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))

    def _connect(self) -> None:
        self.list.clicked.connect(self._click)
        self.list.activated.connect(self._go)
        self.list.selectionModel().selectionChanged.connect(self._enable)
        self._delegate.closeEditor.connect(self._show_waiting)
        self.go_button.clicked.connect(self._go_to_chosen)
        self.name_button.clicked.connect(self._edit_name)
        self.compare_button.clicked.connect(self._compare)

    def chosen(self) -> list[QModelIndex]:
        """Return the chosen rows from top to bottom."""
        return sorted(self.list.selectionModel().selectedRows(), key=lambda index: index.row())

    def show_map(self, shown: BranchMap | None) -> None:
        """Show the branches of a conversation; None is one without messages. A name being written is waited for."""
        edit = self.list.findChild(QWidget, NAME_EDIT)
        if edit is not None and edit.isVisibleTo(
            self.list
        ):  # one that ended is hidden, and goes a moment later
            self._waiting = [shown]
            return
        self._show(shown)

    @Slot()
    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for shown in waiting:
            self._show(shown)

    def _show(self, shown: BranchMap | None) -> None:
        self._waiting = []
        kept = [self.model.run(index).first.id for index in self.chosen()]
        self.model.show_runs(() if shown is None else shown.runs)
        self._title.setText(self.tr("New conversation") if shown is None else visible_text(shown.title))
        self._words.setText(self._sentence(shown))
        if not self.chosen():
            rows = [row for row in map(self.model.row_of, kept) if row is not None]
            last = self.model.shown_row()
            self._column.activate()  # the words above may need more lines by now
            for row in rows or ([] if last is None else [last]):
                index = self.model.index(row)
                self.list.setCurrentIndex(index) if row == (rows or [row])[0] else None
                self.list.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)
        self._enable()

    def say(self, words: str) -> None:
        """Show a sentence above the map, until the map changes."""
        self._words.setText(words)

    def _sentence(self, shown: BranchMap | None) -> str:
        if shown is None or not shown.runs:
            return self.tr("Nothing was asked in this conversation yet.")
        ends = sum(not run.goes_on for run in shown.runs)
        if ends == 1:
            return self.tr(
                "One branch. Editing a question or answering it again begins another one beside it."
            )
        words = self.tr("{branches} branches, {messages} messages. The filled dots are shown.")
        return words.format(branches=ends, messages=shown.message_count)

    @Slot()
    def _enable(self) -> None:
        is_one = len(self.chosen()) == 1
        self.go_button.setEnabled(is_one)
        self.name_button.setEnabled(is_one)
        self.compare_button.setEnabled(len(self.chosen()) == 2)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if (
            QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
        ):  # else several are being chosen
            self._go(index)

    @Slot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        self.message_chosen.emit(self.model.run(index).first.id)

    @Slot()
    def _go_to_chosen(self) -> None:
        for index in self.chosen()[:1]:
            self._go(index)

    @Slot()
    def _compare(self) -> None:
        left, right = (self.model.run(index).first.id for index in self.chosen())
        self.comparison_wanted.emit(left, right)

    @Slot()
    def _edit_name(self) -> None:
        for index in self.chosen()[:1]:
            self.list.setFocus()
            self.list.setCurrentIndex(index)
            self.list.edit(index)

    def fit_to_font(self) -> None:
        """Measure the rows anew where the text size changes."""
        self.list.doItemsLayout()

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or event.matches(QKeySequence.StandardKey.Close):
            self.close()
            return
        super().keyPressEvent(event)
