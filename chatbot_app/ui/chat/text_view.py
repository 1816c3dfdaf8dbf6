"""A piece of finished text: light enough for hundreds, selectable, and unable to load anything."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.painted_tiles import PaintedTiles
from chatbot_app.ui.chat.safe_document import (
    BULLET_PROPERTY,
    TASK_PROPERTY,
    SafeDocument,
    quote_level,
    text_between,
)

_MOST_MARKS = 500  # of a search in one document


class TextView(QWidget):
    """Draws one document. The message that holds it does the selecting, so that it can span blocks."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: SafeDocument | None = None
        self._selection: QTextCursor | None = None
        self._marks: list[QTextCursor] = []
        self._underlines: list[tuple[QTextCursor, QTextCharFormat]] = []
        self._width = -1
        self._height = 0
        self._painted = PaintedTiles(self)
        self.decorated = False
        self.dimmed = False
        self.setMouseTracking(True)

    @property
    def document(self) -> QTextDocument:
        """What is drawn."""
        return self._document

    @property
    def _document(self) -> SafeDocument:
        if self._shown is None:
            self._shown = SafeDocument(self._look)
        return self._shown

    def set_document(self, document: SafeDocument) -> None:
        """Draw another document; a selection is kept where the text before it stayed the same."""
        old = self._selection
        self._shown = document
        self._width = -1
        self._selection = None
        self._marks, self._underlines = [], []
        self._painted.forget(everything=True)
        if old is not None and old.hasSelection():
            last = document.characterCount() - 1
            self.select(min(old.anchor(), last), min(old.position(), last))
        self.update()

    def repaint_later(self) -> None:
        """Paint again: something else than the text itself looks different."""
        self._painted.forget()
        self.update()

    def invalidate(self) -> None:
        """Lay out again at the next `height_for`: the document was changed in place."""
        self._width = -1
        self.repaint_later()

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels; laid out again only when the width differs."""
        if width != self._width:
            wraps = self._document.defaultTextOption().wrapMode() != QTextOption.WrapMode.NoWrap
            laid_out = self._width >= 0
            self._width = width
            self._painted.forget()
            if laid_out and not wraps:
                return self._height  # its lines are where they were
            self._document.setTextWidth(width)
            self._height = math.ceil(self._document.size().height())
        return self._height

    def ideal_width(self) -> int:
        """Return the width of the longest line, in pixels."""
        return math.ceil(self._document.idealWidth())

    def position_at(self, point: QPoint) -> int:
        """Return the place in the text nearest to a point."""
        hit = self._document.documentLayout().hitTest(QPointF(point), Qt.HitTestAccuracy.FuzzyHit)
        return max(hit, 0)

    def link_at(self, point: QPoint) -> str:
        """Return the address of the link under a point, or ""."""
        return self._document.documentLayout().anchorAt(QPointF(point))

    def last_position(self) -> int:
        """Return the place after the last character."""
        return self._document.characterCount() - 1

    def select(self, anchor: int, position: int) -> None:
        """Select between two places; equal places select nothing."""
        cursor = QTextCursor(self._document)
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        was_selected = self._selection is not None
        self._selection = cursor if anchor != position else None
        if was_selected or self._selection is not None:
            self.repaint_later()

    def mark(self, words: re.Pattern[str]) -> int | None:
        """Mark what a search found; return the top of the first place, in pixels, or None where there is none."""
        self._marks = []
        whole = QTextCursor(self._document)
        whole.select(QTextCursor.SelectionType.Document)
        for found in itertools.islice(words.finditer(whole.selectedText()), _MOST_MARKS):
            cursor = QTextCursor(self._document)
            cursor.setPosition(found.start())
            cursor.setPosition(found.end(), QTextCursor.MoveMode.KeepAnchor)
            self._marks.append(cursor)
        self.repaint_later()
        return self.marked_places()[0].y() if self._marks else None

    def set_underlines(self, ranges: Sequence[tuple[int, int, QTextCharFormat]]) -> None:
        """Draw these ranges (start, end) with a format on top of their own; other underlines go."""
        self._underlines = []
        for start, end, shape in ranges:
            cursor = QTextCursor(self._document)
            cursor.setPosition(min(start, self.last_position()))
            cursor.setPosition(min(end, self.last_position()), QTextCursor.MoveMode.KeepAnchor)
            self._underlines.append((cursor, shape))
        self.repaint_later()

    def underlined(self) -> list[tuple[str, QTextCharFormat]]:
        """Return the text of each underlined range and how it is drawn."""
        return [(cursor.selectedText(), shape) for cursor, shape in self._underlines]

    def top_of(self, position: int) -> int:
        """Return the top of the line that a place in the text is in, in pixels."""
        block = self._document.findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        box = self._document.documentLayout().blockBoundingRect(block)
        return round(box.top() + (line.y() if line.isValid() else 0))

    def marked_places(self) -> list[QPoint]:
        """Return where what a search found begins: the left top of its line."""
        places = []
        for cursor in self._marks:
            block = self._document.findBlock(cursor.selectionStart())
            line = block.layout().lineForTextPosition(cursor.selectionStart() - block.position())
            box = self._document.documentLayout().blockBoundingRect(block)
            places.append(QPoint(round(box.left()), round(box.top() + (line.y() if line.isValid() else 0))))
        return places

    def select_unit(self, position: int, unit: QTextCursor.SelectionType) -> tuple[int, int]:
        """Return the ends of the word or paragraph at a place."""
        cursor = QTextCursor(self._document)
        cursor.setPosition(position)
        cursor.select(unit)
        return cursor.selectionStart(), cursor.selectionEnd()

    def selected_text(self) -> str:
        """Return what is selected, formulas as their LaTeX."""
        if self._selection is None:
            return ""
        return text_between(self._document, self._selection.selectionStart(), self._selection.selectionEnd())

    def plain_text(self) -> str:
        """Return everything that is shown, formulas as their LaTeX."""
        return text_between(self._document, 0, self.last_position())

    # --- Qt ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.dimmed:
            painter.setOpacity(0.6)
        self._painted.paint(painter, event.rect(), self._draw)

    def _draw(self, painter: QPainter, area: QRect) -> None:
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(area)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, QColor(self._look.colors.text))
        context.palette = palette
        shown = self._look.colors
        ranges = [(cursor, shown.mark, shown.text) for cursor in self._marks]
        if self._selection is not None:
            ranges.append((self._selection, shown.selection, shown.selection_text))
        context.selections = [_formatted(cursor, shape) for cursor, shape in self._underlines]
        context.selections += [_range_of(cursor, ground, ink) for cursor, ground, ink in ranges]
        painter.setClipRect(area)
        self._document.documentLayout().draw(painter, context)
        if self.decorated:
            self._draw_decorations(painter, area)

    def _draw_decorations(self, painter: QPainter, area: QRect) -> None:
        layout = self._document.documentLayout()
        bar = max(2, self._look.px(0.2))
        step = self._look.em * 1.2
        block: QTextBlock = self._document.begin()
        previous_level, previous_bottom = 0, 0.0
        while block.isValid():
            level = quote_level(block.blockFormat())
            box = layout.blockBoundingRect(block)
            if box.top() > area.bottom():
                break
            top = previous_bottom if min(level, previous_level) else box.top()
            for depth in range(level):
                start = top if depth < previous_level else box.top()
                painter.fillRect(
                    QRectF(depth * step, start, bar, box.bottom() - start), QColor(self._look.colors.border)
                )
            if task := block.blockFormat().intProperty(TASK_PROPERTY):
                self._draw_box(painter, block, box, ticked=task == 2)
            elif depth := block.blockFormat().intProperty(BULLET_PROPERTY):
                self._draw_bullet(painter, block, box, depth)
            previous_level, previous_bottom = level, box.bottom()
            block = block.next()

    def _draw_bullet(self, painter: QPainter, block: QTextBlock, box: QRectF, depth: int) -> None:
        line = block.layout().lineAt(0)
        # Where lower-case letters have their middle, whatever the height of the line.
        middle = box.top() + line.y() + line.height() - self._look.line * 0.48
        left = block.blockFormat().leftMargin() + depth * self._document.indentWidth()
        radius = self._look.em * 0.17
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.colors.text), 1.2))
        # Filled, hollow, filled: as deep as one can still tell.
        painter.setBrush(QColor(self._look.colors.text) if depth % 2 else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(left - self._look.em * 0.75, middle), radius, radius)

    def _draw_box(self, painter: QPainter, block: QTextBlock, box: QRectF, *, ticked: bool) -> None:
        shown = self._look.colors
        side = self._look.em * 0.82
        line = block.layout().lineAt(0)
        middle = box.top() + line.y() + line.height() - self._look.line * 0.5
        left = block.blockFormat().leftMargin() + block.blockFormat().indent() * self._document.indentWidth()
        place = QRectF(left - self._look.em * 1.25, middle - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(shown.accent if ticked else shown.outline), 1.3))
        painter.setBrush(QColor(shown.accent) if ticked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, side * 0.2, side * 0.2)
        if ticked:
            painter.setPen(QPen(QColor(shown.accent_text), 1.6))
            x, y = place.x(), place.y()
            points = (0.22, 0.52, 0.42, 0.72, 0.78, 0.3)
            path = [QPointF(x + side * points[i], y + side * points[i + 1]) for i in (0, 2, 4)]
            painter.drawPolyline(QPolygonF(path))


def _range_of(cursor: QTextCursor, ground: str, ink: str) -> QAbstractTextDocumentLayout.Selection:
    highlight = QTextCharFormat()
    highlight.setBackground(QColor(ground))
    highlight.setForeground(QColor(ink))
    return _formatted(cursor, highlight)


def _formatted(cursor: QTextCursor, shape: QTextCharFormat) -> QAbstractTextDocumentLayout.Selection:
    selection = QAbstractTextDocumentLayout.Selection()
    selection.cursor = cursor
    selection.format = shape
    return selection
