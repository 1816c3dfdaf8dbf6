"""Counts tokens as the server itself does: llama.cpp (the built-in model included) and vLLM."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import Enum
from typing import Any

from chatbot_app.core.errors import Offline, ProxyUnusable, ServerError
from chatbot_app.core.prompt_plan import TemplateCosts
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.text import clean_text
from chatbot_app.core.token_cache import CountStore, TokenCache, text_digest
from chatbot_app.llm.body_limits import ERROR_BYTES, ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.probe_client import ProbeClient, json_object

CONCURRENT_REQUESTS = 4
_SECONDS = 60.0  # a megabyte takes a second, a busy machine more
LARGEST_COUNT_BYTES = 32 * 1024 * 1024  # of the tokens of one text
_NOT_NOW = {401, 403, 407, 429, 502, 503, 504}  # no refusal of a text or a template: the server is away
_SENTINEL = "x"  # a text of one token
_MARK = "CONTENTGOESHERE"
_FINGERPRINT = (
    "The 3 cats' naïve façade: 漢字, мир, 😀\n\tdef f(x): return x**2  # 12345"  # says whose tokens
)
_FRAME = 32  # characters around a text that its first and last tokens may merge with
_OPENING = re.compile(r"[<\[{|｜▁>\]]")  # what special tokens are spelled with

_Messages = list[dict[str, str]]


class Dialect(Enum):
    """How a server is asked to tokenize."""

    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around a text in the template, and whether the template strips the text."""

    before: str = ""
    after: str = ""
    strips: bool = False
    known: bool = False


class ServerTokenCounter:
    """Token counts of one model of one server; belongs to one asyncio loop.

    A text is counted where it stands in the chat template, as in a chat request: its first characters
    merge with the template's line break. One that could spell a special token (`<|im_end|>`) is counted as the
    template puts it there: the built-in server breaks such tokens, others let them through.
    """

    def __init__(
        self,
        server: Server,
        model: str,
        dialect: Dialect,
        client: ProbeClient,
        store: CountStore | None = None,
    ) -> None:
        """Use `probe` to find out whether a server can count."""
        self._server = server
        self._model = model
        self._dialect = dialect
        self._client = client
        self._limit = asyncio.Semaphore(CONCURRENT_REQUESTS)
        self._setup = asyncio.Lock()
        self._frame: _Frame | None = None
        self._frame_tokens = 0
        self._costs: TemplateCosts | None = None
        self._store = store
        self._cache = TokenCache("")

    @classmethod
    async def probe(
        cls, server: Server, key: str | None, model: str, store: CountStore | None = None
    ) -> ServerTokenCounter | None:
        """Return a counter where the server has a tokenizer to ask, else None; `store` keeps its counts.

        Raises Offline where the server could not be asked, so that nobody knows.
        """
        if server.kind in (ServerKind.OPENAI, ServerKind.OLLAMA, ServerKind.LM_STUDIO) or not server.base_url:
            return None
        async with AsyncExitStack() as until_kept:
            try:
                client = await until_kept.enter_async_context(ProbeClient(server, key))
            except ProxyUnusable as error:
                raise Offline(server=server.name, detail=error.summary) from None
            dialect = await _dialect(client, model)
            if dialect is None:
                if not client.was_reached:
                    raise Offline(server=server.name, detail="Its tokenizer could not be asked.")
                return None
            until_kept.pop_all()  # the counter closes it
            client.allow(_SECONDS)
            return cls(server, model, dialect, client, store)

    async def close(self) -> None:
        """Close the connections; who counts later opens new ones."""
        await self._client.close()

    async def retire(self) -> None:
        """Close the connections once nothing is being counted, and again after whoever counts later."""
        await self._client.retire()

    async def count_texts(self, texts: Sequence[str], *, lasting: bool = False) -> list[int]:
        """Return the tokens of each text inside a chat message, without the template.

        Counts of `lasting` texts, a history's and not a draft's, are kept in the store. Raises ServerError.
        """
        frame = await self._known_frame()
        digests, known = await asyncio.to_thread(self._look_up, texts, lasting)
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        if not missing:
            return [known[digest] for digest in digests]
        counted = await asyncio.gather(*(self._count(text, frame) for text in missing.values()))
        fresh = dict(zip(missing, counted, strict=True))
        await asyncio.to_thread(self._cache.keep, fresh, lasting=lasting)
        return [fresh[digest] if digest in fresh else known[digest] for digest in digests]

    def _look_up(self, texts: Sequence[str], lasting: bool) -> tuple[list[bytes], dict[bytes, int]]:
        digests = [text_digest(text) for text in texts]
        return digests, self._cache.find(digests, lasting=lasting)

    async def template_costs(self) -> TemplateCosts:
        """Return what the chat template adds, measured with short probes. Raises ServerError."""
        if self._costs is None:
            self._costs = await self._measure_costs()
        return self._costs

    async def _measure_costs(self) -> TemplateCosts:
        frame = await self._known_frame()
        [content] = await self.count_texts([_SENTINEL])
        user, assistant, system = (
            {"role": role, "content": _SENTINEL} for role in ("user", "assistant", "system")
        )
        one = await self._count_messages([user])
        two = await self._count_messages([user, user])
        answer_first = await self._count_messages([assistant, user])
        three = await self._count_messages([user, assistant, user])
        with_system = await self._count_messages([system, user])
        if one is None or three is None:
            return TemplateCosts()
        pair = three - one - 2 * content
        # Some templates refuse two questions in a row: then a question and an answer share what they cost.
        per_message = pair // 2 if two is None else two - one - content
        if with_system is None:  # a template without a system role: nothing is inserted either
            reply, without_system = one - content - per_message, 0
        else:
            reply = with_system - 2 * (content + per_message)
            without_system = one - content - per_message - reply
        free_order = two is not None and answer_first == three - content - per_message
        return TemplateCosts(
            per_message, reply, without_system, frame.known, pair - 2 * per_message, free_order
        )

    async def _known_frame(self) -> _Frame:
        async with self._setup:
            if self._frame is None:
                frame = await self._find_frame()
                self._frame_tokens = await self._tokens_between(frame, "")
                self._cache = TokenCache(await self._tokenizer_name(frame), self._store)
                self._frame = frame
            return self._frame

    async def _tokenizer_name(self, frame: _Frame) -> str:
        """Return a name that changes when the server loads another model under the name of this one."""
        if self._dialect is Dialect.VLLM:
            messages = [{"role": "user", "content": _FINGERPRINT}]
            body: dict[str, Any] = {"model": self._model, "messages": messages}
        else:
            body = {"content": _FINGERPRINT, "add_special": True, "parse_special": True}
        answer = await self._try("/tokenize", body) or {}
        seen = [frame.before, frame.after, frame.strips, answer.get("tokens"), answer.get("count")]
        digest = hashlib.blake2b(json.dumps(seen).encode(), digest_size=8).hexdigest()
        return f"{self._dialect.value}:{self._model}:{digest}"

    async def _find_frame(self) -> _Frame:
        if self._dialect is Dialect.VLLM:
            return _Frame(known=True)  # it counts whole messages itself
        answer = await self._try("/apply-template", {"messages": [{"role": "user", "content": f" {_MARK} "}]})
        before, mark, after = str((answer or {}).get("prompt", "")).rpartition(_MARK)
        if not mark:
            return _Frame()
        strips = not (before.endswith(" ") and after.startswith(" "))
        if not strips:
            before, after = before[:-1], after[1:]
        return _Frame(before[-_FRAME:], after[:_FRAME], strips, known=True)

    async def _count(self, text: str, frame: _Frame) -> int:
        text = clean_text(text.strip() if frame.strips else text)  # a lone surrogate is no JSON
        if not text:
            return 0
        return await self._tokens_between(frame, text) - self._frame_tokens

    async def _tokens_between(self, frame: _Frame, text: str) -> int:
        if self._dialect is Dialect.LLAMA_CPP:
            return await self._count_prompt(frame.before + await self._as_sent(frame, text) + frame.after)
        tokens = await self._count_messages([{"role": "user", "content": text}])
        if tokens is None:
            raise ServerError(server=self._server.name, detail="it does not count tokens any more.")
        return tokens

    async def _as_sent(self, frame: _Frame, text: str) -> str:
        """Return a text as the chat template puts it into the prompt; as it is where the template refuses it."""
        if not frame.known or not _OPENING.search(text):
            return text
        answer = await self._try("/apply-template", {"messages": [{"role": "user", "content": text}]})
        prompt = str((answer or {}).get("prompt", ""))
        start = prompt.find(frame.before) + len(frame.before)
        end = prompt.rfind(frame.after) if frame.after else len(prompt)
        whole = frame.before in prompt and frame.after in prompt and start <= end
        return prompt[start:end] if whole else text

    async def _count_messages(self, messages: _Messages) -> int | None:
        """Return the tokens of a whole prompt, None where the template refuses such messages."""
        if self._dialect is Dialect.VLLM:
            body = {"model": self._model, "messages": messages, "add_generation_prompt": True}
            answer = await self._try("/tokenize", body)
            return int(answer["count"]) if answer and "count" in answer else None
        answer = await self._try("/apply-template", {"messages": messages})
        if not answer or "prompt" not in answer:
            return None
        return await self._count_prompt(str(answer["prompt"]), add_special=True)

    async def _count_prompt(self, prompt: str, *, add_special: bool = False) -> int:
        body = {"content": prompt, "add_special": add_special, "parse_special": True}
        answer = await self._try("/tokenize", body)
        if not answer or not isinstance(answer.get("tokens"), list):
            raise ServerError(server=self._server.name, detail="it does not count tokens any more.")
        return len(answer["tokens"])

    async def _try(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the server's answer, None where it refuses. Raises Offline."""
        import httpx2

        # A token has at least a byte of text, and as a number and as text takes no more than this.
        most = min(ERROR_BYTES + 16 * len(json.dumps(body)), LARGEST_COUNT_BYTES)
        async with self._limit:
            try:
                try:
                    answer = await self._client.send(path, body, most)
                except httpx2.RemoteProtocolError:
                    # A kept connection that the server closed in the same moment; asking twice is harmless.
                    answer = await self._client.send(path, body, most)
            except (httpx2.HTTPError, ReplyCompressed, ReplyTooLarge, TimeoutError) as exc:
                raise Offline(server=self._server.name, detail="Counting tokens failed.") from exc
        if answer.status_code in _NOT_NOW:
            raise Offline(
                server=self._server.name, detail=f"Counting tokens failed (HTTP status {answer.status_code})."
            )
        return json_object(answer)


async def _dialect(client: ProbeClient, model: str) -> Dialect | None:
    answer = await client.ask("/tokenize", {"content": _SENTINEL, "add_special": False})
    if answer and isinstance(answer.get("tokens"), list):
        return Dialect.LLAMA_CPP
    messages = [{"role": "user", "content": _SENTINEL}]
    answer = await client.ask("/tokenize", {"model": model, "messages": messages})
    return Dialect.VLLM if answer and isinstance(answer.get("count"), int) else None
