"""What lies before a document in time, and what choosing among many documents costs."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.knowledge.fields.document_order import before, nth_of_series, year_before
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.matching import wanted_documents


def document(name: str, period: str, date: str = "", company: str = "Pear Inc.") -> KnownDocument:
    return KnownDocument(name, DocumentFields(company, "10-Q", period, date))


SERIES = [
    document("22q2", "2022-Q2"),
    document("22q3", "2022-Q3"),
    document("22june", "", "2022-06-30"),
    document("23q2", "2023-Q2"),
    document("23q3", "2023-Q3"),
    document("23june", "", "2023-06-12"),
    document("nile22q3", "2022-Q3", company="Nile GmbH"),
]
BY_NAME = {one.document_id: one for one in SERIES}


@pytest.mark.parametrize(
    ("primary", "expected"),
    [
        (["23q3"], ["22q3"]),
        (["23q2"], ["22q2", "22june"]),  # by its period, and by its month what has none
        (["23june"], ["22q2", "22june"]),  # without a period by its month alone
        (["23june", "23q2"], ["22q2", "22june"]),  # each once
        (["22q3"], []),
    ],
)
def test_the_year_before_is_that_of_the_same_series_and_part(primary: list[str], expected: list[str]) -> None:
    assert [one.document_id for one in year_before([BY_NAME[name] for name in primary], SERIES)] == expected


def test_the_one_before_and_the_newest_are_of_each_series() -> None:
    assert [one.document_id for one in before([BY_NAME["23june"], BY_NAME["nile22q3"]], SERIES)] == ["22q3"]
    assert [one.document_id for one in nth_of_series(SERIES, 0)] == ["23q3", "nile22q3"]
    assert [one.document_id for one in nth_of_series(SERIES, 1)] == ["23q2"]


@pytest.mark.parametrize(
    "question",
    [
        "What were Pear's sales in 2022 and 2023?",
        "What were Pear's sales in 2023 compared with last year?",
        "What were Pear's sales in each quarter of 2022?",
    ],
)
def test_choosing_compares_no_document_with_every_other(question: str) -> None:
    compared = 0

    class Watched(KnownDocument):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return super().__eq__(other)

        __hash__ = KnownDocument.__hash__

    periods = ("2022", "2022-Q1", "2022-Q3", "2023", "2023-Q1", "2023-Q3")
    library = KnownLibrary(
        Watched(f"{number}", DocumentFields("Pear Inc.", "10-Q", periods[number % len(periods)]))
        for number in range(600)
    )
    assert len(wanted_documents(question, library).fitting) >= 100
    assert compared < 600
