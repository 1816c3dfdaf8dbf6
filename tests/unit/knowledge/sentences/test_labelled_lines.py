"""Labels with what is said of them: on lines of their own, and as rows of a list."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.sentences.labelled_lines import labelled_lines
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of


def sentences(text: str) -> list[Sentence]:
    return sentences_of([Passage(0, "d", 0, 0, len(text), text, 1, (), "")])


@pytest.mark.parametrize(
    ("line", "label", "value"),
    [
        ("**Skipper:** Alva Reyes", "Skipper", "Alva Reyes"),
        ("**Mooring**: pier 4", "Mooring", "pier 4"),
        ("Telefon: 040 118 22", "Telefon", "040 118 22"),
        ("Qualité : première", "Qualité", "première"),
        ("**押金**：一百元", "押金", "一百元"),
        ("Цена: 300 рублей", "Цена", "300 рублей"),
    ],
)
def test_a_label_on_a_line_of_its_own(line: str, label: str, value: str) -> None:
    (one,) = sentences(f"Boat hire of the harbour.\n\n{line}\n\nBring a coat.")[1:2]
    assert (one.label, one.value, one.is_row) == (label, value, False)


@pytest.mark.parametrize(
    "line",
    [
        "Note: The water is cold in May.",
        "We sail at 7:30 from the pier",
        "https://harbour.example/hire",
        "The skipper has one wish and it is this one: bring coats",
        "Mia: see you there\nOtto: fine\nMia: bring coats",
    ],
)
def test_prose_with_a_colon_is_none(line: str) -> None:
    assert all(not one.value for one in sentences(line))


def test_lines_of_labels_are_one_each() -> None:
    text = "Skipper: Alva Reyes\nBoat: Wren\nMooring: pier 4"
    assert labelled_lines(text, 0, len(text)) == [(0, 19), (20, 30), (31, 46)]
    assert [one.value for one in sentences(text)] == ["Alva Reyes", "Wren", "pier 4"]


def test_a_row_of_a_list_says_its_value_and_one_with_a_figure_is_of_a_table() -> None:
    text = "|  |  |\n|---|---|\n| Skipper | Alva Reyes |\n| Net sales | 4,100 |"
    first, second = sentences(text)
    assert (first.label, first.value, first.is_of_table) == ("Skipper", "Alva Reyes", False)
    assert second.is_of_table
    assert not second.value
