"""The vectors of the last texts: what a search has looked at is quoted next, and is not computed twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from chatbot_app.knowledge.embedder import TokenVectors

RECENT_TEXTS = 64  # sentences: two or three questions, some 4 MB


class RecentTokens:
    """Keeps the vectors of the `most` texts that were asked for last. Safe from several threads."""

    def __init__(self, most: int = RECENT_TEXTS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, TokenVectors] = OrderedDict()

    def of(
        self, texts: Sequence[str], make: Callable[[Sequence[str]], Sequence[TokenVectors]]
    ) -> list[TokenVectors]:
        """Return the vectors of each text; `make` returns those of the texts that are not kept, if there are any."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, make(missing), strict=True))
        with self._lock:
            for text in texts:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [found[text] for text in texts]
