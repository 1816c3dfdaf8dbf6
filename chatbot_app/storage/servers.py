"""The person's servers; keys are never here."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from chatbot_app.core.errors import UsageError
from chatbot_app.core.servers import BUILT_IN_SERVER, BUILT_IN_SERVER_ID, Server, ServerKind
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json, load_mapping
from chatbot_app.storage.model_prices import ModelPriceStore
from chatbot_app.storage.settings import SettingsStore

_DEFAULT_SERVER = "chat.default_server"


class ServerStore:
    """Servers in the person's order; the built-in one is always there and always first.

    Methods raise UsageError for a server that does not exist, and StoreError where nothing could be saved.
    """

    def __init__(self, database: Database, settings: SettingsStore) -> None:
        self._database = database
        self._settings = settings

    def list(self) -> list[Server]:
        """Return all servers, the built-in one first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM servers ORDER BY position, id")
            servers = {row["id"]: _server_from(row) for row in rows}
        built_in = servers.pop(BUILT_IN_SERVER_ID, BUILT_IN_SERVER)
        return [built_in, *servers.values()]

    def find(self, server_id: str) -> Server | None:
        """Return a server by its id, None where it was removed."""
        return next((server for server in self.list() if server.id == server_id), None)

    def default(self) -> Server:
        """Return the server of new conversations: the built-in one if the chosen one is gone."""
        return self.find(self._settings.get(_DEFAULT_SERVER)) or self.list()[0]

    def set_default(self, server_id: str) -> None:
        """Choose the server of new conversations. Raises UsageError where there is no such server."""
        if self.find(server_id) is None:
            raise UsageError(detail="There is no such server.")
        self._settings.set(_DEFAULT_SERVER, server_id)

    def add(self, server: Server) -> Server:
        """Add a server at the end. Raises UsageError where its id is taken."""
        with self._database.write() as connection:
            if self.find(server.id) is not None:
                raise UsageError(detail=f"There is a server with the id {server.id} already.")
            _write(connection, server, _next_position(connection))
        return server

    def update(self, server: Server) -> Server:
        """Replace what is known of a server; its place stays. The built-in one keeps its kind.

        What the server taught us belongs to its address: another one is another server. Raises UsageError where there is
        no such server.
        """
        if server.id == BUILT_IN_SERVER_ID:
            server = replace(server, kind=ServerKind.BUILT_IN)
        with self._database.write() as connection:
            known = self.find(server.id)
            if known is None:
                raise UsageError(detail="The server was removed.")
            if known.base_url != server.base_url:
                server = replace(server, traits={})
            row = connection.execute("SELECT position FROM servers WHERE id = ?", [server.id]).fetchone()
            _write(connection, server, 0 if row is None else row["position"])
        return server

    def remove(self, server_id: str) -> None:
        """Forget a server. Conversations keep its id; the built-in one cannot be removed. Raises UsageError."""
        if server_id == BUILT_IN_SERVER_ID:
            raise UsageError(detail="The built-in server cannot be removed.")
        with self._database.write() as connection:
            if not connection.execute("DELETE FROM servers WHERE id = ?", [server_id]).rowcount:
                raise UsageError(detail="There is no such server.")
            if self._settings.get(_DEFAULT_SERVER) == server_id:
                self._settings.reset(_DEFAULT_SERVER)
            ModelPriceStore(self._settings).forget_server(server_id)

    def remember_trait(self, server_id: str, model: str, name: str, value: Any) -> None:
        """Remember what a server taught us about one of its models as `traits[model][name]`, JSON-ready.

        Does nothing where the server was removed in the meantime.
        """
        known = self.find(server_id)
        if known is not None and _traits_of(known, model).get(name) == value:
            return  # asked at every answer: nothing to write, also where nothing can be
        with self._database.write():
            server = self.find(server_id)
            if server is None:
                return
            of_model = {**_traits_of(server, model), name: value}
            self.update(replace(server, traits={**server.traits, model: of_model}))


def _traits_of(server: Server, model: str) -> dict[str, Any]:
    traits = server.traits.get(model)
    return traits if isinstance(traits, dict) else {}


def _server_from(row: sqlite3.Row) -> Server:
    kinds = set(ServerKind)
    return Server(
        id=as_text(row["id"]),
        name=as_text(row["name"]),
        base_url=as_text(row["base_url"]),
        kind=ServerKind(row["kind"]) if row["kind"] in kinds else ServerKind.OTHER,
        default_model=as_text(row["default_model"]),
        model_path=as_text(row["model_path"]),
        has_key=bool(row["has_key"]),
        traits=load_mapping(row["traits"]),
    )


def _write(connection: sqlite3.Connection, server: Server, position: int) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO servers"
        " (id, name, base_url, kind, default_model, model_path, has_key, traits, position)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            server.id,
            clean_text(server.name),
            clean_text(server.base_url),
            server.kind.value,
            clean_text(server.default_model),
            clean_text(server.model_path),
            server.has_key,
            dump_json(server.traits),
            position,
        ],
    )


def _next_position(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(position), 0) + 1 FROM servers").fetchone()[0])
