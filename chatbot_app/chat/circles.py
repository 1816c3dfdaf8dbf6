"""An answer that begins to repeat itself is ended, in its words and in its thoughts."""

from __future__ import annotations

import re

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice

# `Trust.circle` is set as well: there is nothing to continue, and a window offers Try again alone.
CIRCLE = Notice(
    "CircleStopped",
    "It began to repeat itself, so it was stopped.",
    "Try again, or ask in other words.",
    Action.RETRY.value,
)


_RECENT = 1_000  # characters whose numbers are looked at
_COUNTED_SHARE = 0.25  # of the words: "7 x 8 = 56", "1987: 3.2"; "The 3rd is the same as …" has fewer
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")


def is_counting(text: str) -> bool:
    """Whether a text counts, tabulates or lists numbers: it looks alike all over, and goes on all the same."""
    found = _WORD.findall(text)
    numbers = [word for word in found if word[0].isdigit()]
    return len(numbers) > _COUNTED_SHARE * len(found) and len(set(numbers)) > len(numbers) / 2


class CircleWatch:
    """Watches what arrives of one answer; a person who asks for repetition gets it."""

    def __init__(self, question: str, text: str = "", reasoning: str = "") -> None:
        """`text` and `reasoning` are what a continued answer begins with."""
        from chatbot_app.knowledge.trust.repetition import RepetitionWatch, asks_for_repetition

        requested = asks_for_repetition(question)
        self._text = RepetitionWatch(requested=requested)
        self._reasoning = RepetitionWatch(requested=requested)
        self._text.append(text)
        self._reasoning.append(reasoning)
        self._recent = text[-_RECENT:]

    def append(self, text: str) -> int | None:
        """Take more of the answer; return where the whole must be cut once it circles."""
        self._recent = (self._recent + text)[-_RECENT:]
        place = self._text.append(text)
        return None if place is not None and is_counting(self._recent) else place

    def append_reasoning(self, text: str) -> int | None:
        """Take more of the thoughts; return where they must be cut once they circle."""
        return self._reasoning.append(text)


def cut_back(text: str, place: int) -> str:
    """Return a text up to its last good sentence before a circle."""
    from chatbot_app.knowledge.trust.repetition import good_end

    return text[: good_end(text, place)]
