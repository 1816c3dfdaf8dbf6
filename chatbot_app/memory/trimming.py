"""Which of the history is dropped: one small pure function per strategy."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


def drop_oldest_exchanges(sizes: Sequence[int], room: int) -> int:
    """Return the index of the first exchange that is kept, so that the kept ones take at most `room` tokens.

    `sizes` are the tokens of each exchange, oldest first. Several exchanges leave at once: the cut lies on
    a grid of positions counted in tokens from the start of the conversation, an eighth to a quarter of
    the room apart. It therefore stays where it is for many turns, and the start of the prompt with it,
    which lets a server reuse its prompt cache. Dropping is monotone: a larger room never loses an exchange
    that a smaller one keeps.
    """
    starts = [0, *accumulate(sizes)]  # starts[i]: tokens before exchange i
    excess = starts[-1] - max(room, 0)
    if excess <= 0:
        return 0
    return bisect_left(starts, _cut(excess, starts[-1], room), 0, len(starts) - 1)


def _cut(excess: int, total: int, room: int) -> int:
    """Return the smallest grid position that drops at least `excess` tokens.

    The spacing of the grid doubles when the room does. At that point a slightly larger room would have a
    coarser grid and could drop more, so the finer grids of all smaller rooms are asked as well, each with
    the largest room that uses it; the least cut of them all is what makes dropping monotone.
    """
    if room < 8:
        return excess
    spacing = 1 << ((room // 4).bit_length() - 1)  # the largest power of two within a quarter of the room
    cut = _round_up(excess, spacing)
    finer_room = spacing * 4 - 1  # the largest room with a grid half as wide
    if finer_room >= 8:
        cut = min(cut, _round_up(total - finer_room, spacing // 2))
    return cut


def _round_up(value: int, step: int) -> int:
    return -(-value // step) * step
