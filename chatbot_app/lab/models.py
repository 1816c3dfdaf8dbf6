"""The models that the laboratory asks: the ones that chat, over connections of their own."""

from __future__ import annotations

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.gateway import Gateway


class RawModels:
    """Opens models for raw texts, and keeps one client for each; belongs to the gateway's asyncio loop."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._clients: dict[tuple[str, str], CompletionClient] = {}

    async def open(self, server_id: str | None = None, model: str | None = None) -> CompletionClient:
        """Return a client for a model, starting it where it runs on this computer; raises as `Gateway.open` does."""
        connection = await self._gateway.open(GenerationSettings(server_id=server_id, model=model))
        server, key = connection.server, connection.client.api_key
        known = self._clients.get((server.id, connection.model))
        if known is not None and known.serves(server, key):
            return known
        if known is not None:
            await known.retire()
        client = CompletionClient(server, key, connection.model)
        self._clients[server.id, connection.model] = client
        return client

    async def close(self) -> None:
        """Close all connections."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.close()
