"""The pictures of a message, below its words: small, each a button that opens it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import ShownPicture
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.transcript_actions import TranscriptActions

_HEIGHT = 8.0  # em
_NARROWEST, _WIDEST = 0.75, 2.0  # heights
_GAP = 0.5  # em


class PictureButton(QAbstractButton):
    """One picture; its name is its tooltip and what a screen reader says."""

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        message_id: str,
        picture: ShownPicture,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._actions = actions
        self._message_id = message_id
        self._picture = picture
        name = " ".join(visible_text(picture.name).split())
        self.setObjectName("message_picture")
        self.setAccessibleName(self.tr("Picture: {name}").format(name=name))
        self.setToolTip(f"{name}, {picture.width} × {picture.height}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(drawing.look.small_font())
        self.clicked.connect(self._choose)
        drawing.pictures.arrived.connect(self._take)

    def sizeHint(self) -> QSize:
        height = self._drawing.look.px(_HEIGHT)
        share = self._picture.width / self._picture.height
        return QSize(round(height * min(max(share, _NARROWEST), _WIDEST)), height)

    @property
    def is_broken(self) -> bool:
        """Whether it has arrived and cannot be shown."""
        image = self._image()
        return image is not None and image.isNull()

    def _image(self) -> QImage | None:
        size = self.sizeHint() * self._drawing.look.ratio
        return self._drawing.pictures.get(self._message_id, self._picture.ordinal, size)

    @Slot()
    def _choose(self) -> None:
        self._actions.picture_chosen.emit(self._message_id, self._picture.ordinal, self._picture.name)

    @Slot(str, int)
    def _take(self, message_id: str, ordinal: int) -> None:
        if (message_id, ordinal) == (self._message_id, self._picture.ordinal):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = self._drawing.look
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, look.em * 0.5, look.em * 0.5)
        painter.fillPath(shape, QColor(look.colors.code_background))
        image = self._image()
        if image is not None and not image.isNull():
            size = QSizeF(image.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(QPointF(0, 0), size)
            place.moveCenter(frame.center())
            painter.setClipPath(shape)
            painter.drawImage(place, image)
            painter.setClipping(False)
        else:
            words = "…" if image is None else self.tr("This picture cannot be shown.")
            painter.setPen(QColor(look.colors.muted))
            inside = frame.adjusted(look.em * 0.5, 0, -look.em * 0.5, 0)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        color = QColor(look.colors.accent if self.hasFocus() else look.colors.border)
        painter.setPen(QPen(color, 2 if self.hasFocus() else 1))
        painter.drawPath(shape)


class PicturesView(QWidget):
    """Places pictures in rows: those of a question at the right, where its bubble is."""

    def __init__(
        self,
        drawing: Drawing,
        actions: TranscriptActions,
        message: Message,
        pictures: Sequence[ShownPicture],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("message_pictures")
        self.pictures = tuple(pictures)
        self._is_at_right = message.role is not Role.ASSISTANT
        self._gap = drawing.look.px(_GAP)
        self.buttons = [PictureButton(drawing, actions, message.id, one, self) for one in pictures]

    def height_for(self, width: int) -> int:
        """Place the pictures for a width and return the height, in pixels."""
        rows: list[list[PictureButton]] = []
        room = 0
        for button in self.buttons:
            needed = min(button.sizeHint().width(), width)
            if not rows or needed > room:
                rows.append([])
                room = width
            rows[-1].append(button)
            room -= needed + self._gap
        y = 0
        for row in rows:
            widths = [min(button.sizeHint().width(), width) for button in row]
            x = width - sum(widths) - self._gap * (len(row) - 1) if self._is_at_right else 0
            height = max(button.sizeHint().height() for button in row)
            for button, its_width in zip(row, widths, strict=True):
                button.setGeometry(x, y, its_width, height)
                x += its_width + self._gap
            y += height + self._gap
        return max(0, y - self._gap)
