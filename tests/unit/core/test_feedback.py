"""Feedback survives its way into metadata and back, and damaged metadata is no feedback."""

from __future__ import annotations

import pytest

from chatbot_app.core.feedback import FEEDBACK, LONGEST_NOTE, Feedback, Rating, feedback_of


def test_feedback_comes_back_as_it_was() -> None:
    for feedback in (Feedback(Rating.UP), Feedback(Rating.DOWN, "Wrong year: 1968.")):
        assert feedback_of({FEEDBACK: feedback.to_dict()}) == feedback
    long = feedback_of({FEEDBACK: Feedback(Rating.UP, f" {'x' * 9_000}\ud800").to_dict()})
    assert long is not None
    assert long.note == "x" * LONGEST_NOTE


@pytest.mark.parametrize("kept", [None, 1, "up", [], {}, {"rating": "sideways"}, {"rating": ["up"]}])
def test_what_is_damaged_is_no_feedback(kept: object) -> None:
    assert feedback_of({FEEDBACK: kept}) is None
    assert feedback_of({}) is None
