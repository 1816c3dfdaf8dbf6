"""Of two with the same name the one that the source names."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

PAIRS = [
    ("South Korea exported 3 million cars in 2021.", "In 2021 North Korea exported 3 million cars."),
    ("In March, 412 cases were reported in the Northern region.", "The Southern region reported 412 cases in March."),
    ("The opera was directed by Peter Berg in 1998.", "Anna Berg directed the opera in 1998."),
    ("The panel of 2011 was chaired by Amanda Lee Smith.", "Robert Smith chaired the panel of 2011."),
    ("In 1997 the Red River flooded 300 farms.", "The Black River flooded 300 farms in 1997."),
    ("For 2021, Bank of America reported a profit of $27 billion.", "Bank of Scotland reported a profit of $27 billion for 2021."),
    ("Das Museum wurde bis 2009 von der Malerin Anna Berg geleitet.", "Peter Berg leitete das Museum bis 2009."),
    ("Im Jahr 2017 testete Nordkorea sechs Raketen.", "Südkorea testete im Jahr 2017 sechs Raketen."),
    ("En 2021, la Corée du Sud a exporté 3 millions de voitures.", "La Corée du Nord a exporté 3 millions de voitures en 2021."),
    ("En abril, el Banco de España publicó el informe.", "El Banco de México publicó el informe en abril."),
    ("В 2017 году Северная Корея провела шесть испытаний.", "Южная Корея провела шесть испытаний в 2017 году."),
]  # fmt: skip


def verdict(source: str, statement: str) -> Verdict:
    [check] = check_statement(statement, [Source(source)])
    return check.verdict


@pytest.mark.parametrize(("source", "statement"), PAIRS)
def test_another_of_the_same_name_is_contradicted(source: str, statement: str) -> None:
    assert verdict(source, statement) is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("The opera was directed by Peter Berg in 1998.", "Berg directed the opera in 1998."),
        ("The panel of 2011 was chaired by Amanda Lee Smith.", "Amanda Smith chaired the panel of 2011."),
        ("The university of Oxford got a grant of £12 million.", "Oxford University got a grant of £12 million."),
        ("In May Chancellor Merkel opened the fair in Hanover.", "Angela Merkel opened the fair in Hanover in May."),
        ("The report was signed by Timothy D. Cook in May.", "Tim Cook signed the report in May."),
        ("The report was signed by William H. Gates in May.", "Bill Gates signed the report in May."),
        ("Der Umsatz stieg 2020 auf 3,4 Milliarden Euro.", "2020 stieg der Umsatz auf 3,4 Mrd. Euro."),
        ("До Павла Титова библиотекой руководила Ольга Ким.", "Ольга Ким руководила библиотекой до Павла Титова."),
        ("После неё библиотекой руководил Павел Титов с 2009 года.", "С 2009 года библиотека работала под началом Павла Титова."),
    ],
)  # fmt: skip
def test_a_name_may_be_told_with_a_part_left_out_or_a_title(source: str, statement: str) -> None:
    assert verdict(source, statement) is not Verdict.CONTRADICTED


def test_who_stands_above_may_have_done_it_with_a_namesake() -> None:
    source = "Anna Berg is a director from Kiel. She staged the opera together with Peter Berg in 1998."
    assert verdict(source, "Anna Berg staged the opera in 1998.") is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "source",
    [
        "Anna Berg is a singer from Kiel. Her opera was staged by Peter Berg in Lübeck in 1998.",
        "Anna Berg is a singer from Kiel. In 1998 Peter Berg staged her opera in Lübeck.",
    ],
)
def test_of_two_namesakes_the_one_who_acts_has_done_it(source: str) -> None:
    assert verdict(source, "Anna Berg staged the opera in Lübeck in 1998.") is Verdict.CONTRADICTED
