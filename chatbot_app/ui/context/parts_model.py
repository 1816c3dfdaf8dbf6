"""The rows of the inspector: a part of the prompt each, made only when they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.sight import PlannedPicture
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.context.parts import PICTURE, ink_of, kind_name, tokens_in_words
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


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the prompt, or one of its pictures, which stand before it as they are sent."""

    part: PlanPart
    picture: PlannedPicture | None = None

    @property
    def tokens(self) -> int:
        """What is counted here: a part's words, or a picture."""
        if self.picture is not None:
            return self.picture.tokens
        return self.part.tokens - self.part.picture_tokens

    @property
    def is_sent(self) -> bool:
        """Whether it goes to the model."""
        return self.part.included and (self.picture is None or self.picture.is_sent)

    @property
    def reason(self) -> str:
        """Why it is sent, or not."""
        return (self.picture.why_not if self.picture is not None else "") or self.part.reason

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same one from plan to plan: a question is while it is typed."""
        return (*_key(self.part), self.picture.ordinal if self.picture is not None else None)


def rows_of(plan: PromptPlan) -> list[Row]:
    """Return the rows of a plan."""
    return [row for part in plan.parts for row in (*(Row(part, one) for one in part.pictures), Row(part))]


class PartsModel(QAbstractTableModel):
    """Shows the parts of a plan in their order."""

    def __init__(self, shown: Colors, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colors = shown
        self._rows: list[Row] = []

    def set_plan(self, plan: PromptPlan, shown: Colors) -> bool:
        """Show another plan; return whether rows came or went (what was selected is then lost)."""
        rows = rows_of(plan)
        same = [row.key for row in rows] == [row.key for row in self._rows]
        self._colors = shown
        if same:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))
            return False
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return True

    def row(self, number: int) -> Row | None:
        """Return what a row shows, None for a row that is not there."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def part(self, number: int) -> PlanPart | None:
        """Return the part that a row is or belongs to."""
        row = self.row(number)
        return row.part if row is not None else None

    def row_like(self, row: Row | None) -> int:
        """Return the number of the same row, whatever became of it; -1 where it is gone."""
        if row is None:
            return -1
        return next((number for number, other in enumerate(self._rows) if other.key == row.key), -1)

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            names = (self.tr("Part"), self.tr("Tokens"), self.tr("Sent"), self.tr("Why"), self.tr("Text"))
            return names[section]
        return None

    def data(self, index: _Index, role: int = 0) -> Any:
        row = self.row(index.row())
        if row is None:
            return None
        roles = Qt.ItemDataRole
        if role == roles.DisplayRole:
            return self._words(row, Column(index.column()))
        if role == roles.AccessibleTextRole:
            sent = self.tr("sent") if row.is_sent else self.tr("not sent")
            words = (self._words(row, Column.PART), tokens_in_words(row.tokens), sent, row.reason)
            return self.tr("{part}, {tokens} tokens, {sent}, {why}").format(
                part=words[0], tokens=words[1], sent=words[2], why=words[3]
            )
        if role == roles.DecorationRole and index.column() == Column.PART:
            ink = PICTURE if row.picture is not None else ink_of(row.part.kind)
            return icon("part" if row.is_sent else "part-left-out", getattr(self._colors, ink))
        if role == roles.ForegroundRole and not row.is_sent:
            return QBrush(QColor(self._colors.muted))
        if role == roles.TextAlignmentRole and index.column() == Column.TOKENS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _words(self, row: Row, column: Column) -> str:
        picture = row.picture
        match column:
            case Column.PART:
                return self._name(row.part) if picture is None else self.tr("Picture")
            case Column.TOKENS:
                return tokens_in_words(row.tokens, exact=picture is None)
            case Column.SENT:
                return self.tr("yes") if row.is_sent else self.tr("no")
            case Column.WHY:
                return row.reason
            case Column.TEXT if picture is not None:
                name = first_words(visible_text(picture.name), 60)
                return f"{name}, {picture.width:,} × {picture.height:,}"
            case Column.TEXT:
                return first_words(visible_text(row.part.text[:200]), 60)

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
