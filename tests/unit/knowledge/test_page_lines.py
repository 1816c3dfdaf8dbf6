"""Lines of a page are found by where they stand."""

from __future__ import annotations

import random
from typing import Any, cast

from chatbot_app.knowledge.formats.page_lines import PageLines


class Page:
    """A page whose characters stand in boxes of these lines, each (left, bottom, height) with one character a point wide."""

    def __init__(self, lines: list[tuple[float, float, float]], words: str) -> None:
        self.text = "\n".join([words] * len(lines))
        self._lines = lines
        self._length = len(words) + 1

    def box(self, index: int) -> tuple[float, float, float, float]:
        left, bottom, height = self._lines[index // self._length]
        at = left + index % self._length
        return at, bottom + height, at + 1, bottom


def test_lines_beside_and_above_are_those_that_a_look_at_all_finds() -> None:
    chance = random.Random(7)
    places = [
        (chance.uniform(0, 500), chance.uniform(-50, 3000), chance.choice([8.0, 12.0, 40.0, 2900.0, 1e9]))
        for _n in range(200)
    ]
    page = Page(places, "two words")
    lines = PageLines(cast(Any, page), page.text)
    everything = list(lines.within(-1e12, 1e12))
    assert len(everything) == 200
    for _n in range(100):
        bottom = chance.uniform(-100, 3100)
        top = bottom + chance.choice([5.0, 30.0, 5000.0, 1e12])
        beside = [line for line in everything if line.bottom < top and line.top > bottom]
        assert [line for line in lines.within(bottom, top) if line in beside] == beside
        above = sorted((line for line in everything if line.bottom >= bottom), key=lambda line: line.bottom)
        assert list(lines.above(bottom, 2.0)) == above
    assert PageLines(cast(Any, page), "").within(0.0, float("inf")) == []


def test_a_word_is_found_right_of_a_place_with_room_before_it() -> None:
    page = Page([(100.0, 50.0, 10.0)], "a bb    ccc")
    lines = PageLines(cast(Any, page), page.text)
    (line,) = lines.within(50.0, 60.0)
    assert [lines.index(line, left, 0.0) for left in (0.0, 101.0, 102.0, 103.0, 109.0)] == [0, 2, 2, 8, 11]
    assert [lines.index(line, 0.0, gap) for gap in (1.0, 2.0, 5.0)] == [2, 8, 11]
