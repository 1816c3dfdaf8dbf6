"""How the command line names a server."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.core.errors import UsageError
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.local.model_lookup import LocalModels
from chatbot_app.storage.servers import ServerStore


def named_server(servers: Sequence[Server], name: str) -> Server:
    """Return the server of a name or id. Raises UsageError."""
    for server in servers:
        if name in (server.name, server.id):
            return server
    for server in servers:
        if server.name.casefold() == name.casefold():
            return server
    names = ", ".join(server.name for server in servers)
    raise UsageError(detail=f"There is no server named “{name}”. There are: {names}.")


def chosen_server(servers: ServerStore, name: str | None) -> Server:
    """Return the server of a name or id, the default one where none is named. Raises UsageError, StoreError."""
    return named_server(servers.list(), name) if name else servers.default()


def check_model(models: LocalModels, server: Server, name: str | None) -> None:
    """Raise UsageError where a model of this computer is named that there is not; other servers say so themselves.

    A conversation whose model is gone goes on with another one: whoever asks for probabilities means this one.
    """
    if server.kind is ServerKind.BUILT_IN and name and models.find(name) is None:
        names = ", ".join(model.name for model in models.list())
        raise UsageError(detail=f"There is no model named “{name}”. There are: {names}.")
