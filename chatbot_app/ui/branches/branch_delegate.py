"""How a row of the map is drawn: the lines and the dot of its lane, then its words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatbot_app.core.message_forest import Run
from chatbot_app.storage.branch_names import LONGEST_NAME
from chatbot_app.ui.branches.branch_model import FACTS_ROLE, RUN_ROLE
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.row_ground import begin_row

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NAME_EDIT = "branch_name_edit"  # while a name is written
_LANE, _ROW = 1.15, 2.7  # lines of text


class BranchDelegate(QStyledItemDelegate):
    """Lanes at the left, at most a third of the row; a title and a line of facts beside them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        run = index.data(RUN_ROLE)
        assert isinstance(run, Run)
        shown = begin_row(painter, option)
        self._draw_lanes(painter, option, run, shown)
        self._draw_words(painter, option, run, index, shown)
        painter.restore()

    def _lane_x(self, option: QStyleOptionViewItem, lane: int) -> float:
        line = QFontMetrics(option.font).height()
        return option.rect.left() + line * (0.8 + _LANE * lane)

    def _words_area(self, option: QStyleOptionViewItem, run: Run) -> QRect:
        line = QFontMetrics(option.font).height()
        lanes = max([run.lane, *(lane for lane, _ in run.through)])
        left = min(self._lane_x(option, lanes) + line * 0.8, option.rect.left() + option.rect.width() / 3)
        area = option.rect.adjusted(0, round(line * 0.3), -round(line * 0.5), -round(line * 0.3))
        area.setLeft(round(left))
        return area

    def _draw_lanes(self, painter: QPainter, option: QStyleOptionViewItem, run: Run, shown: Colors) -> None:
        line = QFontMetrics(option.font).height()
        top, bottom, middle = option.rect.top(), option.rect.bottom() + 1, option.rect.center().y() + 0.5
        x = self._lane_x(option, run.lane)

        def draw(path: QPainterPath, is_shown: bool) -> None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                QPen(QColor(shown.accent if is_shown else shown.outline), 2.5 if is_shown else 1.5)
            )
            painter.drawPath(path)

        def straight(at: float, start: float, end: float, is_shown: bool) -> None:
            path = QPainterPath(QPointF(at, start))
            path.lineTo(at, end)
            draw(path, is_shown)

        for lane, leads_to_shown in run.through:
            straight(self._lane_x(option, lane), top, bottom, leads_to_shown)
        if run.goes_on:
            straight(x, middle, bottom, run.below_shown)
        if run.parent_lane == run.lane:
            straight(x, top, middle, run.is_shown)
        elif run.parent_lane is not None:
            start = self._lane_x(option, run.parent_lane)
            path = QPainterPath(QPointF(start, top))
            path.cubicTo(QPointF(start, middle), QPointF(start, middle), QPointF(x, middle))
            draw(path, run.is_shown)
        radius = line * (0.24 if run.is_shown else 0.2)
        painter.setPen(QPen(QColor(shown.accent if run.is_shown else shown.outline), 1.5))
        painter.setBrush(QColor(shown.accent if run.is_shown else shown.surface))
        painter.drawEllipse(QPointF(x, middle), radius, radius)

    def _draw_words(
        self, painter: QPainter, option: QStyleOptionViewItem, run: Run, index: Index, shown: Colors
    ) -> None:
        area = self._words_area(option, run)
        title, facts = QFont(option.font), QFont(option.font)
        title.setBold(bool(run.first.name))
        facts.setPointSizeF(facts.pointSizeF() * 0.88)
        half = area.height() // 2
        for font, words, top, ink in (
            (title, str(index.data()), area.top(), shown.text),
            (facts, str(index.data(FACTS_ROLE)), area.top() + half, shown.muted),
        ):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            place = QRect(area.left(), top, area.width(), half)
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, _LEFT | Qt.TextFlag.TextSingleLine, words)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * _ROW))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName(NAME_EDIT)
        editor.setAccessibleName(self.tr("Name of the branch"))
        editor.setPlaceholderText(self.tr("Name of the branch"))
        editor.setMaxLength(LONGEST_NAME)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Once only: the map is read again while the person writes, and what is written stays.
        if not editor.property("is_filled"):
            editor.setProperty("is_filled", True)
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        run = index.data(RUN_ROLE)
        assert isinstance(run, Run)
        area = self._words_area(option, run)
        area.setTop(option.rect.top() + 1)
        area.setBottom(option.rect.bottom() - 1)
        editor.setGeometry(area)
