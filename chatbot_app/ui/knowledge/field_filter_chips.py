"""What a conversation keeps to, as chips above its message; a click takes one away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.theme import colors, em, scale_font, set_look

_LONGEST = 36  # characters of a chip; the whole stands in its tooltip


class FilterChips(QWidget):
    """A row of chips that wraps; hidden while there is none."""

    changed = Signal(object)  # DocumentFilter, by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter_chips")
        self.setAccessibleName(self.tr("Answers use only documents of"))
        self._filter = NO_FILTER
        self._chips: list[tuple[QPushButton, str, str]] = []  # button, field, text
        self.hide()

    @property
    def filter(self) -> DocumentFilter:
        """What the chips say."""
        return self._filter

    def show_filter(self, chosen: DocumentFilter) -> None:
        """Show another filter, silently."""
        if chosen == self._filter:
            return
        had_focus = any(chip.hasFocus() for chip, _field, _text in self._chips)
        self._filter = chosen
        for chip, _field, _text in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = [
            (self._chip(text), field, text)
            for field in ("companies", "kinds", "periods")
            for text in getattr(chosen, field)
        ]
        self._tint()
        self._place()
        self.setVisible(bool(self._chips))
        if had_focus and self._chips:
            self._chips[0][0].setFocus()

    def _chip(self, text: str) -> QPushButton:
        words = one_line(text)
        chip = QPushButton(words[:_LONGEST].replace("&", "&&"), self)
        chip.setObjectName("filter_chip")
        set_look(chip, "chip")
        scale_font(chip, 0.9)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the words
        chip.setAccessibleName(self.tr("Answers use only documents of {value}. Remove").format(value=words))
        chip.setToolTip(
            self.tr("Answers use only documents of “{value}”. Click to remove.").format(value=words)
        )
        chip.clicked.connect(self._remove)
        chip.show()
        return chip

    @Slot()
    def _remove(self) -> None:
        for chip, field, text in self._chips:
            if chip is self.sender():
                chosen = self._filter.toggled(field, text)
                self.show_filter(chosen)
                self.changed.emit(chosen)
                return

    def _place(self) -> None:
        """Put the chips into lines as wide as the row, and take as much height as they need."""
        gap, x, y, line = em(self, 0.3), 0, 0, 0
        room = self._room()
        for chip, _field, text in self._chips:
            self._say(chip, text, room)
            hint = chip.sizeHint()
            width = min(hint.width(), room)
            if x and x + width > room:
                x, y = 0, y + line + gap
            chip.setGeometry(QRect(x, y, width, hint.height()))
            x += width + gap
            line = hint.height()
        if self.height() != y + line:
            self.setFixedHeight(y + line)

    def _room(self) -> int:
        """Return how wide the row is, or will be as soon as it is shown."""
        above = self.parentWidget()
        layout = above.layout() if above is not None else None
        if above is None or layout is None:
            return max(1, self.width())
        margins = layout.contentsMargins()
        return max(1, above.contentsRect().width() - margins.left() - margins.right())

    def _say(self, chip: QPushButton, text: str, room: int) -> None:
        """Write a value into its chip, cut where it is wider than the row."""
        words = one_line(text)
        shown = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
        metrics = chip.fontMetrics()
        around = chip.sizeHint().width() - metrics.horizontalAdvance(chip.text().replace("&&", "&"))
        shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(1, room - around))
        chip.setText(shown.replace("&", "&&"))

    def _tint(self) -> None:
        for chip, _field, _text in self._chips:
            chip.setIcon(icon("close", colors(self).muted))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_chips"):
            self._tint()
            self._place()
