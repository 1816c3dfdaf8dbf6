"""A summary in the plan: how it is sent, what it may take, and what the next one must cover."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.core.messages import Message, Summary
from chatbot_app.core.prompt_plan import PromptPlan

# Of the prompt's budget, kept free for the summary once anything is dropped: before there is one and however
# it grows within this, the same exchanges stay, and a server can go on using its prompt cache.
SUMMARY_SHARE = 0.15

_HEADING = "Summary of the earlier part of this conversation, which is no longer shown:"


def summary_text(summary: Summary) -> str:
    """Return the summary as the model reads it, below the system prompt."""
    return f"{_HEADING}\n{summary.text.strip()}"


def dropped_uncovered(plan: PromptPlan, history: Sequence[Message], summary: Summary | None) -> list[Message]:
    """Return, in order, the messages that left the window and that `summary` does not stand for yet.

    They and the text of `summary` are what the next summary is made of, and the last of them is the message
    it reaches down to. A summary of another branch stands for nothing here.
    """
    unseen = plan.unseen_message_ids()
    covered = covered_messages(history, summary)
    return [message for message in history[covered:] if message.id in unseen]


def covered_messages(history: Sequence[Message], summary: Summary | None) -> int:
    """Return how many messages from the start the summary stands for; 0 where it is of another branch."""
    if summary is None:
        return 0
    for place in range(len(history), 0, -1):
        if history[place - 1].id == summary.through_id:
            return place
    return 0
