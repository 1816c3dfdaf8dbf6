"""Dropping is safe, monotone and steady."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.memory.trimming import first_kept

sizes = st.lists(st.integers(min_value=0, max_value=400), max_size=60)
rooms = st.integers(min_value=-10, max_value=6000)


def dropped(exchange_sizes: Sequence[int], room: int) -> int:
    """Return how many of these exchanges go."""
    return first_kept([0, *accumulate(exchange_sizes)], room)


@given(sizes, rooms)
def test_what_is_kept_fits(exchange_sizes: list[int], room: int) -> None:
    kept = exchange_sizes[dropped(exchange_sizes, room) :]
    assert sum(kept) <= max(room, 0)


@given(sizes, rooms, st.integers(min_value=0, max_value=3000))
def test_a_larger_room_never_loses_an_exchange(exchange_sizes: list[int], room: int, more: int) -> None:
    assert dropped(exchange_sizes, room + more) <= dropped(exchange_sizes, room)


@given(sizes, st.integers(min_value=0, max_value=6000))
def test_nothing_is_dropped_while_all_fits(exchange_sizes: list[int], room: int) -> None:
    if sum(exchange_sizes) <= room:
        assert dropped(exchange_sizes, room) == 0


def test_the_cut_stays_for_several_turns() -> None:
    exchange_sizes = [100] * 200
    cuts = [dropped(exchange_sizes[:turn], 4000) for turn in range(1, 201)]
    moves = sum(1 for before, after in pairwise(cuts) if before != after)
    assert cuts[-1] > 0
    # One exchange a turn would move it 160 times.
    assert moves <= 40


def test_most_of_the_room_is_used_after_a_cut() -> None:
    exchange_sizes = [10] * 1000
    for turn in range(500, 1000):
        kept = sum(exchange_sizes[:turn][dropped(exchange_sizes[:turn], 4000) :])
        assert kept >= 4000 * 0.74
