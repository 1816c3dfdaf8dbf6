"""What the laboratory asks of a model: tokens of a text, what may follow it, and its continuation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Protocol

from chatbot_app.core.errors import AppError
from chatbot_app.core.servers import Server
from chatbot_app.llm.completion_client import WHOLE, Prompt
from chatbot_app.llm.logprobs import ScoredToken, Token
from chatbot_app.llm.stream_events import StreamEvent

# No server: who chooses it asks the models of “Build one” (`small/speaking.py`).
SMALL_MODELS = Server("small-models", "Build one", "")


class SmallModelUnusable(AppError):
    """A model of “Build one” cannot be asked; `name` is the model, `detail` says why."""

    summary_template = "“{name}” cannot be asked: {detail}"
    next_step_template = "Choose another model, or let this one learn on the page “Build one”."


class RawModel(Protocol):
    """One model, of a server (`llm.completion_client.CompletionClient`, where each method is described) or a small one."""

    @property
    def server(self) -> Server:
        """Who has it."""

    @property
    def model(self) -> str:
        """What it is called there."""

    async def speaks_of_tokens(self) -> bool:
        """Whether it names ids of tokens, takes them as a prompt, and names its whole vocabulary."""

    async def tokens_of(self, text: str, *, begins: bool = True) -> list[Token]:
        """Return the tokens of a text."""

    async def as_prompt(self, messages: Sequence[Mapping[str, str]]) -> str | None:
        """Return messages as one text, None where nobody says how."""

    async def named(self, scored: Sequence[ScoredToken]) -> list[ScoredToken]:
        """Return the same with names for special tokens."""

    async def likeliest(self, prompt: Prompt, count: int = WHOLE) -> list[ScoredToken]:
        """Return the likeliest tokens after a text, likeliest first."""

    async def likeliest_of_answer(self, question: str) -> list[ScoredToken]:
        """Return the likeliest first tokens of the answer to a message."""

    async def logprob(self, prompt: Prompt, token: Token) -> tuple[float, list[ScoredToken]]:
        """Return how likely a token is after a text, in nats, and the likeliest ten."""

    async def score_offset(self, prompt: Sequence[int], scored: Sequence[ScoredToken]) -> float | None:
        """Return what makes log-probabilities the model's scores, None where nobody says it."""

    def stream(self, prompt: str, parameters: Mapping[str, Any]) -> AsyncGenerator[StreamEvent, None]:
        """Continue a text."""
