"""A passage as the embedding model reads it: the words of a table without its frame."""

from __future__ import annotations

import re

from chatbot_app.knowledge.tables.described import without_heads
from chatbot_app.knowledge.tables.markdown import cells_of, is_row, is_rule

_DASHES = re.compile(r":?-{3,}:?")
_FIGURES = re.compile(r"(?<=\|)[ \t]*(?:[($€£¥+\-−–—]*[ \t]*(?:\d[\d.,'’]*)?[ \t]*[%)x]*[ \t]*)(?=\|)")
_SPACES = re.compile(r"[ \t]{2,}")


def embedded_context(context: str) -> str:
    """Return a context for the model: of a table's heads each word once, for columns share most of them."""
    if "\n" not in context:
        return context
    lines = []
    for line in context.split("\n"):
        lines.append(_words_once(line) if is_row(line) else line)
    return "\n".join(line for line in lines if line)


def embedded_text(context: str, text: str) -> str:
    """Return what is embedded of a passage. Of the rows of a table the words alone: a model of meaning makes
    nothing of figures, which are three tokens each, and they are found by the full-text index.
    """
    has_rows = text.startswith("|") or "\n|" in text
    shown = without_frame(without_heads(text, context)) if has_rows else text
    return f"{embedded_context(context)}\n{shown}" if context else shown


def without_frame(text: str) -> str:
    """Return rows of a table without pipes, rules and figures."""
    lines = [line for line in text.split("\n") if not is_rule(line)]
    shown = (_SPACES.sub("  ", blanked(line)).strip() if is_row(line) else line for line in lines)
    return "\n".join(line for line in shown if line)


def blanked(text: str) -> str:
    """Return rows with spaces instead of pipes, rules and figures: every character that is left keeps its place."""
    text = _DASHES.sub(_as_spaces, text)
    return _FIGURES.sub(_as_spaces, text).replace("|", " ")


def _as_spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _words_once(row: str) -> str:
    words: dict[str, str] = {}
    for cell in cells_of(row):
        for word in cell.split():
            words.setdefault(word.casefold(), word)
    return " ".join(words.values())
