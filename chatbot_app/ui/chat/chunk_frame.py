"""A rounded frame of text too wide to wrap: chunks below each other, scrolled sideways together."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.text_view import TextView


class ChunkFrame(QWidget):
    """Base of code and tables. Subclasses fill `chunks` and say how wide the widest one is."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.chunks: list[TextView] = []
        self.padding = look.px(0.9)
        self.header_height = 0
        self.footer_height = 0
        self.hugs = False  # the frame is only as wide as its content
        self._frame_width = 0
        self._placed: list[tuple[int, int, int, int]] = []  # id of a chunk, its top, width and height
        self.full_width = 1  # of each chunk, in pixels
        self.fill = look.colors.code_background
        self.window_area = QWidget(self)
        self.window_area.setMouseTracking(True)
        self.setMouseTracking(True)
        self._inner = QWidget(self.window_area)
        self._inner.setMouseTracking(True)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.setObjectName("sideways_bar")
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar.setCursor(Qt.CursorShape.ArrowCursor)
        self._bar.hide()
        self._bar.valueChanged.connect(self._scroll)

    def text_views(self) -> list[TextView]:
        """Return what can be selected, from the top."""
        return self.chunks

    def content_width(self, available: int) -> int:
        """Return how wide the chunks want to be, in pixels."""
        return max((chunk.ideal_width() for chunk in self.chunks), default=0)

    def add_chunk(self, chunk: TextView) -> None:
        """Put another chunk below the last."""
        chunk.setParent(self._inner)
        chunk.show()
        self.chunks.append(chunk)

    def height_for(self, width: int) -> int:
        """Lay everything out for a width and return the height."""
        inside = max(width - 2 * self.padding, 1)
        wide = max(self.content_width(inside), 1)
        self.full_width = full = wide if self.hugs else max(wide, inside)
        self._frame_width = min(full, inside) + 2 * self.padding
        y = 0
        del self._placed[len(self.chunks) :]
        for position, chunk in enumerate(self.chunks):
            place = id(chunk), y, full, chunk.height_for(full)
            if position >= len(self._placed):
                self._placed.append(place)
            elif self._placed[position] == place:
                y += place[3]
                continue  # where it was: there may be thousands of them
            self._placed[position] = place
            chunk.setGeometry(0, y, full, place[3])
            y += place[3]
        self._inner.resize(full, max(y, 1))
        top = self.header_height + self._vertical_padding()
        self.window_area.setGeometry(self.padding, top, inside, max(y, 1))
        bottom = top + y + self._vertical_padding()
        overflow = max(wide - inside, 0)
        self._bar.setVisible(overflow > 0)
        if overflow:
            thickness = self._bar.sizeHint().height()
            self._bar.setRange(0, overflow)
            self._bar.setPageStep(inside)
            self._bar.setSingleStep(self.look.px(2))
            self._bar.setGeometry(self.padding, bottom - self._vertical_padding() // 2, inside, thickness)
            bottom += thickness
        else:
            self._bar.setValue(0)
        return bottom + self.footer_height

    def _vertical_padding(self) -> int:
        return self.padding * 3 // 4

    @Slot(int)
    def _scroll(self, value: int) -> None:
        self._inner.move(QPoint(-value, 0))

    # --- Qt ------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways = event.angleDelta().x() or (
            event.angleDelta().y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        if sideways and not self._bar.isHidden():
            self._bar.setValue(self._bar.value() - sideways)
            event.accept()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.look.colors.border), 1))
        painter.setBrush(QColor(self.fill))
        radius = self.look.em * 0.6
        painter.drawRoundedRect(
            QRectF(0.5, 0.5, self._frame_width - 1, self.height() - self.footer_height - 1), radius, radius
        )
