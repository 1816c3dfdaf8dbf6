"""How the command line names a server."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.core.errors import UsageError
from chatbot_app.core.servers import Server


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
