"""What stands before the question in the newest message: recalled exchanges and passages, chosen by rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import SEAM, PartKind, PlanPart
from chatbot_app.memory.prepared import PreparedHistory
from chatbot_app.memory.recall import recalled_text


def choose_passages(passages: Sequence[str], costs: Sequence[int], limit: int) -> list[PlanPart]:
    """Include passages by rank: the best always, others as long as they take at most `limit` tokens."""
    parts, used, closed = [], 0, False
    for rank, (text, tokens) in enumerate(zip(passages, costs, strict=True), 1):
        closed = closed or (rank > 1 and used + tokens > limit)
        if closed:
            reason = f"passage {rank}: lowest rank, over budget"
        else:
            used += tokens
            reason = f"passage {rank}"
        parts.append(PlanPart(PartKind.PASSAGE, Role.USER, text, tokens, not closed, reason, None, closed))
    return parts


def recallable_texts(prepared: PreparedHistory, question_ids: Sequence[str]) -> dict[str, str]:
    """Return what may be sent of each exchange again, in the order of `question_ids`; some have nothing.

    Pinned exchanges are in the prompt anyway and have nothing; exchanges of other branches are not there.
    """
    parts = prepared.in_exchanges.parts
    texts = {}
    for question_id in question_ids:
        loose = [
            prepared.messages[place]
            for place in prepared.exchange_of(question_id) or ()
            if parts[place].included and parts[place].kind is PartKind.HISTORY
        ]
        if text := recalled_text(loose):
            texts[question_id] = text
    return texts


def choose_recalled(
    question_ids: Sequence[str],
    prepared: PreparedHistory,
    cut: int,
    limit: int,
    count: Callable[[str], int],
) -> list[PlanPart]:
    """Return the exchanges above the cut that come back, in the order of the conversation.

    They are taken by rank until one would exceed `limit` tokens. None is skipped for a smaller one of lower
    rank: a larger window could then lose what a smaller one recalls.
    """
    parts: list[PlanPart] = []
    used, closed = 0, False
    for question_id, text in recallable_texts(prepared, question_ids).items():
        if prepared.places[question_id] >= cut:
            continue
        tokens = count(text) + count(SEAM)
        closed = closed or used + tokens > limit
        reason = f"resembles the question, rank {len(parts) + 1}"
        if closed:
            reason += ": no room"
        else:
            used += tokens
        parts.append(PlanPart(PartKind.RECALLED, Role.USER, text, tokens, not closed, reason, question_id))
    return sorted(parts, key=lambda part: prepared.places[part.message_id or ""])
