"""Opposites that WordNet's antonyms alone do not tell: comparatives, particles, "un-", colours."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.contradictions.comparisons import compared_otherwise

ENDS = {
    "de": " Das gehört zum Haus. Mehr steht im nächsten Kapitel.",
    "fr": " Cela fait partie de la maison. Le reste est dans le chapitre suivant.",
    "es": " Eso es parte de la casa. El resto está en el capítulo siguiente.",
    "ru": " Это часть дома. Остальное в следующей главе.",
    "zh": "这是房子的一部分。其余的在下一章。",
    "en": " It belongs to the house. More is told in the next chapter.",
}
COMPARATIVES = (
    ("heavier", "lighter"), ("longer", "shorter"), ("older", "younger"), ("newer", "older"), ("cheaper", "more expensive"), ("faster", "slower"),
    ("louder", "quieter"), ("warmer", "colder"), ("bigger", "smaller"), ("wider", "narrower"), ("easier", "harder"), ("safer", "more dangerous"),
    ("nearer", "farther"), ("better", "worse"), ("more reliable", "less reliable"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), COMPARATIVES)
def test_the_comparative_of_the_opposite_says_the_opposite_of_the_same_two(one: str, other: str) -> None:
    statement = f"The new pump is {one} than the old pump in the cellar."
    [check] = check_statement(
        statement, [Source(f"The new pump is {other} than the old pump in the cellar.")]
    )
    assert check.verdict is Verdict.CONTRADICTED

    turned = [Source(f"The old pump in the cellar is {other} than the new pump.")]
    [check] = check_statement(f"The new pump is {one} than the old pump in the cellar.", turned)
    assert check.verdict is Verdict.SUPPORTED


def test_a_comparison_is_read_from_the_word_next_to_than() -> None:
    assert not compared_otherwise(
        "Older members pay less than younger ones.", "Younger members pay more than older ones."
    )
    assert compared_otherwise(
        "Older members pay less than younger ones.", "Older members pay more than younger ones."
    )


@pytest.mark.parametrize(
    ("language", "statement", "source"),
    [
        ("en", "The lamp has its switch on the left side.", "The lamp has its switch on the right side."),
        ("en", "The heating is switched on at night.", "The heating is switched off at night."),
        ("en", "The user logs in with the card.", "The user logs out with the card."),
        ("en", "Turn the knob up to open the valve.", "Turn the knob down to open the valve."),
        ("en", "The tap water of the house is safe to drink.", "The tap water of the house is unsafe to drink."),
        ("en", "The shop is open until 6 pm on Friday.", "The shop is open from 6 pm on Friday."),
        ("en", "The board usually meets on Monday.", "The board rarely meets on Monday."),
        ("en", "The discount is only for students.", "The discount is also for students."),
        ("en", "The fee is charged per person.", "The fee is charged per room."),
        ("en", "Anna is the sister of Paul.", "Anna is the aunt of Paul."),
        ("en", "He won the election in Texas.", "He lost the election in Texas."),
        ("en", "The committee advised the minister.", "The minister advised the committee."),
        ("en", "The fence is 2 m high.", "The fence is 2 m long."),
        ("en", "The box is 40 cm wide and 30 cm deep.", "The box is 30 cm wide and 40 cm deep."),
        ("en", "The lease starts on 1 May and ends on 30 June.", "The lease starts on 30 June and ends on 1 May."),
        ("en", "The tenant pays for gas, the landlord for water.", "The landlord pays for gas, the tenant for water."),
        ("en", "The majority voted for the plan.", "The majority voted against the plan."),
        ("en", "The data are encrypted on the disk.", "The data are unencrypted on the disk."),
        ("de", "Der Schalter sitzt links neben der Tür.", "Der Schalter sitzt rechts neben der Tür."),
        ("de", "Die Mehrheit stimmte für den Plan.", "Die Mehrheit stimmte gegen den Plan."),
        ("de", "Die neue Pumpe ist schwerer als die alte.", "Die neue Pumpe ist leichter als die alte."),
        ("fr", "La porte de la cave est rouge.", "La porte de la cave est bleue."),
        ("fr", "La majorité a voté pour le projet.", "La majorité a voté contre le projet."),
        ("es", "El interruptor está a la izquierda de la puerta.", "El interruptor está a la derecha de la puerta."),
        ("ru", "Насос нужно чистить до использования.", "Насос нужно чистить после использования."),
        ("ru", "Выключатель находится слева от двери.", "Выключатель находится справа от двери."),
        ("zh", "地下室的门是红色的。", "地下室的门是蓝色的。"),
        ("zh", "新水泵比旧水泵重。", "新水泵比旧水泵轻。"),
    ],
)  # fmt: skip
def test_the_other_one_of_two_in_the_very_place_is_told(language: str, statement: str, source: str) -> None:
    checks = check_statement(statement, [Source(source + ENDS[language])])

    assert [check.verdict for check in checks] == [Verdict.CONTRADICTED]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("He logs in with the card every morning.", "Every morning he logs in with the card and logs out at noon."),
        ("She voted for the plan of the mayor.", "She voted for the plan of the mayor and against the tax."),
        ("The switch on the left side turns on the lamp.", "The switch on the left turns on the lamp, the one on the right the fan."),
        ("The data on the disk are encrypted.", "All data on the disk are encrypted; those in the cloud are unencrypted."),
        ("The new lamp is less bright than the old lamp.", "The new lamp is darker than the old lamp."),
        ("Anna and Paul own the mill in Bern.", "Paul and Anna own the mill in Bern."),
        ("The mill is as old as the church in Bern.", "The church is as old as the mill in Bern."),
        ("Leeds played York in May.", "York played Leeds in May."),
        ("Anna married Tom in 1990.", "Tom married Anna in 1990."),
        ("He bought the house in Texas.", "She sold the house in Texas to him."),
        ("The heating is turned on in October.", "In October the heating is switched on."),
    ],
)  # fmt: skip
def test_what_is_said_of_something_else_is_no_opposite(statement: str, source: str) -> None:
    assert {check.verdict for check in check_statement(statement, [Source(source)])} == {Verdict.SUPPORTED}
