"""Raw text in, what follows out: a server's `/completions`, and what llama.cpp says of tokens besides."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from chatbot_app.core.completion_errors import NoForcedTokens, NoLogprobs, NothingToContinue
from chatbot_app.core.errors import RequestRefused
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.text import clean_text
from chatbot_app.llm.completion_stream import stream_completion
from chatbot_app.llm.logprobs import (
    ScoredToken,
    Token,
    next_tokens,
    probabilities_after_sampling,
    token_places,
)
from chatbot_app.llm.raw_requests import RawRequests
from chatbot_app.llm.stream_events import StreamEvent

Prompt = str | Sequence[int]  # a text, or the ids of its tokens where the server takes them

WHOLE = 300_000  # more tokens than any vocabulary has: all of them
LIKELIEST = (40, 20, 5, 1)  # that are asked for where servers have a limit: vLLM's is 20, OpenAI's 5
_FORCED = 1000.0  # added to a token's score: nothing else is drawn
_PENALISED = 64  # tokens that penalties look back at
_BIAS = 100.0  # makes any score positive that a token has whom a prompt holds
_USUAL_OFFSET = (
    20.0  # of scores to log-probabilities; a guess that keeps both tokens of the comparison likely
)

# What the model says and nothing else: no draw, no penalty, none of the built-in server's defaults.
PLAIN = {
    "temperature": 0.0,
    "repeat_penalty": 1.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "dry_multiplier": 0.0,
    "top_k": 0,
    "top_p": 1.0,
    "min_p": 0.0,
}
_WITHOUT_TOKENIZER = (ServerKind.OPENAI, ServerKind.OLLAMA, ServerKind.LM_STUDIO)


class CompletionClient(RawRequests):
    """Continues raw texts with one model. Every method raises ServerError."""

    def __init__(self, server: Server, key: str | None, model: str, **options: Any) -> None:
        super().__init__(server, key, model, **options)
        self._neutral: int | None = None  # the id of a token that is a whole character
        self._is_llama: bool | None = None if server.kind not in _WITHOUT_TOKENIZER else False
        self._most: dict[str, int] = {}  # likeliest tokens that the server names, by what is asked
        self._names: dict[int, str] = {}  # of special tokens
        self._vocabulary: dict[int, Token] = {}  # as far as it was read

    # --- tokens, where the server speaks llama.cpp's language ------------------------------------------------

    async def speaks_of_tokens(self) -> bool:
        """Whether the server names ids of tokens, takes them as a prompt, and names its whole vocabulary."""
        if self._is_llama is None:
            told = await self.try_below_root("/tokenize", {"content": "a", "add_special": False})
            ids = (told or {}).get("tokens")
            self._is_llama = isinstance(ids, list) and bool(ids) and isinstance(ids[0], int)
            self._neutral = ids[0] if self._is_llama and isinstance(ids, list) else None
        return self._is_llama

    async def tokens_of(self, text: str, *, begins: bool = True) -> list[Token]:
        """Return the tokens of a text, special ones that it spells included; [] where the server does not say.

        `begins` adds what the model wants at the start of a text.
        """
        if not text or not await self.speaks_of_tokens():
            return []
        asked = {
            "content": clean_text(text),
            "add_special": begins,
            "parse_special": True,
            "with_pieces": True,
        }
        told = await self.below_root("/tokenize", asked)
        entries = told.get("tokens")
        if not isinstance(entries, list):
            raise self.unreadable()
        return [_piece(entry) for entry in entries if isinstance(entry, dict)]

    async def as_prompt(self, messages: Sequence[Mapping[str, str]]) -> str | None:
        """Return messages as the model's chat template puts them into one text; None where the server does not say."""
        if not await self.speaks_of_tokens():
            return None
        asked = {"messages": [{name: clean_text(text) for name, text in one.items()} for one in messages]}
        told = await self.try_below_root("/apply-template", asked)
        prompt = (told or {}).get("prompt")
        return prompt if isinstance(prompt, str) else None

    async def named(self, scored: Sequence[ScoredToken]) -> list[ScoredToken]:
        """Return the same with names for special tokens, which stand for no text and so come without any."""
        named: list[ScoredToken] = []
        for one in scored:
            token = one.token
            if token.id is not None and not token.text and token.is_special:
                one = ScoredToken(Token(token.id, await self._name(token.id), b""), one.logprob)
            named.append(one)
        return named

    async def _name(self, number: int) -> str:
        if number not in self._names:
            told = await self.try_below_root("/detokenize", {"tokens": [number]})
            name = (told or {}).get("content")
            self._names[number] = clean_text(name) if isinstance(name, str) and name else f"⟨{number}⟩"
        return self._names[number]

    # --- probabilities ---------------------------------------------------------------------------------------

    async def likeliest(self, prompt: Prompt, count: int = WHOLE) -> list[ScoredToken]:
        """Return the likeliest tokens after a text, likeliest first, as many as the server names at most.

        Raises NoLogprobs, NoCompletions, NothingToContinue, TextTooLong where there is none.
        """
        if not prompt:
            raise NothingToContinue(server=self.server.name, model=self.model)
        if await self.speaks_of_tokens():
            # The token that is drawn has to be a whole character: of a part the server tells nothing at all.
            bias = [[self._neutral, _FORCED]]
            body = await self.first_token({"prompt": prompt, **PLAIN, "logprobs": count, "logit_bias": bias})
            return await self._read(body)
        return await self._as_many_as_are_named(
            "completion",
            lambda most: self.first_token({"prompt": prompt, "temperature": 0.0, "logprobs": most}),
        )

    async def likeliest_of_answer(self, question: str) -> list[ScoredToken]:
        """Return the likeliest first tokens of the answer to a message; for servers that have chats alone.

        Raises NoLogprobs where there are none.
        """
        return await self._as_many_as_are_named(
            "chat",
            lambda most: self.first_token_of_answer(
                question, {"temperature": 0.0, "logprobs": True, "top_logprobs": most}
            ),
        )

    async def _as_many_as_are_named(
        self, what: str, ask: Callable[[int], Awaitable[str]]
    ) -> list[ScoredToken]:
        known = self._most.get(what, LIKELIEST[0])
        for most in (number for number in LIKELIEST if number <= known):
            try:
                body = await ask(most)
            except RequestRefused:
                if most == LIKELIEST[-1]:
                    raise
                continue
            self._most[what] = most
            return await self._read(body)
        raise NoLogprobs(server=self.server.name, model=self.model)

    async def logprob(self, prompt: Prompt, token: Token) -> tuple[float, list[ScoredToken]]:
        """Return how likely a token is after a text, in nats, and the likeliest ten. Raises NoForcedTokens."""
        if token.id is None or not await self.speaks_of_tokens():
            raise NoForcedTokens(server=self.server.name)
        if not prompt:
            raise NothingToContinue(server=self.server.name, model=self.model)
        if not token.is_special and not token.is_part:
            bias = [[token.id, _FORCED]]
            body = await self.first_token({"prompt": prompt, **PLAIN, "logprobs": 10, "logit_bias": bias})
            places = token_places(await self.as_json(body))
            if places and places[0].token is not None and places[0].token.token.id == token.id:
                return places[0].token.logprob, await self.named(places[0].likeliest)
        # Of a part of a character, and of what ends the text, the server tells nothing when it is drawn.
        likeliest = await self.likeliest(prompt)
        found = next((one.logprob for one in likeliest if one.token.id == token.id), None)
        if found is None:
            raise NoForcedTokens(server=self.server.name)
        return found, await self.named(likeliest[:10])

    async def score_offset(self, prompt: Sequence[int], scored: Sequence[ScoredToken]) -> float | None:
        """Return what has to be added to log-probabilities to make them the model's scores; None where nobody says it.

        Servers name log-probabilities, which are scores less one number that is the same for all tokens. llama.cpp's
        repeat penalty divides a score, so it tells them apart: of a token that stands in the prompt, raised by a bias so
        that its score is positive, and one that does not, the ratio after a penalty of 2 gives that number.
        """
        last = set(prompt[-_PENALISED:])
        repeated = next((one for one in scored if one.token.id in last), None)
        other = next((one for one in scored if one.token.id not in last), None)
        if repeated is None or other is None or not await self.speaks_of_tokens():
            return None
        against = _BIAS / 2 + repeated.logprob / 2 - other.logprob - _USUAL_OFFSET / 2
        asked = {
            **PLAIN,
            "prompt": list(prompt),
            "n_predict": 1,
            "n_probs": 2,
            "post_sampling_probs": True,
            "samplers": ["penalties"],
            "temperature": 1.0,
            "repeat_penalty": 2.0,
            "repeat_last_n": _PENALISED,
            "logit_bias": [[repeated.token.id, _BIAS], [other.token.id, against]],
        }
        told = probabilities_after_sampling(await self.try_below_root("/completion", asked))
        first, second = told.get(repeated.token.id or 0), told.get(other.token.id or 0)
        if not first or not second:
            return None
        difference = math.log(first / second)
        return -2 * (difference + other.logprob + against - (repeated.logprob + _BIAS) / 2)

    async def _read(self, body: str) -> list[ScoredToken]:
        try:
            found = await asyncio.to_thread(next_tokens, body, self._vocabulary)
        except ValueError:
            raise self.unreadable() from None
        if not found:
            raise NoLogprobs(server=self.server.name, model=self.model)
        return found

    def stream(self, prompt: str, parameters: Mapping[str, Any]) -> AsyncGenerator[StreamEvent, None]:
        """Continue a text (see `stream_completion`)."""
        return stream_completion(self, prompt, parameters)


def _piece(entry: Mapping[str, Any]) -> Token:
    number, piece = entry.get("id"), entry.get("piece")
    identity = number if isinstance(number, int) else None
    if isinstance(piece, list):
        data = bytes(one for one in piece if isinstance(one, int) and 0 <= one < 256)
        return Token(identity, "".join(f"\\x{one:02X}" for one in data), data)
    text = piece if isinstance(piece, str) else ""
    return Token(identity, clean_text(text), text.encode("utf-8", "replace"))
