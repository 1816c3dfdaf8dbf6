"""A small model that was kept, asked as a server's model is: tokens of a text, and a probability for each that may follow."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.core.completion_errors import NothingToContinue
from chatbot_app.lab.raw_model import SMALL_MODELS, SmallModelUnusable
from chatbot_app.lab.small import checkpoint, kept_models
from chatbot_app.lab.small.data_sets import AdditionData
from chatbot_app.lab.small.model_shape import Kind
from chatbot_app.lab.small.operations import Array
from chatbot_app.lab.small.read_and_written import LINE_END, read_and_written
from chatbot_app.lab.small.training import MOST_READ, Training
from chatbot_app.llm.completion_client import WHOLE, Prompt
from chatbot_app.llm.logprobs import ScoredToken, Token
from chatbot_app.llm.stream_events import StreamEvent


def open_small_model(root: Path, name: str | None, known: SmallModelClient | None = None) -> SmallModelClient:
    """Read a model, the first one where none is named; `known` is returned where it is that one, as it was saved last.

    Blocks for some tenths of a second. Raises SmallModelUnusable.
    """
    models = kept_models.offered(root)
    model = models.get(name) if name else next(iter(models.values()), None)
    if model is None:
        raise SmallModelUnusable(name=name or SMALL_MODELS.name, detail="no such model has learned anything.")
    try:
        state = model.folder / checkpoint.STATE
        stamp = str(state), state.stat().st_mtime_ns
        if known is not None and known.stamp == stamp:
            return known
        return SmallModelClient(name or model.name, checkpoint.load(model.folder, model.text()), stamp)
    except (OSError, ValueError) as exc:
        detail = (exc.strerror if isinstance(exc, OSError) else None) or str(exc)
        raise SmallModelUnusable(name=model.name, detail=detail) from exc


class SmallModelClient:
    """Says of one model what a `CompletionClient` says of a server's; computed beside the loop that asks.

    A line break ends a sum: in models of sums it stands for the end of the text, and begins each question.
    """

    def __init__(self, name: str, training: Training, stamp: tuple[str, int] = ("", 0)) -> None:
        """`stamp` is the file that it was read from, and when that was written."""
        self.server = SMALL_MODELS
        self.model = name
        self.stamp = stamp
        self._training = training
        self._lock = threading.Lock()  # one computation at a time: a core is enough
        is_sum = isinstance(training.data, AdditionData)
        self._end = training.mapping.encode("\n") if is_sum else []
        self._tokens = [self._token(number) for number in range(training.mapping.size)]

    async def speaks_of_tokens(self) -> bool:
        """Ids, prompts of ids, the whole vocabulary: all of it."""
        return True

    async def tokens_of(self, text: str, *, begins: bool = True) -> list[Token]:
        """Return the tokens of a text; characters that the model does not know have none."""
        ids = self._training.mapping.encode(text)
        return [self._tokens[number] for number in (*(self._end if begins and ids else ()), *ids)]

    async def as_prompt(self, messages: Sequence[Mapping[str, str]]) -> str | None:
        """No chat: nothing becomes of messages."""
        return None

    async def named(self, scored: Sequence[ScoredToken]) -> list[ScoredToken]:
        """Return the same: all have names."""
        return list(scored)

    async def likeliest(self, prompt: Prompt, count: int = WHOLE) -> list[ScoredToken]:
        """Return the likeliest tokens after a text, likeliest first. Raises NothingToContinue."""
        logprobs, _ = await self._after(prompt)
        order = np.argsort(-logprobs, kind="stable")[:count]
        return [ScoredToken(self._tokens[number], float(logprobs[number])) for number in order]

    async def likeliest_of_answer(self, question: str) -> list[ScoredToken]:
        """Raises SmallModelUnusable: it has no chats."""
        raise self._has_no("chats")

    async def logprob(self, prompt: Prompt, token: Token) -> tuple[float, list[ScoredToken]]:
        """Return how likely a token is after a text, in nats, and the likeliest ten. Raises NothingToContinue."""
        likeliest = await self.likeliest(prompt)
        return next(one.logprob for one in likeliest if one.token.id == token.id), likeliest[:10]

    async def score_offset(self, prompt: Sequence[int], scored: Sequence[ScoredToken]) -> float | None:
        """Return what makes log-probabilities the model's scores."""
        return (await self._after(prompt))[1]

    def stream(self, prompt: str, parameters: Mapping[str, Any]) -> AsyncGenerator[StreamEvent, None]:
        """Raises SmallModelUnusable: it has no endpoint whose request could be shown."""
        raise self._has_no("endpoint for completions, and writes on under “Next token”")

    async def _after(self, prompt: Prompt) -> tuple[Array, float]:
        """Return the log-probabilities of all tokens, (V,), and what makes them the model's scores again."""
        ids = self._training.mapping.encode(prompt) if isinstance(prompt, str) else list(prompt)
        if not ids:
            raise NothingToContinue(server=self.server.name, model=self.model)
        return await asyncio.to_thread(self._computed, ids)

    def _computed(self, ids: list[int]) -> tuple[Array, float]:
        with self._lock:
            logits = logits_after(self._training, ids).astype(np.float64)
        highest = logits.max()
        offset = float(highest + np.log(np.exp(logits - highest).sum()))
        return logits - offset, offset

    def _has_no(self, what: str) -> SmallModelUnusable:
        return SmallModelUnusable(name=self.model, detail=f"a small model has no {what}.")

    def _token(self, number: int) -> Token:
        if number in self._end:
            return Token(number, LINE_END, b"")
        mapping = self._training.mapping
        return Token(number, mapping.shown(number), mapping.bytes_of(number))


def logits_after(training: Training, ids: Sequence[int]) -> Array:
    """Return the scores of all tokens, (V,), to follow `ids`, one at least, as the model has learned to read them.

    An encoder of sums reads all up to the first “=”, one of texts the first half of what is seen.
    """
    context = training.plan.shape.context
    source, seen = read_and_written(training, list(ids)[-MOST_READ:])
    if training.plan.shape.kind is not Kind.GRU:  # a recurrence has no longest text
        seen = seen[-context:]
    read = None if source is None else np.array([source])
    scores: Array = training.model.logits(training.weights, np.array([seen]), read)[0, -1]
    return scores
