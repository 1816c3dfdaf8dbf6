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
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from chatbot_app.core.documents import Evidence, StageScores
from chatbot_app.ui.knowledge.document_delegate import scaled
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.knowledge.field_words import fields_line, match_words
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.row_ground import begin_row

EVIDENCE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_TEXT_LINES = 2
_TEXT_SIZE, _FIELDS_SIZE, _CHIP_SIZE = 0.9, 0.86, 0.78  # of the list's font
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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
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
    """Rank, place, the fields of the document, two lines of text, and the scores as small fields."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(EVIDENCE_ROLE)
        assert isinstance(row, RankedEvidence)
        model = index.model()
        assert isinstance(model, EvidenceModel)
        line = QFontMetrics(option.font).height()
        shown = begin_row(painter, option)
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
        y = mark.bottom() + round(line * 0.25)
        y = self._draw_fields(painter, option.font, area, y, row, shown)
        y = self._draw_text(painter, option.font, area, y, row, shown)
        scores = model.chips_of(row.evidence)
        self._draw_scores(painter, option.font, area, y + round(line * 0.2), scores, shown)
        painter.restore()

    def _draw_fields(
        self, painter: QPainter, font: QFont, area: QRect, y: int, row: RankedEvidence, shown: Colors
    ) -> int:
        """Draw on a line of its own what tells its document from its likes; return where the next line begins."""
        line = fields_line(row.evidence.fields, time_first=True)
        if not line:
            return y
        small = scaled(font, _FIELDS_SIZE)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(QColor(shown.muted if row.weak else shown.text))
        words = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), y, area.width(), metrics.height()), _LEFT, words)
        return y + metrics.height()

    def _draw_text(
        self, painter: QPainter, font: QFont, area: QRect, y: int, row: RankedEvidence, shown: Colors
    ) -> int:
        small = scaled(font, _TEXT_SIZE)
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
        small, strong = scaled(font, _CHIP_SIZE), scaled(font, _CHIP_SIZE, bold=True)
        for chip in chips_placed(font, scores, area.width()):
            box = chip.box.translated(area.left(), y)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shown.raised))
            painter.drawRoundedRect(QRectF(box), chip.gap, chip.gap)
            painter.setFont(small)
            painter.setPen(QColor(shown.muted))
            painter.drawText(box.adjusted(chip.gap, 0, 0, 0), _LEFT, chip.name)
            painter.setFont(strong)
            painter.setPen(QColor(shown.text))
            painter.drawText(box.adjusted(chip.gap + chip.name_width, 0, 0, 0), _LEFT, chip.value)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the fields and all scores need at the width of the list."""
        row, model, view = index.data(EVIDENCE_ROLE), index.model(), option.widget
        line = QFontMetrics(option.font).height()
        if not isinstance(row, RankedEvidence) or not isinstance(model, EvidenceModel):
            return QSize(0, round(line * 6.4))
        wide = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        chips = chips_placed(option.font, model.chips_of(row.evidence), wide - 2 * round(line * 0.5))
        small = QFontMetrics(scaled(option.font, _FIELDS_SIZE)).height()
        text = _TEXT_LINES * QFontMetrics(scaled(option.font, _TEXT_SIZE)).height()
        fields = small if row.evidence.fields else 0
        # Above and below the title, above the scores, and below them.
        spaces = (
            round(line * 0.35)
            + round(line * 1.1)
            + round(line * 0.25)
            + round(line * 0.2)
            + round(line * 0.5)
        )
        return QSize(0, spaces + fields + text + max((chip.box.bottom() + 1 for chip in chips), default=0))


@dataclass(frozen=True, slots=True)
class PlacedChip:
    """A score as a small field; its `box` is within the scores of its row, `gap` the space beside its words."""

    box: QRect
    name: str
    value: str
    name_width: int
    gap: int


def chips_placed(font: QFont, scores: Sequence[tuple[str, str]], width: int) -> list[PlacedChip]:
    """Return where the scores of a row stand, in as many lines as `width` pixels need."""
    plain, bold = QFontMetrics(scaled(font, _CHIP_SIZE)), QFontMetrics(scaled(font, _CHIP_SIZE, bold=True))
    gap = max(3, plain.height() // 3)
    high = round(plain.height() * 1.3)
    placed: list[PlacedChip] = []
    left = top = 0
    for name, value in scores:
        first = plain.horizontalAdvance(f"{name} " if value else name)
        box = QRect(left, top, first + bold.horizontalAdvance(value) + 2 * gap, high)
        if box.right() >= width and left:
            top += high + gap
            box.moveTo(0, top)
        placed.append(PlacedChip(box, name, value, first, gap))
        left = box.right() + gap
    return placed


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
