"""The likeliest tokens as bars: how likely each was, and how likely it is after what reshapes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatbot_app.lab.sampling import Cut
from chatbot_app.llm.logprobs import Token
from chatbot_app.ui.lab.probability_words import percent, token_words
from chatbot_app.ui.row_ground import begin_row
from chatbot_app.ui.theme import colors, set_look

Index = QModelIndex | QPersistentModelIndex
BAR_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class TokenBar:
    """A row: probabilities are between 0 and 1, `after` 0 where `cut` names what left the token out."""

    place: int  # in the distribution
    token: Token
    before: float
    after: float
    cut: Cut


class TokenBarsModel(QAbstractListModel):
    """The rows, in the order in which they are given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._bars: tuple[TokenBar, ...] = ()

    def show_bars(self, bars: tuple[TokenBar, ...]) -> None:
        """Show other rows; the same number of rows keeps the selection where it is."""
        if len(bars) != len(self._bars):
            self.beginResetModel()
            self._bars = bars
            self.endResetModel()
            return
        self._bars = bars
        if bars:
            self.dataChanged.emit(self.index(0), self.index(len(bars) - 1))

    @property
    def most(self) -> float:
        """The highest probability, which fills the width."""
        return max((max(bar.before, bar.after) for bar in self._bars), default=1.0)

    def bar(self, row: int) -> TokenBar | None:
        """Return a row."""
        return self._bars[row] if 0 <= row < len(self._bars) else None

    def words(self, bar: TokenBar) -> str:
        """Return what a row says, for those who hear it."""
        name = token_words(bar.token)
        before, after = percent(bar.before), percent(bar.after)
        if bar.cut is not Cut.KEPT:
            return self.tr("{token}: {before}, {cut}").format(
                token=name, before=before, cut=self.cut_words(bar.cut)
            )
        if before == after:
            return self.tr("{token}: {before}").format(token=name, before=before)
        return self.tr("{token}: {before}, now {after}").format(token=name, before=before, after=after)

    def cut_words(self, cut: Cut) -> str:
        """Return what left a token out."""
        return {
            Cut.KEPT: "",
            Cut.TOP_K: self.tr("cut off by top k"),
            Cut.TOP_P: self.tr("cut off by top p"),
            Cut.MIN_P: self.tr("cut off by min p"),
            Cut.GREEDY: self.tr("not the likeliest"),
        }[cut]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._bars)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        bar = self.bar(index.row())
        if bar is None:
            return None
        if role == BAR_ROLE:
            return bar
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(bar)
        if role == Qt.ItemDataRole.ToolTipRole:
            number = "" if bar.token.id is None else self.tr("Id {id}.").format(id=bar.token.id)
            data = " ".join(f"{one:02X}" for one in bar.token.data[:32])
            held = self.tr("Bytes {bytes}.").format(bytes=data) if data else self.tr("A special token.")
            return f"{self.words(bar)}\n{number} {held} ln p = {_ln(bar.before)}"
        return None


def _ln(probability: float) -> str:
    return f"{math.log(probability):.3f}" if probability > 0 else "−∞"


class TokenBars(QListView):
    """Rows that can be clicked, or chosen with the keyboard and taken with Return."""

    token_chosen = Signal(int)  # place in the distribution

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("token_bars")
        self.setAccessibleName(self.tr("Likeliest next tokens"))
        self.rows = TokenBarsModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_BarDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self, "boxed")
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose_by_key)
        self._clicked: TokenBar | None = None

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        bar = self.rows.bar(index.row())
        self._clicked = bar
        if bar is not None:
            self.token_chosen.emit(bar.place)

    @Slot(QModelIndex)
    def _choose_by_key(self, index: QModelIndex) -> None:
        # A double click, or a single one on some desktops, activates what the click has chosen already.
        bar = self.rows.bar(index.row())
        if bar is not None and bar is not self._clicked:
            self.token_chosen.emit(bar.place)
        self._clicked = None


class _BarDelegate(QStyledItemDelegate):
    """The token at the left, its bar, its share at the right; grey where it is cut off."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar = index.data(BAR_ROLE)
        assert isinstance(bar, TokenBar)
        shown = begin_row(painter, option)
        metrics = QFontMetrics(option.font)
        line = metrics.height()
        area = option.rect.adjusted(line // 2, 0, -line // 2, 0)
        name_width = min(round(line * 7), area.width() // 3)
        share_width = metrics.horizontalAdvance("99.99 % → 99.99 %") + line // 2
        is_cut = bar.cut is not Cut.KEPT
        painter.setFont(option.font)
        painter.setPen(QColor(shown.muted if is_cut else shown.text))
        name = QRect(area.left(), area.top(), name_width - line // 2, area.height())
        words = metrics.elidedText(token_words(bar.token), Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        room = area.adjusted(name_width, 0, -share_width, 0)
        rows = index.model()
        assert isinstance(rows, TokenBarsModel)
        self._draw_bar(painter, QRectF(room), bar, line, 1 / max(rows.most, 1e-9))
        share = QRect(room.right() + line // 2, area.top(), share_width - line // 2, area.height())
        painter.setPen(QColor(shown.muted if is_cut else shown.text))
        painter.drawText(
            share, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._share(bar)
        )
        painter.restore()

    def _share(self, bar: TokenBar) -> str:
        before, after = percent(bar.before), percent(bar.after)
        if bar.cut is not Cut.KEPT:
            return f"{before} → 0"
        return before if before == after else f"{before} → {after}"

    def _draw_bar(self, painter: QPainter, room: QRectF, bar: TokenBar, line: int, scale: float) -> None:
        """`scale` makes a width of a probability, as a share of the room."""
        widget = self.parent()
        assert isinstance(widget, QWidget)
        shown = colors(widget)
        height = line * 0.75
        top = room.center().y() - height / 2
        before = QRectF(room.left(), top, max(1.0, room.width() * scale * bar.before), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.border))
        painter.drawRoundedRect(before, 2, 2)
        if bar.cut is Cut.KEPT:
            painter.setBrush(QColor(shown.accent))
            painter.drawRoundedRect(
                QRectF(room.left(), top, max(1.0, room.width() * scale * bar.after), height), 2, 2
            )
        if bar.before > bar.after:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(shown.outline), 1))
            painter.drawRoundedRect(before.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 1.45))
