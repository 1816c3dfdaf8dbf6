"""Texts computed one on each thread: none waits for the others of a batch to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def side_by_side(
    work: Callable[[_Item], _Result], items: Sequence[_Item], threads: int
) -> Iterator[tuple[int, _Result]]:
    """Yield (place in `items`, what `work` makes of it) as each is done; `threads` of them are under way at once.

    Begun in their order: with the longest first no thread is left with a long one at the end. While the caller does not ask
    for the next, those under way are finished and no other is begun. The threads have the caller's priority.
    """
    if threads == 1 or len(items) <= 1:
        yield from enumerate(map(work, items))
        return
    finished: SimpleQueue[tuple[int, Future[_Result]]] = SimpleQueue()
    with ThreadPoolExecutor(threads, "side-by-side") as pool:

        def begin(place: int) -> None:
            if place < len(items):
                future = pool.submit(work, items[place])
                future.add_done_callback(lambda done: finished.put((place, done)))

        for place in range(threads):
            begin(place)
        for following in range(threads, threads + len(items)):
            place, done = finished.get()
            begin(following)  # before the caller looks at this one
            yield place, done.result()
