"""How long a model thinks."""

from __future__ import annotations

from chatbot_app.core.thinking_time import ThinkingTime


def test_thoughts_are_timed_until_the_answer_goes_on() -> None:
    now = 0.0
    thinking = ThinkingTime(lambda: now)
    thinking.thought(" \n")
    now = 2
    thinking.answered()
    assert thinking.seconds is None
    thinking.thought("a")
    now = 5
    thinking.thought("b")
    now = 6
    thinking.answered()
    now = 9
    thinking.answered()
    assert thinking.seconds == 4
    thinking.thought("c")
    now = 10
    thinking.answered()
    assert thinking.seconds == 5


def test_a_continued_answer_adds_to_what_was_measured() -> None:
    assert ThinkingTime(lambda: 0.0, before=3.0).seconds == 3
