"""Everything below the window, constructed when it is first used: the command line uses the same."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.paths import DataPaths, default_data_dir
from chatbot_app.storage.database import Access, Database, StoreMode, utc_now
from chatbot_app.storage.settings import SettingsStore

if TYPE_CHECKING:
    from chatbot_app.chat.answer_saver import AnswerSaver
    from chatbot_app.chat.events import BackgroundEvent, TurnEvent
    from chatbot_app.chat.evidence import EvidenceFinder
    from chatbot_app.chat.hub_token import HubToken
    from chatbot_app.chat.model_catalogue import ModelCatalogue
    from chatbot_app.chat.model_check import ModelChecker, ModelCheckEvent
    from chatbot_app.chat.model_downloads import ModelDownloads
    from chatbot_app.chat.model_keeper import ModelKeeper
    from chatbot_app.chat.requests import PlanRequest, TurnRequest
    from chatbot_app.chat.turn import ChatTurn
    from chatbot_app.chat.turn_memory import TurnMemory
    from chatbot_app.core.messages import Message
    from chatbot_app.core.ordered_calls import OrderedCalls
    from chatbot_app.core.prompt_plan import PromptPlan
    from chatbot_app.core.servers import Server
    from chatbot_app.knowledge.library import Library, ServerEmbedding
    from chatbot_app.llm.found_servers import FoundServer, UsualPort
    from chatbot_app.llm.gateway import Gateway
    from chatbot_app.llm.hub.hub import Hub
    from chatbot_app.llm.keys import KeyStore
    from chatbot_app.llm.local.engines import Engines
    from chatbot_app.storage.backups import BackupStore
    from chatbot_app.storage.conversations import ConversationStore
    from chatbot_app.storage.favourite_models import FavouriteModelStore
    from chatbot_app.storage.models import LocalModelStore
    from chatbot_app.storage.servers import ServerStore
    from chatbot_app.storage.small_models import SmallModelStore
    from chatbot_app.storage.summaries import SummaryStore
    from chatbot_app.storage.trash import Trash

logger = logging.getLogger(__name__)

SAVING_AT_END_SECONDS = 1.0  # what the store has not taken by then is lost


class Services:
    """Everything below the window: the command line uses the same. Parts are constructed at first use.

    First uses come from one thread: the window touches every part during its start.
    """

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
    def conversations(self) -> ConversationStore:
        """The conversations; what another run left *streaming* is marked *interrupted*."""
        from chatbot_app.storage.conversations import ConversationStore

        store = ConversationStore(self.database, now=utc_now, new_id=new_id)
        if self.database.access is Access.OWNER and self.database.mode is StoreMode.READ_WRITE:
            store.interrupt_streaming()  # whoever was answering has died
        return store

    @cached_property
    def library(self) -> Library:
        """Documents: kept, searched, imported, cited."""
        from chatbot_app.knowledge.library import Library

        return Library(
            self.database, now=utc_now, new_id=new_id, embedding_server=self._chosen_embedding_server
        )

    @cached_property
    def evidence(self) -> EvidenceFinder:
        """Sources for answers."""
        from chatbot_app.chat.evidence import EvidenceFinder

        library = self.library
        return EvidenceFinder(
            lambda: library.retriever,
            lambda document_id, start, end: library.documents.text_between(document_id, start, end),
            lambda: library.embedder,
            lambda collections: library.documents.scope(collections),
            lambda: library.local_embedder,
        )

    def _chosen_embedding_server(self) -> ServerEmbedding | None:
        from chatbot_app.knowledge.library import EMBEDDING_SETTING, EmbeddingChoice, ServerEmbedding
        from chatbot_app.llm.embedding_client import EmbeddingClient

        choice = EmbeddingChoice.from_json(self.settings.get(EMBEDDING_SETTING))
        server = self.servers.find(choice.server_id) if choice is not None else None
        if choice is None or server is None:
            return None
        return ServerEmbedding(choice, EmbeddingClient(server, self.keys.get(server.id), choice.model))

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

        return ModelDownloads(self.hub, self.models, lambda path: examine(path).facts)

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
    def backups(self) -> BackupStore:
        """Verified copies of the store."""
        from chatbot_app.storage.backups import BackupStore

        return BackupStore(self.database, now=utc_now)

    @cached_property
    def trash(self) -> Trash:
        """What was deleted, and how it goes for good."""
        from chatbot_app.storage.trash import Trash

        return Trash(self.database, now=utc_now)

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

    @cached_property
    def summaries(self) -> SummaryStore:
        """What stands in for what left the window."""
        from chatbot_app.storage.summaries import SummaryStore

        return SummaryStore(self.database, now=utc_now, new_id=new_id)

    @cached_property
    def memory(self) -> TurnMemory:
        """Summaries and recalled exchanges."""
        from chatbot_app.chat.recall import ExchangeRecall
        from chatbot_app.chat.summaries import Summariser
        from chatbot_app.chat.turn_memory import TurnMemory
        from chatbot_app.storage.exchange_vectors import ExchangeVectorStore

        return TurnMemory(
            self.conversations,
            self.summaries,
            Summariser(self.conversations, self.summaries, self.gateway, self.store_calls),
            ExchangeRecall(ExchangeVectorStore(self.database), lambda: self.library.embedder),
            self.store_calls,
        )

    @cached_property
    def store_calls(self) -> OrderedCalls:
        """Calls of the store, off the loop of the models."""
        from chatbot_app.core.ordered_calls import OrderedCalls

        return OrderedCalls("store calls")

    @cached_property
    def saver(self) -> AnswerSaver:
        """Answers on their way into the store."""
        from chatbot_app.chat.answer_saver import AnswerSaver

        return AnswerSaver(self.conversations)

    @cached_property
    def _turn(self) -> ChatTurn:
        from chatbot_app.chat.turn import ChatTurn
        from chatbot_app.storage.changes import store_version

        return ChatTurn(
            self.conversations,
            self.gateway,
            clock=time.monotonic,
            evidence=self.evidence,
            memory=self.memory,
            version=lambda: store_version(self.database),
            calls=self.store_calls,
            saver=self.saver,
        )

    @cached_property
    def model_checker(self) -> ModelChecker:
        """Checks of answers by the model that is connected."""
        from functools import partial

        from chatbot_app.chat.model_check import ModelChecker
        from chatbot_app.storage.answer_metadata import keep_with_answer

        return ModelChecker(
            self.conversations,
            partial(keep_with_answer, self.database),
            self.saver,
            self.gateway,
            self.store_calls,
            clock=time.monotonic,
        )

    def run_turn(self, request: TurnRequest) -> AsyncIterator[TurnEvent]:
        """Run one exchange (see `ChatTurn.run`)."""
        return self._turn.run(request)

    def check_with_model(self, message_id: str) -> AsyncIterator[ModelCheckEvent]:
        """Check an answer with the model of its conversation (see `ModelChecker.run`)."""
        return self.model_checker.run(message_id)

    async def plan_turn(self, request: PlanRequest) -> PromptPlan:
        """Plan without sending (see `ChatTurn.plan`)."""
        return await self._turn.plan(request)

    def after_turn(self, answer: Message) -> AsyncIterator[BackgroundEvent]:
        """Prepare the next question of a conversation in the background (see `TurnMemory.after`)."""
        return self.memory.after(answer)

    def find_server(self, server_id: str | None) -> Server:
        """Return a server by its id, the default one for None or where it is gone."""
        return (self.servers.find(server_id) if server_id else None) or self.servers.default()

    async def find_servers(self) -> list[FoundServer]:
        """Return the model servers of this computer that the person has not added yet (see `llm.found_servers`)."""
        import asyncio

        from chatbot_app.llm.found_servers import FIND_SECONDS, USUAL_PORTS, find_servers, known_ports

        known = await asyncio.to_thread(self.servers.list)
        besides = known_ports(known) | self.gateway.built_in_ports()
        return await find_servers(
            self.usual_ports or USUAL_PORTS, besides=besides, seconds=self.finding_seconds or FIND_SECONDS
        )

    def mask(self, text: str) -> str:
        """Return `text` without the keys that this process has read or been given."""
        return self.keys.mask(text) if "keys" in self.__dict__ else text

    def close(self) -> None:
        """Unload the models of this computer and close the store."""
        if "engines" in self.__dict__:
            self.engines.stop()
        if "library" in self.__dict__:
            self.library.close()
        if "saver" in self.__dict__:
            lost = self.saver.close(SAVING_AT_END_SECONDS)
            if lost:
                logger.error("%d answer(s) could not be saved at the end", len(lost))
        if "store_calls" in self.__dict__:
            self.store_calls.close()
        self.database.close()


def create_services(data_dir: Path | None = None, *, access: Access = Access.OWNER) -> Services:
    """Open the store in a data folder and return what works on it; raises like `Services`."""
    return Services(data_dir, access=access)


def new_id() -> str:
    """Return an id that is unique everywhere."""
    import uuid

    return uuid.uuid4().hex
