"""Two that changed places around a verb."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.contradictions.exchanged import exchanged

SOURCE = "In the final, Tolmead defeated Brannock."


def test_who_did_it_to_whom_is_found_the_other_way_round() -> None:
    assert exchanged("Brannock defeated Tolmead in the final.", SOURCE) == ("Tolmead", "Brannock")


def test_the_same_order_is_no_exchange() -> None:
    assert exchanged("Tolmead defeated Brannock.", SOURCE) is None


def test_a_passive_sentence_is_compared_with_no_active_one() -> None:
    assert exchanged("Brannock was defeated by Tolmead.", SOURCE) is None


def test_what_stands_in_the_next_sentence_is_on_no_side_of_the_verb() -> None:
    assert (
        exchanged(
            "Tolmead played. Then Brannock defeated them.",
            "They defeated Corwen. Then Tolmead and Brannock rested.",
        )
        is None
    )


def test_a_question_has_an_order_of_its_own() -> None:
    assert exchanged("Who defeated Tolmead? Brannock defeated Tolmead.", SOURCE) is None


@pytest.mark.parametrize(
    ("statement", "is_exchanged"),
    [
        ("Brannock beat Tolmead in the final.", True),
        ("Tolmead lost to Brannock.", True),
        ("Tolmead was beaten by Brannock.", True),
        ("Brannock won 3-1 against Tolmead.", True),
        ("Tolmead beat Brannock in the final.", False),
        ("Brannock lost to Tolmead.", False),
        ("Brannock was beaten by Tolmead.", False),
        ("Tolmead won 3-1 against Brannock.", False),
    ],
)
def test_who_beat_whom_is_told_by_any_verb_of_winning_and_losing(statement: str, is_exchanged: bool) -> None:
    assert (exchanged(statement, SOURCE) == ("Tolmead", "Brannock")) is is_exchanged
    assert (exchanged(statement, SOURCE) is None) is not is_exchanged
