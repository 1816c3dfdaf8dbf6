"""The models that the laboratory asks: the ones that chat, over connections of their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.stream_events import StreamEvent


class RawModels:
    """Opens models for raw texts and remembers what it learnt of each; belongs to the gateway's asyncio loop."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._clients: dict[tuple[str, str], CompletionClient] = {}

    @asynccontextmanager
    async def use(
        self, server_id: str | None = None, model: str | None = None
    ) -> AsyncGenerator[CompletionClient, None]:
        """Give a client for a model, started where it runs on this computer; raises as `Gateway.open` does.

        Its connections are closed when nobody uses it any more, also where the task is cancelled.
        """
        client = await self._open(server_id, model)
        async with client.hold():
            yield client

    async def chat(
        self, server_id: str | None, model: str | None, question: str, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask a model a question as a message, with nothing around it; raises as `ChatClient.stream` does."""
        connection = await self._gateway.open(GenerationSettings(server_id=server_id, model=model))
        messages = [{"role": "user", "content": question}]
        async with aclosing(connection.client.stream(messages, connection.model, parameters)) as events:
            async for event in events:
                yield event

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
