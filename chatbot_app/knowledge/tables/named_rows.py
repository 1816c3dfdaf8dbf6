"""Whether a question names a row of a table: "total net sales" asks for the row of that label, not for prose about it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of, is_row
from chatbot_app.knowledge.words.words import STOP_WORDS, stems

_REMEMBERED = 8192  # labels: the same tables are found again and again
_MARKS = re.compile(r"(?:\s*(?:\(\d{1,2}\)|[®™*†‡]))+\s*$")
_LONGEST_LABEL = 120  # characters: a longer one is a sentence


def named_share(text: str, query: Collection[str]) -> float:
    """Return the share (0 to 1) of a question's words that the label of one row takes up.

    `query` are the stems of the question, stop words left out. Only a row with figures counts, and only where all
    words of its label are in the question.
    """
    if not query or not (text.startswith("|") or "\n|" in text):
        return 0.0
    best = 0
    for line in text.split("\n"):
        if not is_row(line):
            continue
        label = without_marks(line.strip()[1:].partition("|")[0])
        if not label or len(label) > _LONGEST_LABEL:
            continue
        words = _words_of(label)
        is_named = len(words) > best and all(word in query for word in words)
        if is_named and any(is_figure(cell) for cell in cells_of(line)[1:]):
            best = len(words)
    return best / len(query)


def label_of(row: str) -> str:
    """Return the label of a row as it is written, "| Online stores (1) | 7 |", without its marks."""
    return without_marks(row.strip(" |").partition("|")[0])


def without_marks(label: str) -> str:
    """Return a label without the signs of its notes and trade marks: "Online stores (1)" as "Online stores", "(1)" as it is."""
    return _MARKS.sub("", label).strip() or label.strip()


@lru_cache(_REMEMBERED)
def _words_of(label: str) -> frozenset[str]:
    return frozenset(stems(label) - _STOP_STEMS)


_STOP_STEMS = frozenset(stem for word in STOP_WORDS for stem in stems(word))
