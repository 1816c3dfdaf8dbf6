"""What stands at a numbered place: up to the next one like it, also where its heading alone says the number."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.search.numbered_places import NumberedPlace, places_asked

LEASE = "## 7. Use\n\n7.1 Only dwelling.\n\n7.2 No noise.\n\n7.3 Two bays,\nnumbered 11.\n\n7.4 No pets.\n\n## 8. Cover\n\n8.1 Insured."
BYLAWS = "§ 4 Fees\n(1) Due in May.\n(2) In advance.\n\n§ 5 Work\n(1) Ten hours.\n(2) 18 euros each.\n\n§ 6 Board\n(1) Five."


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What does clause 7.3 say?", [NumberedPlace("7.3")]),
        ("Was steht in § 5 Abs. 2 der Satzung?", [NumberedPlace("5", "2")]),
        ("Was regelt § 5 (1)?", [NumberedPlace("5", "1")]),
        ("What is in Article 4(2), and in Article 9?", [NumberedPlace("4", "2"), NumberedPlace("9")]),
        ("How many clauses are there in version 7.3?", []),
        ("Does section 40% apply?", []),
    ],
)
def test_what_a_question_names(question: str, places: list[NumberedPlace]) -> None:
    assert places_asked(question) == places


@pytest.mark.parametrize(
    ("place", "text", "at"),
    [
        (NumberedPlace("7.3"), LEASE, "7.3 Two bays,\nnumbered 11."),
        (NumberedPlace("7"), LEASE, LEASE.partition("## 8")[0].strip()),
        (NumberedPlace("8.1"), LEASE, "8.1 Insured."),
        (NumberedPlace("5"), BYLAWS, "§ 5 Work\n(1) Ten hours.\n(2) 18 euros each."),
        (NumberedPlace("5", "2"), BYLAWS, "(2) 18 euros each."),
        (NumberedPlace("5", "9"), BYLAWS, "§ 5 Work\n(1) Ten hours.\n(2) 18 euros each."),
    ],
)
def test_what_stands_at_a_place(place: NumberedPlace, text: str, at: str) -> None:
    assert [text[start:end].strip() for start, end in place.spans_in(text)] == [at]


def test_a_heading_above_says_the_number() -> None:
    text = "1. At most 250 pots.\n\n2. Each has a number."
    above = ("Chapter III", "Article 6 – Static gear")
    assert [text[start:end] for start, end in NumberedPlace("6").spans_in(text, above)] == [text]
    assert [text[start:end] for start, end in NumberedPlace("6", "2").spans_in(text, above)] == [
        "2. Each has a number."
    ]
    assert NumberedPlace("16").spans_in(text, above) == []


def test_long_texts_take_little() -> None:
    for text, places in (
        ("7.3 " * 20_000, 1),
        ("7.3\n" * 2_000, 2_000),
        ("§ " * 30_000, 0),
        ("1." * 30_000, 0),
    ):
        assert len(NumberedPlace("7.3").spans_in(text)) == places
