"""What is known of servers and their models without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server, ServerKind

ModelKey = tuple[str, str]  # server id, model

# They hold the models that they list in memory; others load one when it is asked.
_ALWAYS_LOADED = (ServerKind.LLAMA_CPP, ServerKind.VLLM)


@dataclass(frozen=True, slots=True)
class KnownModels:
    """Servers in their order, the models that each has said to have, and what the person and the engine say of them.

    `chosen` is the server of the open conversation with the model that it names, "" for the server's own choice.
    """

    servers: tuple[Server, ...] = ()
    models: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by server id
    problems: Mapping[str, str] = field(default_factory=dict)  # why a list could not be had, by server id
    own: Mapping[str, str] = field(default_factory=dict)  # what a server answers with by itself, by its id
    running: frozenset[str] = frozenset()  # models of this computer that are loaded
    # What servers have in memory, by their ids.
    loaded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    favourites: tuple[ModelKey, ...] = ()
    chosen: ModelKey = ("", "")

    def server(self, server_id: str) -> Server | None:
        """Return a server by its id."""
        return next((server for server in self.servers if server.id == server_id), None)

    @property
    def current(self) -> ModelKey:
        """The server that answers and its model, as far as it is known: "" where only the server knows."""
        server_id, model = self.chosen
        listed = self.models.get(server_id, ())
        # A model that was taken off this computer: the default one answers in its place.
        is_gone = server_id == BUILT_IN_SERVER_ID and bool(listed) and model not in listed
        if model and not is_gone:
            return server_id, model
        server = self.server(server_id)
        own = self.own.get(server_id) or (server.default_model if server is not None else "")
        # A server that is asked for no model in particular answers with its first one.
        return server_id, own or (listed[0] if listed else "")

    def is_running(self, key: ModelKey) -> bool:
        """Whether a model is in memory, where that is known."""
        server_id, model = key
        if server_id == BUILT_IN_SERVER_ID:
            return model in self.running
        server = self.server(server_id)
        if server is None or server.kind not in _ALWAYS_LOADED:
            return model in self.loaded.get(server_id, ())
        return model in self.models.get(server_id, ())
