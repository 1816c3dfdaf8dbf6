"""The pictures of the question that is being written: small, each with its name and a button that removes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.pictures import Picture
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.cut_label import CutLabel
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.theme import colors, em, scale_font, set_look

_SIDE = 3.0  # em, of a thumbnail
_WIDTH = 15.0  # em, of a picture with its name
_KEPT = 60  # thumbnails
_ROWS = 3  # that are seen at once; more are scrolled to


class _Thumbnail(QWidget):
    """A picture, small, in a square."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image = QImage()
        side = em(self, _SIDE)
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(frame, em(self, 0.4), em(self, 0.4))
        painter.fillPath(shape, QColor(shown.code_background))
        if not self.image.isNull():
            size = QSizeF(self.image.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(frame.topLeft(), size.expandedTo(QSizeF(2, 2)))
            place.moveCenter(frame.center())
            painter.setClipPath(shape)
            painter.drawImage(place, self.image)
            painter.setClipping(False)
        painter.setPen(QPen(QColor(shown.border), 1))
        painter.drawPath(shape)


class AttachedPicture(QWidget):
    """One picture; Delete and Backspace on its button remove it as a click does."""

    removed = Signal(str)  # id

    def __init__(self, picture: Picture, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture = picture
        name = " ".join(visible_text(picture.name).split())
        size = f"{picture.width:,} × {picture.height:,}"
        self.setObjectName("attached_picture")
        self.setToolTip(f"{name}, {size}")
        self.thumbnail = _Thumbnail(self)
        self.name_label = CutLabel(Qt.TextElideMode.ElideMiddle, self)
        scale_font(self.name_label, 0.9)
        self.name_label.show_words(name)
        size_label = QLabel(size, self)
        size_label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(size_label, "muted")
        scale_font(size_label, 0.85)
        self.remove_button = IconButton(
            "close",
            self.tr("Remove the picture {name}").format(name=name),
            "remove_picture_button",
            self,
            size=0.9,
        )
        self.remove_button.clicked.connect(self._remove)
        self.remove_button.installEventFilter(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.name_label)
        words.addWidget(size_label)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        row.addWidget(self.thumbnail)
        row.addLayout(words, 1)
        row.addWidget(self.remove_button)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self.picture.id)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        removes = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if removes:
            self._remove()
        return removes


class AttachedPictures(QWidget):
    """Rows of pictures with a sentence below; hidden while there is none."""

    changed = Signal()  # pictures came or went
    focus_left = Signal()  # the last one was removed with the keyboard
    thumbnail_wanted = Signal(object)  # Picture
    models_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attached_pictures")
        self.setAccessibleName(self.tr("Pictures of the message"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.items: list[AttachedPicture] = []
        self._thumbnails: dict[str, QImage] = {}
        self._tall = 0
        self._inside = QWidget(self)
        self._area = QScrollArea(self)
        self._area.setObjectName("attached_pictures_area")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        self._area.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self._note = QLabel(self)
        self._note.setObjectName("pictures_note")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.hide()
        self.models_button = QPushButton(self.tr("Choose a model…"), self)
        self.models_button.setObjectName("pictures_model_button")
        self.models_button.setAccessibleName(self.models_button.text())
        set_look(self.models_button, "quiet")
        self.models_button.clicked.connect(self.models_requested)
        self.models_button.hide()
        self.hide()

    def pictures(self) -> tuple[Picture, ...]:
        """Return what is attached, in order."""
        return tuple(item.picture for item in self.items)

    def thumbnail(self, ordinal: int) -> QImage:
        """Return how the picture of a place looks, null where that is not known."""
        return self.items[ordinal].thumbnail.image if ordinal < len(self.items) else QImage()

    def set_pictures(
        self, pictures: Sequence[Picture], thumbnails: Mapping[str, QImage] | None = None
    ) -> None:
        """Show other pictures; the thumbnails of those that are new are asked for where they are not given."""
        self._thumbnails.update(thumbnails or {})
        if tuple(pictures) == self.pictures():
            return
        for item in self.items:
            item.hide()
            item.deleteLater()
        self.items = []
        for picture in pictures:
            item = AttachedPicture(picture, self._inside)
            item.removed.connect(self._remove)
            known = self._thumbnails.get(picture.id)
            if known is not None:
                item.thumbnail.image = known
            else:
                self.thumbnail_wanted.emit(picture)
            item.show()
            self.items.append(item)
        while len(self._thumbnails) > _KEPT:
            self._thumbnails.pop(next(iter(self._thumbnails)))
        if not self.items:
            self.show_note("")
        self.setVisible(bool(self.items))
        self._place()
        self.changed.emit()

    def set_thumbnail(self, picture_id: str, image: QImage) -> None:
        """Show how a picture looks."""
        self._thumbnails[picture_id] = image
        for item in self.items:
            if item.picture.id == picture_id:
                item.thumbnail.image = image
                item.thumbnail.update()

    def show_note(self, sentence: str, *, is_warning: bool = False) -> None:
        """Say something of the pictures for as long as it holds, "" for nothing; a warning offers other models."""
        self._note.setText(sentence)
        self._note.setAccessibleName(sentence)
        self._note.setVisible(bool(sentence))
        self.models_button.setVisible(is_warning and bool(sentence))
        set_look(self._note, "warning" if is_warning else "muted")
        self._place()

    @property
    def note(self) -> str:
        """What is said of the pictures."""
        return self._note.text()

    @Slot(str)
    def _remove(self, picture_id: str) -> None:
        place = next((n for n, item in enumerate(self.items) if item.picture.id == picture_id), 0)
        had_focus = self.items[place].remove_button.hasFocus()
        self.set_pictures([one for one in self.pictures() if one.id != picture_id])
        if not self.items:
            self.focus_left.emit()
        elif had_focus:
            self.items[min(place, len(self.items) - 1)].remove_button.setFocus()

    def _place(self) -> None:
        """Put the pictures into rows as wide as this is, and take as much height as they need."""
        gap, width = em(self, 0.5), max(self.width(), em(self, 8))
        each = min(em(self, _WIDTH), width)
        columns = max(1, (width + gap) // (each + gap))
        rows = -(-len(self.items) // columns)
        bar = self._area.verticalScrollBar().sizeHint().width() if rows > _ROWS else 0
        if len(self.items) >= columns:
            each = (width - bar + gap) // columns - gap
        height = em(self, _SIDE)
        for n, item in enumerate(self.items):
            row, column = divmod(n, columns)
            item.setGeometry(column * (each + gap), row * (height + gap), each, height)
        self._inside.resize(width - bar, rows * (height + gap))
        y = min(rows, _ROWS) * (height + gap)
        self._area.setGeometry(0, 0, width, y)
        if not self._note.isHidden():
            button = self.models_button.sizeHint() if not self.models_button.isHidden() else QSize(0, 0)
            room = width - (button.width() + gap if button.width() else 0)
            beside = room >= em(self, 14)
            room = room if beside else width
            tall = self._note.heightForWidth(room)
            line = max(tall, button.height()) if beside else tall
            self._note.setGeometry(0, y, room, line)
            below = QSize(0, 0) if beside else button
            self.models_button.setGeometry(
                room + gap if beside else 0, y if beside else y + tall, button.width(), button.height()
            )
            y += line + below.height() + gap
        if y != self._tall:
            self._tall = y
            self.setFixedHeight(y)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
