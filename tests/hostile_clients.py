"""Every client of the program against one mode of a hostile server: what it says in the end, and what it kept."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urlsplit

from chatbot_app.core.errors import AppError
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.embedding_client import EmbeddingClient
from chatbot_app.llm.stream_events import ReasoningDelta, TextDelta
from chatbot_app.llm.web_pages import PageFetcher
from chatbot_app.llm.window_questions import model_window
from tests.hostile_servers import MODES

QUESTION = [{"role": "user", "content": "Hello?"}]


@dataclass(frozen=True)
class Ending:
    """`said` is the sentence for the person, `characters` what was kept; `was_stopped` by the person."""

    said: str
    characters: int = 0
    was_stopped: bool = False
    seconds_to_stop: float = 0.0


async def attack(mode: str, address: str, stop_after: float) -> Ending:
    """Let the client that `mode` is meant for ask, and stop it after some seconds as a person would."""
    kept = [0]
    task = asyncio.ensure_future(_ask(MODES[mode].asks, address, kept))
    done, _ = await asyncio.wait([task], timeout=stop_after)
    if done:
        return Ending(task.result(), kept[0])
    asked = asyncio.get_running_loop().time()
    task.cancel()
    await asyncio.wait([task])
    return Ending("stopped", kept[0], True, asyncio.get_running_loop().time() - asked)


async def _ask(client: str, address: str, kept: list[int]) -> str:
    server = Server("s", "Hostile", address, ServerKind.VLLM)
    try:
        if client == "chat":
            return await _chat(server, kept)
        if client == "models":
            return await _models(server)
        if client == "window":
            window = await model_window(server, None, "m")
            return f"window {window.tokens}"
        if client == "vectors":
            return await asyncio.to_thread(_vectors, server)
        return await asyncio.to_thread(_page, address)
    except AppError as error:
        return str(error)


async def _chat(server: Server, kept: list[int]) -> str:
    async def no_sleep(_: float) -> None:
        return

    client = ChatClient(server, None, sleep=no_sleep)
    try:
        async with aclosing(client.stream(QUESTION, "m", {})) as events:
            async for event in events:
                if isinstance(event, TextDelta | ReasoningDelta):
                    kept[0] += len(event.text)
        return "ended"
    finally:
        await client.close()


async def _models(server: Server) -> str:
    client = ChatClient(server, None)
    try:
        return f"{len(await client.describe_models())} models"
    finally:
        await client.close()


def _vectors(server: Server) -> str:
    client = EmbeddingClient(server, None, "m", answer_seconds=10)
    try:
        return f"{len(client.request(['a', 'b']))} vectors"
    finally:
        client.close()


def _page(address: str) -> str:
    port = urlsplit(address).port or 80

    fetcher = PageFetcher(resolve=lambda host, _: ["93.184.216.34"], route=lambda *_: ("127.0.0.1", port))
    page = fetcher.fetch(address.replace("127.0.0.1", "page.example"))
    return f"page of {len(page.body)} bytes"
