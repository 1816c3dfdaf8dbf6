"""What follows a text: a probability for every token of the vocabulary, and one token more for the text.

A language model is a function from tokens to a distribution over the next one: p(t_n | t_0 … t_(n−1)) (Bengio et al.
2003, "A Neural Probabilistic Language Model"). All that it writes comes from choosing one and asking again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from chatbot_app.core.completion_errors import NoCompletions
from chatbot_app.lab.beam_search import Level, beam_search
from chatbot_app.lab.raw_model import RawModel
from chatbot_app.lab.sampling import (
    Floats,
    Reshaped,
    Sampling,
    counts_of,
    draw,
    entropy,
    generator,
    reshape,
)
from chatbot_app.llm.completion_client import WHOLE, Prompt
from chatbot_app.llm.logprobs import ScoredToken, Token

SHOWN = 40  # bars
LONGEST_NAMED = 200_000  # characters of a text whose tokens are asked for one by one
ENOUGH = 1000  # tokens to choose from where filters leave out the others; they are read in some milliseconds


@dataclass(frozen=True, eq=False)
class Distribution:
    """The tokens that may follow, likeliest first, with the natural logarithms of their probabilities, shape (tokens,).

    `rest` is the probability of all tokens that a server did not name, 0 where it named its whole vocabulary. `of_answer`
    is set where a server has chats alone: then the text was sent as a message, and the tokens begin its answer. `offset`
    makes log-probabilities the model's own scores, None where nobody knows it: only a repeat penalty depends on it.
    """

    tokens: tuple[Token, ...]
    logprobs: Floats
    rest: float = 0.0
    of_answer: bool = False
    offset: float | None = None

    @classmethod
    def of(cls, scored: Sequence[ScoredToken], *, is_whole: bool) -> Distribution:
        """Return the distribution that a server told of."""
        logprobs = np.fromiter((one.logprob for one in scored), np.float64, len(scored))
        rest = 0.0 if is_whole else max(0.0, 1.0 - float(np.exp(logprobs).sum()))
        return cls(tuple(one.token for one in scored), logprobs, rest)

    @cached_property
    def entropy(self) -> float:
        """In nats; a lower bound where `rest` is not 0, which counts as one token."""
        return entropy(np.exp(self.logprobs), self.rest)

    @cached_property
    def _keys(self) -> list[Hashable]:
        return [key_of(token) for token in self.tokens]

    def reshaped(self, sampling: Sampling, past: Sequence[Token] = ()) -> Reshaped:
        """Return what sampling's settings make of it; penalties look at the tokens of `past`."""
        counts = None
        if sampling.penalises:
            counts = counts_of(self._keys, [key_of(token) for token in past], sampling.last_tokens)
        return reshape(self.logprobs, sampling, counts, rest=self.rest, offset=self.offset or 0.0)


@dataclass(frozen=True, slots=True)
class TokenPath:
    """A text and the tokens that were taken after it, with their log-probabilities before anything reshaped them.

    `start` are the tokens of the text where the server names them: then the model is asked with ids, so that it reads
    exactly the tokens that were taken, also parts of characters. Otherwise it is asked with the text.
    """

    text: str
    start: tuple[Token, ...] = ()
    taken: tuple[ScoredToken, ...] = ()

    def and_then(self, token: Token, logprob: float) -> TokenPath:
        """Return the path with one token more."""
        return TokenPath(self.text, self.start, (*self.taken, ScoredToken(token, logprob)))

    def back(self, steps: int = 1) -> TokenPath:
        """Return the path without its last tokens."""
        return TokenPath(self.text, self.start, self.taken[: max(0, len(self.taken) - steps)])

    @property
    def tokens(self) -> list[Token]:
        """All of them, as far as the server names them."""
        return [*self.start, *(one.token for one in self.taken)]

    @property
    def written(self) -> str:
        """What was taken, as text."""
        return b"".join(one.token.data for one in self.taken).decode("utf-8", "replace")

    @property
    def has_ended(self) -> bool:
        """Whether the last token taken is a special one: the model says that the text is over."""
        return bool(self.taken) and self.taken[-1].token.is_special

    def prompt(self, more: Sequence[Token] = ()) -> Prompt:
        """Return what the model is asked with, and with more tokens at the end."""
        if self.start:
            return [token.id for token in (*self.tokens, *more) if token.id is not None]
        data = b"".join([*(one.token.data for one in self.taken), *(token.data for token in more)])
        return self.text + data.decode("utf-8", "ignore")


class NextToken:
    """Asks a model what follows; raises ServerError as `CompletionClient` does."""

    def __init__(self, client: RawModel) -> None:
        self.client = client

    async def begin(self, text: str) -> TokenPath:
        """Return the path that begins with a text."""
        if len(text) > LONGEST_NAMED:  # no window holds it, or nobody looks at its tokens
            return TokenPath(text)
        return TokenPath(text, tuple(await self.client.tokens_of(text)))

    async def after(
        self, path: TokenPath, shown: int = SHOWN, count: int = WHOLE, *, with_scores: bool = False
    ) -> Distribution:
        """Return the distribution of what follows; special tokens among the likeliest `shown` have their names.

        A server that has chats alone is sent the text as a message, and tells how its answer begins.

        Fewer than the whole vocabulary are read faster: fifty thousand tokens take half a second. `with_scores` wants the
        offset also then.
        """
        is_whole = count == WHOLE and await self.client.speaks_of_tokens()
        try:
            scored = await self.client.likeliest(path.prompt(), count)
        except NoCompletions:
            if path.taken or path.start:
                raise
            scored = await self.client.likeliest_of_answer(path.text)
            return replace(Distribution.of(scored, is_whole=False), of_answer=True)
        named = await self.client.named(scored[:shown])
        found = Distribution.of([*named, *scored[shown:]], is_whole=is_whole)
        prompt = path.prompt()
        if isinstance(prompt, str) or not (is_whole or with_scores):
            return found
        return replace(found, offset=await self.client.score_offset(prompt, scored))

    async def beams(
        self, path: TokenPath, width: int, depth: int, length_penalty: float = 0.0
    ) -> AsyncGenerator[Level[Token], None]:
        """Search for the likeliest continuation (see `beam_search`)."""

        async def expand(more: Sequence[Token]) -> list[tuple[Token, float]]:
            scored = await self.client.likeliest(path.prompt(more), width)
            return [(one.token, one.logprob) for one in await self.client.named(scored[:width])]

        async for level in beam_search(
            expand,
            width,
            depth,
            is_end=lambda token: token.is_special,
            length_penalty=length_penalty,
        ):
            yield level


def key_of(token: Token) -> Hashable:
    """Return what makes a token the same one at another place."""
    return token.text if token.id is None else token.id


def choose(distribution: Distribution, path: TokenPath, sampling: Sampling, seed: int | None) -> int:
    """Return the place of the next token: drawn with the seed and the number of the step, or without one the likeliest.

    The same path, settings and seed choose the same token. Raises ValueError where there is no token.
    """
    reshaped = distribution.reshaped(sampling, path.tokens)
    if seed is None:
        return int(np.argmax(reshaped.probabilities))
    return draw(reshaped.probabilities, generator(seed, len(path.taken)))


async def write(
    model: NextToken, path: TokenPath, sampling: Sampling, seed: int | None, count: int
) -> AsyncGenerator[tuple[TokenPath, Distribution], None]:
    """Take up to `count` tokens one by one; yield the path after each with the distribution that follows it.

    Where the settings leave no choice among the others, the likeliest tokens are enough to choose from on the way; the
    last distribution is whole.
    """
    with_scores = sampling.repeat_penalty != 1
    distribution = await model.after(path, count=ENOUGH, with_scores=with_scores)
    for step in range(count):
        if path.has_ended:
            return
        if seed is not None and not distribution.reshaped(sampling, path.tokens).is_exact:
            distribution = await model.after(path)
        place = choose(distribution, path, sampling, seed)
        path = path.and_then(distribution.tokens[place], float(distribution.logprobs[place]))
        is_last = step == count - 1 or path.has_ended
        count_of_tokens = WHOLE if is_last else ENOUGH
        distribution = await model.after(path, count=count_of_tokens, with_scores=with_scores)
        yield path, distribution
