"""A page of a document: zoomed and moved about as paper is, with a passage marked as with a highlighter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.knowledge.places.pdf_pages import MAX_PIXELS, DrawnPage, DrawnPart, PageBox
from chatbot_app.ui.knowledge.page_sheet import PageSheet
from chatbot_app.ui.knowledge.page_zoom import PartWanted, Zoom, reading_scale, zoom_key
from chatbot_app.ui.theme import em

_STEP = 1.25  # of one press of + or one notch of the wheel
_FULL_SIZE = 96 / 72  # logical pixels a point: 100 %
_LEAST, _MOST = 0.1 * _FULL_SIZE, 8 * _FULL_SIZE
_PAUSE_MS = 60  # before a part is drawn finer: scrolling asks for many


class PageView(QScrollArea):
    """Shows one page; what is seen is asked for as fine as the screen is."""

    part_wanted = Signal(object)  # PartWanted
    zoom_changed = Signal()
    page_step_requested = Signal(int)  # 1 the next page, -1 the one before

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self.setAccessibleName(self.tr("Page of the document"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._sheet = PageSheet(self)
        self.setWidget(self._sheet)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self._zoom = Zoom.READING
        self._scale = _FULL_SIZE  # logical pixels a point
        self._number = 0
        self._size = (1.0, 1.0)  # points
        self._grip: QPoint | None = None  # where the mouse holds the paper
        self._is_at_mark = True  # until the person scrolls
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(_PAUSE_MS)
        self._asking.timeout.connect(self.ask_for_part)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.actionTriggered.connect(self._leave_mark)
            bar.sliderMoved.connect(self._leave_mark)
            bar.valueChanged.connect(self._scrolled)  # never `start`, which would wait as many milliseconds

    # --- what is shown -------------------------------------------------------------------------------

    @property
    def zoom(self) -> Zoom:
        """What the size of the page follows."""
        return self._zoom

    @property
    def percent(self) -> int:
        """The size of the page; 100 is its size on paper on a screen of 96 dots an inch."""
        return round(self._scale / _FULL_SIZE * 100)

    def show_page(self, page: DrawnPage) -> None:
        """Show a page and bring what is marked on it into sight."""
        self._sheet.set_page(page)
        self._number = page.number
        self._size = (page.across or page.width, page.down or page.height)
        self._fit()
        self.scroll_to_mark()

    def show_part(self, number: int, part: DrawnPart) -> None:
        """Show a part of the page finer, if the page is still that one."""
        if number == self._number and not self._sheet.is_blank:
            self._sheet.set_part(part)

    def clear(self) -> None:
        """Show nothing."""
        self._sheet.set_page(None)
        self._number = 0
        self._sheet.resize(0, 0)

    def marks(self) -> list[QRect]:
        """Return where the passage is marked, in pixels of the page as it is shown."""
        return [self._sheet.mark(box).toRect() for box in self._sheet.boxes]

    def visible_part(self) -> QRect:
        """Return the part of the page that is seen, in the same pixels."""
        return QRect(self._sheet.mapFrom(self.viewport(), QPoint(0, 0)), self.viewport().size())

    def scroll_to_mark(self) -> None:
        """Bring the passage into the middle, or show the top where there is none."""
        self._is_at_mark = True
        whole = QRect()
        for mark in self.marks():
            whole = whole.united(mark)
        seen = self.viewport().size()
        margin = em(self, 0.6)
        # What is larger than the view is read from its beginning.
        wide, high = whole.width() + 2 * margin > seen.width(), whole.height() > seen.height() * 0.8
        x = whole.left() - margin if wide else whole.center().x() - seen.width() // 2
        y = whole.top() - seen.height() // 8 if high else whole.center().y() - seen.height() // 2
        self.horizontalScrollBar().setValue(x if self._sheet.boxes else 0)
        self.verticalScrollBar().setValue(y if self._sheet.boxes else 0)

    def wanted_pixels(self) -> int:
        """Return how wide the picture of a whole page should be: parts of it are drawn finer when they are seen."""
        return max(900, round(self.viewport().width() * self.devicePixelRatioF() * 1.5))

    # --- zoom ----------------------------------------------------------------------------------------

    def set_zoom(self, zoom: Zoom) -> None:
        """Let the size follow something else."""
        self._zoom = zoom
        self._fit()
        if zoom is Zoom.READING or self._is_at_mark:
            self.scroll_to_mark()

    def set_percent(self, percent: float) -> None:
        """Show the page at a size of the person's choice, what is in the middle stays there."""
        self._zoom_to(percent / 100 * _FULL_SIZE, QPointF(self.viewport().rect().center()))

    @Slot()
    def zoom_in(self) -> None:
        """Show the page one step larger."""
        self.set_percent(self._scale / _FULL_SIZE * 100 * _STEP)

    @Slot()
    def zoom_out(self) -> None:
        """Show the page one step smaller."""
        self.set_percent(self._scale / _FULL_SIZE * 100 / _STEP)

    def _zoom_to(self, scale: float, fixed: QPointF) -> None:
        """Change the size; what is at `fixed`, a point of the viewport, stays there."""
        if self._sheet.is_blank:
            return
        before = self._sheet.mapFrom(self.viewport(), fixed)
        share = before.x() / self._sheet.width(), before.y() / self._sheet.height()
        self._zoom = Zoom.FREE
        self._is_at_mark = False
        self._scale = min(_MOST, max(_LEAST, scale))
        self._resize_sheet()
        self.horizontalScrollBar().setValue(round(share[0] * self._sheet.width() - fixed.x()))
        self.verticalScrollBar().setValue(round(share[1] * self._sheet.height() - fixed.y()))

    def _fit(self) -> None:
        if self._sheet.is_blank:
            return
        across, down = self._size
        room = self.viewport().size().shrunkBy(self.contentsMargins())
        width = max(1, room.width() - em(self, 0.4)) / across
        if self._zoom is Zoom.WIDTH:
            self._scale = width
        elif self._zoom is Zoom.PAGE:
            self._scale = min(width, max(1, room.height() - em(self, 0.2)) / down)
        elif self._zoom is Zoom.READING:
            letters, sight = self.fontMetrics().ascent(), room.width() - 2 * em(self, 0.6)
            found = reading_scale(self._sheet.boxes, self._size, letters, sight)
            self._scale = min(_MOST, max(width, found or _FULL_SIZE))
        self._scale = min(_MOST, max(self._scale, 1e-3))
        self._resize_sheet()

    def _resize_sheet(self) -> None:
        across, down = self._size
        self._sheet.resize(max(1, round(across * self._scale)), max(1, round(down * self._scale)))
        self._asking.start()
        self.zoom_changed.emit()

    @Slot(int)
    def _scrolled(self, _: int) -> None:
        self._asking.start()

    @Slot()
    def ask_for_part(self) -> None:
        """Want what is in sight drawn finer, where the page is too coarse for it; also asked a little after it changed."""
        sheet = self._sheet
        if sheet.is_blank or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        wanted = sheet.width() * ratio
        seen = QRectF(self.visible_part()) & QRectF(sheet.rect())
        if seen.isEmpty() or sheet.page_pixels >= wanted * 0.98:
            return
        known = sheet.part_place
        if known is not None and sheet.part_pixels >= wanted * 0.98 and sheet.place(known).contains(seen):
            return
        # With some room around: a step of the wheel needs no new picture.
        fits = max(0.0, (MAX_PIXELS / (seen.width() * seen.height() * ratio**2)) ** 0.5 - 1)
        more = min(0.5, fits / 2)
        part = seen.adjusted(
            -seen.width() * more, -seen.height() * more, seen.width() * more, seen.height() * more
        ) & QRectF(sheet.rect())
        width, height = sheet.width(), sheet.height()
        place = PageBox(
            part.left() / width, part.top() / height, part.right() / width, part.bottom() / height
        )
        self.part_wanted.emit(PartWanted(self._number, wanted, place))

    @Slot(int)
    def _leave_mark(self, _: int) -> None:
        self._is_at_mark = False

    # --- Qt ------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # The window has these keys too, for the size of its text.
        if event.type() == QEvent.Type.ShortcutOverride and zoom_key(event):  # type: ignore[arg-type]  # an event of that type is one of a key
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and (
            event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._zoom_to(self._scale * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        backwards = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match zoom_key(event):
            case "+":
                self.zoom_in()
            case "-":
                self.zoom_out()
            case "0":
                self.set_zoom(Zoom.READING)
            case _ if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
                self._is_at_mark = False
                bar.setValue(bar.minimum() if key == Qt.Key.Key_Home else bar.maximum())
            case _ if key in (Qt.Key.Key_Space, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                forward = key == Qt.Key.Key_PageDown or (key == Qt.Key.Key_Space and not backwards)
                self._turn(1 if forward else -1)
            case _:
                super().keyPressEvent(event)

    def _turn(self, direction: int) -> None:
        """Scroll by a screen, at the end of the page to the next one."""
        bar = self.verticalScrollBar()
        end = bar.maximum() if direction > 0 else bar.minimum()
        if bar.value() == end:
            self.page_step_requested.emit(direction)
            return
        self._is_at_mark = False
        bar.setValue(bar.value() + round(direction * bar.pageStep() * 0.9))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_to(self._scale * _STEP ** (event.angleDelta().y() / 120), event.position())
            event.accept()
            return
        self._is_at_mark = False
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        now = event.position().toPoint()
        moved, self._grip = self._grip - now, now
        self._is_at_mark = False
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + moved.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = self.verticalScrollBar().value() / (self._sheet.height() or 1)
        self._fit()
        if self._is_at_mark:
            self.scroll_to_mark()
        else:
            self.verticalScrollBar().setValue(round(share * self._sheet.height()))
        self._asking.start()
