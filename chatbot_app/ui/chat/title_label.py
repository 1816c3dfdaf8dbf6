"""The title of the open conversation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.cut_label import CutLabel
from chatbot_app.ui.theme import scale_font


class TitleLabel(CutLabel):
    """A heading on one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.TextElideMode.ElideRight, parent)
        self.setObjectName("conversation_title")
        scale_font(self, 1.05, bold=True)

    def show_title(self, title: str) -> None:
        """Show a title on one line."""
        self.show_words(" ".join(title.split()))
