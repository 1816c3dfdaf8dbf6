"""A follow-up about somebody else keeps the time of the question before where that person has a document of it."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.knowledge.search.retriever import Retriever
from tests.unit.knowledge.test_field_search import keep

REPORT = "# Results\n\nSample taken: {day}\n\nHaemoglobin of {name} was {value} g/dl. The other values were as expected."
OF_OLSEN = "What was Martha Olsen's haemoglobin on 5 February 2024?"


@pytest.fixture
def reports(library, embedder):
    for name, day, value in (
        ("Martha Olsen", "2024-02-05", "12.1"),
        ("Martha Olsen", "2024-05-13", "11.4"),
        ("Ivan Petrenko", "2024-03-21", "10.7"),
        ("Ruth Abernathy", "2024-02-05", "13.3"),
        ("Ruth Abernathy", "2024-03-21", "13.9"),
    ):
        keep(
            library, embedder, f"lab_{name[0].lower()}_{day}", REPORT.format(name=name, day=day, value=value)
        )
    return Retriever(library.passages, embedder, library.fields)


def fitting(reports: Retriever, question: str, *before: str) -> set[str]:
    found = reports.search(question, previous_questions=before)
    return {item.title for item in (*found.evidence, *found.below_floor) if item.match is FieldMatch.FITS}


def test_a_day_on_which_the_other_person_has_no_document_is_left_out(reports) -> None:
    assert "lab_m_2024-02-05" in fitting(reports, OF_OLSEN)
    found = reports.search("And Ivan Petrenko's?", previous_questions=[OF_OLSEN])
    assert found.evidence[0].title == "lab_i_2024-03-21"
    assert found.evidence[0].match is not FieldMatch.DIFFERS
    assert "lab_m_2024-02-05" not in fitting(reports, "And Ivan Petrenko's?", OF_OLSEN)


def test_a_day_on_which_the_other_person_has_one_is_kept(reports) -> None:
    assert "lab_r_2024-02-05" in fitting(reports, "And Ruth Abernathy's?", OF_OLSEN)
    assert "lab_r_2024-03-21" not in fitting(reports, "And Ruth Abernathy's?", OF_OLSEN)


def test_somebody_who_stands_nowhere_leaves_the_day_as_it_was(reports) -> None:
    assert "lab_m_2024-02-05" in fitting(reports, "And Boris Iversen's?", OF_OLSEN)
