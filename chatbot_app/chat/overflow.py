"""When a server says, or shows, that a prompt was too long: how much less to send, and what to tell the person."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.errors import Action, AppError, ConversationTooLong, PromptDoesNotFit, PromptTooLong
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Notice, Usage
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.windows import SMALLEST_WINDOW, window_behind
from chatbot_app.memory.budget import ASSUMED_WINDOW, Budget, make_budget

UNTOLD_SHARE = 0.75  # of a prompt that is sent again where the server names no number

# A prompt count this far below the plan cannot be an error of estimation.
_CUT_SHARE, _CUT_TOKENS = 0.7, 200


WINDOW_ASSUMED = "WindowAssumed"  # the kind of the notice below


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A smaller budget after a refusal; `told` says whether the server named its window."""

    budget: Budget
    told: bool


def does_not_fit(plan: PromptPlan, settings: GenerationSettings) -> AppError:
    """Return the error for a plan that must not be sent: whose fault it is, and by how many tokens."""
    history = sum(part.tokens for part in plan.parts if part.included and part.kind is PartKind.HISTORY)
    keeps = settings.history_strategy is HistoryStrategy.KEEP_EVERYTHING
    if keeps and plan.tokens - history <= plan.budget:
        return ConversationTooLong(
            over=f"{plan.over_budget_tokens:,}", tokens=f"{plan.tokens:,}", budget=f"{plan.budget:,}"
        )
    return PromptDoesNotFit(tokens=plan.tokens, budget=plan.budget)


def narrowed_budget(
    budget: Budget, plan: PromptPlan, error: PromptTooLong, max_tokens: int | None
) -> Narrowed | None:
    """Return the budget with which to plan again, None where a smaller prompt is no remedy.

    The server's own numbers decide: its window, and by how much it counts more than we do. Without numbers
    three quarters of what was refused are tried.
    """
    window, counted = _number(error, "window"), _number(error, "prompt_tokens")
    if window is None:
        room = int(min(plan.tokens, counted or plan.tokens) * UNTOLD_SHARE)
        return _narrowed(budget, plan, room, told=False)
    smaller = make_budget(min(window, budget.window), max_tokens, "server")
    room = smaller.prompt_tokens
    if counted is not None and counted > plan.tokens > 0:
        room = int(room * plan.tokens / counted)  # in tokens as we count them
    if room >= plan.tokens:
        room = int(plan.tokens * UNTOLD_SHARE)
    if room == smaller.prompt_tokens:
        return Narrowed(smaller, told=True)
    return _narrowed(smaller, plan, room, told=True)


def _narrowed(budget: Budget, plan: PromptPlan, room: int, *, told: bool) -> Narrowed | None:
    if room <= 0 or room >= plan.tokens:
        return None
    reserve = min(budget.reply_reserve, budget.window - room)
    return Narrowed(Budget(room + reserve, reserve, "server"), told)


def trimmed_notice(connection: Connection, refused: PromptPlan, sent: PromptPlan, *, told: bool) -> Notice:
    """Return what is said with an answer whose prompt was refused as too long and sent again, shorter."""
    gone = _parts_sent(refused) - _parts_sent(sent)
    messages = sum(part.kind in (PartKind.HISTORY, PartKind.PINNED) for part in gone)
    passages = sum(part.kind is PartKind.PASSAGE for part in gone)
    others = len(gone) - messages - passages
    counted = (
        (messages, "earlier message"),
        (passages, "passage"),
        (others, "summary or recalled exchange"),
    )
    left_out = [_counted(number, noun) for number, noun in counted if number]
    named = f"its window is {sent.window:,} tokens" if told else "it does not say how long its window is"
    what = f"{' and '.join(left_out)} left out" if left_out else "the prompt was shortened"
    return Notice(
        "PromptTrimmed",
        f"{connection.server.name} found {refused.tokens:,} tokens too long; {named}. It was asked again with "
        f"{sent.tokens:,}: {what}.",
        "See “What was sent”. If its window is larger, say so.",
        Action.SET_WINDOW.value,
    )


async def cut_notice(
    gateway: Gateway, connection: Connection, plan: PromptPlan, usage: Usage | None, calls: OrderedCalls
) -> Notice | None:
    """Return what is said where a server silently read only a part of the prompt, and correct its window."""
    read = usage.prompt_tokens if usage is not None else None
    words = plan.tokens - plan.picture_tokens  # what pictures take is estimated, and models differ twentyfold
    if read is None or read >= words * _CUT_SHARE or words - read <= _CUT_TOKENS:
        return None
    thought = connection.window or ASSUMED_WINDOW
    window = await gateway.ask_window_again(connection)
    if window is not None and window >= thought and connection.server.kind is ServerKind.OLLAMA:
        pass  # it knows what it loaded: then it left out of its count what its cache held
    elif window is None or window >= thought:
        window = window_behind(read, plan.tokens) if read >= SMALLEST_WINDOW else None
    corrected = ""
    if window is not None and window < thought:
        await calls.call(gateway.learn_window, connection, window)
        corrected = f" From now on its window is taken to be {window:,} tokens."
    return Notice(
        "PromptCut",
        f"{connection.server.name} dropped part of the conversation: it read {read:,} of about "
        f"{plan.tokens:,} tokens.{corrected}",
        "Regenerate the answer, raise the context length there, or start a new conversation.",
        Action.SET_WINDOW.value,
    )


def assumed_window_notice(connection: Connection) -> Notice:
    """Return what is said once for a model whose window nobody names."""
    return Notice(
        WINDOW_ASSUMED,
        f"{connection.server.name} does not say how long the window of {connection.model} is; "
        f"{ASSUMED_WINDOW:,} tokens are assumed.",
        "If you know it, set it: more of a long conversation may fit.",
        Action.SET_WINDOW.value,
    )


def _parts_sent(plan: PromptPlan) -> set[PlanPart]:
    return {part for part in plan.parts if part.included and part.kind is not PartKind.QUESTION}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _number(error: PromptTooLong, name: str) -> int | None:
    value = error.details.get(name)
    return value if isinstance(value, int) and value > 0 else None
