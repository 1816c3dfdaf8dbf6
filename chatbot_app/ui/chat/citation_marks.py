"""Markers like [1] in an answer, made links to the sources below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextDocument

from chatbot_app.ui.chat.look import Look, sized

_SCHEME = "source:"  # no address of an answer's own becomes a link with it: only http and https do
_MARKER = QRegularExpression(r"\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Marker:
    """What is known of a marker: `words` name its source, `added` says that the application set it."""

    words: str
    added: bool


def mark_citations(document: QTextDocument, markers: Mapping[int, Marker], look: Look) -> bool:
    """Make links of the markers that name a source; return whether there were any.

    Code and the text of links stay as they are, and so does every other number in brackets.
    """
    found = False
    cursor = document.find(_MARKER)
    while not cursor.isNull():
        number = int(cursor.selectedText()[1:-1])
        shape = cursor.charFormat()
        is_code = shape.background().color() == QColor(look.colors.code_background)
        if number in markers and not is_code and (not shape.isAnchor() or source_of(shape.anchorHref())):
            cursor.mergeCharFormat(_format(number, markers[number], look))
            found = True
        cursor = document.find(_MARKER, cursor)
    return found


def source_of(address: str) -> int | None:
    """Return the number of the source that a link leads to, None for any other link."""
    number = address.removeprefix(_SCHEME)
    return int(number) if address.startswith(_SCHEME) and number.isdecimal() else None


def _format(number: int, marker: Marker, look: Look) -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setAnchor(True)
    shape.setAnchorHref(f"{_SCHEME}{number}")
    font = sized(look.font, 0.84, QFont.Weight.DemiBold)
    shape.setFont(font)
    if marker.added:
        # The application's own opinion: quieter than what the model itself said.
        shape.setForeground(QColor(look.colors.muted))
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        shape.setUnderlineColor(QColor(look.colors.muted))
    else:
        shape.setForeground(QColor(look.colors.link))
        shape.setBackground(QColor(look.colors.info_background))
    return shape
