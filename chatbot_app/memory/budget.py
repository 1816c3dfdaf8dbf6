"""How much of a model's window a prompt may take."""

from __future__ import annotations

from dataclasses import dataclass

REPLY_SHARE = 0.25  # of the window, where max_tokens is not set: AnythingLLM and LibreChat leave 15 to 30 %
LARGEST_UNASKED_REPLY = 4096  # tokens; nobody who wants a longer answer leaves max_tokens unset
SMALLEST_PROMPT_SHARE = 0.25  # a max_tokens as large as the window would leave no room for the question

ASSUMED_WINDOW = 8192  # tokens; used, and said, where neither server nor table nor person names one


@dataclass(frozen=True, slots=True)
class Budget:
    """The window of a model and what of it is kept free for the answer, in tokens."""

    window: int
    reply_reserve: int
    window_source: str = "server"

    @property
    def prompt_tokens(self) -> int:
        """Tokens that the whole prompt may take."""
        return self.window - self.reply_reserve


def make_budget(window: int | None, max_tokens: int | None, source: str = "server") -> Budget:
    """Return the budget for a request.

    The reserve is `max_tokens` where set, else a quarter of the window, and never so much that less than
    a quarter is left for the prompt. An unknown window is assumed to be `ASSUMED_WINDOW`, and the budget
    says so.
    """
    if window is None:
        window, source = ASSUMED_WINDOW, "assumed"
    wanted = max_tokens if max_tokens is not None else min(int(window * REPLY_SHARE), LARGEST_UNASKED_REPLY)
    return Budget(window, min(wanted, int(window * (1 - SMALLEST_PROMPT_SHARE))), source)
