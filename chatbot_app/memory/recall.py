"""Exchanges that left the window and come back because they resemble the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.core.messages import Message, Role

# Of the prompt's budget, kept free for recalled exchanges once anything is dropped. It does not depend on what
# is recalled, so that the cut, and with it the start of the prompt, stays from question to question.
RECALLED_SHARE = 0.2

RECALL_FLOOR = 0.3  # cosine; Jan's threshold for passages with models of the same size, AnythingLLM's is 0.25
RECALL_LIMIT = 8  # exchanges offered to the plan, which takes as many as there is room for

# Of one exchange; about 1,000 tokens of English, so that one fits into its share of a window of 8,192.
RECALLED_CHARACTERS = 4000

_HEADING = "From earlier in this conversation:"
_SPEAKERS = {Role.USER: "User", Role.ASSISTANT: "Assistant", Role.SYSTEM: "System"}


def exchange_text(messages: Sequence[Message]) -> str:
    """Return an exchange as one text, as it is embedded; what the person excluded is left out.

    Empty where nothing of it may be sent.
    """
    return "\n".join(
        f"{_SPEAKERS[message.role]}: {message.text.strip()}"
        for message in messages
        if message.text.strip() and not message.excluded
    )


def recalled_text(messages: Sequence[Message]) -> str:
    """Return an exchange as the model reads it when it is recalled, its end cut off where it is long."""
    text = exchange_text(messages)
    if len(text) > RECALLED_CHARACTERS:
        text = text[: RECALLED_CHARACTERS - 1].rstrip() + "…"
    return f"{_HEADING}\n{text}" if text else ""


def rank_exchanges(
    query: npt.NDArray[np.float32],
    question_ids: Sequence[str],
    vectors: npt.NDArray[np.float32],
    *,
    floor: float = RECALL_FLOOR,
    limit: int = RECALL_LIMIT,
) -> list[str]:
    """Return the ids of the exchanges that resemble the query, best first, at most `limit`.

    `query` has shape (d,), `vectors` (n, d), all of length 1; `floor` is a cosine. Of equals the newer one,
    later in `question_ids`, comes first.
    """
    if not question_ids:
        return []
    scores = vectors @ query
    order = np.lexsort((-np.arange(len(scores)), -scores))[:limit]
    return [question_ids[place] for place in order if scores[place] >= floor]
