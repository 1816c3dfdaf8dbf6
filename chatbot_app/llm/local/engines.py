"""The models of this computer that are loaded: a child each, and as many at once as memory allows."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.available_memory import available_memory
from chatbot_app.core.errors import AppError, UsageError
from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.core.servers import BUILT_IN_SERVER
from chatbot_app.llm.http import open_blocking_client
from chatbot_app.llm.local.launch import EngineLaunch, wrong_use
from chatbot_app.llm.local.model_lookup import BuiltInAlone, LocalModels
from chatbot_app.llm.local.server import RESTART_WAITS, LocalServer
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.llm.local.window import KEPT_FREE, local_window, memory_needed

JUST_ASKED_FOR = 30.0  # seconds: whoever asked for it since may be about to send
_STATE_LIMIT = 1.0  # seconds that a child may take to say whether it sleeps

IsBusy = Callable[[str], bool]  # whether a model, by its id, has an answer under way


@dataclass(frozen=True, slots=True)
class EngineState:
    """A model that is loaded, or being loaded: `context` and `trained` are then None."""

    model_id: str
    context: int | None = None  # tokens of its window
    trained: int | None = None  # tokens that it was trained with
    is_loading: bool = False
    is_asleep: bool = False  # it was idle, and has given its memory back until the next question


_POOLED = "\n"  # between a model's id and a pooling that a person chose, in the name of its child


class Engines:
    """Starts and ends children; all methods may be called from any thread.

    Ask for the endpoint before each request and keep none: a restarted child has another port and key. A model that
    is idle for `idle_seconds` gives its memory back and takes it again at the next question, at the same address.
    """

    def __init__(
        self,
        models: LocalModels | None = None,
        *,
        command: Sequence[str] | None = None,
        idle_seconds: Callable[[], int] = lambda: 0,
        restart_waits: Sequence[float] = RESTART_WAITS,
        clock: Callable[[], float] = time.monotonic,
        free_memory: Callable[[], int | None] = available_memory,
    ) -> None:
        """Nothing is started yet. Without `models` there is the one that ships alone.

        `idle_seconds` 0 keeps models loaded; it counts for what is loaded from then on.
        """
        self.models = models or BuiltInAlone()
        self._is_busy: IsBusy = lambda _: False
        self._command = command
        self._idle_seconds = idle_seconds
        self._restart_waits = restart_waits
        self._clock = clock
        self._free_memory = free_memory
        self._lock = threading.Lock()
        self._making_room = threading.Lock()
        self._servers: dict[str, LocalServer] = {}
        self._asked_at: dict[str, float] = {}

    def spare(self, is_busy: IsBusy) -> None:
        """Say who knows which models have an answer under way: these make room for no other."""
        self._is_busy = is_busy

    async def endpoint(self, model: LocalModel) -> LocalEndpoint:
        """Return where a model answers, loaded if it was not; others make room for it as far as they are not busy.

        Raises ModelFileError or LocalServerFailed.
        """
        _check_answers(model)
        server = self._server(model)
        if not server.running:
            await asyncio.to_thread(self._make_room, model)
        return await server.endpoint()

    def load(self, model_id: str) -> LocalEndpoint:
        """Load a model and wait for it; raises like `endpoint`, and UsageError where there is no such model."""
        model = self.models.find(model_id)
        if model is None:
            raise UsageError(detail="There is no such model.")
        _check_answers(model)
        return self._loaded(model, self._server(model))

    def load_for_vectors(self, model_id: str, pooling: str = "") -> LocalEndpoint:
        """Load an embedding model, which then answers `/v1/embeddings` alone, and wait for it. Raises what `load` does, UsageError.

        With two poolings it is loaded twice: a library that moves from one to the other asks both in turn.
        """
        model = self.models.find(model_id)
        if model is None:
            raise UsageError(detail="There is no such model.")
        if model.facts.kind is not ModelKind.EMBEDDING:
            raise wrong_use(str(model.path or ""), model.facts.kind, for_vectors=True)
        if model.is_onnx:
            raise UsageError(detail="llama.cpp does not read ONNX.")
        launch = replace(EngineLaunch.of(model, self._idle_seconds()), for_vectors=True, pooling=pooling)
        return self._loaded(model, self._server(model, launch))

    def warm(self, model: LocalModel) -> None:
        """Load a model in the background; a failure shows at its next use."""
        if model.facts.kind is not ModelKind.EMBEDDING:
            self._server(model).warm()

    def unload(self, model_id: str) -> None:
        """End the child of a model within two seconds; the next question starts another one."""
        with self._lock:
            names = [name for name in self._servers if _model_of(name) == model_id]
            servers = [self._servers.pop(name) for name in names]
        for server in servers:
            server.stop()

    def running(self) -> frozenset[str]:
        """Return the ids of the models that are loaded; waits for nothing."""
        with self._lock:
            return frozenset(_model_of(name) for name, server in self._servers.items() if server.running)

    def served(self, model_id: str) -> LocalEndpoint | None:
        """Return where a model answers that is loaded, None where it is not; waits for nothing."""
        with self._lock:
            server = self._servers.get(model_id)
        return server.served if server is not None else None

    def states(self) -> list[EngineState]:
        """Return what is loaded or being loaded. Asks each child whether it sleeps: not for the GUI thread."""
        with self._lock:
            servers = dict(self._servers)
        found = []
        for name, server in servers.items():
            model_id, served = _model_of(name), server.served
            if served is not None:
                windows = (served.context_window, served.trained_window)
                found.append(EngineState(model_id, *windows, is_asleep=_is_asleep(served)))
            elif server.is_loading:
                found.append(EngineState(model_id, is_loading=True))
        return found

    def stop(self) -> None:
        """End all children; the next question starts them anew."""
        with self._lock:
            servers, self._servers = self._servers, {}
        enders = [threading.Thread(target=server.stop) for server in servers.values()]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()

    def _loaded(self, model: LocalModel, server: LocalServer) -> LocalEndpoint:
        if not server.running:
            self._make_room(model)
        return server.ensure_running()

    def _server(self, model: LocalModel, launch: EngineLaunch | None = None) -> LocalServer:
        launch = launch or EngineLaunch.of(model, self._idle_seconds())
        name = f"{model.id}{_POOLED}{launch.pooling}" if launch.pooling else model.id
        with self._lock:
            server = self._servers.get(name)
            if server is None:
                server = LocalServer(
                    command=self._command, restart_waits=self._restart_waits, clock=self._clock
                )
                self._servers[name] = server
            self._asked_at[model.id] = self._clock()
        server.use(launch)
        return server

    def _make_room(self, model: LocalModel) -> None:
        """End models that nobody waits for, the longest unused first, until this one fits with its smallest window."""
        with self._making_room:
            smallest = local_window(model.facts, model.settings, 0).tokens
            needed = memory_needed(model.facts, model.settings, smallest) + KEPT_FREE
            for other in self._others(model.id):
                free = self._free_memory()
                if free is None or free >= needed:
                    return
                if (
                    not self._is_busy(other)
                    and self._clock() - self._asked_at.get(other, 0.0) >= JUST_ASKED_FOR
                ):
                    self.unload(other)

    def _others(self, model_id: str) -> list[str]:
        with self._lock:
            loaded = {_model_of(name) for name, server in self._servers.items() if server.running} - {
                model_id
            }
        return sorted(loaded, key=lambda name: self._asked_at.get(name, 0.0))


def _model_of(name: str) -> str:
    return name.partition(_POOLED)[0]


def _check_answers(model: LocalModel) -> None:
    """Raise ModelForAnotherUse for a model of vectors: a chat must not end the child that makes them."""
    if model.facts.kind is ModelKind.EMBEDDING:
        raise wrong_use(str(model.path or ""), model.facts.kind)


def _is_asleep(endpoint: LocalEndpoint) -> bool:
    """Ask a child; this does not wake it. One that does not answer is awake, and has other things to do."""
    import httpx2

    server = replace(BUILT_IN_SERVER, base_url=endpoint.base_url)
    patience = {"connect_seconds": _STATE_LIMIT, "answer_seconds": _STATE_LIMIT}
    try:
        with open_blocking_client(server, endpoint.api_key, **patience) as client:
            said = client.get(endpoint.base_url.removesuffix("/v1") + "/props").raise_for_status().json()
    except (AppError, httpx2.HTTPError, ValueError):
        return False
    return isinstance(said, dict) and said.get("is_sleeping") is True
