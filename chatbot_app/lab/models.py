"""The models that the laboratory asks: the ones that chat, over connections of their own, and those of “Build one”."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.lab.raw_model import SMALL_MODELS, RawModel, SmallModelUnusable
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.stream_events import StreamEvent

if TYPE_CHECKING:
    from chatbot_app.lab.small.speaking import SmallModelClient


class RawModels:
    """Opens models for raw texts and remembers what it learnt of each; belongs to the gateway's asyncio loop."""

    def __init__(self, gateway: Gateway, small_models: Path | None = None) -> None:
        """`small_models` is the folder of those that a person had learn, None where they are not asked."""
        self._gateway = gateway
        self._small_models = small_models
        self._clients: dict[tuple[str, str], CompletionClient] = {}
        self._opened: SmallModelClient | None = None  # the last one

    @asynccontextmanager
    async def use(
        self, server_id: str | None = None, model: str | None = None
    ) -> AsyncGenerator[RawModel, None]:
        """Give a model, started where it runs on this computer; raises as `Gateway.open` does, and SmallModelUnusable.

        Its connections are closed when nobody uses it any more, also where the task is cancelled.
        """
        if server_id == SMALL_MODELS.id and self._small_models is not None:
            yield await self._small(self._small_models, model)
            return
        client = await self._open(server_id, model)
        async with client.hold():
            yield client

    async def chat(
        self, server_id: str | None, model: str | None, question: str, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask a model a question as a message, with nothing around it. Raises SmallModelUnusable, and what `ChatClient.stream` does."""
        if server_id == SMALL_MODELS.id:
            raise SmallModelUnusable(
                name=model or SMALL_MODELS.name, detail="it goes on from texts, and has no chats."
            )
        connection = await self._gateway.open(GenerationSettings(server_id=server_id, model=model))
        messages = [{"role": "user", "content": question}]
        async with aclosing(connection.client.stream(messages, connection.model, parameters)) as events:
            async for event in events:
                yield event

    async def _small(self, root: Path, name: str | None) -> RawModel:
        """Return a small model as it was saved last: it may be learning on."""
        self._opened = await asyncio.to_thread(_open_small, root, name, self._opened)
        return self._opened

    async def _open(self, server_id: str | None, model: str | None) -> CompletionClient:
        connection = await self._gateway.open(GenerationSettings(server_id=server_id, model=model))
        server, key = connection.server, connection.client.api_key
        known = self._clients.get((server.id, connection.model))
        if known is not None and known.serves(server, key):
            return known
        client = CompletionClient(server, key, connection.model)
        await client.retire()  # so that it closes whenever nobody holds it
        self._clients[server.id, connection.model] = client
        return client


def _open_small(root: Path, name: str | None, known: SmallModelClient | None) -> SmallModelClient:
    from chatbot_app.lab.small.speaking import open_small_model  # autograd is for those who have such models

    return open_small_model(root, name, known)
