"""Circles are noticed soon, and what merely looks alike is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.knowledge.trust.repetition import RepetitionWatch, asks_for_repetition, good_end


def watched(text: str, step: int = 4, *, requested: bool = False) -> tuple[int, int] | None:
    """Return (where to cut, how much had arrived), None where no circle was seen."""
    watch = RepetitionWatch(requested=requested)
    for start in range(0, len(text), step):
        cut = watch.append(text[start : start + step])
        if cut is not None:
            return cut, start + step
    return None


CIRCLES = {
    "a sentence": ("The tower is 300 m high. ", "It is made of iron and stands in Paris. "),
    "two lines in turn": ("A list:\n", "- the first is good\n- the second is not so good\n"),
    "numbered items": ("Steps:\n", "1. Open the window and look out.\n"),
    "words without an end": ("It is", " very very good and"),
    "Chinese": ("北京是首都。", "今天天气很好，我们去公园吧。"),
    "one word": ("So ", "no "),
    "a paragraph": (
        "Once. ",
        "The first thing is this. The second thing is that. A third thing is also there.\n\n",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_circle_is_noticed_and_cut_to_its_first_round(name: str, step: int) -> None:
    start, round_ = CIRCLES[name]
    found = watched(start + round_ * 60, step)
    assert found is not None
    cut, arrived = found
    assert cut <= len(start) + len(round_) + 1
    assert arrived <= len(start) + max(26 * len(round_), 400) + 2 * step


def test_items_that_only_count_on_are_a_circle() -> None:
    text = "".join(f"{n}. Open the window and look out of it.\n" for n in range(1, 60))
    assert watched(text) is not None


def test_nearly_the_same_sentence_without_end_is_a_circle() -> None:
    text = "".join(
        f"The {n}th of the many rooms of the old house has a large bed and two small chairs. "
        for n in range(90)
    )
    assert watched(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "```\n" + "0 0 0 0 0 0 0 0\n" * 80 + "```\n",
        "~~~python\n" + "print('again')\n" * 80,
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 80,
        "".join(
            f"In {1990 + n} the company had {n * 7 % 13} employees and {n * 3 % 11} offices.\n"
            for n in range(20)
        ),
        "\n".join(
            f"{n}. {word} is a fruit" for n, word in enumerate("apple pear plum fig kiwi lime date".split())
        ),
        "We shall fight on the beaches, we shall fight on the landing grounds, we shall fight in the fields and in the"
        " streets, we shall fight in the hills; we shall never surrender.",
        "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream. "
        * 2,
        "-" * 200,
        "Yes.\nNo.\nYes.\nNo.\nYes.",
    ],
)
def test_what_repeats_for_a_reason_is_left_alone(text: str) -> None:
    assert watched(text) is None


def test_who_asks_for_repetition_gets_it() -> None:
    assert asks_for_repetition("Write hello 50 times")
    assert not asks_for_repetition("What is the capital of France?")
    assert watched("hello " * 60) is not None
    assert watched("hello " * 60, requested=True) is None


def test_the_text_is_cut_back_to_a_whole_sentence() -> None:
    text = "Paris is the capital. It lies on the Seine and it lies"
    assert text[: good_end(text, len(text))] == "Paris is the capital."
    assert good_end("no end at all", 13) == 13


@given(
    st.lists(
        st.sampled_from(["a b. ", "c\n", "```\n", "| x |\n", "1. ", "…", "好。", "\ud83d"]), max_size=300
    )
)
def test_any_stream_is_cut_inside_what_arrived(pieces: list[str]) -> None:
    watch = RepetitionWatch()
    text = ""
    for piece in pieces:
        text += piece
        cut = watch.append(piece)
        if cut is not None:
            assert 0 <= cut <= len(text)
            assert 0 <= good_end(text, cut) <= cut
