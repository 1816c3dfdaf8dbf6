"""Turns a conversation, evidence and a question into the prompt plan: pure, the same inputs the same plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan, TemplateCosts
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.trimming import drop_oldest_exchanges

PASSAGES_SHARE = 0.5  # of the prompt's budget: evidence beyond it gives way before any history does


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """Everything that a plan is made of; `passages` stand best first, ready to be read by the model."""

    system_prompt: str
    history: Sequence[Message]
    question: str
    passages: Sequence[str] = ()
    question_id: str | None = None


def plan_prompt(
    request: PromptRequest, budget: Budget, count: Callable[[str], int], costs: TemplateCosts
) -> PromptPlan:
    """Return the plan; `plan.fits` is False where even what is never given up exceeds the budget.

    Never given up: the system prompt, pinned messages, the question, the best passage. Given up first:
    passages beyond their share from the lowest rank on, then the oldest exchanges, several at a time.
    """
    system = _system_part(request, count, costs)
    question = PlanPart(
        PartKind.QUESTION,
        Role.USER,
        request.question,
        count(request.question) + costs.around(Role.USER),
        True,
        "the question",
        request.question_id,
    )
    exchanges = [_Exchange.of(group, count, costs) for group in group_exchanges(request.history)]
    fixed = (
        costs.reply
        + (system.tokens if system else costs.without_system)
        + question.tokens
        + sum(exchange.pinned_tokens for exchange in exchanges)
    )
    passages = _choose_passages(request.passages, count, budget, fixed, exchanges)
    room = budget.prompt_tokens - fixed - sum(part.tokens for part in passages if part.included)
    first_kept = drop_oldest_exchanges([exchange.loose_tokens for exchange in exchanges], room)
    history = [
        part for index, exchange in enumerate(exchanges) for part in exchange.decide(kept=index >= first_kept)
    ]
    parts = [*([system] if system else []), *history, *passages, question]
    overhead = costs.reply + (0 if system else costs.without_system)
    return PromptPlan(
        tuple(parts), budget.window, budget.reply_reserve, overhead, costs.exact, budget.window_source
    )


def group_exchanges(history: Sequence[Message]) -> list[list[Message]]:
    """Split a path of messages into exchanges: a question and everything up to the next one."""
    groups: list[list[Message]] = []
    for message in history:
        if message.role is Role.USER or not groups:
            groups.append([])
        groups[-1].append(message)
    return groups


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The parts of one exchange before trimming; `included` marks the ones that may be sent at all."""

    parts: tuple[PlanPart, ...]

    @classmethod
    def of(cls, messages: Sequence[Message], count: Callable[[str], int], costs: TemplateCosts) -> _Exchange:
        answered = any(m.role is Role.ASSISTANT and m.text and not m.excluded for m in messages)
        return cls(tuple(_history_part(m, answered, count, costs) for m in messages))

    @property
    def pinned_tokens(self) -> int:
        return sum(part.tokens for part in self.parts if part.kind is PartKind.PINNED)

    @property
    def loose_tokens(self) -> int:
        """Tokens that dropping the exchange frees."""
        return sum(part.tokens for part in self.parts if part.included and part.kind is PartKind.HISTORY)

    def decide(self, *, kept: bool) -> list[PlanPart]:
        return [
            part
            if kept or not part.included or part.kind is PartKind.PINNED
            else replace(part, included=False, reason="oldest, over budget")
            for part in self.parts
        ]


def _history_part(
    message: Message, answered: bool, count: Callable[[str], int], costs: TemplateCosts
) -> PlanPart:
    tokens = count(message.text) + costs.around(message.role)
    kind, included, reason = PartKind.HISTORY, True, "earlier exchange"
    if message.excluded:
        included, reason = False, "excluded by you"
    elif message.pinned:
        kind, reason = PartKind.PINNED, "pinned by you"
    elif message.role is Role.ASSISTANT and not message.text:
        included, reason = False, "no answer arrived"
    elif message.role is Role.USER and not answered:
        # Two questions in a row are refused by templates that insist on alternating roles.
        included, reason = False, "was never answered"
    elif message.status is not MessageStatus.COMPLETE:
        reason = f"earlier exchange ({message.status.value})"
    return PlanPart(kind, message.role, message.text, tokens, included, reason, message.id)


def _system_part(
    request: PromptRequest, count: Callable[[str], int], costs: TemplateCosts
) -> PlanPart | None:
    text = request.system_prompt.strip()
    if not text:
        return None
    return PlanPart(
        PartKind.SYSTEM, Role.SYSTEM, text, count(text) + costs.around(Role.SYSTEM), True, "system prompt"
    )


def _choose_passages(
    passages: Sequence[str],
    count: Callable[[str], int],
    budget: Budget,
    fixed: int,
    exchanges: Sequence[_Exchange],
) -> list[PlanPart]:
    """Include passages by rank: the best always, others within their share or what the history leaves free."""
    history = sum(exchange.loose_tokens for exchange in exchanges)
    free = budget.prompt_tokens - fixed - history
    limit = min(budget.prompt_tokens - fixed, max(free, int(budget.prompt_tokens * PASSAGES_SHARE)))
    parts, used, closed = [], 0, False
    for rank, text in enumerate(passages, 1):
        tokens = count(text) + count("\n\n")
        closed = closed or (rank > 1 and used + tokens > limit)
        if closed:
            reason = f"passage {rank}: lowest rank, over budget"
        else:
            used += tokens
            reason = f"passage {rank}"
        parts.append(PlanPart(PartKind.PASSAGE, Role.USER, text, tokens, not closed, reason))
    return parts
