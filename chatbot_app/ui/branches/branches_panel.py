"""The map of the open conversation's branches, beside the transcript."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.chat.branch_map import BranchMap
from chatbot_app.ui.branches.branch_delegate import NAME_EDIT, BranchDelegate
from chatbot_app.ui.branches.branch_model import BranchModel
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.side_list import side_list
from chatbot_app.ui.theme import em, set_look


class BranchesPanel(QWidget):
    """Shows one map at a time and says what is wanted of it."""

    message_chosen = Signal(str)  # id of the message where a branch begins
    comparison_wanted = Signal(str, str)  # ids of two messages where branches begin

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("branches_panel")
        self.model = BranchModel(self)
        self._waiting: list[BranchMap | None] = []  # what came while a name was being written
        self._build()
        self._connect()
        self.show_map(None)

    def _build(self) -> None:
        self._words = plain_label(self, "branches_words", shrinks=True)
        set_look(self._words, "muted")
        self.list = side_list(self, "branches_list", self.tr("Map of the branches"))
        set_look(self.list, "boxed")
        self.list.setModel(self.model)
        self._delegate = BranchDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.name_button = dialog_button(self, "branch_name_button", self.tr("&Name…"))
        self.name_button.setToolTip(self.tr("Name the chosen branch (F2)"))
        self.compare_button = dialog_button(self, "branch_compare_button", self.tr("&Compare"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.name_button)
        buttons.addWidget(self.compare_button)
        buttons.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.8), em(self, 0.6), em(self, 0.8), em(self, 0.8))
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.list.clicked.connect(self._click)
        self.list.activated.connect(self._go)
        self.list.selectionModel().selectionChanged.connect(self._enable)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._delegate.closeEditor.connect(self._show_waiting)
        self.name_button.clicked.connect(self._edit_name)
        self.compare_button.clicked.connect(self._compare)

    def chosen(self) -> list[QModelIndex]:
        """Return the chosen rows from top to bottom, at most the first three: more are wanted for nothing."""
        rows: list[int] = []
        parts = self.list.selectionModel().selection()
        for place in range(parts.count()):
            part = parts.at(place)
            rows += range(part.top(), min(part.bottom(), part.top() + 2) + 1)
        return [self.model.index(row) for row in sorted(rows)[:3]]

    def show_map(self, shown: BranchMap | None) -> None:
        """Show the branches of a conversation; None is one without messages. A name being written is waited for."""
        edit = self.list.findChild(QWidget, NAME_EDIT)
        # One that ended is hidden, and goes a moment later.
        if edit is not None and edit.isVisibleTo(self.list):
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
        before = self.model.shown_row
        self.model.show_map(shown)
        self._words.setText(self._sentence(shown))
        rows = [row for row in map(self.model.row_of, kept) if row is not None]
        here = self.model.shown_row
        if here is not None and (not rows or (len(rows) == 1 and here != before)):
            rows = [here]  # follow to where the person stands now
        self._column.activate()  # the words above may need more lines by now
        chosen = self.list.selectionModel()
        if [index.row() for index in self.chosen()] != rows:
            chosen.clear()
            for row in rows:
                index = self.model.index(row)
                if row == rows[0]:
                    self.list.setCurrentIndex(index)
                chosen.select(index, QItemSelectionModel.SelectionFlag.Select)
        self._enable()

    def say(self, words: str) -> None:
        """Show a sentence above the map, until the map changes."""
        self._words.setText(words)

    def _sentence(self, shown: BranchMap | None) -> str:
        if shown is None or not shown.runs:
            return self.tr("Nothing was asked in this conversation yet.")
        if shown.branch_count == 1:
            return self.tr(
                "One branch. Editing a question or answering it again begins another one beside it."
            )
        words = self.tr("{branches} branches, {messages} messages. Click one to go there.")
        return words.format(branches=f"{shown.branch_count:,}", messages=f"{shown.message_count:,}")

    def _pair(self) -> tuple[str, str] | None:
        """Return the beginnings of the two branches that would be compared: the chosen ones, or the chosen one and the
        one that is shown."""
        rows = [index.row() for index in self.chosen()]
        here = self.model.shown_row
        if len(rows) == 1 and here is not None and not self.model.run(self.model.index(rows[0])).is_shown:
            rows = sorted([*rows, here])
        if len(rows) != 2:
            return None
        left, right = (self.model.run(self.model.index(row)).first.id for row in rows)
        return left, right

    @Slot()
    def _enable(self) -> None:
        pair = self._pair()
        self.name_button.setEnabled(len(self.chosen()) == 1)
        self.compare_button.setEnabled(pair is not None)
        words = self.tr("Side by side, with what differs marked: the chosen branch and the one that is shown")
        if len(self.chosen()) == 2:
            words = self.tr("Both side by side, with what differs marked")
        elif pair is None:
            words = self.tr("Choose a branch that is not shown, or two with Ctrl")
        self.compare_button.setToolTip(words)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        # With Ctrl or Shift several are being chosen.
        if QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self._go(index)

    @Slot(QModelIndex)
    def _go(self, index: QModelIndex) -> None:
        self.message_chosen.emit(self.model.run(index).first.id)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        menu = fresh_menu(self.list, "branch_menu")
        if index.isValid():
            menu.addAction(self.tr("Go there"), partial(self._go, index))
            menu.addAction(self.tr("Name…"), self._edit_name).setEnabled(self.name_button.isEnabled())
        compare = menu.addAction(self.tr("Compare"), self._compare)
        compare.setEnabled(self.compare_button.isEnabled())
        menu.popup(self.list.viewport().mapToGlobal(place))

    @Slot()
    def _compare(self) -> None:
        pair = self._pair()
        if pair is not None:
            self.comparison_wanted.emit(*pair)

    @Slot()
    def _edit_name(self) -> None:
        for index in self.chosen()[:1]:
            self.list.setFocus()
            self.list.setCurrentIndex(index)
            self.list.edit(index)

    def fit_to_font(self) -> None:
        """Measure the rows anew where the text size changes."""
        self.list.doItemsLayout()
