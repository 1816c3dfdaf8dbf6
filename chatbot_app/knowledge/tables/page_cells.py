"""A printed line as the pieces that wide gaps part: what may be the cells of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.page_words import Word

_GAP = 0.75  # of the height; a space in justified text is half as wide
_GAP_OF_FIGURES = 0.4  # between two figures, which no sentence has side by side
_NOTE = 0.85  # of the height of the word before: a raised mark belongs to it
_FARTHEST_NOTE = 1.5  # of that height
_RAISED = 0.15  # of the height of the word before
_LONGEST_NOTE = 2  # digits
_NOTED = re.compile(r"[^\W\d_]{4}$|[^\W\d_]\)$")
_MOST_MARKS = 60  # of a page
LONGEST_MARK = 4  # characters of a raised mark
_NO_HYPHENS = dict.fromkeys(map(ord, "\ufffe\x02\xad"))
_START, _END, _HEIGHT = attrgetter("start"), attrgetter("end"), attrgetter("height")


Columns = Sequence[tuple[float, float]]
"""The left and right edge of each column of figures, in points, from left to right."""


class Piece(NamedTuple):
    """Words without a wide gap between them; `left` to `right` in points."""

    left: float
    right: float
    text: str

    @property
    def centre(self) -> float:
        """The middle, in points."""
        return (self.left + self.right) / 2

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, an amount or a dash."""
        return figures.is_figure(self.text)

    @property
    def is_amount(self) -> bool:
        """Whether it is a figure that heads no column."""
        return figures.is_amount(self.text)


class PrintedLine(NamedTuple):
    """Characters `start` to `end` of the page hold all of it, in the order of the file."""

    start: int
    end: int
    base: float
    height: float
    pieces: tuple[Piece, ...]

    @property
    def left(self) -> float:
        """Its left edge, in points."""
        return self.pieces[0].left

    @property
    def right(self) -> float:
        """Its right edge, in points."""
        return self.pieces[-1].right


def lines_of(rows: Sequence[Sequence[Word]]) -> list[PrintedLine]:
    """Return printed lines with their pieces, in the order given."""
    return with_marks([_line_of(row) for row in rows])


def _line_of(row: Sequence[Word]) -> PrintedLine:
    if len(row) == 1:
        word = row[0]
        return PrintedLine(word.start, word.end, word.base, word.height, (_piece(row),))
    tallest = max(row, key=_HEIGHT)
    return PrintedLine(
        min(map(_START, row)),
        max(map(_END, row)),
        tallest.base,
        tallest.height,
        tuple(_with_signs(list(_pieces(row)))),
    )


def with_marks(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Return the lines with the raised marks that the file has elsewhere beside the words they stand at."""
    tallest = max((line.height for line in lines), default=0.0)
    small = [
        line
        for line in lines
        if line.height < _NOTE * tallest
        and len(line.pieces) == 1
        and len(line.pieces[0].text) <= LONGEST_MARK
    ]
    if len(small) > _MOST_MARKS:
        return list(lines)  # columns of small numbers, not marks
    marks = [line for line in small if _host(line, lines) is not None]
    kept = [line for line in lines if line not in marks]
    for mark in marks:
        host = _host(mark, kept)
        if host is None:
            kept.append(mark)
            continue
        row, place = host
        line, piece = kept[row], kept[row].pieces[place]
        joined = Piece(piece.left, max(piece.right, mark.right), _with_mark(piece.text, mark.pieces[0].text))
        kept[row] = line._replace(pieces=(*line.pieces[:place], joined, *line.pieces[place + 1 :]))
    return kept


def _with_mark(words: str, mark: str) -> str:
    """Return words with a raised mark behind them: "Onshore wind (2)", as the signs of notes are written mostly.

    What stands behind a figure, or may be the power of a unit, keeps apart.
    """
    is_note = mark.isdecimal() and len(mark) <= _LONGEST_NOTE and _NOTED.search(words) is not None
    return f"{words} ({mark})" if is_note else f"{words} {mark}"


def _host(mark: PrintedLine, lines: Sequence[PrintedLine]) -> tuple[int, int] | None:
    """Return the line and the piece in it beside whose end a mark stands, None where there is none."""
    for row, line in enumerate(lines):
        if mark.height < _NOTE * line.height and 0 <= mark.base - line.base < 0.7 * line.height:
            for place, piece in enumerate(line.pieces):
                if piece.right - 2 <= mark.left < piece.right + line.height:
                    return row, place
    return None


def _pieces(row: Sequence[Word]) -> Iterator[Piece]:
    group = [row[0]]
    before = row[0]
    for word in row[1:]:
        gap = word.left - before.right
        height = word.height if word.height < before.height else before.height
        if gap > _GAP_OF_FIGURES * height and _is_gap(before, word, gap):
            yield _piece(group)
            group = []
        group.append(word)
        before = word
    yield _piece(group)


def _is_gap(before: Word, word: Word, gap: float) -> bool:
    """Whether `gap` points between two words part what they belong to."""
    if word.text == ":":
        return False
    if word.height < _NOTE * before.height:
        return gap > _FARTHEST_NOTE * before.height
    is_wide = gap > _GAP * min(word.height, before.height)
    return is_wide or (_is_of_figures(before.text) and _is_of_figures(word.text))


def _is_of_figures(text: str) -> bool:
    return figures.is_figure(text) or figures.is_prefix(text)


def _piece(words: Sequence[Word]) -> Piece:
    text = words[0].text
    for before, word in pairwise(words):
        is_raised = word.height < _NOTE * before.height and word.base > before.base + _RAISED * before.height
        text = _with_mark(text, word.text) if is_raised else f"{text} {word.text}"
    if not text.isprintable():
        text = clean_text(text.translate(_NO_HYPHENS))
    return Piece(words[0].left, words[-1].right, text)


def _with_signs(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, a lone sign together with the figure that it belongs to."""
    kept: list[Piece] = []
    sign: Piece | None = None
    for piece in pieces:
        before = kept[-1] if kept and kept[-1].is_figure else None
        if sign is not None:
            is_near = before is not None and sign.left - before.right < piece.left - sign.right
            is_free = before is not None and not figures.currency_of(before.text)
            if before is not None and is_near and is_free and figures.may_follow(sign.text):
                kept[-1] = _joined(before, sign)
            elif piece.is_figure:
                # The sign stands at the edge of its column, however wide that is; "$" and "–" are a cell, no sign again.
                kept.append(_joined(sign, piece))
                sign = None
                continue
            else:
                kept.append(sign)
            sign = None
        if figures.is_prefix(piece.text):
            sign = piece
        elif before is not None and figures.is_suffix(piece.text):
            kept[-1] = _joined(before, piece)
        else:
            kept.append(piece)
    if sign is not None:
        if kept and kept[-1].is_figure and not sign.is_figure:
            kept[-1] = _joined(kept[-1], sign)
        else:
            kept.append(sign)
    return kept


def _joined(first: Piece, second: Piece) -> Piece:
    return Piece(first.left, second.right, figures.joined_figure(first.text, second.text))
