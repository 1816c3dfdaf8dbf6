"""Weight of Markdown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.text_weight import SHAPED, reach, shaped_reach, weight
from tests.hostile_answers import KINDS, hostile


def test_prose_weighs_its_characters_and_loops_weigh_more() -> None:
    prose = "Words follow words in a long paragraph. " * 50
    assert weight(prose) < 1.1 * len(prose)
    for loop in ("*a", "- x\n", "`", "[", "x\n", "字"):
        assert weight(loop * 100) > 3 * len(loop * 100)
    assert weight("- ```\n  x\n  ```\n") > 1_500


@given(st.text(max_size=3_000), st.integers(1, 5_000))
def test_what_is_in_reach_is_light_enough(text: str, most: int) -> None:
    end = reach(text, most)
    assert min(len(text), 1) <= end <= len(text)
    if weight(text) <= most // 3:
        assert end == len(text)


def test_the_reach_of_hostile_answers_is_near_what_was_asked() -> None:
    for kind in KINDS:
        text = hostile(kind, 1, 20_000)
        assert weight(text[: reach(text, 6_000)]) <= 9_000, kind


@given(st.text(max_size=300), st.integers(0, 300), st.integers(4, 200))
def test_what_is_shaped_at_once_is_light_enough(text: str, start: int, most: int) -> None:
    start = min(start, len(text))
    end = shaped_reach(text, start, most)
    assert min(start + most // (1 + SHAPED), len(text)) <= end <= min(start + most, len(text))
    assert shaped_reach("x" * 50, 10, 20) == 30
    assert shaped_reach("字" * 50, 10, 20) == 15
