"""What a search over all conversations found, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from chatbot_app.core.messages import SearchHit
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.conversation_model import Index, one_line

HIT_ROLE = Qt.ItemDataRole.UserRole
MATCH_BEGIN, MATCH_END = "\x02", "\x03"  # as core.messages.SearchHit says
_BEFORE_MATCH = 24  # characters kept before the first match, so that it is seen in a narrow list


def pieces(snippet: str) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether it matched) from left to right, starting shortly before the first match."""
    line = one_line(snippet)
    first = line.find(MATCH_BEGIN)
    if first > _BEFORE_MATCH:
        line = "…" + line[first - _BEFORE_MATCH :]
    matched = False
    for part in line.replace(MATCH_END, MATCH_BEGIN).split(MATCH_BEGIN):
        if part:
            yield visible_text(part), matched
        matched = not matched


def plain(snippet: str) -> str:
    """Return the snippet without marks."""
    return visible_text(one_line(snippet.replace(MATCH_BEGIN, "").replace(MATCH_END, "")))


class SearchHitModel(QAbstractListModel):
    """Hits in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def set_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show these."""
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self._hits[index.row()]
        title = visible_text(one_line(hit.title)) or self.tr("New conversation")
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title}: {plain(hit.snippet)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p><b>{escape(title)}</b></p><p>{escape(plain(hit.snippet))}</p>"
        return None
