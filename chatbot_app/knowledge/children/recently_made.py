"""What was made last: what a search has looked at is quoted next, and is not computed twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

RECENT = 64  # vectors of the tokens of so many sentences, two or three questions, take some 4 MB

_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")


class RecentlyMade(Generic[_Key, _Made]):
    """Keeps what was made of the `most` keys that were asked for last. Safe from several threads."""

    def __init__(self, most: int = RECENT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, _Made] = OrderedDict()

    def of(self, keys: Sequence[_Key], make: Callable[[Sequence[_Key]], Sequence[_Made]]) -> list[_Made]:
        """Return what belongs to each key; `make` returns it for those whose is not kept, if there are any."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            found.update(zip(missing, make(missing), strict=True))
        with self._lock:
            for key in keys:
                self._kept[key] = found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [found[key] for key in keys]
