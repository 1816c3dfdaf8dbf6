"""A list to choose from whose popup shows every entry, as far as the screen reaches."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatbot_app.ui.calm_fields import passes_wheel
from chatbot_app.ui.theme import colors, em

_MOST_ENTRIES = 30  # that are shown at once, where the screen is as high; the rest is scrolled to
_ROW = 1.7  # lines of text
_SEPARATOR = 0.6


class ComboBox(QComboBox):
    """A QComboBox that opens below itself, at the height and width of what it offers.

    The wheel changes it only where it has the focus: whoever scrolls past it changes nothing unseen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxVisibleItems(_MOST_ENTRIES)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own takes the focus from the wheel as well
        self.setItemDelegate(_EntryDelegate(self))
        for changed in (self.model().rowsInserted, self.model().rowsRemoved):
            changed.connect(self._follow, Qt.ConnectionType.QueuedConnection)

    def entries_height(self) -> int:
        """Return the height in pixels of the entries that the popup is to show at once."""
        count = min(self.count(), self.maxVisibleItems())
        return sum(self.view().sizeHintForRow(row) for row in range(count))

    def _fit(self) -> None:
        """Give the popup the room that its entries need: Qt's own sum may miss some pixels of a style sheet."""
        view = self.view()
        popup, viewport = view.window(), view.viewport()
        screen = popup.screen().availableGeometry()
        place = popup.geometry()
        frame = place.size() - viewport.size()
        scroll_bar = view.verticalScrollBar().sizeHint().width()
        width = view.sizeHintForColumn(self.modelColumn()) + frame.width() + scroll_bar
        height = self.entries_height() + frame.height()
        wanted = QSize(max(place.width(), width), height).boundedTo(screen.size())
        if wanted == place.size():
            return
        is_above = place.bottom() < self.mapToGlobal(self.rect().topLeft()).y() + 2
        bottom = place.bottom()
        place.setSize(wanted)
        if is_above:
            place.moveBottom(bottom)
        place.moveBottom(min(place.bottom(), screen.bottom()))
        place.moveTop(max(place.top(), screen.top()))
        place.moveRight(min(place.right(), screen.right()))
        place.moveLeft(max(place.left(), screen.left()))
        popup.setGeometry(place)
        view.scrollTo(view.currentIndex())

    @Slot()
    def _follow(self) -> None:
        if self.view().isVisible():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)

    def showPopup(self) -> None:
        super().showPopup()
        if self.count():
            self._fit()


class _EntryDelegate(QStyledItemDelegate):
    """Draws an entry with room to aim at, and a line for a separator."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        box = self.parent()
        assert isinstance(box, QWidget)
        height = em(box, _SEPARATOR if _is_separator(index) else _ROW)
        return QSize(size.width(), height if _is_separator(index) else max(size.height(), height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if not _is_separator(index):
            super().paint(painter, option, index)
            return
        box = self.parent()
        assert isinstance(box, QWidget)
        inset = em(box, 0.3)
        middle = option.rect.center().y()
        painter.setPen(QColor(colors(box).border))
        painter.drawLine(option.rect.left() + inset, middle, option.rect.right() - inset, middle)


def _is_separator(index: QModelIndex | QPersistentModelIndex) -> bool:
    # What QComboBox.insertSeparator writes, and its own delegate looks for.
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")
