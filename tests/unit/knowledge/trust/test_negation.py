"""What a sentence denies."""

from __future__ import annotations

from chatbot_app.knowledge.trust.negation import denied


def test_a_bound_is_no_denial_wherever_it_stands() -> None:
    for text in ("No fewer than 300 people came.", "It held no fewer than 300 people."):
        assert denied(text) == []
    assert denied("No people came.") == [frozenset({"person", "come"})]
