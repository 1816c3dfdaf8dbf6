"""Where a history is cut: one small pure function per strategy.

Each takes `starts`, the tokens before every place where the history may be cut, ascending, the total last,
and returns the index of the place from which on everything is kept: len(starts) - 1 drops all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot_app.core.generation import HistoryStrategy


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens for the history, and what of them is set aside as soon as anything is dropped."""

    tokens: int
    for_summary: int = 0
    for_recalled: int = 0


def trim_oldest_messages(starts: Sequence[int], room: Room) -> int:
    """Let single messages leave, oldest first; `starts` has a place before every message."""
    return first_kept(starts, room.tokens)


def trim_oldest_exchanges(starts: Sequence[int], room: Room) -> int:
    """Let whole exchanges leave, oldest first; `starts` has a place before every exchange."""
    return first_kept(starts, room.tokens)


def trim_summarised(starts: Sequence[int], room: Room) -> int:
    """Let exchanges leave as `trim_oldest_exchanges` does, a few more to make room for what replaces them."""
    return 0 if starts[-1] <= room.tokens else first_kept(starts, room.tokens - room.for_summary)


def trim_recallable(starts: Sequence[int], room: Room) -> int:
    """Let exchanges leave as `trim_oldest_exchanges` does, a few more to make room for some to come back."""
    return 0 if starts[-1] <= room.tokens else first_kept(starts, room.tokens - room.for_recalled)


def keep_everything(starts: Sequence[int], room: Room) -> int:
    """Drop nothing, whatever the room."""
    return 0


TRIMMING: dict[HistoryStrategy, Callable[[Sequence[int], Room], int]] = {
    HistoryStrategy.OLDEST_MESSAGES: trim_oldest_messages,
    HistoryStrategy.OLDEST_EXCHANGES: trim_oldest_exchanges,
    HistoryStrategy.SUMMARISE: trim_summarised,
    HistoryStrategy.RECALL: trim_recallable,
    HistoryStrategy.KEEP_EVERYTHING: keep_everything,
}


def first_kept(starts: Sequence[int], room: int) -> int:
    """Return the place of the cut, so that what is kept takes at most `room` tokens.

    Much leaves at once: the cut lies on a grid of positions counted in tokens from the start of the
    conversation, an eighth to a quarter of the room apart. It therefore stays where it is for many turns,
    and the start of the prompt with it, which lets a server reuse its prompt cache. Dropping is monotone:
    a larger room never loses what a smaller one keeps.
    """
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
