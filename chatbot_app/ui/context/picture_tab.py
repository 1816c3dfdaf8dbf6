"""A picture of the prompt, as large as there is room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatbot_app.core.prompt_plan import PicturePlace
from chatbot_app.ui.theme import em


class PictureTab(QWidget):
    """Shows one picture, never larger than it is."""

    wanted = Signal(object)  # PicturePlace: who has it calls `take`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector_picture")
        self.setAccessibleName(self.tr("The picture of the part"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.image: QImage | None = None  # null says that it cannot be shown, None that it is awaited
        self.place: PicturePlace | None = None

    def show_place(self, place: PicturePlace | None) -> None:
        """Ask for the picture of a place, None for none."""
        if place != self.place:
            self.place, self.image = place, None
            self.update()
            if place is not None:
                self.wanted.emit(place)

    def take(self, place: PicturePlace, image: QImage) -> None:
        """Show the picture that was asked for."""
        if place == self.place:
            self.image = image
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(em(self, 20), em(self, 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.contentsRect().adjusted(em(self, 0.5), em(self, 0.5), -em(self, 0.5), -em(self, 0.5))
        if self.image is None or self.image.isNull():
            words = "…" if self.image is None else self.tr("This picture cannot be shown.")
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.image.size()
        if size.width() > frame.width() or size.height() > frame.height():
            size = size.scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        place = frame.adjusted(0, 0, size.width() - frame.width(), size.height() - frame.height())
        place.moveCenter(frame.center())
        painter.drawImage(place, self.image)
