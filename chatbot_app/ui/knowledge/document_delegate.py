"""How a document is drawn: a badge with its type, its title, what is known of it, and how far it has come."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from chatbot_app.knowledge.importing.events import FileStep
from chatbot_app.ui.icons import icon
from chatbot_app.ui.knowledge.document_model import ROW_ROLE
from chatbot_app.ui.knowledge.document_words import DocumentRow, facts_of, kind_of, title_of
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.row_ground import begin_row

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_INKS = {  # of the badge, by what a file is
    "PDF": "danger",
    "DOCX": "part_history",
    "ODT": "part_history",
    "RTF": "part_history",
    "PPTX": "part_question",
    "ODP": "part_question",
    "XLSX": "success",
    "XLS": "success",
    "ODS": "success",
    "CSV": "success",
    "TSV": "success",
    "HTML": "part_system",
    "EPUB": "part_system",
    "EML": "part_system",
    "MBOX": "part_system",
    "MSG": "part_system",
}
ROW_LINES = 2.9


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Return a copy of a font in another size."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(1, round(font.pixelSize() * factor)))
    copy.setBold(bold)
    return copy


def draw_badge(painter: QPainter, area: QRect, path: str, shown: Colors, font: QFont) -> None:
    """Draw the type of a file as a sheet with its extension."""
    kind = kind_of(path)
    ink = QColor(getattr(shown, _INKS.get(kind, "muted")))
    ground = QColor(ink)
    ground.setAlphaF(0.14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    radius = area.width() * 0.18
    painter.drawRoundedRect(QRectF(area), radius, radius)
    painter.setPen(ink)
    painter.setFont(scaled(font, 0.66 if len(kind) < 4 else 0.58, bold=True))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, kind)


class DocumentDelegate(QStyledItemDelegate):
    """A row of two lines; a file under way has a bar below them. A reason may take more lines where it matters."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reason_lines = 1  # of a row that failed; all rows are then as high

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        assert isinstance(row, DocumentRow)
        line = QFontMetrics(option.font).height()
        shown = begin_row(painter, option)
        area = option.rect.adjusted(round(line * 0.45), 0, -round(line * 0.5), 0)
        side = round(line * 1.85)
        badge = QRect(area.left(), area.center().y() - side // 2 + 1, side, side)
        draw_badge(painter, badge, row.path, shown, option.font)
        left = badge.right() + round(line * 0.55)
        width = area.right() - left
        top = option.rect.top() + round(line * 0.32)
        waits = row.step in (FileStep.WAITING, FileStep.READING) and row.document is None
        painter.setFont(option.font)
        painter.setPen(QColor(shown.muted if waits else shown.text))
        self._draw_line(painter, QRect(left, top, width, round(line * 1.1)), title_of(row))
        below = QRect(left, top + round(line * 1.12), width, line)
        painter.setFont(scaled(option.font, 0.86))
        if row.has_failed:
            mark = round(line * 0.85)
            icon("warning", shown.danger).paint(
                painter, QRect(left, below.center().y() - mark // 2, mark, mark)
            )
            below.setLeft(left + mark + round(line * 0.25))
            painter.setPen(QColor(shown.danger))
        else:
            painter.setPen(QColor(shown.muted))
        if row.has_failed and self.reason_lines > 1:
            self._draw_lines(painter, below, facts_of(row))
        else:
            self._draw_line(painter, below, facts_of(row))
        if row.step in (FileStep.READING, FileStep.VECTORS):
            self._draw_progress(painter, QRect(left, option.rect.bottom() - 4, width, 3), row, shown)
        painter.restore()

    def _draw_line(self, painter: QPainter, area: QRect, text: str) -> None:
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, words)

    def _draw_lines(self, painter: QPainter, area: QRect, text: str) -> None:
        """Draw a text over several lines; the last of them is cut with a sign."""
        lines = QTextLayout(text, painter.font())
        lines.beginLayout()
        height = painter.fontMetrics().lineSpacing()
        for number in range(self.reason_lines):
            line = lines.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width())
            rest = text[line.textStart() :]
            is_last = number == self.reason_lines - 1
            shown = rest if is_last else rest[: line.textLength()]
            self._draw_line(painter, area.translated(0, number * height), shown)
        lines.endLayout()

    def _draw_progress(self, painter: QPainter, area: QRect, row: DocumentRow, shown: Colors) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.border))
        painter.drawRoundedRect(QRectF(area), 1.5, 1.5)
        share = row.done / row.total if row.step is FileStep.VECTORS and row.total else 0.08
        full = QRectF(area)
        full.setWidth(max(area.height(), area.width() * min(1.0, share)))
        painter.setBrush(QColor(shown.accent if row.step is FileStep.READING else shown.part_passage))
        painter.drawRoundedRect(full, 1.5, 1.5)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = ROW_LINES + 0.95 * (self.reason_lines - 1)
        return QSize(0, round(QFontMetrics(option.font).height() * lines))
