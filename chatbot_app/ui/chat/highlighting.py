"""Colours of code: Pygments finds the tokens, two small tables colour them on light and dark."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from PySide6.QtGui import QColor, QTextCharFormat, QTextDocument, QTextLayout

from chatbot_app.ui.palettes import DARK, Colors

MAX_CHARACTERS = 60_000  # longer code stays in one colour
MAX_LINE = 1_500  # some lexers need quadratic time on long lines

# Each colour reaches 4.5:1 on the background of code.
_LIGHT_COLOURS = {
    "Comment": "#5c6773",
    "Keyword": "#8b2f9b",
    "Keyword.Constant": "#9a4a00",
    "Name.Function": "#1d5aa8",
    "Name.Class": "#7a5300",
    "Name.Decorator": "#7a5300",
    "Name.Builtin": "#0b6a73",
    "Name.Tag": "#a3282f",
    "Name.Attribute": "#7a5300",
    "Name.Exception": "#7a5300",
    "Literal.String": "#2c6a1f",
    "Literal.Number": "#9a4a00",
    "Operator.Word": "#8b2f9b",
    "Generic.Deleted": "#a3282f",
    "Generic.Inserted": "#2c6a1f",
    "Generic.Heading": "#1d5aa8",
}
_DARK_COLOURS = {
    "Comment": "#8a949f",
    "Keyword": "#cf9bea",
    "Keyword.Constant": "#eab078",
    "Name.Function": "#82b6ee",
    "Name.Class": "#e8cb7d",
    "Name.Decorator": "#e8cb7d",
    "Name.Builtin": "#6fcbd3",
    "Name.Tag": "#f2948f",
    "Name.Attribute": "#e8cb7d",
    "Name.Exception": "#e8cb7d",
    "Literal.String": "#a3d18a",
    "Literal.Number": "#eab078",
    "Operator.Word": "#cf9bea",
    "Generic.Deleted": "#f2948f",
    "Generic.Inserted": "#a3d18a",
    "Generic.Heading": "#82b6ee",
}

Span = tuple[int, int, str]  # start, length, colour


# Imported one after the other: together they would stop the window for a moment.
_MODULES = ("pygments.util", "pygments.token", "pygments.lexer", "pygments.lexers._mapping")
_loaded: dict[str, Any] = {}


def loaded_lexer(language: str) -> Any | None:
    """Return the lexer of a language once `load_lexer` has loaded it; None before, or if there is none."""
    return _loaded.get(language.lower())


def is_loaded(language: str) -> bool:
    """Whether nothing more can be loaded for a language."""
    return not language or language.lower() in _loaded


def load_lexer(language: str) -> Iterator[None]:
    """Load the lexer of a language in short steps.

    Pygments' own look-up searches every installed package for plugins when it does not know a name; this
    one knows Pygments' lexers only, by its table of names, which is private until look-ups by alias are kept
    (pygments #2479).
    """
    name = language.lower()
    for module in _MODULES:
        importlib.import_module(module)
        yield
    from pygments.lexers._mapping import LEXERS

    for class_name, (module, _, aliases, _, _) in LEXERS.items():
        if name in aliases:
            lexers = importlib.import_module(module)
            yield
            if name not in _loaded:
                _loaded[name] = getattr(lexers, class_name)()
            return
    _loaded[name] = None


def can_highlight(code: str) -> bool:
    """Whether the code is small enough to be coloured without a pause."""
    return len(code) <= MAX_CHARACTERS and max(map(len, code.split("\n")), default=0) <= MAX_LINE


def spans(code: str, lexer: Any, colors: Colors) -> Iterator[Span]:
    """Yield the ranges of the code in order; those in the colour of text have "" for theirs.

    They are yielded as well so that who asks can stop: some lexers make every character of a kind of code a token.
    """
    table = "dark" if colors is DARK else "light"
    for start, kind, text in lexer.get_tokens_unprocessed(code):
        yield start, len(text), _colour(kind, table)


def apply_spans(document: QTextDocument, found: Iterable[Span]) -> None:
    """Colour the ranges of a document whose paragraphs are the lines of the code."""
    by_block: dict[int, list[QTextLayout.FormatRange]] = {}
    for start, length, colour in found:
        if not colour:
            continue
        end = start + length
        while start < end:
            block = document.findBlock(start)
            if not block.isValid():
                break
            stop = min(end, block.position() + block.length() - 1)
            if stop > start:
                piece = QTextLayout.FormatRange()
                piece.start = start - block.position()
                piece.length = stop - start
                piece.format = _format(colour)
                by_block.setdefault(block.blockNumber(), []).append(piece)
            start = block.position() + block.length()
    for number, ranges in by_block.items():
        document.findBlockByNumber(number).layout().setFormats(ranges)
    if by_block:
        # New formats throw the lines of a paragraph away; they are laid out again only when told so.
        document.markContentsDirty(0, document.characterCount())


@cache
def _format(colour: str) -> QTextCharFormat:
    character = QTextCharFormat()
    character.setForeground(QColor(colour))
    return character


@cache
def _colour(kind: Any, table: str) -> str:
    colours = _DARK_COLOURS if table == "dark" else _LIGHT_COLOURS
    parts = str(kind).removeprefix("Token").strip(".").split(".")
    while parts:
        colour = colours.get(".".join(parts))
        if colour:
            return colour
        parts.pop()
    return ""
