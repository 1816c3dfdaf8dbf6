"""Opens the server that a conversation names: client, window and token counts in one value."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import ModelNotFound, Offline, StoreError
from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.prompt_plan import TemplateCosts
from chatbot_app.core.servers import Server, ServerKind, is_shipped_model
from chatbot_app.core.token_cache import CountStore, TokenCache, count_cached
from chatbot_app.core.tokens import TiktokenCounter, TokenTableDamaged, encoding_for_model
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.connection_report import ConnectionReport, test_connection
from chatbot_app.llm.keys import KeyStore
from chatbot_app.llm.learnt import Learnt
from chatbot_app.llm.local_server import LocalServer
from chatbot_app.llm.refused_parameters import TRAIT as REFUSED_PARAMETERS
from chatbot_app.llm.refused_parameters import refused_parameters
from chatbot_app.llm.tokenize import ServerTokenCounter
from chatbot_app.llm.window_table import ModelWindow
from chatbot_app.llm.windows import ModelWindows, PersonsWindows, RememberTrait

logger = logging.getLogger(__name__)

ASKED_FOR_WINDOW = "asked-for-window"  # Server.traits[model][…]: the person was told that it is not known

PRELOAD_AFTER_SECONDS = 2.0  # whoever opens a conversation at once is not made to wait
_COUNTS_ITSELF = (ServerKind.LLAMA_CPP, ServerKind.VLLM)  # both have /tokenize

FindServer = Callable[[str | None], Server]


@dataclass(frozen=True, slots=True)
class Connection:
    """A server ready to answer with one of its models; `window` is in tokens, None where unknown."""

    server: Server
    model: str
    client: ChatClient
    window: int | None
    window_source: str
    server_counter: ServerTokenCounter | None = None
    token_cache: TokenCache | None = None

    async def count_texts(self, texts: Sequence[str], *, lasting: bool = False) -> list[int]:
        """Return the tokens of each text: as the server counts where it says so, else with tiktoken.

        Counts of `lasting` texts, a history's and not a draft's, are kept in the store.
        """
        if self.server_counter is not None:
            return await self.server_counter.count_texts(texts, lasting=lasting)
        counter = TiktokenCounter.for_model(self.model)
        if self.token_cache is None:
            return await asyncio.to_thread(counter.count_texts, texts)
        return await asyncio.to_thread(
            count_cached, counter.count_texts, self.token_cache, texts, lasting=lasting
        )

    async def template_costs(self) -> TemplateCosts:
        """Return what the chat template adds."""
        if self.server_counter is not None:
            return await self.server_counter.template_costs()
        counter = TiktokenCounter.for_model(self.model)
        return TemplateCosts(
            counter.message_overhead,
            counter.reply_overhead,
            exact=counter.exact,
            free_order=self.server.kind is ServerKind.OPENAI,
        )


def _ships(server: Server, _model: str | None = None) -> bool:
    return is_shipped_model(server)


class Gateway:
    """Knows how to reach every server, and remembers what they teach us. One asyncio loop at a time."""

    def __init__(
        self,
        find_server: FindServer,
        keys: KeyStore,
        local_server: LocalServer,
        remember_trait: RememberTrait,
        windows: PersonsWindows | None = None,
        counts: CountStore | None = None,
        is_small_model: Callable[[Server, str | None], bool] = _ships,
    ) -> None:
        """`find_server(None)` returns the default server; `remember_trait(server_id, model, name, value)`.

        `windows` keeps what the person says of them, `counts` the token counts of texts, `is_small_model` knows
        which are too small to be trusted with documents.
        """
        self._find_server = find_server
        self._keys = keys
        self._local_server = local_server
        self._remember_trait = remember_trait
        self._clients: dict[str, tuple[Server, str | None, ChatClient]] = {}
        self._counters: Learnt[ServerTokenCounter] = Learnt()
        self._windows = ModelWindows(remember_trait, windows)
        self._counts = counts
        self._is_small_model = is_small_model
        self._token_caches: dict[str, TokenCache] = {}

    def names(self, settings: GenerationSettings) -> tuple[str, str | None]:
        """Return the server's id and the model that an answer will come from, as far as known beforehand."""
        server = self._find_server(settings.server_id)
        if server.kind is ServerKind.BUILT_IN:
            return server.id, built_in_model_name(server)
        return server.id, settings.model or server.default_model or None

    def is_small(self, settings: GenerationSettings) -> bool:
        """Whether the model of a conversation is too small to be trusted with documents."""
        server = self._find_server(settings.server_id)
        return self._is_small_model(server, self.names(settings)[1])

    def ships(self, settings: GenerationSettings) -> bool:
        """Whether the model of a conversation is the one that ships with the program."""
        return _ships(self._find_server(settings.server_id))

    async def open(self, settings: GenerationSettings, *, anew: bool = False) -> Connection:
        """Return a connection, starting the built-in server where it is the one.

        With `anew` a server is asked again for what it did not say before: somebody has a question for it.

        Raises:
            ServerError: the server cannot be reached or has no model.
            ModelFileError, LocalServerFailed: the built-in model cannot be started.
        """
        server, key, client = await self._client(await self._found(settings.server_id))
        if server.kind is ServerKind.BUILT_IN:
            model = server.default_model
        else:
            model = settings.model or server.default_model or await _only_model(client)
        if anew:
            self._windows.forget_tries()
            self._counters.forget_tries()
        window = await self._windows.find(server, key, model)
        # A server that cannot be asked for the one is not waited for again for the other.
        counter = await self._counter(server, key, model) if window.is_settled else None
        return Connection(
            server, model, client, window.tokens, window.source, counter, self._token_cache(model)
        )

    async def _found(self, server_id: str | None) -> Server:
        return await asyncio.to_thread(self._find_server, server_id)  # it is read from the store

    def holds(self, connection: Connection) -> bool:
        """Whether a connection can still be used."""
        known = self._clients.get(connection.server.id)
        return known is not None and known[2] is connection.client

    async def list_models(self, server_id: str | None) -> list[str]:
        """Return the names of a server's models. Raises ServerError."""
        server = await self._found(server_id)
        if server.kind is ServerKind.BUILT_IN:
            return [built_in_model_name(server)]
        _, _, client = await self._client(server)
        return await client.list_models()

    async def test(self, server: Server, typed_key: str | None) -> ConnectionReport:
        """Try a server as it is written in the dialog, with the key typed there or else the stored one."""
        if server.kind is ServerKind.BUILT_IN:
            server, key, _ = await self._client(server)
            return await test_connection(server, key)
        key = typed_key or await asyncio.to_thread(self._keys.get, server.id)
        return await test_connection(server, key)

    async def window(self, settings: GenerationSettings) -> ModelWindow:
        """Return the window of a conversation's model and where it comes from; raises like `open`."""
        connection = await self.open(settings)
        return ModelWindow(connection.window, connection.window_source or "assumed")

    def remember_window(self, server_id: str, model: str, tokens: int | None) -> None:
        """Keep the window that the person names; None goes back to what the server or the table says.

        Raises StoreError.
        """
        self._windows.keep_word(server_id, model, tokens)

    def learn_window(self, connection: Connection, tokens: int) -> None:
        """Keep the window that a server taught by refusing or cutting a prompt."""
        server = self._find_server(connection.server.id)
        self._windows.learn(
            replace(connection.server, traits=server.traits), connection.model, tokens, connection.window
        )

    async def ask_window_again(self, connection: Connection) -> int | None:
        """Return what the server says of its window now, in tokens; None where it says nothing.

        Ollama knows the window of a model when it has loaded it, which is after the first answer.
        """
        return await self._windows.ask_again(connection.server, connection.client.api_key, connection.model)

    def is_told_of_window(self, connection: Connection) -> bool:
        """Whether the person was told already that this window is assumed; from now on they were."""
        server = self._find_server(connection.server.id)
        traits = server.traits.get(connection.model)
        told = isinstance(traits, dict) and bool(traits.get(ASKED_FOR_WINDOW))
        if not told:
            self._remember(connection, ASKED_FOR_WINDOW, True)
        return told

    def remember_refusal(self, connection: Connection, name: str, replacement: str | None) -> None:
        """Keep that a model does not take a parameter, or under which name it does."""
        server = self._find_server(connection.server.id)
        known = {**refused_parameters(server, connection.model), name: replacement}
        self._remember(connection, REFUSED_PARAMETERS, known)

    def _remember(self, connection: Connection, name: str, value: Any) -> None:
        try:
            self._remember_trait(connection.server.id, connection.model, name, value)
        except StoreError:
            # The answer matters more; the server will teach us again.
            logger.warning("what %s taught could not be stored", connection.server.name)

    def warm(self, server_id: str | None) -> None:
        """Load in the background what the next answer needs: the built-in model, or the table of tokens."""
        server = self._find_server(server_id)
        if server.kind is ServerKind.BUILT_IN:
            self._local_server.use_model(server.model_path)
            self._local_server.warm()
        if server.kind in (*_COUNTS_ITSELF, ServerKind.BUILT_IN):
            return
        # tiktoken holds the interpreter for about 150 ms while it builds its table: better now than while
        # somebody writes.
        timer = threading.Timer(PRELOAD_AFTER_SECONDS, _load_table, [server.default_model])
        timer.daemon = True
        timer.start()

    def preload_client(self) -> None:
        """Import the client library in the background: somebody writes, and will send.

        It takes most of a second and 25 MB, which a window that is only open need not hold.
        """
        if "openai" not in sys.modules:
            threading.Thread(
                target=importlib.import_module, args=("openai",), name="client", daemon=True
            ).start()

    async def close(self) -> None:
        """Close all connections; the built-in server goes on until `LocalServer.stop`."""
        clients, self._clients = self._clients, {}
        for _, _, client in clients.values():
            await client.close()
        for counter in self._counters.forget_all(lambda _: True):
            await counter.close()

    async def _client(self, server: Server) -> tuple[Server, str | None, ChatClient]:
        if server.kind is ServerKind.BUILT_IN:
            self._local_server.use_model(server.model_path)
            endpoint = await self._local_server.endpoint()
            server = replace(server, base_url=endpoint.base_url, default_model=endpoint.model)
            key: str | None = endpoint.api_key
        else:
            # A keychain may ask the person, or hang.
            key = await asyncio.to_thread(self._keys.get, server.id)
        known = self._clients.get(server.id)
        if known is not None and known[:2] == (server, key):
            return known
        client = ChatClient(server, key)
        self._clients[server.id] = (server, key, client)
        if known is not None:
            await known[2].retire()  # an answer may be arriving on it
        return server, key, client

    async def _counter(self, server: Server, key: str | None, model: str) -> ServerTokenCounter | None:
        place = (server.base_url, key, server.kind, model)
        known = self._counters.find(place)
        if known is not None or not self._counters.may_ask(place):
            return known
        was_reached, counter = True, None
        try:
            counter = await ServerTokenCounter.probe(server, key, model, self._counts)
        except Offline:
            was_reached = False
        if counter is None:
            self._counters.missed(place, was_reached=was_reached)
        else:
            self._counters.keep(place, counter)
        return counter

    def _token_cache(self, model: str) -> TokenCache:
        encoding, _ = encoding_for_model(model)
        return self._token_caches.setdefault(encoding, TokenCache(encoding, self._counts))


def built_in_model_name(server: Server) -> str:
    """Return the name of the built-in server's model: that of its file where the person chose one."""
    return Path(server.model_path).stem if server.model_path else server.default_model


async def _only_model(client: ChatClient) -> str:
    models = await client.list_models()
    if not models:
        raise ModelNotFound(server=client.server.name, model="")
    return models[0]


def _load_table(model: str) -> None:
    try:
        TiktokenCounter.for_model(model).count("")
    except TokenTableDamaged as error:
        logger.warning("%s", error)  # whoever counts next says so in the window
    return_free_memory()  # building the table leaves as much behind as it keeps
