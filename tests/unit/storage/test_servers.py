"""Servers: the built-in one is always there, and what a server taught us stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot_app.core.errors import UsageError
from chatbot_app.core.servers import BUILT_IN_SERVER, BUILT_IN_SERVER_ID, Server, ServerKind
from chatbot_app.storage.database import Database
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from tests.unit.storage.support import open_database

LOCAL = Server(
    "local", "Local", "http://localhost:1234/v1", ServerKind.LM_STUDIO, default_model="m", has_key=True
)
CLOUD = Server(
    "cloud", "Cloud", "https://api.openai.com/v1", ServerKind.OPENAI, traits={"m": {"window": 128}}
)


@pytest.fixture
def servers(database: Database) -> ServerStore:
    return ServerStore(database, SettingsStore(database))


def test_the_built_in_server_is_always_first(servers: ServerStore) -> None:
    assert servers.list() == [BUILT_IN_SERVER]
    assert servers.default() == BUILT_IN_SERVER
    servers.add(LOCAL)
    servers.add(CLOUD)
    changed = replace(BUILT_IN_SERVER, model_path="/models/other.gguf", kind=ServerKind.OTHER)
    servers.update(changed)
    assert servers.list() == [replace(changed, kind=ServerKind.BUILT_IN), LOCAL, CLOUD]
    with pytest.raises(UsageError):
        servers.remove(BUILT_IN_SERVER_ID)


def test_servers_survive_a_restart(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        servers = ServerStore(database, SettingsStore(database))
        servers.add(LOCAL)
        servers.add(CLOUD)
        servers.set_default("cloud")
    with open_database(data_dir) as database:
        servers = ServerStore(database, SettingsStore(database))
        assert servers.list() == [BUILT_IN_SERVER, LOCAL, CLOUD]
        assert servers.default() == CLOUD


def test_removing_the_default_falls_back_to_the_built_in(servers: ServerStore) -> None:
    servers.add(LOCAL)
    servers.set_default("local")
    servers.remove("local")
    assert servers.default() == BUILT_IN_SERVER
    assert servers.find("local") is None
    for refused in (servers.remove, servers.set_default):
        with pytest.raises(UsageError):
            refused("local")
    with pytest.raises(UsageError):
        servers.update(LOCAL)


def test_an_id_is_given_once(servers: ServerStore) -> None:
    servers.add(LOCAL)
    with pytest.raises(UsageError):
        servers.add(LOCAL)
    with pytest.raises(UsageError):
        servers.add(BUILT_IN_SERVER)


def test_traits_are_remembered_by_model(servers: ServerStore) -> None:
    servers.add(CLOUD)
    servers.remember_trait("cloud", "m", "refused", ["temperature"])
    servers.remember_trait("cloud", "o", "window", 4096)
    servers.remember_trait(BUILT_IN_SERVER_ID, "s", "window", 8192)
    servers.remember_trait("removed", "m", "window", 1)
    found = servers.find("cloud")
    assert found is not None
    assert found.traits == {"m": {"window": 128, "refused": ["temperature"]}, "o": {"window": 4096}}
    assert servers.list()[0].traits == {"s": {"window": 8192}}
