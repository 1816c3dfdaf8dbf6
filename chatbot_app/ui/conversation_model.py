"""The conversations as rows: newest activity first, under headings that say when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from chatbot_app.core.messages import Conversation
from chatbot_app.core.visible_text import visible_text

ID_ROLE = Qt.ItemDataRole.UserRole  # "" for a heading
ANSWERING_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class Age(IntEnum):
    """How long ago a conversation was last active."""

    TODAY = 0
    YESTERDAY = 1
    WEEK = 2
    MONTH = 3
    OLDER = 4


def age_of(updated_at: str, today: date) -> Age:
    """Return the age of a time in ISO 8601 (UTC); what cannot be read counts as old."""
    try:
        days = (today - datetime.fromisoformat(updated_at).astimezone().date()).days
    except (ValueError, OverflowError, OSError):
        return Age.OLDER
    for age, limit in ((Age.TODAY, 0), (Age.YESTERDAY, 1), (Age.WEEK, 7), (Age.MONTH, 30)):
        if days <= limit:
            return age
    return Age.OLDER


def one_line(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation, or a heading where `conversation_id` is ""."""

    conversation_id: str
    heading: Age | None = None


class ConversationModel(QAbstractListModel):
    """Rows for any number of conversations; a change touches only the rows between old and new place."""

    rename_requested = Signal(str, str)  # conversation id, title

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._conversations: dict[str, Conversation] = {}
        self._order: list[str] = []
        self._rows: list[Row] = []
        self._answering: set[str] = set()

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
        """Return the row of a conversation; invalid for an unknown one."""
        if conversation_id not in self._conversations:
            return QModelIndex()
        return self.index(self._rows.index(Row(conversation_id)))

    def _laid_out(self) -> list[Row]:
        today = self._today()
        rows: list[Row] = []
        newest = -1
        for conversation_id in self._order:
            # Order is the order of activity; a clock that was set back must not repeat a heading.
            age = max(newest, age_of(self._conversations[conversation_id].updated_at, today))
            if age != newest:
                rows.append(Row("", Age(age)))
                newest = age
            rows.append(Row(conversation_id))
        return rows

    def _apply(self, rows: list[Row]) -> None:
        old = self._rows
        start = 0
        while start < min(len(old), len(rows)) and old[start] == rows[start]:
            start += 1
        end = 0
        while end < min(len(old), len(rows)) - start and old[-1 - end] == rows[-1 - end]:
            end += 1
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

    def _heading(self, age: Age) -> str:
        return {
            Age.TODAY: self.tr("Today"),
            Age.YESTERDAY: self.tr("Yesterday"),
            Age.WEEK: self.tr("Previous 7 days"),
            Age.MONTH: self.tr("Previous 30 days"),
            Age.OLDER: self.tr("Older"),
        }[age]

    def _title(self, conversation_id: str) -> str:
        return one_line(self._conversations[conversation_id].title) or self.tr("New conversation")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ID_ROLE:
            return row.conversation_id
        if row.heading is not None:
            return self._heading(row.heading) if role == Qt.ItemDataRole.DisplayRole else None
        title = visible_text(self._title(row.conversation_id))
        answering = row.conversation_id in self._answering
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.EditRole:
            return self._title(row.conversation_id)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p>{escape(title)}</p>"  # Qt would read HTML in a bare title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("{title}, answering").format(title=title) if answering else title
        if role == ANSWERING_ROLE:
            return answering
        return None

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
        if not index.isValid() or self._rows[index.row()].heading is not None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
