"""Of a text, what an encoder reads and what a decoder has written behind it, as the model has learned to take it."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.lab.small.data_sets import AdditionData
from chatbot_app.lab.small.training import Training

LINE_END = "↵"  # how the line break is shown that begins and ends a sum


def read_and_written(training: Training, ids: Sequence[int]) -> tuple[list[int] | None, list[int]]:
    """Return the source, None where nothing is read apart, and what is written; both have one id at least, as `ids` have.

    An encoder of sums reads all up to the first “=”, one of texts the first half of what is seen.
    """
    written = list(ids)
    if not training.plan.has_source:
        return None, written
    if isinstance(training.data, AdditionData):
        equals, line_end = training.mapping.encode("=")[0], training.mapping.encode("\n")
        asked = written[1:] if written[:1] == line_end else written
        until = asked.index(equals) + 1 if equals in asked else len(asked)
        return asked[:until] or line_end, line_end + asked[until:]
    context = training.plan.shape.context
    written = written[-context:]
    behind = max(1, len(written) - context // 2)
    return written[:-behind] or written, written[-behind:]
