"""Everything below the window, constructed when it is first used: the command line uses the same."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.model_services import ModelServices
from chatbot_app.core.ids import new_id
from chatbot_app.storage.database import Access, StoreMode, utc_now

if TYPE_CHECKING:
    from chatbot_app.chat.answer_saver import AnswerSaver
    from chatbot_app.chat.conversation_copies import ConversationCopier
    from chatbot_app.chat.events import BackgroundEvent, TurnEvent
    from chatbot_app.chat.evidence import EvidenceFinder
    from chatbot_app.chat.giving_way import GivingWay
    from chatbot_app.chat.library_move import LibraryMove
    from chatbot_app.chat.made_data.making import DataMaking
    from chatbot_app.chat.model_check import ModelChecker, ModelCheckEvent
    from chatbot_app.chat.picture_courier import EncodePicture
    from chatbot_app.chat.requests import PlanRequest, TurnRequest
    from chatbot_app.chat.turn import ChatTurn
    from chatbot_app.chat.turn_memory import TurnMemory
    from chatbot_app.core.characters import Surroundings
    from chatbot_app.core.compared import ComparedQuestion
    from chatbot_app.core.generation import GenerationSettings
    from chatbot_app.core.messages import Message
    from chatbot_app.core.ordered_calls import OrderedCalls
    from chatbot_app.core.prompt_plan import PromptPlan
    from chatbot_app.knowledge.embedding_choice import ServerEmbedding
    from chatbot_app.knowledge.library import Library
    from chatbot_app.storage.backups import BackupStore
    from chatbot_app.storage.character_library import CharacterLibrary
    from chatbot_app.storage.compared_answers import ComparedAnswerStore
    from chatbot_app.storage.conversation_order import ConversationOrder
    from chatbot_app.storage.conversations import ConversationStore
    from chatbot_app.storage.data_jobs import DataJobStore
    from chatbot_app.storage.made_rows import MadeRowStore
    from chatbot_app.storage.prompt_library import PromptLibrary
    from chatbot_app.storage.summaries import SummaryStore
    from chatbot_app.storage.temporary_conversations import TemporaryConversations
    from chatbot_app.storage.trash import Trash

logger = logging.getLogger(__name__)

SAVING_AT_END_SECONDS = 1.0  # what the store has not taken by then is lost


class Services(ModelServices):
    """Everything below the window: the command line uses the same. Parts are constructed at first use.

    First uses come from one thread: the window touches every part during its start.
    """

    encode_picture: EncodePicture | None = None
    """Makes pictures ready for models; set before the first question by who has a library for pictures (`ui.picture_encoding`)."""

    @cached_property
    def conversations(self) -> ConversationStore:
        """The conversations; what another run left *streaming* is marked *interrupted*."""
        from chatbot_app.storage.conversations import ConversationStore

        store = ConversationStore(self.database, now=utc_now, new_id=new_id)
        if self.database.access is Access.OWNER and self.database.mode is StoreMode.READ_WRITE:
            store.interrupt_streaming()  # whoever was answering has died
        return store

    @cached_property
    def compared_answers(self) -> ComparedAnswerStore:
        """Comparisons of models that are kept, and the votes in them."""
        from chatbot_app.storage.compared_answers import ComparedAnswerStore

        return ComparedAnswerStore(self.database, self.conversations)

    @cached_property
    def conversation_order(self) -> ConversationOrder:
        """Folders, tags, pins and the archive of conversations."""
        from chatbot_app.storage.conversation_order import ConversationOrder

        return ConversationOrder(self.database)

    @cached_property
    def temporary(self) -> TemporaryConversations:
        """Conversations that are never written to disk."""
        from chatbot_app.storage.temporary_conversations import TemporaryConversations

        return TemporaryConversations(self.database, self.conversations, new_id=new_id)

    @cached_property
    def copier(self) -> ConversationCopier:
        """Copies of conversations, and temporary ones that are kept."""
        from chatbot_app.chat.conversation_copies import ConversationCopier

        return ConversationCopier(
            self.database,
            self.conversations,
            self.summaries,
            self.conversation_order,
            now=utc_now,
            new_id=new_id,
        )

    @cached_property
    def prompts(self) -> PromptLibrary:
        """Prompts that the person keeps."""
        from chatbot_app.storage.prompt_library import PromptLibrary

        return PromptLibrary(self.database)

    @cached_property
    def characters(self) -> CharacterLibrary:
        """Characters that the person keeps."""
        from chatbot_app.storage.character_library import CharacterLibrary

        return CharacterLibrary(self.database)

    def surroundings(self) -> Surroundings:
        """Return what is here for a character: servers, models of this computer, collections. Raises StoreError."""
        from chatbot_app.core.characters import Surroundings

        return Surroundings(
            {server.id: server.name for server in self.servers.list()},
            self.servers.default().id,
            self.library.documents.collection_names(),
            self.models.known_names(),
        )

    @cached_property
    def data_jobs(self) -> DataJobStore:
        """Data sets that are made of documents, with their passages."""
        from chatbot_app.storage.data_jobs import DataJobStore

        return DataJobStore(self.database, now=utc_now, new_id=new_id)

    @cached_property
    def made_rows(self) -> MadeRowStore:
        """The rows of these data sets."""
        from chatbot_app.storage.made_rows import MadeRowStore

        return MadeRowStore(self.database)

    @cached_property
    def giving_way(self) -> GivingWay:
        """How long work with models lets questions go first."""
        from chatbot_app.chat.giving_way import GivingWay

        return GivingWay()

    @cached_property
    def data_making(self) -> DataMaking:
        """Makes data sets of documents."""
        from chatbot_app.chat.made_data.making import DataMaking

        return DataMaking(
            self.data_jobs,
            self.gateway,
            self.store_calls,
            lambda: self.library.local_embedder,
            self.giving_way,
            clock=time.monotonic,
            now=utc_now,
        )

    @cached_property
    def library(self) -> Library:
        """Documents: kept, searched, imported, cited."""
        from chatbot_app.knowledge.library import Library

        return Library(self.database, now=utc_now, new_id=new_id, embedding_server=self._chosen_embedding)

    @cached_property
    def evidence(self) -> EvidenceFinder:
        """Sources for answers."""
        from chatbot_app.chat.evidence import EvidenceFinder

        library = self.library
        return EvidenceFinder(
            lambda: library.retriever,
            lambda document_id, start, end: library.documents.text_between(document_id, start, end),
            lambda: library.sentence_embedder,
            lambda collections: library.documents.scope(collections),
            lambda: library.local_embedder,
            library.documents.has_had_searchable,
        )

    @cached_property
    def library_move(self) -> LibraryMove:
        """How the library comes to another embedding model."""
        from chatbot_app.chat.library_move import LibraryMove

        return LibraryMove(self.settings, self.embedding_models, self.library, self._library_of)

    def is_library_moving(self) -> bool:
        """Whether a move to another embedding model was begun, by this run or an earlier one."""
        return bool(self.settings.get("knowledge.embedding_move"))

    def _library_of(self, embedding: ServerEmbedding | None) -> Library:
        from chatbot_app.knowledge.library import Library

        return Library(self.database, now=utc_now, new_id=new_id, embedding_server=lambda: embedding)

    def _chosen_embedding(self) -> ServerEmbedding | None:
        from chatbot_app.knowledge.embedding_choice import EMBEDDING_SETTING

        # A launch with the model that ships loads nothing more.
        return self.embedding_models.chosen() if self.settings.get(EMBEDDING_SETTING) else None

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
            ExchangeRecall(ExchangeVectorStore(self.database), lambda: self.library.sentence_embedder),
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
        return self._new_turn()

    @cached_property
    def _comparing(self) -> ChatTurn:
        return self._new_turn()  # one of its own: what it found is not what the next question is planned with

    def _new_turn(self) -> ChatTurn:
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
            prices=self.prices,
            encode_picture=self.encode_picture,
        )

    @cached_property
    def model_checker(self) -> ModelChecker:
        """Checks of answers by the model that is connected."""
        from chatbot_app.chat.model_check import ModelChecker

        return ModelChecker(
            self.conversations,
            self.keep_with_answer,
            self.saver,
            self.gateway,
            self.store_calls,
            clock=time.monotonic,
        )

    def keep_with_answer(self, message_id: str, text: str, name: str, value: object) -> Message:
        """Keep what was learnt of an answer (see `storage.answer_metadata.keep_with_answer`)."""
        from chatbot_app.storage.answer_metadata import keep_with_answer

        return keep_with_answer(self.database, message_id, text, name, value)

    def run_turn(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Run one exchange (see `ChatTurn.run`)."""
        return self._turn.run(request)

    def compare(
        self, question: ComparedQuestion, settings: GenerationSettings
    ) -> AsyncGenerator[TurnEvent, None]:
        """Ask a model of which nothing is stored (see `ChatTurn.run_unstored`)."""
        return self._comparing.run_unstored(question, settings)

    def check_with_model(self, message_id: str) -> AsyncGenerator[ModelCheckEvent, None]:
        """Check an answer with the model of its conversation (see `ModelChecker.run`)."""
        return self.model_checker.run(message_id)

    async def plan_turn(self, request: PlanRequest) -> PromptPlan:
        """Plan without sending (see `ChatTurn.plan`)."""
        return await self._turn.plan(request)

    def after_turn(self, answer: Message) -> AsyncGenerator[BackgroundEvent, None]:
        """Prepare the next question of a conversation in the background (see `TurnMemory.after`)."""
        return self.memory.after(answer)

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
