"""Short questions to a server besides the chat itself: its window, its tokenizer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from chatbot_app.core.servers import Server
from chatbot_app.llm.body_limits import JSON_BYTES, MOST_BYTES, ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.http import CONNECT_SECONDS, close_client, open_client
from chatbot_app.llm.json_bodies import read_json
from chatbot_app.llm.retirement import Retirement

if TYPE_CHECKING:
    import httpx2

PROBE_SECONDS = 2.0  # a server that does not say its window at once is not waited for
# The answers of a server that is not itself yet: it wants another key, it starts, or its gateway is alone.
_NOT_ITSELF = {401, 403, 407, 408, 425, 429, 500, 502, 503, 504}


class ProbeClient:
    """Asks below a server's root (without `/v1`), with the server's own key; belongs to one asyncio loop.

    `was_reached` tells whether any question was answered by the server as itself: what it did not say then,
    it does not say. Raises ProxyUnusable where the environment's proxy or certificates are unusable.
    """

    def __init__(self, server: Server, key: str | None, seconds: float = PROBE_SECONDS) -> None:
        self.was_reached = False
        self._server = server
        self._key = key
        self._seconds = seconds
        self._http = self._open()
        self._retirement = Retirement(self.close)

    def _open(self) -> httpx2.AsyncClient:
        return open_client(
            self._server,
            self._key,
            connect_seconds=min(self._seconds, CONNECT_SECONDS),
            first_byte_seconds=self._seconds,
            keepalive_seconds=2.0,  # llama.cpp closes after 5 s: be first
            base_url=server_root(self._server.base_url),
        )

    def allow(self, seconds: float) -> None:
        """Give later answers so many seconds."""
        self._seconds = seconds
        self._http.timeout = seconds

    async def close(self) -> None:
        """Close the connections; a question asked later opens new ones."""
        await close_client(self._http)

    async def retire(self) -> None:
        """Close the connections once no question is under way: another client takes this one's place."""
        await self._retirement.retire()

    async def __aenter__(self) -> ProbeClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """Return the JSON object at `path` (POST with a body, else GET), None for any other answer or none."""
        import httpx2

        try:
            answer = await self.send(path, body)
        except (httpx2.HTTPError, httpx2.InvalidURL, ReplyCompressed, ReplyTooLarge, TimeoutError):
            return None
        self.was_reached = self.was_reached or answer.status_code not in _NOT_ITSELF
        return json_object(answer)

    async def send(
        self, path: str, body: dict[str, Any] | None, most_bytes: int = JSON_BYTES
    ) -> httpx2.Response:
        """Return the whole response; raises httpx2's errors, ReplyCompressed, ReplyTooLarge, TimeoutError."""
        limit = {MOST_BYTES: most_bytes}
        # For everything together: a byte now and then would outlast the limit of the socket.
        async with self._retirement.hold(), asyncio.timeout(self._seconds):
            if self._http.is_closed:
                self._http = self._open()
            if body is None:
                return await self._http.get(path, extensions=limit)
            return await self._http.post(path, json=body, extensions=limit)


def json_object(answer: httpx2.Response) -> dict[str, Any] | None:
    """Return the JSON object of a success, None for anything else."""
    try:
        value = read_json(answer.content) if answer.status_code == 200 else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def server_root(base_url: str) -> str:
    """Return the address below which `/props`, `/tokenize` and `/api/show` are."""
    return base_url.rstrip("/").removesuffix("/v1")
