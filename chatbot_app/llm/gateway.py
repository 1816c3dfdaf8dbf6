"""Opens the server that a conversation names: client, window and token counts in one value."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from chatbot_app.core.errors import ModelNotFound, StoreError
from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.servers import Server, ServerKind, is_shipped_model
from chatbot_app.core.sight import Sight
from chatbot_app.core.token_cache import CountStore, TokenCache
from chatbot_app.core.tokens import TiktokenCounter, TokenTableDamaged, encoding_for_model
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.connection import LARGEST_FACTOR, PICTURE_TOKENS, Connection, picture_factor
from chatbot_app.llm.connection_report import ConnectionReport, test_connection
from chatbot_app.llm.found_servers import known_ports
from chatbot_app.llm.keys import KeyStore
from chatbot_app.llm.loaded_models import loaded_models, loaded_path
from chatbot_app.llm.local.engines import Engines
from chatbot_app.llm.local.serving import LocalServing, local_session
from chatbot_app.llm.refused_parameters import TRAIT as REFUSED_PARAMETERS
from chatbot_app.llm.refused_parameters import refused_parameters
from chatbot_app.llm.server_session import ServerSession
from chatbot_app.llm.window_table import ModelWindow
from chatbot_app.llm.windows import ModelWindows, PersonsWindows, RememberTrait

logger = logging.getLogger(__name__)

ASKED_FOR_WINDOW = "asked-for-window"  # Server.traits[model][…]: the person was told that it is not known

PRELOAD_AFTER_SECONDS = 2.0  # whoever opens a conversation at once is not made to wait
_COUNTS_ITSELF = (ServerKind.LLAMA_CPP, ServerKind.VLLM)  # both have /tokenize

FindServer = Callable[[str | None], Server]


def _ships(server: Server, _model: str | None = None) -> bool:
    return is_shipped_model(server)


class Gateway:
    """Knows how to reach every server, and remembers what they teach us. One asyncio loop at a time."""

    def __init__(
        self,
        find_server: FindServer,
        keys: KeyStore,
        engines: Engines,
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
        self._local = LocalServing(engines)
        engines.spare(self._answers_with)
        self._remember_trait = remember_trait
        self._sessions: dict[str, ServerSession] = {}  # by the server's id, or the model's on this computer
        self._windows = ModelWindows(remember_trait, windows)
        self._counts = counts
        self._is_small_model = is_small_model
        self._token_caches: dict[str, TokenCache] = {}

    def names(self, settings: GenerationSettings) -> tuple[str, str | None]:
        """Return the server's id and the model that an answer will come from, as far as known beforehand."""
        server = self._described(settings)
        if server.kind is ServerKind.BUILT_IN:
            return server.id, server.default_model
        return server.id, settings.model or server.default_model or None

    def is_small(self, settings: GenerationSettings) -> bool:
        """Whether the model of a conversation is too small to be trusted with documents."""
        return self._is_small_model(self._described(settings), self.names(settings)[1])

    def ships(self, settings: GenerationSettings) -> bool:
        """Whether the model of a conversation is the one that ships with the program."""
        return _ships(self._described(settings))

    def _described(self, settings: GenerationSettings) -> Server:
        """Return the server of a conversation; the built-in one as it serves the conversation's model."""
        server = self._find_server(settings.server_id)
        if server.kind is not ServerKind.BUILT_IN:
            return server
        return self._local.described(server, self._local.model(settings.model))

    async def open(self, settings: GenerationSettings, *, anew: bool = False) -> Connection:
        """Return a connection, starting the built-in server where it is the one.

        With `anew` a server is asked again for what it did not say before: somebody has a question for it.

        Raises:
            ServerError: the server cannot be reached or has no model.
            ModelFileError, LocalServerFailed: the built-in model cannot be started.
        """
        session = await self._session(await self._found(settings.server_id), settings.model)
        server, client = session.server, session.client
        gone = ""
        if server.kind is ServerKind.BUILT_IN:
            model = server.default_model
            if settings.model and not await asyncio.to_thread(self._local.has, settings.model):
                gone = settings.model
        else:
            model = settings.model or server.default_model or await _only_model(client)
        if anew:
            session.forget_tries()
        window = await self._windows.find(session, model)
        # A server that cannot be asked for the one is not waited for again for the other.
        counter = await session.counter(model) if window.is_settled else None
        return Connection(
            server,
            model,
            client,
            window.tokens,
            window.source,
            counter,
            self._token_cache(model),
            gone,
            partial(session.sight, model),
        )

    def _answers_with(self, model_id: str) -> bool:
        """Whether a model of this computer has a request under way."""
        session = self._sessions.get(local_session(model_id))
        return session is not None and session.client.is_busy

    async def _found(self, server_id: str | None) -> Server:
        return await asyncio.to_thread(self._find_server, server_id)  # it is read from the store

    def holds(self, connection: Connection) -> bool:
        """Whether a connection is the one that `open` would return now, as far as that is known."""
        known = self._session_of(connection)
        return known is not None and known.server == connection.server

    def _session_of(self, connection: Connection) -> ServerSession | None:
        """Return the session that a connection came from, None where another one took its place."""
        return next((s for s in self._sessions.values() if s.client is connection.client), None)

    async def list_models(self, server_id: str | None) -> list[str]:
        """Return the names of a server's models. Raises ServerError."""
        server = await self._found(server_id)
        if server.kind is ServerKind.BUILT_IN:
            return await asyncio.to_thread(self._local.names)
        return await (await self._session(server)).client.list_models()

    async def loaded_models(self, server_id: str) -> frozenset[str]:
        """Return what a server of this computer has in memory; empty where it, or its kind, does not say it."""
        server = await self._found(server_id)
        if not loaded_path(server):
            return frozenset()
        key = await asyncio.to_thread(self._keys.get, server.id) if server.has_key else None
        return await loaded_models(server, key)

    def built_in_ports(self) -> set[int]:
        """Return the ports on which models of this computer answer us."""
        sessions = list(self._sessions.values())
        return known_ports(
            session.server for session in sessions if session.server.kind is ServerKind.BUILT_IN
        )

    async def test(self, server: Server, typed_key: str | None) -> ConnectionReport:
        """Try a server as it is written in the dialog, with the key typed there or else the stored one."""
        if server.kind is ServerKind.BUILT_IN:
            client = (await self._session(server, None)).client
            return await test_connection(client.server, client.api_key)
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
        session = self._session_of(connection)
        if session is not None:
            session.forget_window(connection.model)
        self._windows.learn(
            replace(connection.server, traits=server.traits), connection.model, tokens, connection.window
        )

    async def ask_window_again(self, connection: Connection) -> int | None:
        """Return what the server says of its window now, in tokens; None where it says nothing.

        Ollama knows the window of a model when it has loaded it, which is after the first answer.
        """
        session = self._session_of(connection)
        if session is None:
            return None  # it has another address or key by now
        found = await session.ask_window(connection.model)
        return found.tokens if found.is_said else None

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

    async def sight(self, settings: GenerationSettings) -> tuple[Sight, str, str]:
        """Return whether the model of a conversation sees pictures, its name, and the name of a projector that lies unused
        beside its file, "" for none. Raises like `open`."""
        if await asyncio.to_thread(self.ships, settings):
            return Sight.BLIND, (await asyncio.to_thread(self.names, settings))[1] or "", ""
        connection = await self.open(settings)
        sight = (await connection.eye()).sight
        beside = ""
        if sight is Sight.BLIND and connection.server.kind is ServerKind.BUILT_IN:
            beside = await asyncio.to_thread(self._local.unused_projector, connection.model)
        return sight, connection.model, beside

    def learn_picture_tokens(self, connection: Connection, planned: int, counted: int) -> None:
        """Keep what a server counted for the pictures of a prompt where `planned` tokens were estimated."""
        known = picture_factor(self._find_server(connection.server.id), connection.model)
        factor = round(known * counted / planned, 2) if planned > 0 and counted > 0 else known
        if 0 < factor <= LARGEST_FACTOR and abs(factor - known) > 0.05 * known:
            self._remember(connection, PICTURE_TOKENS, factor)

    def note_speed(self, connection: Connection, timings: Mapping[str, Any] | None) -> None:
        """Keep how fast a model of this computer answered, by llama.cpp's `timings`."""
        if connection.server.kind is ServerKind.BUILT_IN:
            self._local.note_speed(connection.model, timings)

    def _remember(self, connection: Connection, name: str, value: Any) -> None:
        try:
            self._remember_trait(connection.server.id, connection.model, name, value)
        except StoreError:
            # The answer matters more; the server will teach us again.
            logger.warning("what %s taught could not be stored", connection.server.name)

    def warm(self, server_id: str | None, model: str | None = None) -> None:
        """Load in the background what the next answer needs: the built-in model, or the table of tokens."""
        server = self._find_server(server_id)
        if server.kind is ServerKind.BUILT_IN:
            self._local.warm(model)
        if server.kind in (*_COUNTS_ITSELF, ServerKind.BUILT_IN):
            return
        # tiktoken holds the interpreter for about 150 ms while it builds its table: better now than while
        # somebody writes.
        timer = threading.Timer(PRELOAD_AFTER_SECONDS, _load_table, [server.default_model])
        timer.daemon = True
        timer.start()

    def preload_client(self) -> None:
        """Import the client library in the background: somebody writes, and will send.

        It takes most of a second and 25 MB, which a window that is only open need not hold. Not needed any more when
        openai-python #2339 (slow import times) is solved.
        """
        if "openai" not in sys.modules:
            threading.Thread(
                target=importlib.import_module, args=("openai",), name="client", daemon=True
            ).start()

    async def close(self) -> None:
        """Close all connections; models of this computer stay loaded until `Engines.stop`."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def _session(self, server: Server, model: str | None = None) -> ServerSession:
        name = server.id
        key: str | None
        if server.kind is ServerKind.BUILT_IN:
            local = await asyncio.to_thread(self._local.model, model)
            name = local_session(local.id)
            server, key = await self._local.started(server, local)
        else:
            # A keychain may ask the person, or hang.
            key = await asyncio.to_thread(self._keys.get, server.id)
        known = self._sessions.get(name)
        if known is not None and known.serves(server, key):
            known.describe(server)
            return known
        session = ServerSession(server, key, self._counts)
        self._sessions[name] = session
        if known is not None:
            await known.retire()  # an answer may be arriving on it
        return session

    def _token_cache(self, model: str) -> TokenCache:
        encoding, _ = encoding_for_model(model)
        return self._token_caches.setdefault(encoding, TokenCache(encoding, self._counts))


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
