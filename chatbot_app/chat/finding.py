"""What the documents say to a message: whether it asks them at all, and whether they answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatbot_app.chat.evidence import EvidenceFinder, Sources
from chatbot_app.chat.quoting import MAY_NOT_ANSWER, quoted_text
from chatbot_app.chat.refusal import refusal
from chatbot_app.chat.requests import Continuation, TurnRequest
from chatbot_app.chat.running_answer import WITHOUT_DOCUMENTS
from chatbot_app.chat.small_talk import Asking, asking_of, is_for_documents
from chatbot_app.chat.turn_plan import passages_wanted
from chatbot_app.chat.turn_start import Start
from chatbot_app.core.citations import Citation
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.trust import AnswerMode, Trust

if TYPE_CHECKING:
    from chatbot_app.knowledge.extractive_summary import ExtractiveSummary


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a message that asks the documents.

    `text` and `citations` are the whole answer where no model is asked.
    """

    sources: Sources
    trust: Trust
    text: str = ""
    citations: tuple[Citation, ...] = ()


def asks_documents(request: TurnRequest, start: Start) -> Asking:
    """Return whom an exchange speaks to, as far as its words and the person's choice tell."""
    if start.settings.collections is None:
        return Asking.CHAT
    if isinstance(request, Continuation):
        metadata = start.stored.answer.metadata
        if metadata.get(WITHOUT_DOCUMENTS):
            return Asking.CHAT
        if "retrieval" in metadata:
            return Asking.TASK
    elif request.without_documents:
        return Asking.CHAT
    elif request.with_documents:
        return Asking.TASK
    return asking_of(start.stored.question.text)


class Finding:
    """Searches for messages, off the event loop."""

    def __init__(self, evidence: EvidenceFinder | None) -> None:
        """Without `evidence` there are no documents."""
        self._evidence = evidence

    def in_use(self, settings: GenerationSettings) -> GenerationSettings:
        """Return settings as they hold now: to use all documents is to use none before there were any. Reads the store."""
        if settings.collections != () or (self._evidence is not None and self._evidence.has_documents()):
            return settings
        return replace(settings, collections=None)

    async def search(
        self, question: str, earlier: Sequence[str], settings: GenerationSettings, *, shipped: bool
    ) -> Sources | None:
        """Return the passages that answer a question, None where no documents are used. Raises AppError."""
        if self._evidence is None or settings.collections is None:
            return None
        limit = passages_wanted(shipped=shipped)
        return await asyncio.to_thread(
            self._evidence.find, question, earlier, settings.collections, limit, settings.document_filter
        )

    async def summarise(self, text: str) -> ExtractiveSummary:
        """Return the sentences of a pasted text that carry most of it."""
        from chatbot_app.knowledge.extractive_summary import summarise

        unwanted = threading.Event()
        try:
            if self._evidence is None:
                return await asyncio.to_thread(summarise, text)
            return await asyncio.to_thread(self._evidence.summarise, text, lambda: not unwanted.is_set())
        except asyncio.CancelledError:
            unwanted.set()
            raise

    async def find(self, request: TurnRequest, start: Start, history: Sequence[Message]) -> Found | None:
        """Return what the documents say, None where they are not asked. Raises AppError."""
        asking = asks_documents(request, start)
        if self._evidence is None or asking is Asking.CHAT:
            return None
        question = start.stored.question.text
        earlier = [message.text for message in history if message.role is Role.USER]
        sources = await self.search(question, earlier, start.settings, shipped=start.shipped_model)
        if sources is None:
            return None
        quotes = sources.quotes
        if asking is Asking.OPEN and not is_for_documents(question, quotes):
            return None
        trust = Trust(
            start.mode,
            confidence=quotes.confidence,
            searched=sources.retrieval.searched,
            collections=sources.scope.collections,
            documents=sources.scope.documents,
            small_model=start.small_model,
            unsaid_years=quotes.unsaid_years,
            certain=quotes.certain,
        )
        if isinstance(request, Continuation) or pictures_of(start.stored.question.metadata):
            return Found(sources, trust)
        return _answered(Found(sources, trust), question, may_refuse=asking is not Asking.TASK)


def _answered(found: Found, question: str, *, may_refuse: bool) -> Found:
    """Return what was found, with the answer where it is a refusal or quotes alone."""
    sources, trust = found.sources, found.trust
    if not sources.quotes.quotes or (may_refuse and sources.quotes.refused):
        text, citations = refusal(sources.quotes, sources.scope, question, trust.searched)
        trust = replace(trust, refused=True)
    elif trust.mode is AnswerMode.QUOTES:
        before = "" if sources.quotes.certain else MAY_NOT_ANSWER
        text, citations = quoted_text(sources.quotes.quotes, before)
    else:
        return found
    return Found(sources.first(0), trust, text, tuple(citations))
