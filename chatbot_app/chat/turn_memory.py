"""What a conversation remembers beyond the window, for a question and after its answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from chatbot_app.chat.events import BackgroundEvent
from chatbot_app.chat.recall import ExchangeRecall
from chatbot_app.chat.summaries import Summariser
from chatbot_app.core.errors import AppError
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus, Summary
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.summaries import SummaryStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurnMemory:
    """Summaries and recalled exchanges, where the strategy of a conversation wants them."""

    store: ConversationStore
    summaries: SummaryStore
    summariser: Summariser
    recall: ExchangeRecall
    calls: OrderedCalls  # for the store

    def summary_of(self, conversation_id: str, history: Sequence[Message]) -> Summary | None:
        """Return the summary that stands for the start of a branch. Raises StoreError."""
        if not history:
            return None
        return self.summaries.newest(conversation_id, {message.id for message in history})

    async def recalled_for(
        self, question: str, history: Sequence[Message], settings: GenerationSettings
    ) -> list[str]:
        """Return the question ids of the exchanges that resemble a question, best first."""
        if settings.history_strategy is not HistoryStrategy.RECALL:
            return []
        try:
            return await asyncio.to_thread(self.recall.find, question, history)
        except AppError:
            logger.warning("earlier exchanges could not be searched", exc_info=True)
            return []

    async def after(self, answer: Message) -> AsyncGenerator[BackgroundEvent, None]:
        """Do, when an answer is there, what the next question of its conversation profits from.

        What was cancelled or failed is made up for after the next answer. Raises StoreError.
        """
        if answer.status is MessageStatus.FAILED:
            return
        async with aclosing(self.prepare(answer.conversation_id, answer.id)) as events:
            async for event in events:
                yield event

    async def prepare(
        self, conversation_id: str, leaf_id: str, plan: PromptPlan | None = None
    ) -> AsyncGenerator[BackgroundEvent, None]:
        """Summarise what `plan` left out of a branch, or make the vectors that its exchanges lack.

        Without `plan` it is the one of the branch's last answer. Raises StoreError, or ConversationGone where
        the conversation was deleted: then nothing is done.
        """
        settings = (await self.calls.call(self.store.conversation, conversation_id)).settings
        if settings.history_strategy is HistoryStrategy.SUMMARISE:
            plan = plan or await self.calls.call(self.store.plan, leaf_id)
            if plan is None or not plan.unseen_message_ids():
                return
            history = await self.calls.call(self.store.path, conversation_id, leaf_id)
            events = self.summariser.update(conversation_id, history, plan)
            async with aclosing(events):
                async for event in events:
                    yield event
        elif settings.history_strategy is HistoryStrategy.RECALL:
            history = await self.calls.call(self.store.path, conversation_id, leaf_id)
            try:
                while await asyncio.to_thread(self.recall.embed_missing, history):
                    pass
            except AppError:
                logger.warning("the vectors of exchanges could not be made", exc_info=True)
