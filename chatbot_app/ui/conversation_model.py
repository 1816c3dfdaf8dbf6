"""The conversations as rows under headings; what is dragged onto a folder goes into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from chatbot_app.core.messages import Conversation
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_rows import Age, Arrangement, Group, Row, Sorting, alike, arranged, row_of

ID_ROLE = Qt.ItemDataRole.UserRole  # "" for a heading
ANSWERING_ROLE = Qt.ItemDataRole.UserRole + 1
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 2  # the Folder of a heading, or None
COUNT_ROLE = Qt.ItemDataRole.UserRole + 4  # how many conversations are in the folder of a heading
INSIDE_ROLE = Qt.ItemDataRole.UserRole + 5  # whether a conversation stands below its folder
MARKS_ROLE = Qt.ItemDataRole.UserRole + 3  # the tags of a conversation, and whether it is pinned

DRAGGED = "application/x-chatbot-conversations"

Index = QModelIndex | QPersistentModelIndex


def one_line(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


class ConversationModel(QAbstractListModel):
    """Rows for any number of conversations; a change touches only the rows between old and new place."""

    rename_requested = Signal(str, str)  # conversation id, title
    move_requested = Signal(list, str)  # conversation ids, folder id or "" for none

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._conversations: dict[str, Conversation] = {}
        self._order: list[str] = []
        self._rows: list[Row] = []
        self._answering: set[str] = set()
        self._arrangement = Arrangement()
        self._folders: dict[str, Folder] = {}
        self._counts: Counter[str | None] = Counter()

    def arrange(
        self,
        *,
        sorting: Sorting | None = None,
        archive: bool | None = None,
        folders: Sequence[Folder] | None = None,
    ) -> None:
        """Show another order, the archive, or other folders; None leaves what is."""
        now = self._arrangement
        self._arrangement = Arrangement(
            now.sorting if sorting is None else sorting,
            now.archive if archive is None else archive,
            now.folders if folders is None else tuple(folders),
        )
        self._folders = {folder.id: folder for folder in self._arrangement.folders}
        self._apply(self._laid_out())
        if folders is not None and self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))  # names and counts

    @property
    def arrangement(self) -> Arrangement:
        """What is shown, and how."""
        return self._arrangement

    @property
    def archived_count(self) -> int:
        """How many conversations are in the archive."""
        return sum(one.archived for one in self._conversations.values())

    def folder_at(self, index: Index) -> str:
        """Return the id of the folder that a row is in, or is the heading of; "" for none."""
        row = self._rows[index.row()] if index.isValid() else None
        if row is None or row.heading is not None:
            return ""
        if row.folder_id:
            return row.folder_id
        return self._conversations[row.conversation_id].folder_id or ""

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, in this order."""
        self.beginResetModel()
        self._conversations = {conversation.id: conversation for conversation in conversations}
        self._order = list(self._conversations)
        self._rows = self._laid_out()
        self.endResetModel()

    def upsert(self, conversation: Conversation) -> None:
        """Show a conversation's new state; a new one, or one with new activity, goes to the top.

        A new title, other settings or another branch are no activity: the list keeps the order of the store.
        """
        before = self._conversations.get(conversation.id)
        self._conversations[conversation.id] = conversation
        if before is None or conversation.activity > before.activity:
            if before is not None:
                self._order.remove(conversation.id)
                # First away, then there: else all rows between the two places would change.
                moved = row_of(conversation.id)
                self._apply([row for row in self._rows if row is not moved])
            self._order.insert(0, conversation.id)
        self._apply(self._laid_out())
        self._touch(conversation.id)

    def remove(self, conversation_id: str) -> None:
        """Take a conversation away; an unknown id changes nothing."""
        if self._conversations.pop(conversation_id, None) is not None:
            self._order.remove(conversation_id)
            self._answering.discard(conversation_id)
            self._apply(self._laid_out())

    def set_answering(self, conversation_id: str, answering: bool) -> None:
        """Mark a conversation whose answer is being written."""
        (self._answering.add if answering else self._answering.discard)(conversation_id)
        self._touch(conversation_id)

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return the conversation as it is shown."""
        return self._conversations.get(conversation_id)

    def index_of(self, conversation_id: str) -> QModelIndex:
        """Return the row of a conversation; invalid for one that is not shown."""
        if conversation_id not in self._conversations:
            return QModelIndex()
        try:
            return self.index(self._rows.index(row_of(conversation_id)))
        except ValueError:  # it is folded away, or in the archive
            return QModelIndex()

    def _laid_out(self) -> list[Row]:
        self._counts = Counter(one.folder_id for one in self._conversations.values() if not one.archived)
        return arranged(self._conversations, self._order, self._arrangement, self._today())

    def _apply(self, rows: list[Row]) -> None:
        old = self._rows
        start = alike(old, rows)
        end = alike(reversed(old), reversed(rows), min(len(old), len(rows)) - start)
        if len(old) - end > start:
            self.beginRemoveRows(QModelIndex(), start, len(old) - end - 1)
            self._rows = old[:start] + old[len(old) - end :]
            self.endRemoveRows()
        if len(rows) - end > start:
            self.beginInsertRows(QModelIndex(), start, len(rows) - end - 1)
            self._rows = rows
            self.endInsertRows()

    def _touch(self, conversation_id: str) -> None:
        index = self.index_of(conversation_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def _heading(self, row: Row) -> str:
        if row.folder_id:
            folder = self._folders.get(row.folder_id)  # gone while its row is taken away
            return visible_text(one_line(folder.name)) if folder is not None else ""
        assert row.heading is not None
        return {
            Group.PINNED: self.tr("Pinned"),
            Group.ARCHIVED: self.tr("Archive"),
            Group.ALL: self.tr("In no folder"),
            Age.TODAY: self.tr("Today"),
            Age.YESTERDAY: self.tr("Yesterday"),
            Age.WEEK: self.tr("Previous 7 days"),
            Age.MONTH: self.tr("Previous 30 days"),
            Age.OLDER: self.tr("Older"),
        }[row.heading]

    def _title(self, conversation_id: str) -> str:
        return one_line(self._conversations[conversation_id].title) or self.tr("New conversation")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ID_ROLE:
            return row.conversation_id
        if not row.conversation_id:
            return self._heading_data(row, role)
        conversation = self._conversations[row.conversation_id]
        title = visible_text(self._title(row.conversation_id))
        answering = row.conversation_id in self._answering
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.EditRole:
            return self._title(row.conversation_id)
        if role == Qt.ItemDataRole.ToolTipRole:
            tags = " ".join(f"#{visible_text(tag)}" for tag in conversation.tags)
            below = f"<p>{escape(tags)}</p>" if tags else ""
            return f"<p>{escape(title)}</p>{below}"  # Qt would read HTML in a bare title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("{title}, answering").format(title=title) if answering else title
        if role == ANSWERING_ROLE:
            return answering
        if role == INSIDE_ROLE:
            is_grouped = not conversation.pinned and not self._arrangement.archive
            return is_grouped and conversation.folder_id in self._folders
        if role == MARKS_ROLE:
            return conversation.tags, conversation.pinned
        return None

    def _heading_data(self, row: Row, role: int) -> Any:
        folder = self._folders.get(row.folder_id)
        if role == FOLDER_ROLE:
            return folder
        if role == COUNT_ROLE:
            return self._counts[row.folder_id]
        if role == Qt.ItemDataRole.AccessibleTextRole and folder is not None:
            words = (
                self.tr("Folder {name}, {n} conversations, folded")
                if folder.is_folded
                else self.tr("Folder {name}, {n} conversations")
            )
            return words.replace("{n}", str(self._counts[row.folder_id])).replace(
                "{name}", self._heading(row)
            )
        return self._heading(row) if role == Qt.ItemDataRole.DisplayRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        conversation = self._conversations.get(self._rows[index.row()].conversation_id)
        title = one_line(str(value))
        if role != Qt.ItemDataRole.EditRole or conversation is None or not title:
            return False
        if title != self._title(conversation.id):
            self._conversations[conversation.id] = replace(
                conversation, title=title, title_is_automatic=False
            )
            self._touch(conversation.id)
            self.rename_requested.emit(conversation.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # the empty part below: out of any folder
        row = self._rows[index.row()]
        if row.conversation_id:
            chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
            return chosen | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
        if row.folder_id:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsDropEnabled

    # --- dragging ----------------------------------------------------------------------------------------------

    def mimeTypes(self) -> list[str]:
        return [DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        names = [self._rows[index.row()].conversation_id for index in indexes]
        data.setData(DRAGGED, "\n".join(filter(None, names)).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasFormat(DRAGGED) and bool(self._folders)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        # Between two rows it belongs to the upper one.
        place = (
            parent if parent.isValid() else self.index(min(row, len(self._rows)) - 1) if row > 0 else parent
        )
        names = [
            name
            for name in bytes(data.data(DRAGGED).data()).decode().split("\n")
            if name in self._conversations
        ]
        if names:
            self.move_requested.emit(names, self.folder_at(place))
        return False  # nothing is to be removed from the list: it is told how it is now
