"""Figures whose scale a statement says apart from them: "$15,121 (in thousands)", and the rows of a table in an answer."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.sentences.source_sentences import Source
from chatbot_app.knowledge.tables.markdown import is_row
from chatbot_app.knowledge.tables.units import unit_of
from chatbot_app.knowledge.values.measures import ValueKind
from chatbot_app.knowledge.values.values import values_of

ABOVE = 600  # characters above a row in which an answer says what its table is counted in
_WORDS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}


def scaled_statements(statement: str, above: str, sources: Sequence[Source]) -> list[str]:
    """Return a statement with its scale behind each plain figure, as it may be meant; [] where it says none.

    `above` is what stands before it in its answer. A row that says none, above or in it, is counted in what the tables of
    the sources are: who copies a row copies its figures.
    """
    factor = unit_of(statement).factor
    if factor == 1.0 and is_row(statement):
        factor = unit_of(above[-ABOVE:]).factor
        if factor == 1.0:
            said = {unit_of(f"{source.context}\n{source.text}").factor for source in sources}
            return [written for one in sorted(said) if (written := _scaled(statement, one))]
    written = _scaled(statement, factor)
    return [written] if written else []


def _scaled(statement: str, factor: float) -> str:
    """Return a statement with the word for a factor behind each plain figure, "" where it has none or there is no word."""
    word = _WORDS.get(factor)
    if word is None:
        return ""
    written, end = "", 0
    for value in values_of(statement):
        if value.kind is ValueKind.NUMBER and not value.says_scale and value.dimension not in ("%", "clock"):
            written += f"{statement[end : value.end]} {word}"
            end = value.end
    return f"{written}{statement[end:]}" if end else ""
