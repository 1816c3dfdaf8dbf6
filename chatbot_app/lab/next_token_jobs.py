"""What the page of the next token asks for, each as a stream of what is known so far."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from chatbot_app.core.completion_errors import AnswerNotReadable
from chatbot_app.core.errors import ModelNotFound
from chatbot_app.core.servers import ServerKind
from chatbot_app.lab.answer_words import AnswerWord, answer_words
from chatbot_app.lab.beam_search import Level
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.next_token import Distribution, NextToken, TokenPath, write
from chatbot_app.lab.repetition import Turn, vicious_circle
from chatbot_app.lab.sampling import Sampling
from chatbot_app.llm.logprobs import Token

ModelKey = tuple[str | None, str | None]  # server, model; None: as the house chooses


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where somebody stands: a text with what was taken after it, and what may follow."""

    path: TokenPath
    distribution: Distribution
    is_kept: bool = False  # with an answer, whose prompt is not known as a text

    @property
    def leads_on(self) -> bool:
        """Whether the model can be asked what follows a token that is taken here."""
        return not self.is_kept and not self.distribution.of_answer and not self.path.has_ended


async def begin(models: RawModels, key: ModelKey, text: str) -> AsyncGenerator[Place, None]:
    """Tell what follows a text."""
    async with models.use(*key) as client:
        model = NextToken(client)
        path = await model.begin(text)
        yield Place(path, await model.after(path))


async def go_to(models: RawModels, key: ModelKey, path: TokenPath) -> AsyncGenerator[Place, None]:
    """Tell what follows a path."""
    async with models.use(*key) as client:
        yield Place(path, await NextToken(client).after(path))


async def write_on(
    models: RawModels, key: ModelKey, path: TokenPath, sampling: Sampling, seed: int | None, count: int
) -> AsyncGenerator[Place, None]:
    """Take some tokens one by one and tell of each (see `next_token.write`)."""
    async with (
        models.use(*key) as client,
        aclosing(write(NextToken(client), path, sampling, seed, count)) as steps,
    ):
        async for reached, distribution in steps:
            yield Place(reached, distribution)


async def search(
    models: RawModels, key: ModelKey, path: TokenPath, width: int, depth: int
) -> AsyncGenerator[Level[Token], None]:
    """Tell the levels of a beam search (see `NextToken.beams`)."""
    async with models.use(*key) as client, aclosing(NextToken(client).beams(path, width, depth)) as levels:
        async for level in levels:
            yield level


async def say_again(
    models: RawModels, key: ModelKey, text: str, phrase: str, turns: int
) -> AsyncGenerator[Turn, None]:
    """Tell how likely a phrase becomes while it is repeated (see `vicious_circle`)."""
    async with models.use(*key) as client, aclosing(vicious_circle(client, text, phrase, turns)) as found:
        async for turn in found:
            yield turn


async def words_of(
    models: RawModels, key: ModelKey, messages: list[dict[str, str]], answer: str
) -> AsyncGenerator[AnswerWord | TokenPath, None]:
    """Tell the prompt that an answer followed, then the answer's words (see `answer_words`).

    Raises AnswerNotReadable where the server says nothing of given tokens, ModelNotFound where another model than the one
    that wrote the answer would read it.
    """
    async with models.use(*key) as client:
        if key[1] and client.server.kind is ServerKind.BUILT_IN and client.model != key[1]:
            raise ModelNotFound(server=client.server.name, model=key[1])
        prompt = await client.as_prompt(messages)
        if prompt is None:
            raise AnswerNotReadable(server=client.server.name)
        path = await NextToken(client).begin(prompt)
        yield path
        async with aclosing(answer_words(client, path.start, answer)) as words:
            async for word in words:
                yield word


async def prompt_of(
    models: RawModels, key: ModelKey, messages: list[dict[str, str]]
) -> AsyncGenerator[TokenPath, None]:
    """Tell the prompt that messages become, nothing where the server does not say it."""
    async with models.use(*key) as client:
        prompt = await client.as_prompt(messages)
        if prompt is not None:
            yield await NextToken(client).begin(prompt)
