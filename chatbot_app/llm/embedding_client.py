"""Vectors from a server's `/v1/embeddings`; blocking, for the thread that imports or searches."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatbot_app.core.errors import ServerError
from chatbot_app.core.servers import Server
from chatbot_app.core.text import clean_text
from chatbot_app.llm.errors import Exchange, failure_of, not_a_model_server, status_failure
from chatbot_app.llm.reach import is_loopback

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0  # a batch on a slow machine


class EmbeddingClient:
    """Asks one model of one server. Close it at the end; safe from several threads."""

    def __init__(
        self, server: Server, key: str | None, model: str, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._exchange = Exchange(
            server,
            model,
            key,
            url=f"{server.base_url}/embeddings",
            limits=(CONNECT_SECONDS, answer_seconds),
        )
        self._client: httpx2.Client | None = None

    def request(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text, as the server gave them. Raises ServerError."""
        import httpx2

        exchange = self._exchange
        body = {
            "model": exchange.model,
            "input": [clean_text(text) for text in texts],
            "encoding_format": "float",
        }
        try:
            answer = self._opened().post(exchange.url, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, ImportError, OSError) as exc:
            raise failure_of(exc, exchange, datetime.now(UTC)).error from exc
        if answer.status_code != 200:
            raise status_failure(
                answer.status_code, answer.headers, answer.text, exchange, datetime.now(UTC)
            ).error
        try:
            value = answer.json()
        except ValueError:
            raise not_a_model_server("something that is no JSON", exchange) from None
        return _vectors(value, len(texts), exchange)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> httpx2.Client:
        import httpx2

        if self._client is None:
            server, key = self._exchange.server, self._exchange.key
            local = is_loopback(server.base_url)
            limits = self._exchange.limits
            self._client = httpx2.Client(
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=httpx2.Timeout(limits[1], connect=limits[0], pool=limits[0]),
                follow_redirects=False,
                trust_env=not local,
                # Loading all certificates takes 30 ms, and http on this machine needs none.
                verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                if local and server.base_url.startswith("http:")
                else True,
            )
        return self._client


def _vectors(value: Any, count: int, exchange: Exchange) -> list[list[float]]:
    """Return the vectors of an answer in the order of the texts. Raises ServerError where any is missing."""
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, list):
        raise _refused(exchange, "its answer holds no vectors.")
    vectors: dict[int, list[float]] = {}
    for place, entry in enumerate(data):
        vector = entry.get("embedding") if isinstance(entry, dict) else None
        if not isinstance(vector, list) or not all(isinstance(number, int | float) for number in vector):
            raise _refused(exchange, "its answer holds no vectors.")
        index = entry.get("index", place)
        vectors[index if isinstance(index, int) else place] = vector
    if sorted(vectors) != list(range(count)):
        raise _refused(exchange, f"{len(vectors)} vectors came for {count} texts.")
    if len({len(vector) for vector in vectors.values()}) > 1:
        raise _refused(exchange, "its vectors differ in length.")
    return [vectors[index] for index in range(count)]


def _refused(exchange: Exchange, detail: str) -> ServerError:
    return ServerError(server=exchange.server.name, detail=detail)
