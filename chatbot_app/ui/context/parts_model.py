"""The rows of the inspector: a part of the prompt each, made only when they are looked at."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.context.parts import ink_of, kind_name, tokens_in_words
from chatbot_app.ui.icons import icon
from chatbot_app.ui.palettes import Colors

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Column(IntEnum):
    """What stands where."""

    PART = 0
    TOKENS = 1
    SENT = 2
    WHY = 3
    TEXT = 4


class PartsModel(QAbstractTableModel):
    """Shows the parts of a plan in their order."""

    def __init__(self, shown: Colors, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colors = shown
        self._parts: tuple[PlanPart, ...] = ()

    def set_plan(self, plan: PromptPlan, shown: Colors) -> bool:
        """Show another plan; return whether rows came or went (what was selected is then lost)."""
        same = [_key(part) for part in plan.parts] == [_key(part) for part in self._parts]
        self._colors = shown
        if same:
            self._parts = plan.parts
            if plan.parts:
                self.dataChanged.emit(self.index(0, 0), self.index(len(plan.parts) - 1, len(Column) - 1))
            return False
        self.beginResetModel()
        self._parts = plan.parts
        self.endResetModel()
        return True

    def part(self, row: int) -> PlanPart | None:
        """Return the part of a row, None for a row that is not there."""
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def row_like(self, part: PlanPart | None) -> int:
        """Return the row of the same part, whatever became of it; -1 where it is gone."""
        if part is None:
            return -1
        return next((row for row, other in enumerate(self._parts) if _key(other) == _key(part)), -1)

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._parts)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            names = (self.tr("Part"), self.tr("Tokens"), self.tr("Sent"), self.tr("Why"), self.tr("Text"))
            return names[section]
        return None

    def data(self, index: _Index, role: int = 0) -> Any:
        part = self.part(index.row())
        if part is None:
            return None
        roles = Qt.ItemDataRole
        if role == roles.DisplayRole:
            return self._words(part, Column(index.column()))
        if role == roles.AccessibleTextRole:
            sent = self.tr("sent") if part.included else self.tr("not sent")
            words = (self._words(part, Column.PART), tokens_in_words(part.tokens), sent, part.reason)
            return self.tr("{part}, {tokens} tokens, {sent}, {why}").format(
                part=words[0], tokens=words[1], sent=words[2], why=words[3]
            )
        if role == roles.DecorationRole and index.column() == Column.PART:
            picture = "part" if part.included else "part-left-out"
            return icon(picture, getattr(self._colors, ink_of(part.kind)))
        if role == roles.ForegroundRole and not part.included:
            return QBrush(QColor(self._colors.muted))
        if role == roles.TextAlignmentRole and index.column() == Column.TOKENS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _words(self, part: PlanPart, column: Column) -> str:
        match column:
            case Column.PART:
                return self._name(part)
            case Column.TOKENS:
                return tokens_in_words(part.tokens)
            case Column.SENT:
                return self.tr("yes") if part.included else self.tr("no")
            case Column.WHY:
                return part.reason
            case Column.TEXT:
                return first_words(visible_text(part.text[:200]), 60)

    def _name(self, part: PlanPart) -> str:
        if part.kind not in (PartKind.HISTORY, PartKind.PINNED):
            return kind_name(part.kind)
        speaker = {Role.USER: self.tr("question"), Role.ASSISTANT: self.tr("answer")}.get(
            part.role, part.role
        )
        return f"{kind_name(part.kind)} · {speaker}"


def _key(part: PlanPart) -> tuple[object, ...]:
    """Return what makes a part the same one from plan to plan: a question does while it is typed."""
    if part.kind in (PartKind.SYSTEM, PartKind.QUESTION):
        return (part.kind,)
    if part.kind is PartKind.PASSAGE or part.message_id is None:
        return (part.kind, part.text)
    group = PartKind.HISTORY if part.kind is PartKind.PINNED else part.kind
    return (group, part.message_id)
