"""Conversations come in from files: first a look at what would come, then the import, each as events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from chatbot_app.chat.transfer.reading import ConversationReader
from chatbot_app.core.carried import Arrival, Arrived, CarriedConversation
from chatbot_app.core.carried_ids import lasting
from chatbot_app.storage.conversation_merging import ConversationMerger, merge_all


@dataclass(slots=True)
class ImportSummary:
    """What comes, or came: conversations by how they stand to what is here, messages, dates, and what is left out."""

    arrivals: Counter[Arrival] = field(default_factory=Counter)
    messages: int = 0
    new_messages: int = 0
    earliest: str = ""  # ISO 8601 in UTC, of the conversations that come; "" where none says
    latest: str = ""
    formats: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    not_chosen: int = 0  # conversations that the person left where they are
    is_complete: bool = False  # all files were read to their ends

    @property
    def conversations(self) -> int:
        """How many conversations the files hold."""
        return self.arrivals.total()

    @property
    def coming(self) -> int:
        """How many of them bring something."""
        return self.arrivals[Arrival.NEW] + self.arrivals[Arrival.GROWN]

    def add(self, arrived: Arrived) -> None:
        """Count a conversation."""
        self.arrivals[arrived.arrival] += 1
        self.messages += arrived.messages
        self.new_messages += arrived.new_messages
        if arrived.created_at:
            self.earliest = min(self.earliest or arrived.created_at, arrived.created_at)
        if arrived.updated_at:
            self.latest = max(self.latest, arrived.updated_at)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "conversations": self.conversations,
            **{arrival.name.lower(): self.arrivals[arrival] for arrival in Arrival},
            "messages": self.messages,
            "new_messages": self.new_messages,
            "earliest": self.earliest or None,
            "latest": self.latest or None,
            "formats": self.formats,
            "left_out": [{"reason": reason, "count": count} for reason, count in self.left_out.items()],
            "complete": self.is_complete,
        }


def preview(
    reader: ConversationReader, merger: ConversationMerger, summary: ImportSummary
) -> Iterator[Arrived]:
    """Yield each conversation of the files as it would come, and gather them in `summary`; nothing is stored.

    Raises ImportUnreadable, StoreError.
    """
    yield from _gathered(reader, summary, (merger.look(carried) for carried in reader.conversations()))
    summary.is_complete = True


def import_conversations(
    reader: ConversationReader,
    merger: ConversationMerger,
    summary: ImportSummary,
    should_stop: Callable[[], bool] = lambda: False,
    chosen: Collection[str] | None = None,
) -> Iterator[Arrived]:
    """Store the conversations of the files and yield what came of each, gathered in `summary`.

    With `chosen`, only those whose ids, as `preview` tells them, are among these; the others are counted.

    What came before an error, or before `should_stop` said so, stays; the same import again completes it.
    Raises ImportUnreadable, StoreError.
    """

    def until_stopped() -> Iterator[CarriedConversation]:
        for carried in reader.conversations():
            if should_stop():
                return
            if chosen is None or lasting(carried).conversation.id in chosen:
                yield carried
            else:
                summary.not_chosen += 1
        summary.is_complete = True

    with merger:
        yield from _gathered(reader, summary, merge_all(merger, until_stopped()))


def _gathered(
    reader: ConversationReader, summary: ImportSummary, arriving: Iterator[Arrived]
) -> Iterator[Arrived]:
    try:
        for arrived in arriving:
            summary.add(arrived)
            yield arrived
    finally:
        summary.formats = dict(reader.formats)
        summary.left_out = dict(reader.left_out.reasons)
