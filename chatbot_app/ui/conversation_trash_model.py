"""The conversations of the trash as rows, and how a row is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.trash import TrashedConversation
from chatbot_app.ui.conversation_model import Index, one_line
from chatbot_app.ui.row_ground import begin_row

ENTRY_ROLE = Qt.ItemDataRole.UserRole
SOON_DAYS = 3  # left: the number is in the colour of a warning
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def _tr(text: str) -> str:
    return QCoreApplication.translate("ConversationTrash", text)


def title_of(entry: TrashedConversation) -> str:
    """Return the title as it is shown."""
    return visible_text(one_line(entry.title)) or _tr("New conversation")


def beginning_of(entry: TrashedConversation) -> str:
    """Return the first words of the first question, or what stands for them where there are none."""
    return visible_text(one_line(entry.first_words)) or _tr("Nothing was asked in it")


def day_of(entry: TrashedConversation) -> str:
    """Return the day of the deletion; "" where the stored moment cannot be read."""
    try:
        moment = datetime.fromisoformat(entry.deleted_at).astimezone()
    except (ValueError, OverflowError, OSError):
        return ""
    return QLocale().toString(QDate(moment.year, moment.month, moment.day), "d MMM yyyy")


def stay_of(entry: TrashedConversation) -> str:
    """Return how long it stays."""
    if entry.days_left <= 0:
        return _tr("goes today")
    if entry.days_left == 1:
        return _tr("1 day left")
    return _tr("{n} days left").format(n=entry.days_left)


def deletion_of(entry: TrashedConversation) -> str:
    """Return when it was deleted, in words; "" where nobody knows."""
    day = day_of(entry)
    return _tr("deleted {day}").format(day=day) if day else ""


class TrashModel(QAbstractListModel):
    """Entries in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TrashedConversation, ...] = ()

    def set_entries(self, entries: Sequence[TrashedConversation]) -> None:
        """Show these."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (title_of(entry), beginning_of(entry), deletion_of(entry), stay_of(entry))
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p><b>{escape(title_of(entry))}</b></p><p>{escape(beginning_of(entry))}</p>"
        return None


class TrashDelegate(QStyledItemDelegate):
    """Title above first words; at the right how long it stays, and when it was deleted."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        assert isinstance(entry, TrashedConversation)
        line = QFontMetrics(option.font).height()
        small = QFont(option.font)
        small.setPointSizeF(small.pointSizeF() * 0.9)
        area = option.rect.adjusted(
            round(line * 0.6), round(line * 0.3), -round(line * 0.6), -round(line * 0.3)
        )
        half = area.height() // 2
        facts = (stay_of(entry), deletion_of(entry))
        side = max(QFontMetrics(small).horizontalAdvance(fact) for fact in facts) + line
        width = max(0, area.width() - side)
        shown = begin_row(painter, option)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        faint = shown.selection_text if chosen else shown.muted
        soon = shown.warning if entry.days_left <= SOON_DAYS and not chosen else faint
        rows = (
            (option.font, shown.text, title_of(entry), soon, facts[0]),
            (small, faint, beginning_of(entry), faint, facts[1]),
        )
        for number, (font, ink, words, fact_ink, fact) in enumerate(rows):
            top = area.top() + number * half
            painter.setFont(font)
            painter.setPen(QColor(ink))
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(area.left(), top, width, half), Qt.AlignmentFlag.AlignLeft | _LINE, cut)
            painter.setFont(small)
            painter.setPen(QColor(fact_ink))
            place = QRect(area.left() + width, top, area.width() - width, half)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | _LINE, fact)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 2.9))
