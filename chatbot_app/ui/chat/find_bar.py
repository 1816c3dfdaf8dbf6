"""The line above a conversation in which words of it are looked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em, set_look

TYPING_PAUSE_MS = 150


class FindBar(QWidget):
    """Tells what is looked for after a pause, and which way to go."""

    changed = Signal(str)
    step_requested = Signal(int)  # 1 for the next one, -1 for the one before
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find_bar")
        self.line = SearchLine("find_line", self.tr("Find in this conversation"), self)
        self._count = QLabel(self)
        self._count.setObjectName("find_count")
        set_look(self._count, "muted")
        self._before = IconButton("chevron-up", self.tr("Previous match"), "find_previous", self)
        self._next = IconButton("chevron-down", self.tr("Next match"), "find_next", self)
        self._close = IconButton("close", self.tr("Close"), "find_close", self, ink="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(em(self, 0.6), 0, em(self, 0.6), em(self, 0.3))
        row.setSpacing(em(self, 0.4))
        row.addWidget(self.line, 1)
        for widget in (self._count, self._before, self._next, self._close):
            row.addWidget(widget)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._tell)
        self.line.textChanged.connect(self._pause.start)
        self.line.installEventFilter(self)
        self._before.clicked.connect(lambda: self.step_requested.emit(-1))
        self._next.clicked.connect(lambda: self.step_requested.emit(1))
        self._close.clicked.connect(self.closed)
        self.show_count(0, 0)

    def show_count(self, place: int, count: int) -> None:
        """Say which of the messages with a match is shown, counted from 1."""
        if count:
            words = self.tr("{n} of {m} messages").replace("{n}", str(place)).replace("{m}", str(count))
        else:
            words = self.tr("Nothing found") if self.line.text().strip() else ""
        self._count.setText(words)
        for button in (self._before, self._next):
            button.setEnabled(count > 1)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.line.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._pause.isActive():
                    self._pause.stop()
                    self._tell()
                else:
                    back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                    self.step_requested.emit(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)
