"""The vicious circle of repetition: each time that a phrase was said makes it likelier to be said again.

"Self-reinforcement" (Xu et al. 2022, "Learning to Break the Loop: Analyzing and Mitigating Repetitions for Neural Text
Generation"); that greedy decoding falls into it: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration".
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from chatbot_app.core.completion_errors import NoForcedTokens, NothingToContinue
from chatbot_app.lab.raw_model import RawModel
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


async def vicious_circle(client: RawModel, text: str, phrase: str, turns: int) -> AsyncGenerator[Turn, None]:
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


LONGEST_PHRASE = 60  # tokens that are looked for again


def circle_of(taken: Sequence[ScoredToken]) -> list[Turn]:
    """Return the turns of the phrase that a text says again and again at its end, [] where it says none twice.

    The shortest phrase counts, which is said whole at least twice in a row, with its tokens' own log-probabilities.
    """
    keys = [one.token.data if one.token.id is None else one.token.id for one in taken]
    for length in range(1, min(LONGEST_PHRASE, len(keys) // 2) + 1):
        phrase = keys[-length:]
        start = len(keys) - length
        while start >= length and keys[start - length : start] == phrase:
            start -= length
        said = (len(keys) - start) // length
        # One token alone has to come three times: "had had" and "!!" are no circle.
        if said >= (3 if length == 1 else 2):
            return [
                Turn(turn, tuple(taken[start + turn * length : start + (turn + 1) * length]), True)
                for turn in range(said)
            ]
    return []
