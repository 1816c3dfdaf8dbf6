"""What is a circle and what only looks like one, as a stream arrives."""

from __future__ import annotations

import pytest

from chatbot_app.chat.circles import CircleWatch, cut_back
from tests import prose


def circles(text: str, question: str = "Tell me.", step: int = 7) -> int | None:
    watch = CircleWatch(question)
    for start in range(0, len(text), step):
        place = watch.append(text[start : start + step])
        if place is not None:
            return place
    return None


@pytest.mark.parametrize(
    "text",
    [
        "The answer is 42. " * 60,
        "- Paris is the capital.\n" * 60,
        "".join(f"The {n}th is the same as the last one in the list of all things. " for n in range(99)),
        "1 1 1 1 " * 200,
    ],
)
def test_a_circle_is_noticed(text: str) -> None:
    place = circles(text)
    assert place is not None
    assert len(cut_back(text, place)) < len(text) / 2


@pytest.mark.parametrize(
    "text",
    [
        " ".join(map(str, range(1, 900))),
        "\n".join(f"{n} x 7 = {n * 7}" for n in range(1, 300)),
        "".join(f"word {n} " for n in range(400)),
        "\n".join(f"{year}: {year * 3 % 97}.{year % 7} million" for year in range(1800, 2024)),
        "".join(prose.words(2_000)),
        "\n".join(f"- {word}" for word in prose.words(400)),
    ],
)
def test_what_goes_on_is_no_circle(text: str) -> None:
    assert circles(text) is None


def test_repetition_that_was_asked_for_is_none() -> None:
    assert circles("I will be good.\n" * 50, "Write “I will be good” 50 times") is None
    assert circles("I will be good.\n" * 50) is not None


def test_a_continued_answer_is_watched_from_its_beginning() -> None:
    watch = CircleWatch("Tell me.", "It goes round and round. " * 3)
    places = [watch.append("It goes round and round. ") for _ in range(6)]
    assert any(place is not None for place in places)
