"""How rows of the left side are drawn: titles as they are, elided, with a mark while an answer comes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatbot_app.core.messages import SearchHit
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_model import (
    ANSWERING_ROLE,
    COUNT_ROLE,
    FOLDER_ROLE,
    ID_ROLE,
    INSIDE_ROLE,
    MARKS_ROLE,
)
from chatbot_app.ui.icons import icon
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.row_ground import begin_row, colors_of, draw_ground
from chatbot_app.ui.search_hits import HIT_ROLE, pieces

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ConversationDelegate(QStyledItemDelegate):
    """A heading, or a title with a dot while its answer is being written."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown = colors_of(option)
        line = QFontMetrics(option.font).height()
        text = str(index.data())
        area = option.rect.adjusted(round(line * 0.5), 0, -round(line * 0.5), 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        folder = index.data(FOLDER_ROLE)
        if isinstance(folder, Folder):
            self._draw_folder(painter, option, area, folder, index.data(COUNT_ROLE), shown)
            painter.setFont(option.font)
            painter.setPen(QColor(shown.text))
            area.setLeft(area.left() + round(line * 1.1))
            area.setRight(area.right() - round(line * 2.2))
        elif not index.data(ID_ROLE):
            font = QFont(option.font)
            font.setPointSizeF(font.pointSizeF() * 0.85)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(shown.muted))
            area.setTop(area.top() + round(line * 0.4))
        else:
            draw_ground(painter, option, shown)
            if index.data(INSIDE_ROLE):
                area.setLeft(area.left() + round(line * 1.1))
            if index.data(ANSWERING_ROLE):
                radius = line * 0.2
                painter.setBrush(QColor(shown.accent))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QPointF(area.right() - radius, area.center().y() + 0.5), radius, radius)
                area.setRight(area.right() - round(line * 0.8))
            painter.setFont(option.font)
            self._draw_tags(painter, area, index.data(MARKS_ROLE)[0], shown)
            painter.setPen(QColor(shown.text))
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT | Qt.TextFlag.TextSingleLine, words)
        painter.restore()

    def _draw_folder(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        area: QRect,
        folder: Folder,
        count: int,
        shown: Colors,
    ) -> None:
        draw_ground(painter, option, shown)
        line = QFontMetrics(option.font).height()
        side = round(line * 0.8)
        sign = icon("chevron-right" if folder.is_folded else "chevron-down", shown.muted)
        sign.paint(painter, area.left(), area.center().y() - side // 2, side, side)
        painter.setFont(option.font)
        painter.setPen(QColor(shown.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, right | Qt.TextFlag.TextSingleLine, str(count))

    def _draw_tags(self, painter: QPainter, area: QRect, tags: tuple[str, ...], shown: Colors) -> None:
        """Draw the tags at the right, in at most two fifths of the row, and leave the title the rest."""
        if not tags:
            return
        painter.setPen(QColor(shown.muted))
        words = " ".join(f"#{visible_text(tag)}" for tag in tags)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width() * 2 // 5)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, right | Qt.TextFlag.TextSingleLine, words)
        space = painter.fontMetrics().horizontalAdvance("  ")
        area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(words) - space)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 1.9))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("conversation_title_edit")
        editor.setAccessibleName(self.tr("Title of the conversation"))
        editor.setMaxLength(200)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)


class SearchHitDelegate(QStyledItemDelegate):
    """A title, and below it where the text was found, matches marked."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = QFontMetrics(option.font).height()
        area = option.rect.adjusted(
            round(line * 0.5), round(line * 0.3), -round(line * 0.5), -round(line * 0.3)
        )
        hit = index.data(HIT_ROLE)
        assert isinstance(hit, SearchHit)
        shown = begin_row(painter, option)
        painter.setFont(option.font)
        painter.setPen(QColor(shown.text))
        top = QRect(area.left(), area.top(), area.width(), area.height() // 2)
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(top, _LEFT | Qt.TextFlag.TextSingleLine, title)
        below = QRect(area.left(), top.bottom() + 1, area.width(), area.height() - top.height())
        self._draw_snippet(painter, option, below, hit.snippet, shown)
        painter.restore()

    def _draw_snippet(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, snippet: str, shown: Colors
    ) -> None:
        fonts = {matched: QFont(option.font) for matched in (False, True)}
        for matched, font in fonts.items():
            font.setPointSizeF(font.pointSizeF() * 0.9)
            font.setBold(matched)
        left = area.left()
        for text, matched in self.fitting(snippet, fonts, area.width()):
            painter.setFont(fonts[matched])
            painter.setPen(QColor(shown.link if matched else shown.muted))
            room = area.right() - left
            if room <= 0:
                break
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(
                QRect(left, area.top(), room, area.height()), _LEFT | Qt.TextFlag.TextSingleLine, words
            )
            left += painter.fontMetrics().horizontalAdvance(text)

    def fitting(self, snippet: str, fonts: dict[bool, QFont], room: int) -> list[tuple[str, bool]]:
        """Return the pieces with as little before the first match as lets the match be seen whole."""
        found: list[tuple[str, bool]] = []
        for before in (24, 16, 10, 5, 0):
            found = list(pieces(snippet, before))
            width = 0
            for text, matched in found:
                width += QFontMetrics(fonts[matched]).horizontalAdvance(text)
                if matched:
                    break
            if width <= room:
                break
        return found

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 2.8))
