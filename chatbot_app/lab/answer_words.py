"""How certain a model was of each word of an answer, and what else it might have said there.

The answer is put after its own prompt again and every token of it is asked for: with the same tokens the same model
gives the same probabilities, whatever chose among them.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

from chatbot_app.core.completion_errors import NoForcedTokens
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.logprobs import ScoredToken, Token


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """A token of an answer: how likely it was (logarithm), and the likeliest at its place."""

    token: Token
    logprob: float
    likeliest: tuple[ScoredToken, ...]

    @property
    def probability(self) -> float:
        """Between 0 and 1."""
        return math.exp(self.logprob)


async def answer_words(
    client: CompletionClient, messages: Sequence[Mapping[str, str]], answer: str
) -> AsyncGenerator[AnswerWord, None]:
    """Yield the tokens of an answer to these messages one by one. Raises NoForcedTokens, and ServerError."""
    prompt = await client.as_prompt(messages)
    if prompt is None:
        raise NoForcedTokens(server=client.server.name)
    before = [token.id for token in await client.tokens_of(prompt) if token.id is not None]
    for token in await client.tokens_of(answer, begins=False):
        logprob, likeliest = await client.logprob(before, token)
        yield AnswerWord(token, logprob, tuple(likeliest))
        if token.id is not None:
            before.append(token.id)
