"""What is said of pictures that a model was not sent, and what its server's count says of those that it was."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.core.messages import Message, Notice, Usage
from chatbot_app.core.prompt_plan import PromptPlan

PICTURES_NOT_SENT = "PicturesNotSent"  # the kind of the notice
_FEWEST_TOKENS = 8  # of a picture: fewer were counted for none
_SHARE = (
    0.3  # of a prompt that was counted by an estimate: less, and its words may hide what the pictures took
)


def pictures_notice(plan: PromptPlan, model: str, history: Sequence[Message]) -> Notice | None:
    """Return what is said with an answer whose prompt leaves pictures of the conversation out; once for a model."""
    unsent = [one for part in plan.parts if part.included for one in part.pictures if not one.is_sent]
    if not unsent:
        return None
    known = (message.notices for message in history if message.model == model)
    if any(notice.kind == PICTURES_NOT_SENT for notices in known for notice in notices):
        return None
    what = "1 picture" if len(unsent) == 1 else f"{len(unsent)} pictures"
    was = "was" if len(unsent) == 1 else "were"
    return Notice(
        PICTURES_NOT_SENT,
        f"{what} of this conversation {was} not sent: {unsent[0].why_not}.",
        "See “What was sent”.",
    )


def counted_for_pictures(plan: PromptPlan, usage: Usage | None) -> int | None:
    """Return the tokens that a server counted for the pictures of a prompt; None where its count does not tell."""
    read = usage.prompt_tokens if usage is not None else None
    pictures = len(plan.sent_pictures())
    if read is None or not pictures:
        return None
    planned = plan.picture_tokens
    counted = read - (plan.tokens - planned)
    if counted < _FEWEST_TOKENS * pictures or not (plan.exact or planned >= _SHARE * plan.tokens):
        return None
    return counted
