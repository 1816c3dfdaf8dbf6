"""Vectors from a server's `/v1/embeddings`; blocking, for the thread that imports or searches."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatbot_app.core.errors import ServerError
from chatbot_app.core.servers import Server
from chatbot_app.core.text import clean_text
from chatbot_app.llm.body_limits import (
    ERROR_BYTES,
    MOST_BYTES,
    MOST_SECONDS,
    ReplyCompressed,
    ReplyTooLarge,
)
from chatbot_app.llm.errors import Exchange, failure_of, not_a_model_server, status_failure
from chatbot_app.llm.http import open_blocking_client
from chatbot_app.llm.json_bodies import read_json

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 5.0
_LOOK_SECONDS = 0.1
ANSWER_SECONDS = 120.0  # a batch on a slow machine: for the headers in all, and for the body
LARGEST_VECTOR = 8192  # numbers; twice those of the largest known models
TOKEN_BYTES = (
    200  # of the tokens of a character as JSON: one character of 3 bytes is 18 letters to some models
)
NUMBER_BYTES = 28  # of one number as JSON, with comma and blanks

_ENDS = "it was not waited for: the program ends."


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
        self._interrupted = threading.Event()

    def request(self, texts: Sequence[str | Sequence[int]]) -> list[list[float]]:
        """Return one vector for each text, or tokens of one, as the server gave them. Raises ServerError."""
        body = {
            "model": self._exchange.model,
            "input": [clean_text(text) if isinstance(text, str) else list(text) for text in texts],
            "encoding_format": "float",
        }
        value = self._asked(
            self._exchange.url, body, ERROR_BYTES + len(texts) * LARGEST_VECTOR * NUMBER_BYTES
        )
        return _vectors(value, len(texts), self._exchange)

    def tokens(self, text: str) -> list[int]:
        """Return llama.cpp's tokens of a text, with those that the model has around it. Raises ServerError."""
        text = clean_text(text)
        url = self._exchange.server.base_url.removesuffix("/v1") + "/tokenize"
        most = ERROR_BYTES + (len(text) + 100) * TOKEN_BYTES
        value = self._asked(url, {"content": text, "add_special": True}, most)
        tokens = value.get("tokens") if isinstance(value, dict) else None
        if not isinstance(tokens, list) or not all(isinstance(token, int) for token in tokens):
            raise _refused(self._exchange, "its answer holds no tokens.")
        return tokens

    def _asked(self, url: str, body: dict[str, Any], most_bytes: int) -> Any:
        """Return the JSON of an answer. Raises ServerError."""
        import httpx2

        exchange = self._exchange
        client = self._opened()
        try:
            answer = self._post(client, url, body, most_bytes)
        except (
            httpx2.HTTPError,
            httpx2.InvalidURL,
            ReplyTooLarge,
            ReplyCompressed,
            ValueError,
            OSError,
        ) as exc:
            raise failure_of(exc, exchange, datetime.now(UTC)).error from exc
        if answer.status_code != 200:
            raise status_failure(
                answer.status_code, answer.headers, answer.text, exchange, datetime.now(UTC)
            ).error
        try:
            return read_json(answer.content)
        except ValueError:
            raise not_a_model_server("something that is no JSON", exchange) from None

    def interrupt(self) -> None:
        """End the request that is under way, from any thread, and refuse what comes later: the program ends.

        The call that is ended raises ServerError.
        """
        self._interrupted.set()

    def _post(
        self, client: httpx2.Client, url: str, body: dict[str, Any], most_bytes: int
    ) -> httpx2.Response:
        """Ask, in a thread of its own: one that waits for a server cannot be woken, and a batch may take minutes."""
        if self._interrupted.is_set():
            raise _refused(self._exchange, _ENDS)
        done: queue.SimpleQueue[httpx2.Response | Exception] = queue.SimpleQueue()
        limits = {MOST_BYTES: most_bytes, MOST_SECONDS: self._exchange.limits[1]}

        def ask() -> None:
            try:
                done.put(client.post(url, json=body, extensions=limits))
            except Exception as exc:  # noqa: BLE001  # raised where it is waited for
                done.put(exc)

        threading.Thread(target=ask, name="embedding-request", daemon=True).start()
        while not self._interrupted.is_set():
            try:
                answer = done.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        raise _refused(self._exchange, _ENDS)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> httpx2.Client:
        if self._client is None:
            connect, answer = self._exchange.limits
            self._client = open_blocking_client(
                self._exchange.server, self._exchange.key, connect_seconds=connect, answer_seconds=answer
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
