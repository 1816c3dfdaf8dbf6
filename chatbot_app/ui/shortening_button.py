"""A button that can do without its words where there is little room."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton


class ShorteningButton(QPushButton):
    """Its icon says enough; the words stay in the tooltip and the accessible name.

    Those with the lower `keeps_words` lose theirs first. A subclass says anew in `_describe` what it stands for, with `_say`.
    """

    keeps_words = 0
    _words = ""
    _is_short = False

    def words(self) -> str:
        """Return what stands beside the icon where there is room, as Qt draws it (& doubled)."""
        return self._words

    def set_short(self, is_short: bool) -> None:
        """Show the icon alone, or the words as well."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._describe()

    def _say(self, words: str) -> None:
        """Show words literally, while there is room."""
        self._words = words.replace("&", "&&")
        self.setText("" if self._is_short else self._words)

    def _describe(self) -> None:
        """Show the same words in the form that there is room for."""
        self.setText("" if self._is_short else self._words)
