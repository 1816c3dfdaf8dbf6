"""Vectors from an embedding model of this computer: a GGUF file in a child, asked like a server."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from chatbot_app.core.errors import AppError
from chatbot_app.core.local_models import LocalModel
from chatbot_app.core.model_errors import LocalServerFailed
from chatbot_app.core.servers import BUILT_IN_SERVER, Server
from chatbot_app.llm.embedding_client import EmbeddingClient
from chatbot_app.llm.local.engines import Engines
from chatbot_app.llm.local.server_child import LocalEndpoint

_LONGEST_TOKEN = 100  # characters; what lies beyond so many a token of the window is not even looked at

_LOOKS, _LOOK_SECONDS = 10, 0.05


class LocalEmbeddingClient:
    """Asks one embedding model of this computer, which the first text loads. Close it at the end; safe from threads.

    A text that is longer than the model's window is cut to it.
    """

    def __init__(self, engines: Engines, model: LocalModel, pooling: str = "") -> None:
        """`pooling` of POOLINGS takes the place of what the file says."""
        self._pooling = pooling
        self._engines = engines
        self._model = model
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._endpoint: LocalEndpoint | None = None
        self._client: EmbeddingClient | None = None

    def request(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text. Raises AppError."""
        endpoint, client = self._opened()
        try:
            return client.request([_fitting(text, endpoint.context_window, client) for text in texts])
        except AppError:
            # Another model took its memory meanwhile, or it crashed: that is no reason to leave a document without.
            if not self._is_replaced(endpoint):
                raise
        endpoint, client = self._opened()
        return client.request([_fitting(text, endpoint.context_window, client) for text in texts])

    def _is_replaced(self, endpoint: LocalEndpoint) -> bool:
        """Whether another child answers now, waiting a moment until the end of the one before is noticed."""
        for _ in range(_LOOKS):
            if self._interrupted.is_set():
                return False
            if self._opened()[0] != endpoint:
                return True
            self._interrupted.wait(_LOOK_SECONDS)
        return False

    def interrupt(self) -> None:
        """End the request that is under way, from any thread, and refuse what comes later: the program ends.

        The call that is ended raises AppError.
        """
        self._interrupted.set()
        with self._lock:
            client = self._client
        if client is not None:
            client.interrupt()
        self._engines.unload(self._model.id)  # who waits for its loading is told

    def close(self) -> None:
        """Close the connections; the model unloads when it was idle, or with the program."""
        with self._lock:
            client, self._client, self._endpoint = self._client, None, None
        if client is not None:
            client.close()

    def _opened(self) -> tuple[LocalEndpoint, EmbeddingClient]:
        if self._interrupted.is_set():
            raise LocalServerFailed(detail="it was not waited for: the program ends.")
        endpoint = self._engines.load_for_vectors(self._model.id, self._pooling)
        with self._lock:
            client = self._client
            if client is None or endpoint != self._endpoint:
                if client is not None:
                    client.close()
                server = Server(
                    BUILT_IN_SERVER.id, BUILT_IN_SERVER.name, endpoint.base_url, BUILT_IN_SERVER.kind
                )
                client = EmbeddingClient(server, endpoint.api_key, endpoint.model)
                self._client, self._endpoint = client, endpoint
            if self._interrupted.is_set():
                client.interrupt()
            return endpoint, client


def _fitting(text: str, window: int, client: EmbeddingClient) -> str | list[int]:
    """Return a text, or as many of its tokens as fit, with those that the model has at its end."""
    if text.isascii() and len(text) + 16 <= window:  # no token is shorter than a byte
        return text
    text = text[: window * _LONGEST_TOKEN]
    tokens = client.tokens(text)
    if len(tokens) <= window:
        return text
    around = client.tokens("")
    ending = next(
        (
            around[at:]
            for at in range(len(around))
            if around[:at] == tokens[:at] and tokens[len(tokens) - len(around) + at :] == around[at:]
        ),
        [],
    )
    return tokens[: window - len(ending)] + ending
