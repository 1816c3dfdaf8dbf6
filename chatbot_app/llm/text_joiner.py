"""The texts of deltas, joined into whole characters."""

from __future__ import annotations

import re

from chatbot_app.core.text import clean_text

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class TextJoiner:
    """Joins the texts of deltas; a surrogate pair that two deltas share stays one character."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what is ready, clean; the first half of a pair waits for the second."""
        if not text:
            return ""
        text = self._held + text
        self._held = ""
        if "\ud800" <= text[-1] <= "\udbff":
            self._held = text[-1]
            text = text[:-1]
        text = _PAIR.sub(_join_pair, text)
        return clean_text(text)

    def end(self) -> str:
        """Return what still waited, as it can be stored."""
        held, self._held = self._held, ""
        return clean_text(held)


def _join_pair(match: re.Match[str]) -> str:
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
