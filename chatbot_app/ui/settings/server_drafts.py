"""The servers of the Servers dialog: what is stored, what was written and is not, and what tests have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.servers import Server
from chatbot_app.core.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class Draft:
    """A server as it was written and not yet stored; `key` as in `KeyField.key`."""

    server: Server
    key: str | None = None
    is_saving: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionResult:
    """What a test of the connection said; `is_running` until it does."""

    ok: bool = True
    sentence: str = ""
    models: tuple[str, ...] = ()
    is_running: bool = False


class ServerDrafts:
    """Servers by their ids: those that are stored first, then those that were only begun."""

    def __init__(self) -> None:
        self._stored: dict[str, Server] = {}
        self._drafts: dict[str, Draft] = {}
        self._results: dict[str, ConnectionResult] = {}
        self.default_id = ""

    def ids(self) -> list[str]:
        """Return the ids of all servers, in their order."""
        return [*self._stored, *(id_ for id_ in self._drafts if id_ not in self._stored)]

    def is_stored(self, server_id: str) -> bool:
        """Whether the store has a server of this id."""
        return server_id in self._stored

    def stored(self, server_id: str) -> Server | None:
        """Return a server as it is stored."""
        return self._stored.get(server_id)

    def draft(self, server_id: str) -> Draft | None:
        """Return what was written of a server and is not stored."""
        return self._drafts.get(server_id)

    def draft_at(self, base_url: str) -> str | None:
        """Return the id of a server that was only begun and has this address."""
        begun = (id_ for id_, draft in self._drafts.items() if id_ not in self._stored)
        return next((id_ for id_ in begun if self._drafts[id_].server.base_url == base_url), None)

    def server(self, server_id: str) -> Server | None:
        """Return a server as it is shown: as it was written last."""
        draft = self._drafts.get(server_id)
        return draft.server if draft is not None else self._stored.get(server_id)

    def result(self, server_id: str) -> ConnectionResult:
        """Return what the last test of a server said; nothing where none counts."""
        return self._results.get(server_id, ConnectionResult())

    def store(self, servers: Sequence[Server], default_id: str) -> None:
        """These are stored now; drafts stay, but for those whose saving this answers."""
        self._stored = {server.id: server for server in servers}
        self.default_id = default_id
        self._drafts = {
            id_: draft for id_, draft in self._drafts.items() if not (draft.is_saving and id_ in self._stored)
        }

    def write(self, server: Server, key: str | None) -> None:
        """Take what is written of a server now; what was said of another address or key counts no more."""
        if self._stored.get(server.id) == server and key is None:
            self._drafts.pop(server.id, None)
        else:
            self._drafts[server.id] = Draft(server, key)
        self._results.pop(server.id, None)

    def begin(self, server: Server) -> None:
        """Begin a server; nothing is stored until it is saved."""
        self._drafts[server.id] = Draft(server)

    def save(self, server_id: str) -> None:
        """A draft is on its way to the store."""
        self._drafts[server_id] = replace(self._drafts[server_id], is_saving=True)

    def save_failed(self) -> None:
        """What was on its way did not arrive."""
        self._drafts = {id_: replace(draft, is_saving=False) for id_, draft in self._drafts.items()}

    def forget(self, server_id: str) -> None:
        """Drop what was written and said of a server."""
        self._drafts.pop(server_id, None)
        self._results.pop(server_id, None)

    def tell(self, server_id: str, result: ConnectionResult) -> None:
        """Keep what a test says of a server."""
        self._results[server_id] = replace(result, sentence=visible_text(result.sentence))
