"""Histories, summaries and settings as hypothesis draws them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.prompt_plan import PromptPlan, TemplateCosts
from chatbot_app.memory.budget import Budget
from chatbot_app.memory.planner import PromptRequest, plan_prompt

COSTS = TemplateCosts(per_message=3, reply=3, without_system=7, assistant_extra=1)


def count(text: str) -> int:
    return len(text.split())


def exchange(number: int, words: int = 5, answer_words: int | None = None) -> list[Message]:
    answer_words = words if answer_words is None else answer_words
    question = Message(f"q{number}", "c", None, number * 2, Role.USER, f"why{number} " * words)
    answer = Message(f"a{number}", "c", f"q{number}", number * 2 + 1, Role.ASSISTANT, "so " * answer_words)
    return [question, answer]


def conversation(lengths: list[int]) -> list[Message]:
    return [message for number, words in enumerate(lengths) for message in exchange(number, words)]


@dataclass(frozen=True)
class Case:
    """What a plan is made of, except the window."""

    request: PromptRequest
    costs: TemplateCosts

    def plan(self, window: int, reserve: int = 0) -> PromptPlan:
        return plan_prompt(self.request, Budget(window, reserve), count, self.costs)

    @property
    def history(self) -> list[Message]:
        return list(self.request.history)


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Exchanges of any size, some pinned, excluded, failed or never answered."""
    history: list[Message] = []
    for number in range(draw(st.integers(0, 14))):
        question, answer = exchange(number, draw(st.integers(1, 60)), draw(st.integers(1, 60)))
        match draw(st.sampled_from(["plain"] * 6 + ["pin q", "pin a", "no q", "no a", "failed", "alone"])):
            case "pin q":
                question = replace(question, pinned=True)
            case "pin a":
                answer = replace(answer, pinned=True)
            case "no q":
                question = replace(question, excluded=True)
            case "no a":
                answer = replace(answer, excluded=True)
            case "failed":
                answer = replace(answer, text="", status=MessageStatus.FAILED)
            case "alone":
                history.append(question)
                continue
        history += [question, answer]
    return history


@st.composite
def cases(draw: st.DrawFn, *strategies: HistoryStrategy, passages: bool = True) -> Case:
    history = draw(histories())
    ids = [message.id for message in history]
    summary = None
    if ids and draw(st.booleans()):
        text = "fact " * draw(st.integers(1, 80))
        summary = Summary("s", "c", draw(st.sampled_from(ids)), text, pinned=draw(st.integers(0, 4)) == 0)
    questions = [message.id for message in history if message.role is Role.USER]
    recalled = draw(st.lists(st.sampled_from(questions), unique=True, max_size=6)) if questions else []
    request = PromptRequest(
        draw(st.sampled_from(["", "be helpful and brief"])),
        history,
        "and now " * draw(st.integers(1, 20)),
        tuple("evidence " * n for n in draw(st.lists(st.integers(1, 60), max_size=5))) if passages else (),
        "newest",
        draw(st.sampled_from(strategies or tuple(HistoryStrategy))),
        summary,
        recalled,
    )
    return Case(request, replace(COSTS, free_order=draw(st.booleans())))
