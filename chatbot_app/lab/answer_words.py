"""How certain a model was of each word of an answer, and what else it might have said there.

The answer is put after its own prompt again and every token of it is asked for: with the same tokens the same model
gives the same probabilities, whatever chose among them.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from chatbot_app.lab.raw_model import RawModel
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
    client: RawModel, prompt: Sequence[Token], answer: str
) -> AsyncGenerator[AnswerWord, None]:
    """Yield the tokens of an answer one by one; `prompt` are all tokens before it. Raises NoForcedTokens, ServerError."""
    before = [token.id for token in prompt if token.id is not None]
    for token in await client.tokens_of(answer, begins=False):
        logprob, likeliest = await client.logprob(before, token)
        yield AnswerWord(token, logprob, tuple(likeliest))
        if token.id is not None:
            before.append(token.id)
