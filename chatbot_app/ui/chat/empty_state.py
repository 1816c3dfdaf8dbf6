"""A conversation before its first question: what this is, and three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from chatbot_app.ui.chat.look import Look, sized


class _Suggestion(QAbstractButton):
    def __init__(self, look: Look, title: str, text: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._title = title
        self.question = text
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(30), self._look.px(4.1))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        hot = self.underMouse() or self.isDown()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(shown.raised if hot else shown.surface))
        painter.setPen(
            QPen(QColor(shown.accent if self.hasFocus() else shown.border), 1.5 if self.hasFocus() else 1)
        )
        radius = look.em * 0.8
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        inside = QRectF(self.rect()).adjusted(look.em, look.em * 0.6, -look.em, -look.em * 0.6)
        painter.setPen(QColor(shown.text))
        painter.setFont(sized(look.font, 0.98, look.font.Weight.DemiBold))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), self._title)
        painter.setPen(QColor(shown.muted))
        painter.setFont(look.small_font())
        words = QFontMetricsF(painter.font()).elidedText(
            self.question, Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), words)


class EmptyState(QWidget):
    """The promise in one line and three suggestions."""

    suggestion_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._look = look
        self._title = self.tr("What would you like to know?")
        self._promise = self.tr(
            "Answers from a model on this machine or a server you choose, and you see exactly what it was sent."
        )
        self._suggestions = [
            _Suggestion(look, title, text, f"suggestion_{position}", self)
            for position, (title, text) in enumerate(self._texts(), start=1)
        ]
        for suggestion in self._suggestions:
            suggestion.clicked.connect(self._choose)

    def _texts(self) -> list[tuple[str, str]]:
        return [
            (
                self.tr("Explain something"),
                self.tr(
                    "Explain in simple words how a language model writes its answer, one step after the other."
                ),
            ),
            (
                self.tr("Write for me"),
                self.tr("Write a friendly e-mail that moves our meeting from Tuesday to Thursday."),
            ),
            (
                self.tr("Compare"),
                self.tr("Compare lists, tuples and sets in Python in a table, with an example of each."),
            ),
        ]

    def place(self) -> None:
        """Centre everything in the present size."""
        look = self._look
        width = min(self.width() - look.px(3), look.px(34))
        step = look.px(4.7)
        y = self._top() + look.px(6.6)
        for suggestion in self._suggestions:
            suggestion.setGeometry((self.width() - width) // 2, y, width, look.px(4.1))
            y += step

    def _top(self) -> int:
        return max((self.height() - self._look.px(20.5)) // 2, self._look.px(1))

    @Slot()
    def _choose(self) -> None:
        sender = self.sender()
        if isinstance(sender, _Suggestion):
            self.suggestion_chosen.emit(sender.question)

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: object) -> None:
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setPen(QColor(look.colors.text))
        painter.setFont(look.heading_font(1))
        margin = look.px(1.5)
        area = QRectF(margin, self._top(), self.width() - 2 * margin, look.px(2.4))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), self._title)
        painter.setPen(QColor(look.colors.muted))
        painter.setFont(look.font)
        area = QRectF(margin, self._top() + look.px(2.6), self.width() - 2 * margin, look.px(3.4))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), self._promise)
