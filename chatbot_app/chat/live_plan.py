"""The plan of a question that is being written: made again at every pause, so nothing is read or counted twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from operator import is_

from chatbot_app.chat.evidence import Sources
from chatbot_app.chat.requests import PlanRequest
from chatbot_app.chat.small_talk import history_of_small_talk
from chatbot_app.chat.turn_memory import TurnMemory
from chatbot_app.chat.turn_plan import PreparedTurn, TurnPrompt, plan_turn, prepare_turn
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, Role, Summary
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.pictures import PICTURES, described
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.memory.budget import make_budget
from chatbot_app.storage.conversations import ConversationStore

Search = Callable[[str, Sequence[str], GenerationSettings, Connection], Awaitable[Sources | None]]


@dataclass(frozen=True, slots=True)
class _Place:
    """What does not depend on the draft."""

    version: object
    conversation_id: str
    parent_id: str | None
    settings: GenerationSettings
    connection: Connection
    history: list[Message]
    prepared: PreparedTurn
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store says of the place where a question is written."""

    settings: GenerationSettings
    history: list[Message]
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What was last found in a conversation."""

    sources: Sources | None = None
    recalled: Sequence[str] = ()


class LivePlan:
    """Plans without sending, for one conversation at a time; belongs to one asyncio loop."""

    def __init__(
        self,
        store: ConversationStore,
        gateway: Gateway,
        memory: TurnMemory | None,
        in_use: Callable[[GenerationSettings], GenerationSettings],
        version: Callable[[], object],
        calls: OrderedCalls,
    ) -> None:
        """`in_use` returns stored settings as they hold now, `version` a value that differs after every change of the store.

        `calls` make all its calls.
        """
        self._in_use = in_use
        self._calls = calls
        self._version = version
        self._store = store
        self._gateway = gateway
        self._memory = memory
        self._place: _Place | None = None
        self._prepared: tuple[Connection, PreparedTurn] | None = None
        self._found: dict[str, _Found] = {}

    def remember(self, conversation_id: str, sources: Sources | None, recalled: Sequence[str]) -> None:
        """Take what was found for a question as what the next one may find."""
        self._found = {conversation_id: _Found(sources, recalled)}

    async def prepared(self, history: Sequence[Message], connection: Connection) -> PreparedTurn:
        """Return a history counted; what it has in common with the one before is not counted again.

        Raises ServerError where the server cannot count.
        """
        known = self._prepared
        if known is None or known[0] != connection:
            prepared = await prepare_turn(history, connection)
        elif len(known[1].source) == len(history) and all(map(is_, known[1].source, history)):
            return known[1]
        else:
            prepared = await prepare_turn(history, connection, known[1])
        self._prepared = (connection, prepared)
        return prepared

    async def found(self, request: PlanRequest, search: Search) -> Sources | None:
        """Search for a draft and remember what was found. Raises AppError."""
        place = await self._at(request)
        earlier = [message.text for message in place.history if message.role is Role.USER]
        sources = await search(request.draft, earlier, place.settings, place.connection)
        recalled: Sequence[str] = ()
        if self._memory is not None:
            recalled = await self._memory.recalled_for(request.draft, place.history, place.settings)
        self.remember(request.conversation_id, sources, recalled)
        return sources

    async def plan(
        self, request: PlanRequest, sources: Sources | None, *, uses_documents: bool = True
    ) -> PromptPlan:
        """Return the plan of a draft; one that does not speak to the documents uses none. Raises AppError."""
        place = await self._at(request)
        known = self._found.get(request.conversation_id, _Found())
        if uses_documents and sources is None and place.settings.collections is not None:
            sources = known.sources
        history, prepared, summary = place.history, place.prepared, place.summary
        if not uses_documents and place.settings.collections is not None:
            history = history_of_small_talk(place.history, request.draft)
            if len(history) < len(place.history):
                prepared = await self.prepared(history, place.connection)
                summary = summary if summary is not None and summary.pinned else None
        question = Message(
            *("", request.conversation_id, request.parent_id, 0, Role.USER, request.draft),
            metadata={PICTURES: described([(one.name, one) for one in request.pictures])},
        )
        prompt = TurnPrompt(
            place.settings,
            history,
            question,
            sources=sources,
            summary=summary,
            recalled=known.recalled,
        )
        connection = place.connection
        budget = make_budget(connection.window, place.settings.max_tokens, connection.window_source)
        return await plan_turn(prompt, connection, budget, prepared)

    async def _at(self, request: PlanRequest) -> _Place:
        read = await self._calls.call(self._read, request, self._place)
        if isinstance(read, _Place) and self._gateway.holds(read.connection):
            return read
        if isinstance(read, _Place):
            read = await self._calls.call(self._read, request, None)
            assert not isinstance(read, _Place)
        connection = await self._gateway.open(read.settings)
        prepared = await self.prepared(read.history, connection)
        self._place = _Place(
            await self._calls.call(self._version),  # counting has written what it counted
            request.conversation_id,
            request.parent_id,
            read.settings,
            connection,
            read.history,
            prepared,
            read.summary,
        )
        return self._place

    def _read(self, request: PlanRequest, known: _Place | None) -> _Read | _Place:
        """Return `known` where it still holds, else what the store says now."""
        if (
            known is not None
            and (known.version, known.conversation_id, known.parent_id)
            == (self._version(), request.conversation_id, request.parent_id)
            and (request.settings is None or self._in_use(request.settings) == known.settings)
        ):
            return known
        settings = request.settings or self._store.conversation(request.conversation_id).settings
        history: list[Message] = []
        if request.parent_id is not None:
            history = self._store.path(request.conversation_id, request.parent_id)
        summary = None
        if self._memory is not None:
            summary = self._memory.summary_of(request.conversation_id, history)
        return _Read(self._in_use(settings), history, summary)
