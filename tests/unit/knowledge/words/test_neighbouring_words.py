"""Which words of a question stand beside each other in a text."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.words.neighbouring_words import share_held
from chatbot_app.knowledge.words.word_forms import WordForms


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("A steam engine.", {("steam", "engin")}),
        ("The power of the steam engines", {("power", "steam"), ("steam", "engin")}),
        ("They run by steam. Engines run hot.", set()),
        ("by steam\nEngines", set()),
        ("steam driven engines", set()),
        ("engine steam", {("engin", "steam")}),
        ("steam", set()),
        ("", set()),
    ],
)
def test_neighbours_have_only_small_words_between_them(text: str, pairs: set[tuple[str, str]]) -> None:
    words = WordForms({"power": 1.0, "steam": 2.0, "engine": 3.0})
    assert words.neighbours(text) == pairs


def test_small_words_are_those_of_the_question_s_language() -> None:
    weights = {"leistung": 1.0, "dampfmaschine": 2.0}
    assert len(WordForms(weights, "de").neighbours("die Leistung einer Dampfmaschine")) == 1
    assert WordForms(weights).neighbours("die Leistung einer Dampfmaschine") == set()


def test_without_spaces_neighbours_are_pairs_that_overlap() -> None:
    words = WordForms({"北京": 1.0, "京大": 1.0, "大学": 1.0})
    assert words.neighbours("在北京大学") == {("北京", "京大"), ("京大", "大学")}
    assert words.neighbours("北京的大学") == set()


def test_rare_neighbours_count_more_than_common_ones() -> None:
    weights = {"a": 1.0, "b": 2.0, "c": 5.0}
    asked = {("a", "b"), ("b", "c")}
    assert share_held(asked, {("b", "c"), ("c", "a")}, weights) == pytest.approx(0.7)
    assert share_held(asked, set(), weights) == 0.0
    assert share_held(set(), asked, weights) == 0.0
