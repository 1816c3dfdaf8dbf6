"""The kept text of a document as Markdown to be drawn, by who read it."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.knowledge.formats.header_breaks import with_header_breaks
from chatbot_app.knowledge.formats.mail import ENDINGS as MAILS
from chatbot_app.knowledge.formats.plain_lines import has_whole_tables, plain_as_markdown
from chatbot_app.knowledge.formats.registry import Reader, reader_for
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.tables.shown import around_rows, as_markdown, has_headings, has_tables

_MARKDOWN = frozenset((Reader.MARKDOWN, Reader.NOTEBOOK))
_AS_MARKDOWN = frozenset((Reader.KREUZBERG, Reader.CSV))  # without tables and headings it says what text does
_LINES_WITH_HEADINGS = frozenset((Reader.SLIDES, Reader.CONTACTS, Reader.MANUAL))
_WRITTEN = frozenset((Reader.CODE, Reader.SUBTITLES, Reader.CALENDAR))


def is_rendered(path: Path, text: str) -> bool:
    """Whether a text that was read from a file says more as Markdown than as the lines that it is kept in."""
    reader = reader_for(path)
    if reader in _MARKDOWN:
        return True
    if reader in _WRITTEN:
        return False
    if reader in _AS_MARKDOWN or reader in _LINES_WITH_HEADINGS:
        # The lines of a mail are its own.
        return has_tables(text) or (path.suffix.lower() not in MAILS and has_headings(text))
    return has_whole_tables(text)


def rendered_markdown(path: Path, text: str, marked: Span, heads: str = "") -> tuple[str, Span]:
    """Return the Markdown of such a text, and where what is marked stands in it; of long tables the rows around that.

    `heads` is the row of heads of the table in which the text begins.
    """
    reader = reader_for(path)
    text, start, end = around_rows(text, marked.start, marked.end, heads)
    places = [start, end]
    if reader not in _MARKDOWN | _AS_MARKDOWN:
        text, places = plain_as_markdown(text, places, is_structured=reader in _LINES_WITH_HEADINGS)
    text, places = as_markdown(text, places)
    if reader is Reader.KREUZBERG:
        text, places = with_header_breaks(text, places)
    return text, Span(*places)
