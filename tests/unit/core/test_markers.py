"""Brackets that cite a source are told from the brackets of the answer's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.markers import find_markers


def cited(text: str, offered: int = 5) -> list[str]:
    return [text[place.start : place.end] for place in find_markers(text, offered)]


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("It is 330 metres tall [1].", ["[1]"]),
        ("It is tall. [1]", ["[1]"]),
        ("It is tall.[1] It stands in Paris.[2]", ["[1]", "[2]"]),
        ("It stands in Paris[1], and that in Rome[2].", ["[1]", "[2]"]),
        ("Paris[1] and Rome[2] are towns.", ["[1]", "[2]"]),
        ("It was built in 1889[3].", ["[3]"]),
        ("Both say so [1][2], and [1, 3] and [2–4] too.", ["[1]", "[2]", "[1, 3]", "[2–4]"]),
        ("According to [1], it is tall.", ["[1]"]),
        ("“Tall”[1] and (large) [2]", ["[1]", "[2]"]),
        ("塔高三百三十米[1]。它在巴黎【2】。", ["[1]", "【2】"]),
        ("Башня высокая[1].", ["[1]"]),
        ("| Paris | 330 m [1] |\n|---|---|\n| Rome | [2] |", ["[1]", "[2]"]),
        ("- tall [1]\n- **old** [2]\n- **Paris**[3]", ["[1]", "[2]", "[3]"]),
        ("It costs $5 [1] and $6 [2].", ["[1]", "[2]"]),
        ("Quoted `code` stays apart [1].", ["[1]"]),
    ],
)
def test_citations_are_found_where_they_can_stand(text: str, markers: list[str]) -> None:
    assert cited(text) == markers


@pytest.mark.parametrize(
    "text",
    [
        "items[0] … items[10]",
        "The first is items[0], then items[1], and the last is items[10].",
        "Use matrix[0][2] and rows[1, 2].",
        "Set a[1] = 5 and call f(x)[1] or self.items[2].",
        "x_values[1] and itemList[2]",
        "`a[1]` and\n```\nb = a[1]\n```\nand [1](http://example.org)",
        "``a ` [1]``",
        "    indented [1]",
        "The formula $x[1] + y[2]$ and \\(a [1]\\) and \\[ [1] \\] and $$b [2]$$",
        "See [the page][1].\n\n[1]: https://example.org/x[2]",
        "A footnote.[^1]\n\n[^1]: Its text.",
        "https://example.org/a?b=[1] is a link",
        "In 1[2]3 and the [1]st",
        "a = [1]",
        "[1] + [2] = [1, 2]",
        "\\[1\\] is an escaped bracket",
        "[[1]] and [[2], [3]]",
        "[9] and [0] and [6]",
        "The interval [0, 1] and the years [1, 9].",
    ],
)
def test_brackets_of_the_answers_own_are_none(text: str) -> None:
    assert cited(text) == []


def test_a_mix_is_told_apart() -> None:
    text = "The list items[0] … items[4] holds five towns [2]; items[1] is Rome [3]."
    assert cited(text) == ["[2]", "[3]"]


def test_without_sources_there_is_no_marker() -> None:
    assert find_markers("Tall [1].", 0) == []


def test_numbers_stand_where_they_say_and_ranges_name_what_is_between() -> None:
    text = "So they say [1, 3-5; 2]."
    (place,) = find_markers(text, 5)
    assert [text[number.start : number.end] for number in place.numbers] == ["1", "3", "5", "2"]
    assert place.sources == (1, 3, 4, 5, 2)


@given(st.text(alphabet="a1 2[],.;-`$\\()|\n【】é漢*_", max_size=80))
def test_places_are_in_order_apart_and_within_the_text(text: str) -> None:
    done = 0
    for place in find_markers(text, 3):
        assert done <= place.start < place.end <= len(text)
        assert set(place.sources) <= {1, 2, 3}
        done = place.end
