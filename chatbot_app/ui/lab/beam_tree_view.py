"""The tree of a beam search: what was looked at after each token, and what the beam kept."""

from __future__ import annotations

from math import exp

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from chatbot_app.lab.beam_search import Level, Node, Tree
from chatbot_app.llm.logprobs import Token
from chatbot_app.ui.lab.probability_words import percent, token_words
from chatbot_app.ui.theme import colors, em

_COLUMN, _ROW = 8.8, 1.7  # lines of text
_BOX = 7.6


class BeamTreeView(QWidget):
    """A column a step, likeliest continuation at the top; a press on a token goes on from there."""

    node_chosen = Signal(object)  # Node

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("beam_tree")
        self.setAccessibleName(self.tr("Tree of the beam search"))
        self.setMouseTracking(True)
        self._tree: Tree[Token] = Tree()
        self._places: dict[int, tuple[Node[Token], QRect]] = {}

    @property
    def tree(self) -> Tree[Token]:
        """What is shown."""
        return self._tree

    def clear(self) -> None:
        """Show nothing."""
        self._tree = Tree()
        self._arrange()

    def add_level(self, level: Level[Token]) -> None:
        """Show one step more."""
        self._tree.levels.append(level)
        self._arrange()

    def _arrange(self) -> None:
        self._places = {}
        column, row, box = em(self, _COLUMN), em(self, _ROW), em(self, _BOX)
        for level in self._tree.levels:
            ranked = sorted(level.nodes, key=lambda node: -node.total)
            for line, node in enumerate(ranked):
                place = QRect(level.depth * column + row // 2, line * row + row // 2, box, row - row // 4)
                self._places[node.number] = node, place
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def node_at(self, point: QPointF) -> Node[Token] | None:
        """Return what stands at a point."""
        found = (node for node, place in self._places.values() if QRectF(place).contains(point))
        return next(found, None)

    def place_of(self, node: Node[Token]) -> QRect:
        """Return where a node stands."""
        return self._places[node.number][1]

    # --- Qt ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        area = QRect()
        for _, place in self._places.values():
            area = area.united(place)
        return QSize(area.right() + em(self), area.bottom() + em(self)) if self._places else QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._places:
            return
        shown = colors(self)
        kept = self._tree.kept()
        best: set[int] = set()
        node: Node[Token] | None = self._tree.best
        while node is not None:
            best.add(node.number)
            node = node.parent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one, place in sorted(self._places.values(), key=lambda pair: pair[0].number in kept):
            ink = (
                shown.accent if one.number in best else shown.outline if one.number in kept else shown.border
            )
            self._draw_line(painter, one, place, QColor(ink), 2.0 if one.number in best else 1.0)
        for one, place in self._places.values():
            self._draw_node(painter, one, place, one.number in kept, one.number in best)

    def _draw_line(
        self, painter: QPainter, node: Node[Token], place: QRect, ink: QColor, width: float
    ) -> None:
        if node.parent is None:
            return
        start = self._places[node.parent.number][1]
        a = QPointF(start.right() + 1, start.center().y())
        b = QPointF(place.left(), place.center().y())
        middle = (a.x() + b.x()) / 2
        line = QPainterPath(a)
        line.cubicTo(QPointF(middle, a.y()), QPointF(middle, b.y()), b)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, width))
        painter.drawPath(line)

    def _draw_node(
        self, painter: QPainter, node: Node[Token], place: QRect, is_kept: bool, is_best: bool
    ) -> None:
        shown = colors(self)
        painter.setPen(
            QPen(QColor(shown.accent if is_best else shown.outline if is_kept else shown.border), 1)
        )
        painter.setBrush(QColor(shown.selection if is_best else shown.surface))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        font = QFont(self.font())
        font.setBold(is_best)
        painter.setFont(font)
        painter.setPen(QColor(shown.selection_text if is_best else shown.text if is_kept else shown.muted))
        inner = place.adjusted(em(self, 0.3), 0, -em(self, 0.3), 0)
        if node.token is None:
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), self.tr("Text"))
            return
        share = percent(exp(node.logprob))
        metrics = painter.fontMetrics()
        room = inner.width() - metrics.horizontalAdvance(share) - em(self, 0.4)
        words = metrics.elidedText(token_words(node.token), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), share)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.node_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if over is not None else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        if node is not None and event.button() == Qt.MouseButton.LeftButton:
            self.node_chosen.emit(node)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self.node_at(QPointF(event.pos()))
            words = (
                ""
                if node is None
                else self.tr("{text}\nProbability of the whole: {share}").format(
                    text="".join(token_words(token) for token in node.tokens), share=percent(exp(node.total))
                )
            )
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def fit_to_font(self) -> None:
        """Make room for larger text."""
        self._arrange()
