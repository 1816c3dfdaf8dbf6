"""Reads the whole tree of a conversation for its map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatbot_app.core.message_forest import Run, lay_out
from chatbot_app.storage.branch_rows import map_messages
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database


@dataclass(frozen=True, slots=True)
class BranchMap:
    """The branches of a conversation, in rows; counted beforehand, so that a window with thousands of rows counts nothing.

    `row_of` is by the first message of a row, `ids` are these in order. `shown_row` is where the shown branch ends, None
    where nothing is shown; `message_count` is over all branches, `branch_count` how many ends there are.
    """

    conversation_id: str
    runs: tuple[Run, ...]
    ids: tuple[str, ...]
    row_of: Mapping[str, int]
    shown_row: int | None
    message_count: int
    branch_count: int


def read_map(store: ConversationStore, database: Database, conversation_id: str) -> BranchMap:
    """Return the map of a conversation as it is stored now. Raises ConversationGone; blocking."""
    conversation = store.conversation(conversation_id)
    return map_of(conversation_id, lay_out(map_messages(database, conversation_id), conversation.leaf_id))


def map_of(conversation_id: str, runs: tuple[Run, ...]) -> BranchMap:
    """Return the map that these rows are."""
    ids = tuple(run.first.id for run in runs)
    shown = [row for row, run in enumerate(runs) if run.is_shown and not run.below_shown]
    return BranchMap(
        conversation_id,
        runs,
        ids,
        {message_id: row for row, message_id in enumerate(ids)},
        shown[-1] if shown else None,
        sum(run.count for run in runs),
        sum(not run.goes_on for run in runs),
    )
