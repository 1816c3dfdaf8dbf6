"""Texts on several threads: each begun as soon as a thread is free, and none more than there are threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from chatbot_app.knowledge.children.side_by_side import side_by_side

IN_TIME = 20.0


class Gates:
    """Work that waits at a gate for each item."""

    def __init__(self, items: int) -> None:
        self.open = [threading.Event() for _ in range(items)]
        self.begun = [threading.Event() for _ in range(items)]

    def __call__(self, item: int) -> str:
        self.begun[item].set()
        assert self.open[item].wait(IN_TIME)
        return f"{item} done"

    def under_way(self) -> list[int]:
        return [
            item for item, begun in enumerate(self.begun) if begun.is_set() and not self.open[item].is_set()
        ]


def test_a_thread_that_is_free_waits_for_no_other() -> None:
    gates = Gates(4)
    results = side_by_side(gates, [0, 1, 2, 3], 2)
    gates.open[1].set()
    assert next(results) == (1, "1 done")  # the first, of a batch with it, is still under way
    assert gates.begun[2].wait(IN_TIME)
    gates.open[2].set()
    assert next(results) == (2, "2 done")
    assert gates.begun[3].wait(IN_TIME)
    assert gates.under_way() == [0, 3]
    for item in (3, 0):
        gates.open[item].set()
    assert sorted(results) == [(0, "0 done"), (3, "3 done")]


def test_nothing_more_is_begun_while_nobody_asks() -> None:
    gates = Gates(5)
    results = side_by_side(gates, list(range(5)), 2)
    gates.open[0].set()
    next(results)
    assert gates.begun[2].wait(IN_TIME)  # in the place of the one that is told
    gates.open[1].set()
    gates.open[2].set()
    assert not gates.begun[3].wait(0.1)  # both threads have nothing to do: it was not asked for
    for gate in gates.open:
        gate.set()
    assert {place for place, _ in results} == {1, 2, 3, 4}


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_each_item_is_told_once_with_its_place(threads: int, count: int) -> None:
    items = [f"text {number}" for number in range(count)]
    assert sorted(side_by_side(str.upper, items, threads)) == [
        (place, item.upper()) for place, item in enumerate(items)
    ]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_fails_is_raised_to_who_asks_and_no_thread_is_left(threads: int) -> None:
    def work(item: int) -> int:
        if item == 1:
            raise ValueError("no such text")
        return item

    before = threading.active_count()
    with pytest.raises(ValueError, match="no such text"):
        list(side_by_side(work, range(9), threads))
    assert threading.active_count() == before


def test_who_stops_asking_leaves_no_thread() -> None:
    before = threading.active_count()
    results = side_by_side(str, list(range(9)), 2)
    next(results)
    close: Callable[[], None] = results.close  # type: ignore[attr-defined]  # a generator, of which little is promised
    close()
    assert threading.active_count() == before
