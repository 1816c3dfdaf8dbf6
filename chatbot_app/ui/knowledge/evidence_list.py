"""Passages that were found, best first, with what each stage of the search thought of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatbot_app.core.documents import Evidence, StageScores
from chatbot_app.ui.knowledge.document_delegate import scaled
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.knowledge.field_words import fields_line, match_words
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.row_ground import draw_ground
from chatbot_app.ui.theme import colors

EVIDENCE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_TEXT_LINES = 2
_NAMED = 6  # other documents with the same words


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """A passage with its rank from 1; `verdict` says what became of it, "" for one that simply was found."""

    rank: int
    evidence: Evidence
    verdict: str = ""
    weak: bool = False


class EvidenceModel(QAbstractListModel):
    """The rows of the retrieval inspector."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RankedEvidence] = []

    def set_rows(self, rows: Sequence[RankedEvidence]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == EVIDENCE_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.rank}. {place_of(row.evidence)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            scores = ", ".join(f"{name} {value}".strip() for name, value in self.chips_of(row.evidence))
            place = ", ".join(
                part for part in (place_of(row.evidence), fields_line(row.evidence.fields)) if part
            )
            return f"{row.rank}. {place}, {scores}. {one_line(row.evidence.passage.text)[:300]}"
        if role == Qt.ItemDataRole.ToolTipRole and row.evidence.also_in:
            others = ", ".join(one_line(title) for title in row.evidence.also_in[:_NAMED])
            words = self.tr("The same words stand in: {titles}").replace("{titles}", others)
            return f"<p>{escape(words)}</p>"  # Qt would read HTML in a bare name
        return None

    def chips_of(self, evidence: Evidence) -> list[tuple[str, str]]:
        """Return (words, value) of everything that counted for a passage."""
        chips = self.scores_of(evidence.scores)
        if evidence.match:
            chips.insert(-1, (match_words(evidence.match), _signed(evidence.scores.fields)))
        if evidence.also_in:
            chips.append((self.tr("the same words in others"), str(len(evidence.also_in))))
        return chips

    def scores_of(self, scores: StageScores) -> list[tuple[str, str]]:
        """Return (what found it, score) as they are shown."""
        return [
            *([(self.tr("found by words"), f"{scores.keyword:.1f}")] if scores.keyword is not None else []),
            *([(self.tr("found by meaning"), f"{scores.vector:.2f}")] if scores.vector is not None else []),
            (self.tr("holds of the question"), f"{round(100 * scores.coverage)} %"),
            *([(self.tr("holds it exactly"), f"{round(100 * scores.exact)} %")] if scores.exact else []),
            *(
                [(self.tr("its nearest sentence"), f"{scores.sentence:.2f}")]
                if scores.sentence is not None
                else []
            ),
            (self.tr("together"), f"{scores.fused:.2f}"),
        ]


def _signed(share: float) -> str:
    """Return what was added or taken away, "" for nothing that would be seen."""
    return f"{share:+.2f}".replace("-", "−") if abs(share) >= 0.005 else ""


def place_of(evidence: Evidence) -> str:
    """Return title and page, or heading, of a passage on one line."""
    title, passage = one_line(evidence.title), evidence.passage
    if passage.page is not None:
        page = QCoreApplication.translate("Evidence", "page {number}").format(number=passage.page)
        return f"{title}  ·  {page}"
    if passage.heading_path:
        return f"{title}  ·  {one_line(passage.heading_path[-1])}"
    return title


class EvidenceDelegate(QStyledItemDelegate):
    """Rank, place, two lines of text, and the scores as small fields."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(EVIDENCE_ROLE)
        assert isinstance(row, RankedEvidence)
        widget, model = option.widget, index.model()
        assert isinstance(widget, QWidget)
        assert isinstance(model, EvidenceModel)
        shown = colors(widget)
        line = QFontMetrics(option.font).height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, option, shown)
        area = option.rect.adjusted(round(line * 0.5), round(line * 0.35), -round(line * 0.5), 0)
        mark = QRect(area.left(), area.top(), round(line * 1.3), round(line * 1.1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.raised if row.weak else shown.accent))
        painter.drawRoundedRect(QRectF(mark), line * 0.3, line * 0.3)
        painter.setPen(QColor(shown.muted if row.weak else shown.accent_text))
        painter.setFont(scaled(option.font, 0.8, bold=True))
        painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, str(row.rank))
        left = mark.right() + round(line * 0.45)
        right = area.right()
        if row.verdict:
            painter.setFont(scaled(option.font, 0.8))
            painter.setPen(QColor(shown.muted if row.weak else shown.success))
            wide = painter.fontMetrics().horizontalAdvance(row.verdict)
            painter.drawText(QRect(right - wide, mark.top(), wide + 1, mark.height()), _LEFT, row.verdict)
            right -= wide + round(line * 0.4)
        painter.setFont(scaled(option.font, 1.0, bold=not row.weak))
        painter.setPen(QColor(shown.muted if row.weak else shown.text))
        title = QRect(left, mark.top(), right - left, mark.height())
        words = painter.fontMetrics().elidedText(
            place_of(row.evidence), Qt.TextElideMode.ElideRight, title.width()
        )
        painter.drawText(title, _LEFT, words)
        used = painter.fontMetrics().horizontalAdvance(words)
        self._draw_fields(painter, option.font, title, used, row, shown)
        y = self._draw_text(painter, option.font, area, mark.bottom() + round(line * 0.25), row, shown)
        scores = model.chips_of(row.evidence)
        self._draw_scores(painter, option.font, area, y + round(line * 0.2), scores, shown)
        painter.restore()

    def _draw_fields(
        self, painter: QPainter, font: QFont, title: QRect, used: int, row: RankedEvidence, shown: Colors
    ) -> None:
        """Draw behind the title what tells its document from its likes, as far as there is room."""
        line = fields_line(row.evidence.fields, time_first=True)
        area = title.adjusted(used + title.height() // 2, 0, 0, 0)
        if not line or area.width() < 3 * title.height():
            return
        painter.setFont(scaled(font, 0.86))
        painter.setPen(QColor(shown.muted))
        words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, words)

    def _draw_text(
        self, painter: QPainter, font: QFont, area: QRect, y: int, row: RankedEvidence, shown: Colors
    ) -> int:
        small = scaled(font, 0.9)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(QColor(shown.muted))
        text = one_line(row.evidence.passage.text)[:600]
        for number in range(_TEXT_LINES):
            last = number == _TEXT_LINES - 1
            piece = text if last else first_line(text, metrics, area.width())
            shown_piece = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QRect(area.left(), y, area.width(), metrics.height()), _LEFT, shown_piece)
            text = text[len(piece) :].lstrip()
            y += metrics.height()
        return y

    def _draw_scores(
        self,
        painter: QPainter,
        font: QFont,
        area: QRect,
        y: int,
        scores: list[tuple[str, str]],
        shown: Colors,
    ) -> None:
        small, strong = scaled(font, 0.78), scaled(font, 0.78, bold=True)
        plain, bold = QFontMetrics(small), QFontMetrics(strong)
        gap = max(3, plain.height() // 3)
        left = area.left()
        high = round(plain.height() * 1.3)
        for name, value in scores:
            first = plain.horizontalAdvance(f"{name} " if value else name)
            second = bold.horizontalAdvance(value)
            box = QRect(left, y, first + second + 2 * gap, high)
            if box.right() > area.right() and left > area.left():
                y += high + gap
                box.moveTo(area.left(), y)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shown.raised))
            painter.drawRoundedRect(QRectF(box), gap, gap)
            painter.setFont(small)
            painter.setPen(QColor(shown.muted))
            painter.drawText(box.adjusted(gap, 0, 0, 0), _LEFT, name)
            painter.setFont(strong)
            painter.setPen(QColor(shown.text))
            painter.drawText(box.adjusted(gap + first, 0, 0, 0), _LEFT, value)
            left = box.right() + gap

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 6.4))


def first_line(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return as many whole words of `text` as fit into `width` pixels."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if metrics.horizontalAdvance(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    if low >= len(text):
        return text
    cut = text.rfind(" ", 0, low + 1)
    return text[:cut] if cut > 0 else text[:low]
