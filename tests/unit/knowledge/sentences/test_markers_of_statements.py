"""Every way to write a marker is one grammar: none of its numbers counts as what a statement says."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.sentences.statements import plain_statement, statements


@pytest.mark.parametrize(
    "marker", ["[1]", "[1][2]", "[1, 2]", "[1; 3]", "[1-3]", "[1–3]", "【2】", "【1†source】"]
)
def test_a_marker_is_no_part_of_the_statement(marker: str) -> None:
    answer = f"The tower is 44 m tall {marker}."
    (span,) = statements(answer)
    assert plain_statement(answer[slice(*span)]).split() == ["The", "tower", "is", "44", "m", "tall."]


def test_a_line_of_markers_states_nothing() -> None:
    assert list(statements("[1, 2] [3]")) == []
