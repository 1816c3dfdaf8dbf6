"""Of which row and column of a table a statement has its figures: those of 2021 are not those of 2020."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.words.names import names_of
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

_CELL = re.compile(
    r"(?:^|(?<=; ))(?P<head>[^;:]+): (?P<value>[^;]*)(?:; |$)"
)  # as `described` writes a row in words


def row_of_another_date(
    said: str,
    values: Sequence[Value],
    sentences: Sequence[SourceSentence],
    saying: Callable[[Value], Sequence[int]],
) -> tuple[SourceSentence, str, str] | None:
    """Return (row, what it gives, its date) where a statement gives a figure of one row with the date of another.

    `saying` says which of the sentences say a value.
    """
    dates = [value for value in values if value.kind is ValueKind.DATE]
    figures = [value for value in values if _is_figure(said, value)]
    if not dates or not figures:
        return None
    for figure in figures:
        holding = [sentences[place] for place in saying(figure)]
        if not holding or not all(_date_of(row) for row in holding):
            continue
        if any(row.says(date) for row in holding for date in dates):
            continue
        others = [
            row
            for row in sentences
            if row.source == holding[0].source
            and (own := _date_of(row))
            and any(own.says(date) for date in dates)
        ]
        if others:
            own = _date_of(holding[0])
            assert own is not None
            written = holding[0].text[own.start : own.end].rstrip(".")
            return holding[0], said[figure.start : figure.end].rstrip("."), written
    return None


def cell_of_another_head(said: str, row: SourceSentence, held: Sequence[Value]) -> tuple[str, str] | None:
    """Return (head, head): of which column a row has a figure that a statement gives, and of which the statement speaks.

    `held` are values of the row that the statement gives. It names all words that are the other head's own, and none of this one's.
    """
    words = stems(said)
    cells = cells_of(row.text)[1:]  # the first says what the row is
    cells = [cell for cell in cells if any(c.isdigit() for c in row.text[cell[1] : cell[2]])]
    for value in held:
        if value.kind is ValueKind.DATE:
            continue
        mine = next((head for head, start, end in cells if start <= value.start < end), None)
        if mine is None:
            continue
        for theirs, start, end in cells:
            other = next((one for one in row.values if start <= one.start < end), None)
            own, against = _content(theirs) - _content(mine), _content(mine) - _content(theirs)
            if theirs == mine or other is None or not own or not against or any(other is one for one in held):
                continue
            if own <= words and not against & words:
                return mine, theirs
    return None


def cells_of(row: str) -> list[tuple[str, int, int]]:
    """Return (head, start, end) of the cells of a row in words."""
    return [(match["head"].strip(), *match.span("value")) for match in _CELL.finditer(row)]


def row_of_another_name(
    said: str, row: SourceSentence, sentences: Sequence[SourceSentence]
) -> SourceSentence | None:
    """Return the row of which a statement speaks where it has a name from `row`, and nothing else that is this one's own."""
    mine = {stem(name.form) for name in names_of(row.text)} & {stem(name.form) for name in names_of(said)}
    if not mine or not row.is_row:
        return None
    words = stems(said) - STOP_WORDS - mine
    for other in sentences:
        if other is row or not other.is_row or other.source != row.source or mine & other.stems:
            continue
        names = {stem(name.form) for name in names_of(other.text) if not name.is_first}
        own, theirs = row.stems - other.stems - mine, other.stems - row.stems
        if names - words and words & theirs and not words & own:
            return other
    return None


def _is_figure(said: str, value: Value) -> bool:
    return value.kind is ValueKind.NUMBER and any(c.isdigit() for c in said[value.start : value.end])


def _date_of(row: SourceSentence) -> Value | None:
    """Return the date that a row begins with, None where it begins otherwise or is no row."""
    first = _CELL.match(row.text) if row.is_row else None
    if first is None:
        return None
    return next(
        (value for value in row.values if value.kind is ValueKind.DATE and value.start < first.end("value")),
        None,
    )


def _content(head: str) -> set[str]:
    return stems(head) - STOP_WORDS
