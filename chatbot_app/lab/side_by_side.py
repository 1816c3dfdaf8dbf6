"""Two prompts for one question, to be answered side by side: what the words around a question do to its answer.

Sources: completion and instruction: Ouyang et al. 2022, "Training language models to follow instructions with human
feedback". Step by step: Kojima et al. 2022, "Large Language Models are Zero-Shot Reasoners". Examples: Brown et al. 2020,
"Language Models are Few-Shot Learners". Reasoning before the answer: Wei et al. 2022, "Chain-of-Thought Prompting".
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.core.generation import STEP_BY_STEP_TRIGGER
from chatbot_app.lab.completion import CompletionRequest, complete
from chatbot_app.lab.models import RawModels
from chatbot_app.llm.stream_events import StreamEvent


class Manner(StrEnum):
    """How a prompt is sent."""

    COMPLETION = "completion"  # as a raw text
    CHAT = "chat"  # as the one message of a chat


@dataclass(frozen=True, slots=True)
class Side:
    """One of two prompts."""

    manner: Manner
    prompt: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two prompts to compare; `name` is what the choice is called in code."""

    name: str
    left: Side
    right: Side


_PARIS = "Tell me about Paris."  # a text that others continue with another question, an instruction to a chat model
_SUM = "A shop has 23 apples. It sells 20 of them and buys 6 more. How many apples does it have?"
_REVIEW = "Review: The soup was cold and the waiter was rude.\nMood:"
_EXAMPLES = (
    "Review: What a wonderful evening!\nMood: good\n\nReview: I waited an hour for nothing.\nMood: bad\n\n"
)

PAIRS = (
    Pair("instruction", Side(Manner.COMPLETION, _PARIS), Side(Manner.CHAT, _PARIS)),
    Pair("steps", Side(Manner.CHAT, _SUM), Side(Manner.CHAT, f"{_SUM} {STEP_BY_STEP_TRIGGER}")),
    Pair("examples", Side(Manner.COMPLETION, _REVIEW), Side(Manner.COMPLETION, _EXAMPLES + _REVIEW)),
    Pair(
        "order",
        Side(Manner.CHAT, f"{_SUM} Say the answer first, then the reasoning."),
        Side(Manner.CHAT, f"{_SUM} Say the reasoning first, then the answer."),
    ),
)


async def answer(
    models: RawModels, server_id: str | None, model: str | None, side: Side, max_tokens: int
) -> AsyncGenerator[StreamEvent, None]:
    """Yield what a model says to one side, as it arrives; with the likeliest token each time, so that only the prompts
    differ. Raises ServerError."""
    if side.manner is Manner.CHAT:
        parameters = {"max_tokens": max_tokens, "temperature": 0.0}
        async with aclosing(models.chat(server_id, model, side.prompt, parameters)) as events:
            async for event in events:
                yield event
        return
    request = CompletionRequest(side.prompt, max_tokens=max_tokens, temperature=0.0)
    async with models.use(server_id, model) as client, aclosing(complete(client, request)) as events:
        async for event in events:
            yield event
