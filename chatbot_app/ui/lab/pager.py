"""A line to go through what is shown some at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.theme import em, set_look


class Pager(QWidget):
    """Buttons to the pages before and after, and between them what is shown; hidden where all fits on one page."""

    turned = Signal(int)  # number of the first thing of the page

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._total, self._page = 0, 0, 1
        self._before = IconButton("chevron-left", self.tr("Previous page"), f"{name}_page_before", self)
        self._after = IconButton("chevron-right", self.tr("Next page"), f"{name}_page_after", self)
        self._said = QLabel(self)
        self._said.setObjectName(f"{name}_page_said")
        set_look(self._said, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        for part in (self._before, self._said, self._after):
            row.addWidget(part)
        row.addStretch(1)
        self._before.clicked.connect(self._go_back)
        self._after.clicked.connect(self._go_on)
        self.set_total(0, 1)

    def set_total(self, total: int, page: int) -> None:
        """Begin at the first of `total` things, `page` at a time."""
        self._first, self._total, self._page = 0, total, page
        self._show()

    def _show(self) -> None:
        self.setVisible(self._total > self._page)
        last = min(self._first + self._page, self._total)
        self._said.setText(
            self.tr("{first} to {last} of {total}").format(
                first=f"{self._first + 1:,}", last=f"{last:,}", total=f"{self._total:,}"
            )
        )
        self._before.setEnabled(self._first > 0)
        self._after.setEnabled(last < self._total)

    def _go(self, first: int) -> None:
        self._first = first
        self._show()
        self.turned.emit(first)

    @Slot()
    def _go_back(self) -> None:
        self._go(max(0, self._first - self._page))

    @Slot()
    def _go_on(self) -> None:
        if self._first + self._page < self._total:
            self._go(self._first + self._page)
