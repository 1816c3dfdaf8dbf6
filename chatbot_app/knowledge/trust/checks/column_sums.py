"""What the rows of a table come to: a statement that tells a total has it from all of them, and no row writes it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.contradictions.table_rows import cells_of
from chatbot_app.knowledge.values.measures import Value, ValueKind

_TOTAL = re.compile(
    r"\b(?:total|sum|all|overall|group|insgesamt|gesamt|summe|ensemble|suma|итого|всего)\b", re.IGNORECASE
)
_FEWEST = 2  # rows


def column_sums(sentences: Iterable[SourceSentence]) -> list[tuple[int, Value]]:
    """Return (number of the source, sum) of each column of numbers, those of rows that are totals themselves left out."""
    columns: defaultdict[tuple[int, str], list[Value]] = defaultdict(list)
    for row in sentences:
        if not row.is_row:
            continue
        cells = cells_of(row.text)
        if not cells or _TOTAL.search(row.text[: cells[0][2]]):
            continue
        for head, start, end in cells[1:]:
            value = next((one for one in row.values if start <= one.start < end), None)
            if value is not None and value.kind is ValueKind.NUMBER and value.dimension != "%":
                columns[row.source, head].append(value)
    return [
        (
            source,
            Value(ValueKind.NUMBER, 0, 0, (sum(one.readings[0] for one in values),), values[0].dimension),
        )
        for (source, _), values in columns.items()
        if len(values) >= _FEWEST and len({one.dimension for one in values}) == 1
    ]
