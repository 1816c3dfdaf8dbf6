"""The vicious circle of repetition: each time that a phrase was said makes it likelier to be said again.

"Self-reinforcement" (Xu et al. 2022, "Learning to Break the Loop: Analyzing and Mitigating Repetitions for Neural Text
Generation"); that greedy decoding falls into it: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration".
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from chatbot_app.core.completion_errors import NoForcedTokens, NothingToContinue
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.logprobs import ScoredToken


@dataclass(frozen=True, slots=True)
class Turn:
    """How likely a phrase is after it was said `said` times: its tokens so far, each with its log-probability (nats)."""

    said: int
    tokens: tuple[ScoredToken, ...]
    is_whole: bool

    @property
    def probability(self) -> float:
        """The mean probability of a token: the geometric one, which does not depend on the phrase's length."""
        if not self.tokens:
            return 0.0
        return math.exp(sum(one.logprob for one in self.tokens) / len(self.tokens))


async def vicious_circle(
    client: CompletionClient, text: str, phrase: str, turns: int
) -> AsyncGenerator[Turn, None]:
    """Say a phrase again and again after a text, and yield how likely each of its tokens was, as it happens.

    Every token makes an event; the last of a turn is whole. Raises NoForcedTokens where a server does not say how likely
    a token is that was not drawn, NothingToContinue where there is neither text nor a phrase.
    """
    said = await client.tokens_of(phrase, begins=False)
    before = await client.tokens_of(text) if text else []
    if not await client.speaks_of_tokens():
        raise NoForcedTokens(server=client.server.name)
    if not said:
        raise NothingToContinue(server=client.server.name, model=client.model)
    prompt = [token.id for token in before if token.id is not None]
    if not prompt:  # the model needs something to go on: the phrase counts as said once
        prompt = [token.id for token in await client.tokens_of(phrase) if token.id is not None]
    for turn in range(turns):
        found: list[ScoredToken] = []
        for token in said:
            logprob, _ = await client.logprob(prompt, token)
            found.append(ScoredToken(token, logprob))
            assert token.id is not None
            prompt.append(token.id)
            yield Turn(turn, tuple(found), len(found) == len(said))
