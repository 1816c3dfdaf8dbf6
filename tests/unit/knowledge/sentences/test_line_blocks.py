"""Short lines that are one statement: signatures, labels with values, addresses; prose, lists and code stay as they are."""

from __future__ import annotations

import itertools

import pytest

from chatbot_app.knowledge.sentences.line_blocks import statement_spans
from chatbot_app.knowledge.tables.described import quotable_spans


def statements(text: str) -> list[str]:
    return [text[span.start : span.end] for span in statement_spans(text)]


SIGNATURE = (
    "Date: July 28, 2022\nBy: /s/ Luca Maestri\nLuca Maestri\nSenior Vice President,\nChief Financial Officer"
)


def test_a_signature_is_one_statement_beside_the_prose_around_it() -> None:
    before = "the report was signed on its behalf by the undersigned\nthereunto duly authorized."
    text = f"{before}\n{SIGNATURE}\nApple Inc. | Q3 2022 Form 10-Q | 22"
    assert statements(text) == [before, SIGNATURE, "Apple Inc. | Q3 2022 Form 10-Q | 22"]
    assert [span.is_block for span in statement_spans(text)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Tim Cook\nChief Executive Officer\nLuca Maestri\nChief Financial Officer",
            ["Tim Cook\nChief Executive Officer", "Luca Maestri\nChief Financial Officer"],
        ),
        (
            "Treasurer\nKarl Meier\nController\nAnna Berg",
            ["Treasurer\nKarl Meier", "Controller\nAnna Berg"],
        ),
        (
            "Name: Ann Lee\nTitle: Treasurer\nName: Bob Ray\nTitle: Secretary",
            ["Name: Ann Lee\nTitle: Treasurer", "Name: Bob Ray\nTitle: Secretary"],
        ),
        (
            "One Apple Park Way\nCupertino, California 95014\n(Address of principal executive offices) (Zip Code)\n(408) 996-1010",
            [
                "One Apple Park Way\nCupertino, California 95014\n(Address of principal executive offices) (Zip Code)\n(408) 996-1010"
            ],
        ),
        ("Invoice number\n2024-0117", ["Invoice number\n2024-0117"]),
    ],
)
def test_lines_that_belong_together(text: str, found: list[str]) -> None:
    assert statements(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Overview\nNet Sales\nGross Margin",
        "Note 5 – Debt\nCommercial Paper",
        "Item 1. Financial Statements 1\nItem 2. Risk Factors 12",
        "- Milk 1 l 200\n- Eggs 300",
        "1. Read the page 100\n2. Close the book 200",
        "value = 100\nreturn value(200)",
        "Tim Cook\n\nChief Executive Officer",
        "47\n48",
        "\n".join(f"Line {n}00" for n in range(12)),
    ],
)
def test_headings_lists_code_and_long_runs_stay_apart(text: str) -> None:
    assert [span[:3] for span in statement_spans(text)] == list(quotable_spans(text))


def test_every_character_is_in_its_place() -> None:
    text = f"Some prose that stands before it all.\n\n{SIGNATURE}\n\nSome prose that stands behind it."
    for span in statement_spans(text):
        assert text[span.start : span.end].strip() == text[span.start : span.end]
    spans = list(statement_spans(text))
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "text",
    ["Aa\n" * 20_000, " " * 50_000 + "Aa", "/s/ Aa\n" * 10_000, "(a)\n" * 20_000, "CEO of Aa\n" * 10_000],
)
def test_a_long_text_is_read_to_its_end(text: str) -> None:
    spans = list(statement_spans(text))
    assert not spans or spans[-1].end == len(text.rstrip())
