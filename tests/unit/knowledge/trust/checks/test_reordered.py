"""The phrases of a sentence in another order say the same, unless what belongs together does not stand together."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.source_sentences import source_sentences
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.checks.reordered import Reordered


def verdict(source: str, statement: str) -> Verdict:
    [check] = check_statement(statement, [Source(source)])
    return check.verdict


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        (
            "The team went from Paris to Rome in May.",
            "In May the team went to Rome from Paris.",
            "In May the team went to Paris from Rome.",
        ),
        (
            "The office opens on Monday at nine and on Friday at ten.",
            "The office opens on Friday at ten and on Monday at nine.",
            "The office opens on Friday at nine and on Monday at ten.",
        ),
        (
            "The red wire goes to the left terminal and the black wire to the right terminal.",
            "The black wire goes to the right terminal and the red wire to the left terminal.",
            "The black wire goes to the left terminal and the red wire to the right terminal.",
        ),
        (
            "Lena wrote the text and Paul drew the pictures for the book.",
            "Paul drew the pictures and Lena wrote the text for the book.",
            "Lena drew the pictures and Paul wrote the text for the book.",
        ),
        (
            "Tickets cost 12 euros for adults and 8 euros for children.",
            "Tickets cost 8 euros for children and 12 euros for adults.",
            "Tickets cost 8 euros for adults and 12 euros for children.",
        ),
        (
            "The letter was sent by Karl to Marie in June 1890.",
            "The letter was sent to Marie by Karl in June 1890.",
            "The letter was sent to Karl by Marie in June 1890.",
        ),
        (
            "Die Gruppe fuhr im Mai von Paris nach Rom.",
            "Im Mai fuhr die Gruppe nach Rom von Paris.",
            "Im Mai fuhr die Gruppe von Rom nach Paris.",
        ),
        (
            "Le fil rouge va à la borne gauche et le fil noir à la borne droite.",
            "Le fil noir va à la borne droite et le fil rouge à la borne gauche.",
            "Le fil noir va à la borne gauche et le fil rouge à la borne droite.",
        ),
        (
            "La oficina abre el lunes a las nueve y el viernes a las diez.",
            "La oficina abre el viernes a las diez y el lunes a las nueve.",
            "La oficina abre el viernes a las nueve y el lunes a las diez.",
        ),
        (
            "Группа поехала из Парижа в Рим в мае.",
            "В мае группа поехала в Рим из Парижа.",
            "В мае группа поехала из Рима в Париж.",
        ),
    ],
)
def test_what_belongs_together_may_change_places_as_a_whole(source: str, same: str, other: str) -> None:
    assert verdict(source, same) is Verdict.SUPPORTED
    assert verdict(source, other) is Verdict.CONTRADICTED


def test_a_phrase_stays_with_the_words_that_it_stands_behind() -> None:
    found = Reordered(source_sentences([Source("The man from Paris met the woman in Rome on Monday.")]))
    assert found.sentence("On Monday the man from Paris met the woman in Rome.") is not None
    assert found.sentence("The man in Rome met the woman from Paris on Monday.") is None
    assert found.sentence("The woman from Paris met the man in Rome on Monday.") is None


def test_there_and_back_again_is_both() -> None:
    source = "The ferry runs from Kiel to Oslo and from Oslo to Kiel every day."
    assert verdict(source, "The ferry runs from Oslo to Kiel every day.") is Verdict.SUPPORTED
