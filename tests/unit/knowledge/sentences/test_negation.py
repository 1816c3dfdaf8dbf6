"""What a sentence denies, and by what a denial is met."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.negation import Denial, denied
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

POLICY = Source(
    "The Homeguard policy covers damage caused by fire, storm and burst pipes. Flood damage is not covered. "
    "Ms Nair lets the house to her tenant. The tenant must not sublet the house."
)


def test_a_bound_is_no_denial_wherever_it_stands() -> None:
    for text in ("No fewer than 300 people came.", "It held no fewer than 300 people."):
        assert denied(text) == []
    assert denied("No people came.") == [Denial(scope := frozenset({"person", "come"}), scope)]


def test_small_words_of_other_languages_are_not_what_is_denied() -> None:
    [denial] = denied("Exporta a Italia y no vende a través de supermercados.")
    assert "de" not in denial.words
    [denial] = denied("The patients did not die.")
    assert denial.words == {"die"}


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (
            "Pupils are not permitted to bring mobile phones.",
            "They may bring food, but mobile phones are not allowed.",
        ),
        ("The state refused rescue teams.", "The state turned down an offer of rescue teams."),
        ("He saw no cracks after 500 cycles.", "No cracks were observed after 500 cycles."),
        ("库区不准游泳", "库区禁止养鱼和游泳"),
    ],
)
def test_denials_of_the_same_are_alike(said: str, source: str) -> None:
    [mine], [theirs] = denied(said), denied(source)
    assert mine.is_like(theirs)


def test_what_two_negations_deny_is_kept_apart() -> None:
    first, second = denied("Leave that is not taken by March 31 does not expire.")
    assert second.about == {"expir"} != first.about


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Homeguard does not pay for damage caused by floods.", Verdict.SUPPORTED),
        ("Ms Nair forbids the tenant to sublet the house.", Verdict.SUPPORTED),
        ("Damage caused by burst pipes is not covered by the Homeguard policy.", Verdict.CONTRADICTED),
        ("Flood damage is covered.", Verdict.CONTRADICTED),
        ("The tenant may sublet the house.", Verdict.CONTRADICTED),
    ],
)
def test_a_denial_may_stand_in_another_sentence_than_most_words(statement: str, verdict: Verdict) -> None:
    [check] = check_statement(statement, [POLICY])
    assert check.verdict is verdict


def test_a_german_or_russian_denial_ends_with_the_comma() -> None:
    [denial] = denied("Wird die Maschine lange nicht benutzt, schaltet sie sich ab.")
    assert denial.words == {"benutzt"}
    [denial] = denied("Погибших не было, трое рабочих получили травмы.")
    assert denial.words == frozenset()


def test_german_small_words_are_not_what_is_denied() -> None:
    source = Source("Essig greift die Dichtungen an und darf nicht verwendet werden.")
    [check] = check_statement("Zum Entkalken kann auch Essig verwendet werden.", [source])
    assert check.verdict is Verdict.CONTRADICTED
