"""The title of details in an answer: a click, Enter or the space bar shows and hides what stands below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import draw_chevron
from chatbot_app.ui.chat.fold_header import FoldHeader
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.ui.chat.text_view import TextView

INDENT = 1.2  # em that a fold's content stands farther in
PADDING = 0.2  # em above and below a title
INDENTS_MOST = 8  # deeper folds stand below each other
EVERY = -1  # in the states of the folds of a block: all of them

FoldStates = MutableMapping[int, bool]  # by the number of a fold in its block, whether it is open


def is_open(states: FoldStates, number: int, *, expanded: bool) -> bool:
    """Return whether a fold is open; `expanded` says how it is as long as nobody touched it."""
    return states.get(number, states.get(EVERY, expanded))


def shown_in_folds(entries: Iterable[tuple[int, bool | None]]) -> Iterator[bool]:
    """Yield for each entry whether it is seen.

    An entry is (how many folds it stands in, None or, for a title, whether its fold is open); a fold holds the entries
    after it that stand deeper.
    """
    closed: int | None = None  # depth of the closed fold that hides what is deeper
    for depth, opened in entries:
        if closed is not None and depth > closed:
            yield False
            continue
        closed = depth if opened is False else None
        yield True


class _Toggle(FoldHeader):
    """Lies over the title and draws the arrow beside its first line."""

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = shown.text if self.underMouse() or self.hasFocus() else shown.muted
        draw_chevron(
            painter,
            QPointF(look.em * 0.5, look.px(PADDING) + look.line * 0.5),
            look.em * 0.42,
            ink,
            down=self.isChecked(),
        )
        if self.hasFocus():
            painter.setPen(QPen(QColor(shown.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)


class FoldView(QWidget):
    """One title. What it shows and hides is its owner's."""

    toggled = Signal(bool)  # by the person: whether it is open now

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.title = TextView(look, self)
        self._toggle = _Toggle(look, "details_fold_button", self)
        self._toggle.toggled.connect(self._describe)
        self._toggle.clicked.connect(self.toggled)
        self.title.show()
        self._toggle.show()
        self.number = 0  # in its block
        self.quotes = 0  # that it stands in
        self.expanded = False  # as long as nobody touched it

    @property
    def is_open(self) -> bool:
        """Whether what it holds is shown."""
        return self._toggle.isChecked()

    def set_title(self, document: SafeDocument, words: str) -> None:
        """Show a title; `words` are announced."""
        self.title.set_document(document)
        self._toggle.setAccessibleName(words)
        self._describe(self.is_open)

    def set_open(self, opened: bool) -> None:
        """Show it as open or closed, without a signal."""
        if opened != self._toggle.isChecked():
            self._toggle.setChecked(opened)

    def height_for(self, width: int) -> int:
        """Lay out for a width and return the height, in pixels."""
        left = self._look.px(INDENT)
        above = self._look.px(PADDING)
        height = self.title.height_for(max(width - left, 1))
        self.title.setGeometry(left, above, max(width - left, 1), height)
        height += 2 * above
        # As wide as its words, so that the ring around it stands close.
        wide = min(left + self.title.ideal_width() + self._look.px(0.5), width)
        self._toggle.setGeometry(0, 0, max(wide, 1), height)
        return height

    @Slot(bool)
    def _describe(self, opened: bool) -> None:
        words = (
            QCoreApplication.translate("FoldView", "Opened: what it holds stands below it")
            if opened
            else QCoreApplication.translate("FoldView", "Closed: shows what it holds when it is pressed")
        )
        self._toggle.setAccessibleDescription(words)
