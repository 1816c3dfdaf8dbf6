"""The small widgets below the text of the composer: as many of their words as there is room for, never half a word."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatbot_app.ui.shortening_button import ShorteningButton


class AccessoryRow(QWidget):
    """Measures its widgets instead of guessing: other words, fonts and languages fit as well."""

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = 0
        self._measured: dict[
            ShorteningButton, tuple[str, str, int]
        ] = {}  # words, font, width with these words
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the right end."""
        self._row.addWidget(widget)
        self._fit()

    def set_room(self, room: int) -> None:
        """Take `room` pixels at most."""
        if room != self._room:
            self._room = room
            self._fit()

    def minimumSizeHint(self) -> QSize:
        # Words must not keep the window wide: they go.
        buttons = [one for one in self.findChildren(ShorteningButton) if not one.isHidden()]
        words = sum(_advance(one, one.text()) for one in buttons)
        least = super().minimumSizeHint()
        return QSize(max(least.width() - words, 0), least.height())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # a widget has other words, or was hidden
            self._fit()
        return done

    def _fit(self) -> None:
        items = (self._row.itemAt(place) for place in range(self._row.count()))
        shown = [w for item in items if item is not None and (w := item.widget()) and not w.isHidden()]
        left = self._room - self._row.spacing() * max(len(shown) - 1, 0)
        left -= sum(self._full_width(widget) for widget in shown)
        shortening = [w for w in shown if isinstance(w, ShorteningButton)]
        for button in sorted(shortening, key=lambda one: one.keeps_words):
            is_short = left < 0
            if is_short:
                left += _advance(button, button.words())
            button.set_short(is_short)

    def _full_width(self, widget: QWidget) -> int:
        """Return what a widget takes with its words: measured while they stand there, computed while they do not."""
        width = widget.sizeHint().width()
        if not isinstance(widget, ShorteningButton):
            return width
        words, font = widget.words(), widget.font().key()
        if widget.text() == words:
            self._measured[widget] = (words, font, width)
            return width
        known = self._measured.get(widget)
        if known is not None and known[:2] == (words, font):
            return known[2]  # so that a row never swings between two states
        return width - _advance(widget, widget.text()) + _advance(widget, words)


def _advance(button: ShorteningButton, words: str) -> int:
    return button.fontMetrics().horizontalAdvance(words.replace("&&", "&"))
