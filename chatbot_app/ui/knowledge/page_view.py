"""A page of a document as a picture, with a passage marked as with a highlighter."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.knowledge.pdf_pages import DrawnPage, PageBox
from chatbot_app.ui.theme import colors, em

_MARKER = "#ffe27a"  # multiplied with the page: the text below stays black, in the dark look as well


class _Sheet(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.boxes: tuple[PageBox, ...] = ()

    def place(self, box: PageBox) -> QRectF:
        """Return a box in the sheet's pixels, a little larger than its letters."""
        width, height = self.width(), self.height()
        grow = max(1.0, width * 0.0025)
        return QRectF(
            box.left * width,
            box.top * height,
            (box.right - box.left) * width,
            (box.bottom - box.top) * height,
        ).adjusted(-grow, -grow * 0.6, grow, grow * 0.6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(event.rect())
        painter.drawImage(QRectF(self.rect()), self.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_MARKER))
        for box in self.boxes:
            painter.drawRoundedRect(self.place(box), 2, 2)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QColor(colors(self).border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PageView(QScrollArea):
    """Shows one page as wide as there is room, scrolled to what is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self.setAccessibleName(self.tr("Page of the document"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._sheet = _Sheet(self)
        self.setWidget(self._sheet)
        self._is_at_mark = True  # until the person scrolls
        bar = self.verticalScrollBar()
        bar.actionTriggered.connect(self._leave_mark)
        bar.sliderMoved.connect(self._leave_mark)

    def show_page(self, page: DrawnPage) -> None:
        """Show a page and bring what is marked on it into sight."""
        image = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
        self._sheet.image = image.copy()  # Qt would go on reading the bytes, which Python may free
        self._sheet.boxes = page.boxes
        self._fit()
        self._sheet.update()
        self.scroll_to_mark()

    def clear(self) -> None:
        """Show nothing."""
        self._sheet.image = QImage()
        self._sheet.boxes = ()
        self._fit()

    def marks(self) -> list[QRect]:
        """Return where the passage is marked, in pixels of the page as it is shown."""
        return [self._sheet.place(box).toRect() for box in self._sheet.boxes]

    def visible_part(self) -> QRect:
        """Return the part of the page that is seen, in the same pixels."""
        return QRect(self._sheet.mapFrom(self.viewport(), QPoint(0, 0)), self.viewport().size())

    def scroll_to_mark(self) -> None:
        """Bring the first mark into the upper third, or show the top where there is none."""
        self._is_at_mark = True
        marks = self.marks()
        top = min((mark.top() for mark in marks), default=0)
        self.verticalScrollBar().setValue(top - self.viewport().height() // 4 if marks else 0)

    def wanted_pixels(self) -> int:
        """Return how wide a page should be drawn to be sharp."""
        return max(900, round(self.viewport().width() * self.devicePixelRatioF() * 1.5))

    def _fit(self) -> None:
        image = self._sheet.image
        if image.isNull():
            self._sheet.resize(0, 0)
            return
        width = max(1, self.viewport().width() - em(self, 0.4))
        self._sheet.resize(width, round(width * image.height() / image.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = self.verticalScrollBar().value() / (self._sheet.height() or 1)
        self._fit()
        if self._is_at_mark:
            self.scroll_to_mark()
        else:
            self.verticalScrollBar().setValue(round(share * self._sheet.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._is_at_mark = False
        super().wheelEvent(event)

    @Slot(int)
    def _leave_mark(self, _: int) -> None:
        self._is_at_mark = False
