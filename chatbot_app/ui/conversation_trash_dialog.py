"""The trash of conversations: what is in it, since when and for how long, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.text import shortened
from chatbot_app.storage.trash import TrashedConversation
from chatbot_app.ui.conversation_trash_model import ENTRY_ROLE, TrashDelegate, TrashModel, title_of
from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.theme import em, set_look

DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_LONGEST_TITLE = 80


class ConversationTrashDialog(QDialog):
    """Says what the person wants brought back or deleted for good, after a question, and does none of it."""

    restore_requested = Signal(list)  # list[str]: conversation ids
    purge_requested = Signal(list)  # list[str]: conversation ids
    empty_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trash_dialog")
        self.setWindowTitle(self.tr("Trash"))
        self._model = TrashModel(self)
        self._intro = self._label("trash_intro")
        self._intro.setText(
            self.tr(
                "Deleted conversations stay here for 30 days. Then they are deleted for good: from the history, "
                "the search and the backups. After a long pause, or where the clock jumped, that waits a day."
            )
        )
        self._list = QListView(self)
        self._list.setObjectName("trash_list")
        self._list.setAccessibleName(self.tr("Deleted conversations"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(TrashDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMouseTracking(True)
        set_look(self._list, "boxed")
        self._nothing = self._label("trash_nothing")
        self._nothing.setText(self.tr("The trash is empty."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._nothing)
        self._said = self._label("trash_said")
        self._said.setVisible(False)
        self._empty = dialog_button(self, "trash_empty_button", self.tr("Empty trash…"))
        self._purge = dialog_button(self, "trash_purge_button", self.tr("Delete for good…"))
        self._restore = dialog_button(self, "trash_restore_button", self.tr("Restore"))
        set_look(self._restore, "primary")
        self._close = dialog_button(self, "trash_close_button", self.tr("Close"))
        self._build()
        self._connect()
        self.show_entries(())

    def _label(self, name: str) -> QLabel:
        label = plain_label(self, name)
        set_look(label, "muted")
        return label

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.5))
        buttons.addWidget(self._empty)
        buttons.addStretch(1)
        for button in (self._purge, self._restore, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        margin = em(self, 1)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.7))
        column.addWidget(self._intro)
        column.addWidget(self._pages, 1)
        column.addWidget(self._said)
        column.addLayout(buttons)
        self.resize(em(self, 42), em(self, 30))

    def _connect(self) -> None:
        self._list.selectionModel().selectionChanged.connect(self._allow)
        self._list.activated.connect(self._activate)
        self._list.installEventFilter(self)
        self._restore.clicked.connect(self._ask_back)
        self._purge.clicked.connect(self._ask_to_purge)
        self._empty.clicked.connect(self._ask_to_empty)
        self._close.clicked.connect(self.accept)

    def show_entries(self, entries: Sequence[TrashedConversation]) -> None:
        """Show what is in the trash; the row that was chosen stays about where it is."""
        row = self._list.currentIndex().row()
        self._model.set_entries(entries)
        self._pages.setCurrentWidget(self._list if entries else self._nothing)
        if entries:
            self._list.setCurrentIndex(self._model.index(min(max(row, 0), len(entries) - 1)))
            self._list.setFocus()
        else:
            self._close.setFocus()
        self._allow()

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence below the list; "" none."""
        self._said.setText(words)
        self._said.setAccessibleName(words)
        set_look(self._said, look)
        self._said.setVisible(bool(words))

    def chosen(self) -> list[TrashedConversation]:
        """Return the chosen entries, from top to bottom."""
        rows = sorted(index.row() for index in self._list.selectionModel().selectedIndexes())
        return [self._model.index(row).data(ENTRY_ROLE) for row in rows]

    @Slot()
    def _allow(self) -> None:
        is_chosen = bool(self._list.selectionModel().selectedIndexes())
        self._restore.setEnabled(is_chosen)
        self._purge.setEnabled(is_chosen)
        self._empty.setEnabled(self._model.rowCount() > 0)

    @Slot(QModelIndex)
    def _activate(self, _index: QModelIndex) -> None:
        self._ask_back()

    @Slot()
    def _ask_back(self) -> None:
        ids = [entry.id for entry in self.chosen()]
        if ids:
            self.restore_requested.emit(ids)

    @Slot()
    def _ask_to_purge(self) -> None:
        entries = self.chosen()
        if not entries:
            return
        ids = [entry.id for entry in entries]
        if len(entries) == 1:
            title = shortened(title_of(entries[0]), _LONGEST_TITLE)
            question = self.tr("Delete “{title}” for good?").format(title=title)
        else:
            question = self.tr("Delete {n} conversations for good?").format(n=len(entries))
        box = self._question(question, self.tr("Delete for good"))
        box.accepted.connect(lambda: self.purge_requested.emit(ids))
        box.open()

    @Slot()
    def _ask_to_empty(self) -> None:
        count = self._model.rowCount()
        question = (
            self.tr("Delete the one conversation in the trash for good?")
            if count == 1
            else self.tr("Delete all {n} conversations in the trash for good?").format(n=count)
        )
        box = self._question(question, self.tr("Empty trash"))
        box.accepted.connect(self.empty_requested)
        box.open()

    def _question(self, question: str, words: str) -> QMessageBox:
        box, _ = question_box(
            self,
            "purge_box",
            question,
            words,
            "purge_confirm_button",
            title=self.tr("Delete for good"),
            more=self.tr(
                "This cannot be undone. Text, summaries and vectors are also removed from the backups that this "
                "program made; files that you exported or copied yourself stay."
            ),
            icon=QMessageBox.Icon.Warning,
            role=QMessageBox.ButtonRole.AcceptRole,
        )
        box.defaultButton().setObjectName("purge_cancel_button")
        return box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in DELETE_KEYS:
                self._ask_to_purge()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._ask_back()
                return True
        return super().eventFilter(watched, event)
