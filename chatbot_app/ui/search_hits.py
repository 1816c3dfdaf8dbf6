"""What a search over all conversations found, as rows."""

from __future__ import annotations

import re
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


def pieces(snippet: str, before: int = _BEFORE_MATCH) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether it matched) from left to right.

    It begins at most `before` characters before the first match, at the beginning of a word where there is one.
    """
    line = one_line(snippet)
    first = line.find(MATCH_BEGIN)
    if first > before:
        kept = line[first - before : first] if before > 0 else ""
        if not line[first - before - 1 : first - before].isspace():
            _cut, space, rest = kept.partition(" ")
            kept = rest if space else ("" if len(kept) < _BEFORE_MATCH else kept)
        line = "…" + kept + line[first:]
    matched = False
    for part in line.replace(MATCH_END, MATCH_BEGIN).split(MATCH_BEGIN):
        if part:
            yield visible_text(part), matched
        matched = not matched


def matched_words(snippet: str) -> re.Pattern[str] | None:
    """Return a pattern that finds again what is marked in a snippet, in any case; None where nothing is."""
    parts = snippet.replace(MATCH_END, MATCH_BEGIN).split(MATCH_BEGIN)[1::2]
    words = sorted({part for part in parts if part.strip()}, key=len, reverse=True)
    if not words:
        return None
    # Whole words, so that "the" is not marked inside "other"; signs such as in "c++" have no such ends.
    ends = [
        (r"(?<!\w)" if word[0].isalnum() and word[0].isascii() else "")
        + re.escape(word)
        + (r"(?!\w)" if word[-1].isalnum() and word[-1].isascii() else "")
        for word in words
    ]
    return re.compile("|".join(ends), re.IGNORECASE)


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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
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
