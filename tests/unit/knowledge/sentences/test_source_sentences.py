"""Who wrote a letter and to whom, as its sentences have it."""

from __future__ import annotations

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.source_sentences import source_sentences
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

LETTER = "Dear Mira Holt,\n\nI sold the boat in May.\n\nKind regards,\n\nJonas Reed\n"


def test_a_letter_is_said_by_who_signed_it_to_whom_it_greets() -> None:
    for sentence in source_sentences([Source(LETTER)]):
        assert {"mira", "holt", "jonas", "reed"} <= sentence.heading_forms


def test_spaces_behind_a_closing_word_hold_up_nothing() -> None:
    spaces = " " * 20_000  # once took the expression minutes for 1,000 of them
    [sentence, *_] = source_sentences([Source(f"The boat was sold. This is best{spaces}.x,y")])
    assert "boat" in sentence.forms


def test_a_list_of_very_many_dates_is_checked_at_once() -> None:
    days = ", ".join(f"{1 + n % 28} May {1900 + n}" for n in range(300))
    [check] = check_statement("The mill burned on 3 May 1902.", [Source(f"The mill burned on {days}.")])
    assert check.verdict is Verdict.SUPPORTED
