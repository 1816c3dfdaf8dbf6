"""Whole conversations once more: copies beside the original, and temporary ones that are kept after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chatbot_app.core.carried import CarriedConversation, CarriedFolder
from chatbot_app.core.carried_ids import with_ids
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.temporary import lasting_id
from chatbot_app.storage.conversation_merging import ConversationMerger
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.lookups import utc_text
from chatbot_app.storage.summaries import SummaryStore


class ConversationCopier:
    """Copies conversations by the way on which they come in from files: in short transactions. Methods raise StoreError."""

    def __init__(
        self,
        database: Database,
        store: ConversationStore,
        summaries: SummaryStore,
        order: ConversationOrder,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._store = store
        self._summaries = summaries
        self._order = order
        self._now = now
        self._new_id = new_id

    def duplicate(self, conversation_ids: Sequence[str], title: Callable[[str], str]) -> list[Conversation]:
        """Add a copy of each, above all others, and return the copies; what is gone meanwhile is left out.

        `title` makes the copy's of the original's. A copy has nothing in common with its original: the one stays when
        the other is purged.
        """
        copies: list[str] = []
        with ConversationMerger(self._database, now=self._now) as merger:
            for conversation_id in reversed(
                conversation_ids
            ):  # so that they stand in the order of the originals
                try:
                    copy = self._copy_of(self._read(conversation_id), title)
                except ConversationGone:
                    continue
                merger.merge([copy])
                copies.insert(0, copy.conversation.id)
        return [self._store.conversation(copy) for copy in copies]

    def keep(self, conversation_id: str) -> Conversation:
        """Write a temporary conversation into the library, whole; it is there twice until it is closed.

        Raises ConversationGone.
        """
        carried = self._read(conversation_id)
        newest = replace(carried.conversation, updated_at=utc_text(self._now()))
        with ConversationMerger(self._database, now=self._now) as merger:
            merger.merge([replace(carried, conversation=newest)])
        return self._store.conversation(lasting_id(conversation_id))

    def _read(self, conversation_id: str) -> CarriedConversation:
        conversation = self._store.conversation(conversation_id)
        messages = tuple(_ended(message) for message in self._store.tree(conversation_id))
        folders = {folder.id: folder for folder in self._order.folders()} if conversation.folder_id else {}
        folder = folders.get(conversation.folder_id or "")

        def plans() -> Iterator[tuple[str, PromptPlan]]:
            for message in messages:
                plan = self._store.plan(message.id) if message.role is Role.ASSISTANT else None
                if plan is not None:
                    yield message.id, plan

        return CarriedConversation(
            replace(conversation, activity=0),  # it takes its place by its date
            messages,
            tuple(self._summaries.all(conversation_id)),
            None if folder is None else CarriedFolder(folder.id, folder.name, folder.settings),
            plans,
            self._store.pictures.carried(messages),
        )

    def _copy_of(self, carried: CarriedConversation, title: Callable[[str], str]) -> CarriedConversation:
        ids = [message.id for message in carried.messages] + [summary.id for summary in carried.summaries]
        names = {old: self._new_id() for old in (carried.conversation.id, *ids)}
        copy = with_ids(carried, lambda old: names.get(old, old))
        moment = utc_text(self._now())
        conversation = replace(
            copy.conversation,
            title=title(copy.conversation.title),
            title_is_automatic=False,
            created_at=moment,
            updated_at=moment,
        )
        return replace(copy, conversation=conversation)


def _ended(message: Message) -> Message:
    """Return the message as one that nobody is writing any more."""
    if message.status is not MessageStatus.STREAMING:
        return message
    return replace(message, status=MessageStatus.INTERRUPTED)
