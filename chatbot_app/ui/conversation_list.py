"""The left side of the window: all conversations, and a search through them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Conversation, SearchHit
from chatbot_app.ui.conversation_delegate import ConversationDelegate, SearchHitDelegate
from chatbot_app.ui.conversation_menu import conversation_menu
from chatbot_app.ui.conversation_model import ID_ROLE, ConversationModel
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.search_hits import HIT_ROLE, SearchHitModel, matched_words
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.side_list import side_list, side_words
from chatbot_app.ui.theme import colors, em, set_look

SEARCH_PAUSE_MS = 200
_NOTHING = 2  # the page that says why there is no list
# Apple's keyboards say Backspace where others say Delete.
_DELETE_KEYS = (Qt.Key.Key_Delete, *((Qt.Key.Key_Backspace,) if sys.platform == "darwin" else ()))


class ConversationList(QWidget):
    """All conversations; says what the person wants done with one and does none of it."""

    new_requested = Signal()
    conversation_selected = Signal(str)  # conversation id; by the person only
    rename_requested = Signal(str, str)  # conversation id, title
    delete_requested = Signal(str)  # conversation id
    export_requested = Signal(str)  # conversation id
    trash_requested = Signal()
    search_changed = Signal(str)  # "" when the search ended
    # conversation id, message id or None (the title matched), pattern of the words that were found or None
    search_hit_selected = Signal(str, object, object)

    def __init__(self, parent: QWidget | None = None, *, today: Callable[[], date] = date.today) -> None:
        super().__init__(parent)
        self._selected = ""
        self._searched = False
        self._by_person = True
        self._waiting: list[Callable[[], None]] = []
        self._model = ConversationModel(today, self)
        self._hits = SearchHitModel(self)
        self._build()
        self._connect()
        self._tint()
        self.set_trash_count(0)
        self._show_page()

    def _build(self) -> None:
        self.setObjectName("conversation_pane")
        self._new = QPushButton(self.tr("New conversation"), self)
        self._new.setObjectName("new_conversation_button")
        self._new.setAccessibleName(self.tr("New conversation"))
        self._search = SearchLine("conversation_search", self.tr("Search all conversations"), self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)

        self._list = side_list(self, "conversation_list", self.tr("Conversations"))
        self._list.setModel(self._model)
        self._delegate = ConversationDelegate(self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._found = side_list(self, "search_hits", self.tr("Search results"))
        self._found.setModel(self._hits)
        self._found.setItemDelegate(SearchHitDelegate(self._found))
        self._nothing = QLabel(self)
        self._nothing.setObjectName("conversation_nothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        set_look(self._nothing, "muted")
        self._trash = QPushButton(self)
        self._trash.setObjectName("trash_button")
        set_look(self._trash, "fold")
        self._pages = QStackedWidget(self)
        for page in (self._list, self._found, side_words(self, self._nothing)):
            self._pages.addWidget(page)

        column = QVBoxLayout(self)
        margin = em(self, 0.6)
        column.setContentsMargins(margin, margin, em(self, 0.3), em(self, 0.3))
        column.setSpacing(em(self, 0.5))
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, em(self, 0.3), 0)
        top.setSpacing(em(self, 0.5))
        top.addWidget(self._new)
        top.addWidget(self._search)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addWidget(self._trash)

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_requested)
        self._trash.clicked.connect(self.trash_requested)
        self._search.textChanged.connect(self._search_typed)
        self._search.returnPressed.connect(self._open_first_hit)
        self._pause.timeout.connect(self._report_search)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.customContextMenuRequested.connect(self._open_menu)
        self._model.rename_requested.connect(self.rename_requested)
        self._delegate.closeEditor.connect(self._editing_ended)
        self._found.clicked.connect(self._open_hit)
        self._found.activated.connect(self._open_hit)
        self._list.installEventFilter(self)
        self._search.installEventFilter(self)

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, newest activity first as given; the selection stays where its conversation is."""
        self._change(self._model.set_conversations, conversations)

    def upsert(self, conversation: Conversation) -> None:
        """Show a new conversation or a new state of one."""
        self._change(self._model.upsert, conversation)

    def remove(self, conversation_id: str) -> None:
        """Take a conversation away; which one is open next is the owner's affair (`select`)."""
        self._change(self._model.remove, conversation_id)

    def set_answering(self, conversation_id: str, answering: bool) -> None:
        """Mark a conversation while its answer is being written."""
        self._model.set_answering(conversation_id, answering)

    def set_trash_count(self, count: int) -> None:
        """Say how many conversations are in the trash."""
        self._trash.setText(self.tr("Trash ({n})").format(n=count) if count else self.tr("Trash"))
        said = {0: self.tr("Trash, empty"), 1: self.tr("Trash, 1 conversation")}
        many = self.tr("Trash, {n} conversations").format(n=count)
        self._trash.setAccessibleName(said.get(count, many))

    def select(self, conversation_id: str) -> None:
        """Mark the open conversation, silently; "" marks none."""
        self._selected = conversation_id
        self._restore_selection(scroll=True)

    def selected(self) -> str:
        """Return the id of the marked conversation, or ""."""
        return self._selected

    def show_search_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show what was found for the last `search_changed`; nothing happens if the search has ended."""
        self._searched = bool(self._search.text().strip())
        self._hits.set_hits(hits if self._searched else ())
        self._show_page()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus()
        self._search.selectAll()

    def rename_in_place(self, conversation_id: str) -> None:
        """Open the editor on a conversation's title."""
        index = self._model.index_of(conversation_id)
        if index.isValid():
            self._list.scrollTo(index)
            self._list.edit(index)

    def menu_for(self, conversation_id: str) -> QMenu:
        """Return the context menu of a conversation; the caller shows it, the next one takes its place."""
        return conversation_menu(
            self,
            rename=lambda: self.rename_in_place(conversation_id),
            export=lambda: self.export_requested.emit(conversation_id),
            delete=lambda: self.delete_requested.emit(conversation_id),
        )

    def _change(self, change: Callable[[Any], None], value: Any) -> None:
        def apply() -> None:
            self._by_person = False
            change(value)
            self._by_person = True
            self._restore_selection(scroll=False)
            self._show_page()

        if self._list.state() == QAbstractItemView.State.EditingState:
            # Rows that move would close the editor and lose the title that is being typed.
            self._waiting.append(apply)
        else:
            apply()

    @Slot()
    def _editing_ended(self) -> None:
        QTimer.singleShot(0, self, self._apply_waiting)  # the view leaves its state after this signal

    @Slot()
    def _apply_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for apply in waiting:
            apply()

    def _restore_selection(self, *, scroll: bool) -> None:
        index = self._model.index_of(self._selected)
        self._by_person = False
        if index.isValid():
            self._list.setCurrentIndex(index)
            if scroll:
                self._list.scrollTo(index)
        else:
            self._list.setCurrentIndex(QModelIndex())
            self._list.clearSelection()
        self._by_person = True

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        conversation_id = current.data(ID_ROLE) if current.isValid() else ""
        if self._by_person and conversation_id and conversation_id != self._selected:
            self._selected = conversation_id
            self.conversation_selected.emit(conversation_id)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        index = self._list.indexAt(place)
        if index.isValid() and index.data(ID_ROLE):
            self.menu_for(index.data(ID_ROLE)).popup(self._list.viewport().mapToGlobal(place))

    @Slot(str)
    def _search_typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._report_search()

    @Slot()
    def _report_search(self) -> None:
        words = self._search.text().strip()
        if not words:
            self._searched = False
            self._hits.set_hits(())
            self._show_page()
        self.search_changed.emit(words)

    @Slot()
    def _open_first_hit(self) -> None:
        if self._hits.rowCount() and self._search.text().strip():
            self._open_hit(self._hits.index(0))

    @Slot(QModelIndex)
    def _open_hit(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, SearchHit):
            self.search_hit_selected.emit(hit.conversation_id, hit.message_id, matched_words(hit.snippet))

    def _show_page(self) -> None:
        if self._searched and self._hits.rowCount():
            self._pages.setCurrentWidget(self._found)
        elif self._searched:
            words = self._search.text().strip()
            self._nothing.setText(self.tr("Nothing was found for “{words}”.").format(words=words))
            self._pages.setCurrentIndex(_NOTHING)
        elif self._model.rowCount():
            self._pages.setCurrentWidget(self._list)
        else:
            self._nothing.setText(self.tr("No conversations yet. Ask something, and it is kept here."))
            self._pages.setCurrentIndex(_NOTHING)

    def _tint(self) -> None:
        shown = colors(self)
        self._new.setIcon(icon("plus", shown.text))
        self._trash.setIcon(icon("trash", shown.muted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._list and event.key() in _DELETE_KEYS:
                chosen = self._list.currentIndex().data(ID_ROLE)
                if chosen:
                    self.delete_requested.emit(chosen)
                return True
            if watched is self._search and event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
            if watched is self._search and event.key() == Qt.Key.Key_Down:
                (self._found if self._pages.currentWidget() is self._found else self._list).setFocus()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_trash"):
            self._tint()
