"""Turns a conversation, evidence and a question into the prompt plan: pure, the same inputs the same plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.messages import Message, Role, Summary
from chatbot_app.core.prompt_plan import SEAM, PartKind, PlanPart, PromptPlan, TemplateCosts
from chatbot_app.core.sight import PlannedPicture
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.evidence_parts import choose_passages, choose_recalled
from chatbot_app.memory.exchanges import group_exchanges
from chatbot_app.memory.prepared import Layout, PreparedHistory, prepare
from chatbot_app.memory.recall import RECALLED_SHARE
from chatbot_app.memory.summary import SUMMARY_SHARE, summary_text
from chatbot_app.memory.trimming import TRIMMING, Room

__all__ = ["PreparedHistory", "PromptRequest", "group_exchanges", "plan_prompt", "prepare"]

PASSAGES_SHARE = 0.5  # of the prompt's budget: evidence beyond it gives way before any history does

OLDEST = "oldest, over budget"
SUMMARISED = "oldest, over budget; the summary stands for it"
RECALLED = "left the window, recalled with the question"
SUMMARY_FOLLOWS = "left out; the summary follows after this answer"


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """Everything that a plan is made of.

    `passages` stand best first, ready to be read by the model. `summary` stands for the start of `history`
    and is used by the strategy SUMMARISE, or by all where it is pinned. `recalled` are the question ids of
    exchanges that resemble the question, best first, used by RECALL; those inside the window are ignored.
    """

    system_prompt: str
    history: Sequence[Message]
    question: str
    passages: Sequence[str] = ()
    question_id: str | None = None
    strategy: HistoryStrategy = HistoryStrategy.OLDEST_EXCHANGES
    summary: Summary | None = None
    recalled: Sequence[str] = ()
    pictures: tuple[PlannedPicture, ...] = ()  # of the question


def system_text(system_prompt: str, summary: Summary | None = None) -> str:
    """Return the system message as it is sent, with the summary below the system prompt; may be empty."""
    texts = [system_prompt.strip(), summary_text(summary) if summary is not None else ""]
    return SEAM.join(text for text in texts if text)


def plan_prompt(
    request: PromptRequest,
    budget: Budget,
    count: Callable[[str], int],
    costs: TemplateCosts,
    prepared: PreparedHistory | None = None,
) -> PromptPlan:
    """Return the plan; `plan.fits` is False where even what is never given up exceeds the budget.

    Never given up: the system prompt, pinned messages (with the other half of their exchange wherever
    exchanges stay whole), a pinned summary, the question, the best passage; with KEEP_EVERYTHING the whole
    history. Given up first: passages beyond their share from the lowest rank on, then the oldest exchanges
    or messages, several at a time, then the summary.

    A larger window never loses a passage or the summary, nor, with any strategy, a message: what is kept
    (with RECALL: what is kept or recalled) only grows.

    `prepared` is `prepare(request.history, count, costs)` of an earlier call; with it the time does not
    depend on what the history holds. `count` is asked for the system message as `system_text` returns it
    with and without the summary, for the question, passages, `recalled_text`s and the seam between them.
    """
    if prepared is None:
        prepared = prepare(request.history, count, costs)
    layout = _layout(prepared, request.strategy, costs)
    standing = _standing(request, prepared, count, costs)
    free = budget.prompt_tokens - layout.pinned_tokens - standing.tokens(costs)
    passage_costs = [count(text) + count(SEAM) for text in request.passages]
    for_passages = _room_for_passages(request.strategy, passage_costs, budget.prompt_tokens, free)
    room = standing.room_beside(budget.prompt_tokens, free - for_passages)
    cut = layout.cuts[TRIMMING[request.strategy](layout.starts, room)]
    passages = choose_passages(
        request.passages,
        passage_costs,
        for_passages if cut else max(for_passages, free - layout.loose_tokens),
    )
    recalled: list[PlanPart] = []
    if request.strategy is HistoryStrategy.RECALL and cut:
        recalled = choose_recalled(request.recalled, prepared, cut, room.for_recalled, count)
    sends_summary = standing.sends_summary(cut, room)
    parts = (
        *([standing.system] if standing.system else []),
        *standing.summary_parts(included=sends_summary, is_needed=cut > 0),
        *_history_parts(layout, cut, request, prepared, sends_summary, recalled),
        *recalled,
        *passages,
        standing.question,
    )
    overhead = costs.reply + (0 if standing.system or sends_summary else costs.without_system)
    return PromptPlan(parts, budget.window, budget.reply_reserve, overhead, costs.exact, budget.window_source)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands around a history, counted before it is known what of the history is sent.

    `summary_cost` is what the summary takes besides: without a system prompt it replaces the one that the template inserts.
    """

    system: PlanPart | None
    summary: PlanPart | None
    question: PlanPart
    summary_cost: int
    summary_is_pinned: bool

    def tokens(self, costs: TemplateCosts) -> int:
        """Return what is never given up takes, beside the history's pinned messages and the best passage."""
        system = self.system.tokens if self.system else costs.without_system
        pinned = self.summary_cost if self.summary_is_pinned else 0
        return costs.reply + self.question.tokens + system + pinned

    def room_beside(self, total: int, tokens: int) -> Room:
        """Return the room of a history that has so many tokens of the prompt's `total`."""
        return Room(
            tokens,
            for_summary=0 if self.summary_is_pinned else max(self.summary_cost, int(total * SUMMARY_SHARE)),
            for_recalled=min(int(total * RECALLED_SHARE), max(tokens, 0)),
        )

    def sends_summary(self, cut: int, room: Room) -> bool:
        """Whether the summary is sent where the first `cut` messages leave."""
        if self.summary is None:
            return False
        return self.summary_is_pinned or (cut > 0 and self.summary_cost <= room.tokens)

    def summary_parts(self, *, included: bool, is_needed: bool) -> list[PlanPart]:
        """Return the summary, if there is one, with the reason why it is sent or not."""
        if self.summary is None:
            return []
        return [_decided(self.summary, included=included, pinned=self.summary_is_pinned, is_needed=is_needed)]


def _standing(
    request: PromptRequest, prepared: PreparedHistory, count: Callable[[str], int], costs: TemplateCosts
) -> _Standing:
    system = _system_part(request, count, costs)
    summary = _summary_part(request, prepared, count, costs)
    return _Standing(
        system,
        summary,
        _question_part(request, count, costs),
        summary.tokens - (0 if system else costs.without_system) if summary else 0,
        summary is not None and request.summary is not None and request.summary.pinned,
    )


def _layout(prepared: PreparedHistory, strategy: HistoryStrategy, costs: TemplateCosts) -> Layout:
    # An answer without its question, or two questions in a row, are refused by many templates (Mistral's,
    # Gemma's): a message leaves alone only where the template is known to take what is left.
    if strategy is HistoryStrategy.OLDEST_MESSAGES and costs.free_order:
        return prepared.in_messages
    return prepared.in_exchanges


def _room_for_passages(strategy: HistoryStrategy, costs: Sequence[int], total: int, free: int) -> int:
    """Return the tokens that passages may take although history has to leave."""
    best = costs[0] if costs else 0
    if strategy is HistoryStrategy.KEEP_EVERYTHING:
        return best
    return max(best, min(int(total * PASSAGES_SHARE), sum(costs), max(free, 0)))


def _system_part(
    request: PromptRequest, count: Callable[[str], int], costs: TemplateCosts
) -> PlanPart | None:
    text = system_text(request.system_prompt)
    if not text:
        return None
    return PlanPart(
        PartKind.SYSTEM, Role.SYSTEM, text, count(text) + costs.around(Role.SYSTEM), True, "system prompt"
    )


def _question_part(request: PromptRequest, count: Callable[[str], int], costs: TemplateCosts) -> PlanPart:
    tokens = count(request.question) + costs.around(Role.USER)
    tokens += sum(one.tokens for one in request.pictures if one.is_sent)
    return PlanPart(
        PartKind.QUESTION,
        Role.USER,
        request.question,
        tokens,
        True,
        "the question",
        request.question_id,
        pictures=request.pictures,
    )


def _summary_part(
    request: PromptRequest, prepared: PreparedHistory, count: Callable[[str], int], costs: TemplateCosts
) -> PlanPart | None:
    """Return the summary where the strategy uses it and it is of this branch; its tokens are exact."""
    summary = request.summary
    if summary is None or not summary.text.strip() or not prepared.covered_by(summary):
        return None
    if request.strategy is not HistoryStrategy.SUMMARISE and not summary.pinned:
        return None
    alone = system_text(request.system_prompt)
    tokens = count(system_text(request.system_prompt, summary))
    tokens += -count(alone) if alone else costs.around(Role.SYSTEM)
    return PlanPart(
        PartKind.SUMMARY, Role.SYSTEM, summary_text(summary), tokens, True, "", summary.through_id
    )


def _decided(part: PlanPart, *, included: bool, pinned: bool, is_needed: bool) -> PlanPart:
    if pinned:
        reason = "summary, pinned by you"
    elif included:
        reason = "summary of what is left out"
    elif is_needed:
        reason = "summary: over budget"
    else:
        reason = "summary: not needed, nothing is left out"
    return PlanPart(
        part.kind,
        part.role,
        part.text,
        part.tokens,
        included,
        reason,
        part.message_id,
        is_needed and not included,
    )


def _history_parts(
    layout: Layout,
    cut: int,
    request: PromptRequest,
    prepared: PreparedHistory,
    sends_summary: bool,
    recalled: Sequence[PlanPart],
) -> list[PlanPart]:
    if not cut:
        return list(layout.parts)
    if request.strategy is HistoryStrategy.SUMMARISE:
        covered = min(cut, prepared.covered_by(request.summary))
        parts = [
            *layout.dropped(SUMMARISED if sends_summary else OLDEST)[:covered],
            *layout.dropped(SUMMARY_FOLLOWS)[covered:cut],
        ]
    else:
        parts = list(layout.dropped(OLDEST)[:cut])
    for part in recalled:
        exchange = prepared.exchange_of(part.message_id) if part.included and part.message_id else None
        for place in exchange or ():
            if parts[place].over_budget:
                parts[place] = replace(layout.dropped(RECALLED)[place], recalled=True)
    parts += layout.parts[cut:]
    return parts
