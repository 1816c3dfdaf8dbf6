"""Tables of two columns whose first row is no head: "Landlord | Mrs Achterberg" above "Rent | £1,385 a month".

Markdown has no table without heads, so that who reads Office files makes the first row one, and "Deposit" was said to be of the
landlord. Whether it is one is told by what stands in the second column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.tables.markdown import cells_of, is_row, is_rule

_PAIR = 2
_FEWEST = 3  # rows, the first one included
_MOST = 40
_LONGEST_LABEL, _LABEL_WORDS = 40, 6
_FEWEST_OF_A_KIND = 2  # of the values below: with figures, and without
_EMPTY_HEAD = "| | |\n| --- | --- |"
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]{2}")
_PERSON = re.compile(
    r"(?:mrs?|ms|miss|dr|prof|herrn?|frau|mme|mlle|sra?|don|doña|г|г-жа)\.?\s\S", re.IGNORECASE
)
# "Cotswold & Vale Lettings": two words with capitals may be a head, "Default Value".
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞА-Я]\S*\s(?:(?:of|de|van|von|der|la|del|di|da|&|and|und|et|y)\s)?){2,}[A-ZÀ-ÖØ-ÞА-Я]\S*"
)
_FENCE = re.compile(r"^(?:```|~~~)")


def without_false_heads(text: str) -> str:
    """Return Markdown in which such tables have an empty head, and their first row below it."""
    if "\n| --" not in text and "\n|--" not in text and "\n|:" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    place = 0
    in_fence = False
    while place < len(lines):
        in_fence ^= _FENCE.match(lines[place]) is not None
        stop = place
        while not in_fence and stop < len(lines) and is_row(lines[stop]):
            stop += 1
        rows = lines[place:stop]
        if len(rows) > _FEWEST and is_rule(rows[1]) and _is_of_labels([rows[0], *rows[2:]]):
            kept += [*_EMPTY_HEAD.split("\n"), rows[0], *rows[2:]]
        else:
            kept += rows or [lines[place]]
        place = max(stop, place + 1)
    return "\n".join(kept)


def _is_of_labels(rows: Sequence[str]) -> bool:
    """Whether rows, the first one included, are each a label and what is said of it."""
    if len(rows) > _MOST:
        return False
    cells = [cells_of(row) for row in rows]
    if any(len(row) != _PAIR for row in cells) or not all(cells[0]):
        return False
    labels, values = zip(*((label.strip(" *_"), value.strip(" *_")) for label, value in cells), strict=True)
    if not all(map(_is_label, labels)) or len(set(labels)) < len(labels):
        return False
    if all(label.endswith((":", "：")) for label in labels):
        return True
    with_figures = sum(_DIGIT.search(value) is not None for value in values[1:])
    without = sum(bool(_LETTER.search(value)) and not _DIGIT.search(value) for value in values[1:])
    if _PERSON.match(values[0]):
        return min(with_figures, without) > 0
    says_something = _DIGIT.search(values[0]) is not None or _NAME.fullmatch(values[0]) is not None
    return says_something and min(with_figures, without) >= _FEWEST_OF_A_KIND


def _is_label(cell: str) -> bool:
    return (
        _LETTER.search(cell) is not None
        and _DIGIT.match(cell) is None
        and len(cell) <= _LONGEST_LABEL
        and len(cell.split()) <= _LABEL_WORDS
    )
