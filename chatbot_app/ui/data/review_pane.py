"""Rows are looked through before they are exported: filtered, taken, left out, edited, several at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.made_data import DataKind, MadeRow, RowState
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.data.rows_model import RowsModel
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.shown_rows import marked_rows, rows_table
from chatbot_app.ui.theme import em, set_look

_SEARCH_AFTER_MS = 250  # of rest, while something is typed


class ReviewPane(QWidget):
    """Says what the person wants and does none of it."""

    filter_changed = Signal()
    row_wanted = Signal(int)  # number of the row whose texts are shown
    decided = Signal(list, bool)  # numbers, accepted
    edited = Signal(int, str, str, str)  # number, prompt, completion, rejected

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = RowsModel(self)
        self._number = 0  # of the row in the editor
        self._panes: dict[str, QWidget] = {}  # a text with its heading, by the text's name
        self._state = ComboBox(self)
        self._state.setObjectName("making_filter")
        self._state.setAccessibleName(self.tr("Which rows"))
        for state, words in (
            (RowState.ALL, self.tr("All rows")),
            (RowState.ACCEPTED, self.tr("Taken")),
            (RowState.LEFT_OUT, self.tr("Left out")),
            (RowState.EDITED, self.tr("Edited by you")),
        ):
            self._state.addItem(words, state)
        self._words = QLineEdit(self)
        self._words.setObjectName("making_words")
        self._words.setAccessibleName(self.tr("Words in the rows"))
        self._words.setPlaceholderText(self.tr("Find in rows"))
        self._words.setClearButtonEnabled(True)
        self.table = rows_table(self, "making_rows", self.tr("Rows"), self.model, 1.6)
        self._take = dialog_button(self, "making_take", self.tr("Take"))
        self._leave = dialog_button(self, "making_leave", self.tr("Leave out"))
        self._save = dialog_button(self, "making_save", self.tr("Keep the changes"))
        self._reason = plain_label(self, "making_reason", shrinks=True)
        set_look(self._reason, "muted")
        self._passage = self._text("making_passage", self.tr("Passage"), read_only=True)
        self._prompt = self._text("making_prompt", self.tr("Instruction or question"))
        self._completion = self._text("making_completion", self.tr("Answer"))
        self._rejected = self._text("making_rejected", self.tr("Worse answer"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_AFTER_MS)
        self._build()
        self._connect()
        self.clear()

    def _text(self, name: str, words: str, *, read_only: bool = False) -> QPlainTextEdit:
        edit = QPlainTextEdit(self)
        edit.setObjectName(name)
        edit.setAccessibleName(words)
        edit.setReadOnly(read_only)
        edit.setTabChangesFocus(True)
        edit.setMinimumHeight(em(self, 4))
        return edit

    def _headed(self, edit: QPlainTextEdit) -> QWidget:
        pane = QWidget(self)
        words = plain_label(pane, f"{edit.objectName()}_head", edit.accessibleName(), shrinks=True)
        words.setBuddy(edit)
        set_look(words, "muted")
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.2))
        column.addWidget(words)
        column.addWidget(edit, 1)
        self._panes[edit.objectName()] = pane
        return pane

    def _build(self) -> None:
        table = self.table
        table.setAlternatingRowColors(True)
        head = table.horizontalHeader()
        # No look at every row for its width: there may be ten thousand.
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for section, width in enumerate((4, 7, 16, 16, 10)):
            head.resizeSection(section, em(self, width))
        head.setStretchLastSection(True)
        filters = QHBoxLayout()
        filters.addWidget(self._state)
        filters.addWidget(self._words, 1)
        filters.addWidget(self._take)
        filters.addWidget(self._leave)
        texts = QSplitter(Qt.Orientation.Horizontal, self)
        texts.setChildrenCollapsible(False)
        for edit in (self._passage, self._prompt, self._completion, self._rejected):
            texts.addWidget(self._headed(edit))
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._reason, 1)
        row.addWidget(self._save)
        column.addLayout(row)
        column.addWidget(texts, 1)
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(table)
        halves.addWidget(below)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(filters)
        whole.addWidget(halves, 1)

    def _connect(self) -> None:
        self._state.currentIndexChanged.connect(self.filter_changed)
        self._words.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self.filter_changed)
        self.table.selectionModel().selectionChanged.connect(self._look)
        self.table.installEventFilter(self)
        self._take.clicked.connect(self._accept)
        self._leave.clicked.connect(self._reject)
        self._save.clicked.connect(self._keep)

    @property
    def state(self) -> RowState:
        """Which rows are wanted."""
        return RowState(self._state.currentData())

    @property
    def words(self) -> str:
        """What is to stand in them."""
        return self._words.text()

    def clear(self) -> None:
        """Show no texts."""
        self._number = 0
        for edit in (self._passage, self._prompt, self._completion, self._rejected):
            edit.clear()
        self._reason.clear()
        for button in (self._take, self._leave, self._save):
            button.setEnabled(False)

    def show_row(self, row: MadeRow, kind: DataKind) -> None:
        """Show the texts of the chosen row."""
        if row.number != self._number:
            return
        self._passage.setPlainText(visible_text(row.passage))
        self._prompt.setPlainText(row.draft.prompt)
        self._completion.setPlainText(row.draft.completion)
        self._rejected.setPlainText(row.draft.rejected)
        # The passage is the answer there: one field for both.
        self._panes[self._passage.objectName()].setVisible(kind is not DataKind.BACKTRANSLATION)
        self._panes[self._rejected.objectName()].setVisible(kind is DataKind.FEEDBACK)
        details = row.draft.details or {}
        principle = str(details.get("principle", ""))
        said = (
            row.draft.verdict,
            row.draft.reason,
            principle,
            str(details.get("judgement", "")) if principle else "",
        )
        self._reason.setText(visible_text(" · ".join(part for part in said if part)))
        self._save.setEnabled(True)

    def chosen(self) -> list[int]:
        """Return the places of the chosen rows."""
        return marked_rows(self.table)

    @Slot()
    def _look(self) -> None:
        places = self.chosen()
        self._take.setEnabled(bool(places))
        self._leave.setEnabled(bool(places))
        if len(places) == 1:
            (self._number,) = self.model.numbers(places)
            self.row_wanted.emit(self._number)
        elif not places:
            self.clear()

    @Slot()
    def _accept(self) -> None:
        self._decide(accepted=True)

    @Slot()
    def _reject(self) -> None:
        self._decide(accepted=False)

    def _decide(self, *, accepted: bool) -> None:
        numbers = self.model.numbers(self.chosen())
        if numbers:
            self.model.set_accepted(numbers, accepted)
            self.decided.emit(numbers, accepted)

    @Slot()
    def _keep(self) -> None:
        texts = (edit.toPlainText().strip() for edit in (self._prompt, self._completion, self._rejected))
        if self._number:
            self.edited.emit(self._number, *texts)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            places = self.chosen()
            if event.key() == Qt.Key.Key_Space and places:
                self._decide(accepted=not self.model.is_accepted(places[0]))
                return True
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and places:
                self._decide(accepted=False)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._number:
                self._prompt.setFocus()
                return True
        return super().eventFilter(watched, event)
