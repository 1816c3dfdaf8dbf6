"""Which model makes the vectors of the library: the one that ships, one of a server, or a file of this computer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from chatbot_app.core.embedding_prefixes import (
    PERSONS_OWN,
    Prefixes,
    PrefixRule,
    known_rule,
)
from chatbot_app.core.errors import UsageError
from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server
from chatbot_app.knowledge.children.built_in_stamps import built_in_name
from chatbot_app.knowledge.embedding_choice import (
    EMBEDDING_SETTING,
    EmbeddingChoice,
    EmbeddingTrial,
    ServerEmbedding,
    VectorClient,
    try_embedding_model,
)
from chatbot_app.llm.embedding_client import EmbeddingClient
from chatbot_app.llm.local.embedding import LocalEmbeddingClient
from chatbot_app.llm.local.launch import wrong_use
from chatbot_app.llm.local.sentence_folder import rule_beside

if TYPE_CHECKING:
    from chatbot_app.llm.local.engines import Engines
    from chatbot_app.storage.models import LocalModelStore
    from chatbot_app.storage.servers import ServerStore
    from chatbot_app.storage.settings import SettingsStore


class EmbeddingModels:
    """What there is to choose from, what is chosen, and trials. Methods that ask a model block: not for the GUI thread."""

    def __init__(
        self,
        settings: SettingsStore,
        servers: ServerStore,
        key_of: Callable[[str], str | None],
        models: LocalModelStore,
        engines: Callable[[], Engines],
    ) -> None:
        self._settings = settings
        self._servers = servers
        self._key_of = key_of
        self._models = models
        self._engines = engines

    def choice(self) -> EmbeddingChoice | None:
        """Return what is chosen, None for the model that ships."""
        return EmbeddingChoice.from_json(self._settings.get(EMBEDDING_SETTING))

    def used(self) -> EmbeddingChoice | None:
        """Return what makes vectors: what is chosen, None for the model that ships and where the chosen one is gone."""
        choice = self.choice()
        return choice if choice is not None and self._place_of(choice) is not None else None

    def makes_vectors(self, model_id: str) -> bool:
        """Whether a model of this computer makes the vectors of the library."""
        choice = self.used()
        if choice is None or choice.server_id != BUILT_IN_SERVER_ID:
            return False
        model = self._models.find(choice.model)
        return model is not None and model.id == model_id

    @property
    def sends_nothing(self) -> bool:
        """Whether vectors are made on this computer."""
        choice = self.choice()
        return choice is None or choice.server_id == BUILT_IN_SERVER_ID

    def chosen(self) -> ServerEmbedding | None:
        """Return what is chosen, ready to be asked; None for the model that ships, and where it is gone."""
        choice = self.choice()
        return self.opened(choice) if choice is not None else None

    def of_this_computer(self) -> list[LocalModel]:
        """Return the embedding models on the list of this computer's models."""
        return [model for model in self._models.list() if model.facts.kind is ModelKind.EMBEDDING]

    def servers(self) -> list[Server]:
        """Return the servers that may have one."""
        return [server for server in self._servers.list() if server.id != BUILT_IN_SERVER_ID]

    def find_local(self, name: str) -> LocalModel:
        """Return an embedding model of this computer by its id or name, or the one of a file, which is put on the list.

        Raises UsageError where there is none, ModelFileError.
        """
        model = self._models.find(name)
        path = Path(name).expanduser()
        if model is None and path.exists():
            from chatbot_app.llm.local.examine import examine

            examined = examine(path.absolute())
            if examined.facts.kind is not ModelKind.EMBEDDING:
                raise wrong_use(str(examined.path), examined.facts.kind, for_vectors=True)
            model = self._models.add(examined.path, examined.facts, name=examined.name)
        if model is None:
            raise UsageError(detail=f"There is no model “{name}” on this computer, and no such file.")
        if model.facts.kind is not ModelKind.EMBEDDING:
            raise wrong_use(str(model.path or ""), model.facts.kind, for_vectors=True)
        return model

    def try_server(
        self, server: Server, model: str, wanted: PrefixRule | None = None, sentences: Sequence[str] = ()
    ) -> EmbeddingTrial:
        """Ask a server's model for some vectors; without `wanted` prefixes are those of the model's name.

        Raises ServerError, VectorsRefused.
        """
        client = EmbeddingClient(server, self._key_of(server.id), model)
        choice = EmbeddingChoice(server.id, model, 0, ())
        return try_embedding_model(client, choice, wanted or known_rule(model), sentences)

    def try_local(
        self,
        model: LocalModel,
        wanted: PrefixRule | None = None,
        pooling: str = "",
        sentences: Sequence[str] = (),
    ) -> EmbeddingTrial:
        """Load an embedding model of this computer and ask it for some vectors.

        Without `wanted` prefixes are those that are known (`rule_of`); `pooling` "" is what the model says. Raises
        ModelFileError, LocalServerFailed, VectorsStopped, VectorsRefused.
        """
        choice = EmbeddingChoice(BUILT_IN_SERVER_ID, model.id, 0, (), pooling=pooling)
        return try_embedding_model(
            self._client(model, pooling), choice, wanted or rule_of(model), sentences, name=model.name
        )

    def opened(self, choice: EmbeddingChoice) -> ServerEmbedding | None:
        """Return a choice, ready to be asked; None where its server or model is gone."""
        client: VectorClient
        match self._place_of(choice):
            case LocalModel() as model:
                client = self._client(model, choice.pooling)
            case Server() as server:
                client = EmbeddingClient(server, self._key_of(server.id), choice.model)
            case None:
                return None
        return ServerEmbedding(choice, client)

    def _place_of(self, choice: EmbeddingChoice) -> LocalModel | Server | None:
        if choice.server_id == BUILT_IN_SERVER_ID:
            return self._models.find(choice.model)
        return self._servers.find(choice.server_id)

    def name_of(self, choice: EmbeddingChoice | None) -> str:
        """Return what a person knows a choice by; None is the model that ships, as it is on this computer."""
        if choice is None:
            return built_in_name()
        match self._place_of(choice):
            case LocalModel() as model:
                return model.name
            case Server() as server:
                return f"{choice.model} ({server.name})"
        return choice.model

    def _client(self, model: LocalModel, pooling: str) -> VectorClient:
        if model.path is not None and model.is_onnx:
            from chatbot_app.knowledge.children.sentence_client import SentenceClient

            return SentenceClient(model.path, pooling)
        return LocalEmbeddingClient(self._engines(), model, pooling)


def rule_of(model: LocalModel) -> PrefixRule:
    """Return the prefixes of a model: those that a file of its publisher beside it states, else those of its name.

    Its names are where it comes from, its file, what it says of itself, and what the person calls it.
    """
    stated = rule_beside(model.path) if model.path is not None else None
    if stated is not None and stated.source:
        return stated
    origin = model.origin.repository if model.origin is not None else ""
    file = PurePath(model.path).stem if model.path is not None else ""
    names = (origin, file, model.facts.title, model.name)
    return known_rule(*names, architecture=model.facts.architecture)


def wanted_rule(known: PrefixRule, query: str | None, passage: str | None) -> PrefixRule:
    """Return a rule with what the person wants in its place; None stands for what is known."""
    prefixes = Prefixes(
        known.prefixes.query if query is None else query,
        known.prefixes.passage if passage is None else passage,
    )
    return known if prefixes == known.prefixes else replace(known, prefixes=prefixes, source=PERSONS_OWN)
