"""Servers and models, constructed when they are first used: where answers come from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.ids import new_id
from chatbot_app.core.paths import DataPaths, default_data_dir
from chatbot_app.storage.database import Access, Database, utc_now
from chatbot_app.storage.settings import SettingsStore

if TYPE_CHECKING:
    from chatbot_app.chat.embedding_models import EmbeddingModels
    from chatbot_app.chat.hub_token import HubToken
    from chatbot_app.chat.model_catalogue import ModelCatalogue
    from chatbot_app.chat.model_downloads import ModelDownloads
    from chatbot_app.chat.model_keeper import ModelKeeper
    from chatbot_app.core.servers import Server
    from chatbot_app.llm.found_servers import FoundServer, UsualPort
    from chatbot_app.llm.gateway import Gateway
    from chatbot_app.llm.hub.hub import Hub
    from chatbot_app.llm.keys import KeyStore
    from chatbot_app.llm.local.engines import Engines
    from chatbot_app.storage.favourite_models import FavouriteModelStore
    from chatbot_app.storage.model_prices import ModelPriceStore
    from chatbot_app.storage.models import LocalModelStore
    from chatbot_app.storage.servers import ServerStore
    from chatbot_app.storage.small_models import SmallModelStore


class ModelServices:
    """The store, and what answers with it: servers, keys, the models of this computer and of the hub."""

    def __init__(self, data_dir: Path | None = None, *, access: Access = Access.OWNER) -> None:
        """Open the store in a data folder.

        Raises:
            AlreadyRunning, DataFolderUnusable, StoreError: the store cannot be opened.
        """
        self.paths = DataPaths(data_dir or default_data_dir())
        self.database = Database(self.paths, access=access)
        self.settings = SettingsStore(self.database)
        # Where servers of this computer are looked for, and how long; () and 0 are the usual ports and time.
        self.usual_ports: Sequence[UsualPort] = ()
        self.finding_seconds = 0.0

    @cached_property
    def servers(self) -> ServerStore:
        """The person's servers."""
        from chatbot_app.storage.servers import ServerStore

        return ServerStore(self.database, self.settings)

    @cached_property
    def models(self) -> LocalModelStore:
        """The models of this computer."""
        from chatbot_app.storage.models import LocalModelStore

        return LocalModelStore(self.database, self.settings, now=utc_now, new_id=new_id)

    @cached_property
    def model_keeper(self) -> ModelKeeper:
        """Who looks after the models of this computer."""
        from chatbot_app.chat.model_keeper import ModelKeeper
        from chatbot_app.llm.local.machine import read_machine

        return ModelKeeper(self.models, self.engines, self.model_downloads, read_machine)

    def running_models(self) -> frozenset[str]:
        """Return the ids of the models of this computer that are loaded; waits for nothing."""
        return self.engines.running() if "engines" in self.__dict__ else frozenset()

    @cached_property
    def prices(self) -> ModelPriceStore:
        """Prices that the person has given for models."""
        from chatbot_app.storage.model_prices import ModelPriceStore

        return ModelPriceStore(self.settings)

    @cached_property
    def favourite_models(self) -> FavouriteModelStore:
        """Models that the person keeps at hand."""
        from chatbot_app.storage.favourite_models import FavouriteModelStore

        return FavouriteModelStore(self.settings)

    @cached_property
    def hub(self) -> Hub:
        """The hub that models come from; it is asked when a person asks."""
        from chatbot_app.llm.hub.hub import TOKEN_ID, Hub

        return Hub(token=lambda: self.keys.get(TOKEN_ID))

    @cached_property
    def hub_token(self) -> HubToken:
        """The token for what the hub gives to some people only."""
        from chatbot_app.chat.hub_token import HubToken

        return HubToken(self.keys)

    @cached_property
    def model_downloads(self) -> ModelDownloads:
        """Downloads that become models of this computer."""
        from chatbot_app.chat.model_downloads import ModelDownloads
        from chatbot_app.llm.local.examine import examine

        return ModelDownloads(
            self.hub,
            self.models,
            lambda path: examine(path).facts,
            is_in_use=lambda model_id: self.embedding_models.makes_vectors(model_id),
        )

    @cached_property
    def embedding_models(self) -> EmbeddingModels:
        """Which model makes the vectors of the library."""
        from chatbot_app.chat.embedding_models import EmbeddingModels

        return EmbeddingModels(self.settings, self.servers, self.keys.get, self.models, lambda: self.engines)

    @cached_property
    def model_catalogue(self) -> ModelCatalogue:
        """Which models there are to download, and which of them run here."""
        from chatbot_app.chat.model_catalogue import ModelCatalogue
        from chatbot_app.llm.local.fit import fit
        from chatbot_app.llm.local.machine import read_machine

        return ModelCatalogue(self.hub, self.models, lambda facts: fit(facts, read_machine()))

    @cached_property
    def small_models(self) -> SmallModelStore:
        """Which models are too small to be trusted with documents."""
        from chatbot_app.storage.small_models import SmallModelStore

        return SmallModelStore(self.settings)

    @cached_property
    def keys(self) -> KeyStore:
        """API keys."""
        from chatbot_app.llm.keys import KeyStore

        if self.paths.are_portable:  # a key in this computer's keychain would stay behind
            return KeyStore(self.paths.keys, open_keychain=lambda: None)
        return KeyStore(self.paths.keys)

    @cached_property
    def engines(self) -> Engines:
        """The models of this computer that are loaded."""
        from chatbot_app.llm.local.engines import Engines

        return Engines(self.models, idle_seconds=lambda: 60 * int(self.settings.get("models.idle_minutes")))

    @cached_property
    def gateway(self) -> Gateway:
        """The way to every server."""
        from chatbot_app.llm.gateway import Gateway
        from chatbot_app.storage.model_windows import ModelWindowStore
        from chatbot_app.storage.token_counts import TokenCountStore

        return Gateway(
            self.find_server,
            self.keys,
            self.engines,
            self.servers.remember_trait,
            windows=ModelWindowStore(self.database),
            counts=TokenCountStore(self.database),
            is_small_model=self.small_models.is_small,
        )

    def find_server(self, server_id: str | None) -> Server:
        """Return a server by its id, the default one for None or where it is gone."""
        return (self.servers.find(server_id) if server_id else None) or self.servers.default()

    async def find_servers(self, seconds: float | None = None) -> list[FoundServer]:
        """Return the model servers of this computer that the person has not added yet, after so many seconds at most.

        See `llm.found_servers`, whose `FIND_SECONDS` are the default.
        """
        import asyncio

        from chatbot_app.llm.found_servers import FIND_SECONDS, USUAL_PORTS, find_servers, known_ports

        known = await asyncio.to_thread(self.servers.list)
        besides = known_ports(known) | self.gateway.built_in_ports()
        return await find_servers(
            self.usual_ports or USUAL_PORTS,
            besides=besides,
            seconds=self.finding_seconds or seconds or FIND_SECONDS,
        )

    def mask(self, text: str) -> str:
        """Return `text` without the keys that this process has read or been given."""
        return self.keys.mask(text) if "keys" in self.__dict__ else text
