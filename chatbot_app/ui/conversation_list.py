"""The left side of the window: all conversations, and a search through them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Conversation, SearchHit
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_actions import ConversationActions
from chatbot_app.ui.conversation_delegate import ConversationDelegate
from chatbot_app.ui.conversation_finder import ConversationFinder
from chatbot_app.ui.conversation_list_menus import ConversationListMenus
from chatbot_app.ui.conversation_model import FOLDER_ROLE, ID_ROLE, ConversationModel
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.found_conversations import FoundConversations
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.shown_rows import ShownRows
from chatbot_app.ui.side_list import let_rows_be_dragged, side_line, side_list, side_words
from chatbot_app.ui.theme import colors, em, set_look
from chatbot_app.ui.trash_button import TrashButton

_NOTHING = 2  # the page that says why there is no list
_DELETE_KEYS = (Qt.Key.Key_Delete, *((Qt.Key.Key_Backspace,) if sys.platform == "darwin" else ()))


class ConversationList(QWidget):
    """All conversations; says what the person wants done with them and does none of it."""

    new_requested = Signal()
    conversation_selected = Signal(str)  # conversation id; by the person only
    rename_requested = Signal(str, str)  # conversation id, title
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
        self.wishes = ConversationActions(self)
        self._model = ConversationModel(today, self)
        self._rows = ShownRows(self._model, self)
        self._build()
        self._connect()
        self._tint()
        self._show_page()

    def _build(self) -> None:
        self.setObjectName("conversation_pane")
        self._new = dialog_button(self, "new_conversation_button", self.tr("New conversation"))
        self.finder = ConversationFinder(self.tr("Search all conversations"), self)
        self._search = self.finder.line
        self._order = IconButton(
            "menu", self.tr("Order, archive, folders"), "conversation_order_button", self, ink="muted"
        )

        self._list = side_list(self, "conversation_list", self.tr("Conversations"))
        self._list.setModel(self._rows)
        self._delegate = ConversationDelegate(self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        let_rows_be_dragged(self._list)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._menus = ConversationListMenus(self._list, self._model, self.wishes, self.rename_in_place, self)
        self._found = FoundConversations(self)
        self._nothing = plain_label(self, "conversation_nothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        set_look(self._nothing, "muted")
        self._trash = TrashButton(self)
        self._pages = QStackedWidget(self)
        for page in (self._list, self._found.view, side_words(self, self._nothing)):
            self._pages.addWidget(page)

        column = QVBoxLayout(self)
        margin = em(self, 0.6)
        column.setContentsMargins(margin, margin, em(self, 0.3), em(self, 0.3))
        column.setSpacing(em(self, 0.5))
        self.top = QVBoxLayout()  # other areas put below what they have to show above the list
        self.top.setContentsMargins(0, 0, em(self, 0.3), 0)
        self.top.setSpacing(em(self, 0.5))
        self.new_line = side_line(self._new)  # and into this line other ways to begin
        self.top.addLayout(self.new_line)
        self.top.addLayout(side_line(self._search, self._order))
        column.addLayout(self.top)
        column.addWidget(self._pages, 1)
        column.addWidget(self._trash)

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_requested)
        self._trash.clicked.connect(self.trash_requested)
        self._order.clicked.connect(self._open_order_menu)
        self._search.returnPressed.connect(self._open_first_hit)
        self.finder.changed.connect(self._report_search)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.customContextMenuRequested.connect(self._menus.open_at)
        self._list.clicked.connect(self._fold_clicked)
        self._model.rename_requested.connect(self.rename_requested)
        self._model.move_requested.connect(self.wishes.move_requested)
        self._delegate.closeEditor.connect(self._editing_ended)
        self._found.opened.connect(self.search_hit_selected)
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

    def set_folders(self, folders: Sequence[Folder]) -> None:
        """Show these folders, in this order."""
        self._change(lambda value: self._model.arrange(folders=value), folders)
        self.finder.set_names(folders=[folder.name for folder in folders])

    def set_tags(self, tags: Sequence[str]) -> None:
        """Offer these tags."""
        self._menus.tags = tags
        self.finder.set_names(tags=tags)

    def arrange(self, **chosen: Any) -> None:
        """Show another order or the archive, as `ConversationModel.arrange` takes it."""
        self._change(lambda value: self._model.arrange(**value), chosen)

    def set_answering(self, conversation_id: str, answering: bool) -> None:
        """Mark a conversation while its answer is being written."""
        self._model.set_answering(conversation_id, answering)

    def set_trash_count(self, count: int) -> None:
        """Say how many conversations are in the trash."""
        self._trash.set_count(count)

    def select(self, conversation_id: str) -> None:
        """Mark the open conversation, silently; "" marks none."""
        self._selected = conversation_id
        self._restore_selection(scroll=True)

    def selected(self) -> str:
        """Return the id of the marked conversation, or ""."""
        return self._selected

    def show_search_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show what was found for the last `search_changed`; nothing happens if the search has ended."""
        self._searched = bool(self.finder.words)
        self._found.set_hits(hits if self._searched else ())
        self._show_page()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus()
        self._search.selectAll()

    def rename_in_place(self, conversation_id: str) -> None:
        """Open the editor on a conversation's title."""
        index = self._rows.mapFromSource(self._model.index_of(conversation_id))
        if index.isValid():
            self._list.scrollTo(index)
            self._list.edit(index)

    def menu_for(self, conversation_id: str) -> QMenu:
        """Return the context menu of a conversation, or of all that are marked where it is one of these.

        The caller shows it, the next one takes its place.
        """
        return self._menus.of(conversation_id)

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
        index = self._rows.mapFromSource(self._model.index_of(self._selected))
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
        if len(self._menus.marked()) > 1:
            return  # several are being marked
        if self._by_person and conversation_id and conversation_id != self._selected:
            self._selected = conversation_id
            self.conversation_selected.emit(conversation_id)

    @Slot()
    def _open_order_menu(self) -> None:
        self._menus.of_list().popup(self._order.mapToGlobal(self._order.rect().bottomLeft()))

    @Slot(QModelIndex)
    def _fold_clicked(self, index: QModelIndex) -> None:
        folder = index.data(FOLDER_ROLE)
        if isinstance(folder, Folder):
            self.wishes.fold_requested.emit(folder.id, not folder.is_folded)

    @Slot(str)
    def _report_search(self, words: str) -> None:
        if not words:
            self._searched = False
            self._found.set_hits(())
            self._show_page()
        self.search_changed.emit(words)

    @Slot()
    def _open_first_hit(self) -> None:
        if self.finder.words:
            self._found.open_first()

    def _show_page(self) -> None:
        if self._searched and len(self._found):
            self._pages.setCurrentWidget(self._found.view)
        elif self._searched:
            self._nothing.setText(self.tr("Nothing was found for “{words}”.").format(words=self.finder.words))
            self._pages.setCurrentIndex(_NOTHING)
        elif self._model.rowCount():
            self._pages.setCurrentWidget(self._list)
        elif self._model.arrangement.archive:
            self._nothing.setText(self.tr("The archive is empty."))
            self._pages.setCurrentIndex(_NOTHING)
        else:
            self._nothing.setText(self.tr("No conversations yet. Ask something, and it is kept here."))
            self._pages.setCurrentIndex(_NOTHING)

    def _tint(self) -> None:
        self._new.setIcon(icon("plus", colors(self).text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._list and event.key() in _DELETE_KEYS:
                chosen = self._menus.marked() or [self._list.currentIndex().data(ID_ROLE)]
                if chosen[0]:
                    self.wishes.deletion_requested.emit(chosen)
                return True
            if watched is self._search and event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
            if watched is self._search and event.key() == Qt.Key.Key_Down:
                found = self._found.view
                (found if self._pages.currentWidget() is found else self._list).setFocus()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_new"):
            self._tint()
