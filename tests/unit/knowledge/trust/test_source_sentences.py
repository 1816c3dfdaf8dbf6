"""Who wrote a letter and to whom, as its sentences have it."""

from __future__ import annotations

from chatbot_app.knowledge.trust.claims import Source
from chatbot_app.knowledge.trust.source_sentences import source_sentences

LETTER = "Dear Mira Holt,\n\nI sold the boat in May.\n\nKind regards,\n\nJonas Reed\n"


def test_a_letter_is_said_by_who_signed_it_to_whom_it_greets() -> None:
    for sentence in source_sentences([Source(LETTER)]):
        assert {"mira", "holt", "jonas", "reed"} <= sentence.near_forms


def test_spaces_behind_a_closing_word_hold_up_nothing() -> None:
    spaces = " " * 20_000  # once took the expression minutes for 1,000 of them
    [sentence, *_] = source_sentences([Source(f"The boat was sold. This is best{spaces}.x,y")])
    assert "boat" in sentence.forms
