"""How large a page is shown, and the keys that change it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from chatbot_app.knowledge.places.pdf_pages import PageBox


class Zoom(Enum):
    """What the size of the page follows."""

    READING = "reading"  # the passage is as large as the text of the window
    WIDTH = "width"
    PAGE = "page"
    FREE = "free"  # the person chose it


@dataclass(frozen=True, slots=True)
class PartWanted:
    """A part of the page that should be drawn as fine as if the whole page were `pixels_across` wide."""

    number: int
    pixels_across: float
    place: PageBox


def zoom_key(event: QKeyEvent) -> str:
    """Return "+", "-" or "0" for the keys that zoom, "" for any other."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return ""
    return {
        Qt.Key.Key_Plus: "+",
        Qt.Key.Key_Equal: "+",  # where + needs Shift
        Qt.Key.Key_Minus: "-",
        Qt.Key.Key_0: "0",
    }.get(Qt.Key(event.key()), "")
