"""Markers like [1] in an answer, made links to the sources below it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor, QTextDocument

from chatbot_app.core.markers import MarkerPlace, find_markers
from chatbot_app.ui.chat.look import Look, sized

_SCHEME = "source:"  # no address of an answer's own becomes a link with it: only http and https do


@dataclass(frozen=True, slots=True)
class MarkedSource:
    """What a marker leads to: `words` name the source, `added` says that the application set the marker."""

    words: str
    added: bool


def mark_citations(document: QTextDocument, markers: Mapping[int, MarkedSource], look: Look) -> bool:
    """Make links of the markers that name a source; return whether there were any.

    Code, the text of links and brackets that are the answer's own (`items[1]`) stay as they are. A marker of one
    number is a link with its brackets; in one of several ("[1, 3]") each number is.
    """
    text = document.toPlainText()
    found = False
    # Qt counts in units of which a character outside the first plane has two.
    wide = [place for place, character in enumerate(text) if character > "\uffff"]
    for place in find_markers(text, max(markers, default=0)):
        for start, end, number in _links(place):
            first, stop = start + bisect_left(wide, start), end + bisect_left(wide, end)
            if number in markers and _mark(document, first, stop, number, markers, look):
                found = True
    return found


def _links(place: MarkerPlace) -> list[tuple[int, int, int]]:
    if len(place.numbers) == 1:
        return [(place.start, place.end, place.sources[0])]
    return [(number.start, number.end, number.sources[0]) for number in place.numbers]


def _mark(
    document: QTextDocument,
    start: int,
    end: int,
    number: int,
    markers: Mapping[int, MarkedSource],
    look: Look,
) -> bool:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    shape = cursor.charFormat()
    is_code = shape.background().color() == QColor(look.colors.code_background)
    if is_code or (shape.isAnchor() and not source_of(shape.anchorHref())):
        return False
    cursor.mergeCharFormat(_format(number, markers[number], look))
    return True


def source_of(address: str) -> int | None:
    """Return the number of the source that a link leads to, None for any other link."""
    number = address.removeprefix(_SCHEME)
    return int(number) if address.startswith(_SCHEME) and number.isdecimal() else None


def _format(number: int, marker: MarkedSource, look: Look) -> QTextCharFormat:
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
