"""The paper: a page as a whole, a part of it drawn finer, and the marks of a passage."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.knowledge.places.pdf_pages import DrawnPage, DrawnPart, PageBox
from chatbot_app.ui.theme import colors

_MARKER = "#ffe27a"  # multiplied with the page: the text below stays black, in the dark look as well
_MARKER_AROUND = "#fff6d6"  # of the passage around a marked sentence
_WHOLE = PageBox(0.0, 0.0, 1.0, 1.0)


class PageSheet(QWidget):
    """Is as large as the page at its zoom, and holds no more pixels than were drawn of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.boxes: tuple[PageBox, ...] = ()
        self.around: tuple[PageBox, ...] = ()
        self.part_place: PageBox | None = None
        self.part_pixels = 0.0  # how wide the whole page would be where the part is as fine
        self._page, self._part = QImage(), QImage()
        self._kept: list[bytes] = [b"", b""]  # Qt reads the pixels where Python has them

    @property
    def is_blank(self) -> bool:
        """Whether there is no page."""
        return self._page.isNull()

    @property
    def page_pixels(self) -> int:
        """How many pixels wide the picture of the whole page is."""
        return self._page.width()

    def set_page(self, page: DrawnPage | None) -> None:
        """Show a page, or none."""
        self._page = QImage() if page is None else _image(page)
        self._kept = [b"" if page is None else page.pixels, b""]
        self.boxes = () if page is None else page.boxes
        self.around = () if page is None else page.around
        self._part, self.part_place, self.part_pixels = QImage(), None, 0.0
        self.update()

    def set_part(self, part: DrawnPart) -> None:
        """Show a part of the page finer than the rest."""
        self._part = _image(part)
        self._kept[1] = part.pixels
        self.part_place = part.place
        self.part_pixels = part.width / max(1e-6, part.place.right - part.place.left)
        self.update()

    def place(self, box: PageBox) -> QRectF:
        """Return a box in the sheet's pixels."""
        width, height = self.width(), self.height()
        return QRectF(
            box.left * width,
            box.top * height,
            (box.right - box.left) * width,
            (box.bottom - box.top) * height,
        )

    def mark(self, box: PageBox) -> QRectF:
        """Return where a box is marked: a little larger than its letters."""
        place = self.place(box)
        grow = max(1.0, min(place.height(), place.width()) * 0.12)
        return place.adjusted(-grow, -grow * 0.6, grow, grow * 0.6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(event.rect())
        for image, place in ((self._page, _WHOLE), (self._part, self.part_place)):
            if place is not None and not image.isNull():
                self._draw(painter, image, self.place(place), QRectF(event.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, boxes in ((_MARKER_AROUND, self.around), (_MARKER, self.boxes)):
            painter.setBrush(QColor(colour))
            for box in boxes:
                painter.drawRoundedRect(self.mark(box), 2, 2)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QColor(colors(self).border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw(self, painter: QPainter, image: QImage, target: QRectF, seen: QRectF) -> None:
        """Draw what is seen of an image: scaling all of a page at eight times its size would take seconds."""
        shown = target & seen
        if shown.isEmpty():
            return
        across, down = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (shown.x() - target.x()) * across,
            (shown.y() - target.y()) * down,
            shown.width() * across,
            shown.height() * down,
        )
        painter.drawImage(shown, image, source)


def _image(drawn: DrawnPage | DrawnPart) -> QImage:
    return QImage(drawn.pixels, drawn.width, drawn.height, drawn.width * 4, QImage.Format.Format_RGB32)
