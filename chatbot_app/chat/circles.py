"""An answer that begins to repeat itself is ended, in its words and in its thoughts."""

from __future__ import annotations

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice

# `Trust.circle` is set as well: there is nothing to continue, and a window offers Try again alone.
CIRCLE = Notice(
    "CircleStopped",
    "It began to repeat itself, so it was stopped.",
    "Try again, or ask in other words.",
    Action.RETRY.value,
)


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

    def append(self, text: str) -> int | None:
        """Take more of the answer; return where the whole must be cut once it circles."""
        return self._text.append(text)

    def append_reasoning(self, text: str) -> int | None:
        """Take more of the thoughts; return where they must be cut once they circle."""
        return self._reasoning.append(text)


def cut_back(text: str, place: int) -> str:
    """Return a text up to its last good sentence before a circle."""
    from chatbot_app.knowledge.trust.repetition import good_end

    return text[: good_end(text, place)]
