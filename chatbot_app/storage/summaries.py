"""Summaries of the start of a branch: at most one for each message that it reaches down to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Summary
from chatbot_app.core.temporary import id_within
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.lookups import conversation_row, require_message_of, utc_text


class SummaryStore:
    """The summaries of all conversations; they go with the message that they reach down to.

    Methods raise ConversationGone for a summary, message or conversation that is gone, and StoreError where
    nothing could be saved.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    def all(self, conversation_id: str) -> list[Summary]:
        """Return every summary of a conversation, in the order of the messages that they reach down to."""
        with self._database.of(conversation_id).read() as connection:
            return _summaries_of(connection, conversation_id)

    def newest(self, conversation_id: str, message_ids: Collection[str]) -> Summary | None:
        """Return the summary that stands for most of a branch, whose messages are `message_ids`."""
        branch = message_ids if isinstance(message_ids, set | frozenset) else frozenset(message_ids)
        of_branch = [summary for summary in self.all(conversation_id) if summary.through_id in branch]
        return of_branch[-1] if of_branch else None

    def save(
        self, conversation_id: str, through_id: str, text: str, *, model: str = "", pinned: bool = False
    ) -> Summary:
        """Keep what a model wrote about a branch down to `through_id`, with it.

        A summary that reaches down to the same message is replaced, unless the person edited or pinned it:
        then that one stays and is returned. Raises ValueError where the message is of another conversation.
        """
        with self._database.of(conversation_id).write() as connection:
            conversation_row(connection, conversation_id)
            require_message_of(connection, conversation_id, through_id)
            connection.execute(
                "INSERT INTO summaries (id, conversation_id, through_id, text, model, pinned, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (through_id) DO UPDATE SET"
                " text = excluded.text, model = excluded.model, pinned = excluded.pinned,"
                " created_at = excluded.created_at WHERE NOT summaries.edited AND NOT summaries.pinned",
                [
                    id_within(conversation_id, self._new_id()),
                    conversation_id,
                    through_id,
                    clean_text(text),
                    clean_text(model),
                    pinned,
                    utc_text(self._now()),
                ],
            )
            row = connection.execute("SELECT * FROM summaries WHERE through_id = ?", [through_id]).fetchone()
            return _summary_from(row)

    def edit(self, summary_id: str, text: str) -> Summary:
        """Put the person's words in the place of a summary's."""
        with self._database.of(summary_id).write() as connection:
            connection.execute(
                "UPDATE summaries SET text = ?, edited = 1 WHERE id = ?", [clean_text(text), summary_id]
            )
            return _require_summary(connection, summary_id)

    def set_pinned(self, summary_id: str, pinned: bool) -> Summary:
        """Pin a summary, or take the pin away."""
        with self._database.of(summary_id).write() as connection:
            connection.execute("UPDATE summaries SET pinned = ? WHERE id = ?", [pinned, summary_id])
            return _require_summary(connection, summary_id)

    def remove(self, summary_id: str) -> None:
        """Forget a summary; does nothing where it is gone. The messages stay."""
        with self._database.of(summary_id).write() as connection:
            connection.execute("DELETE FROM summaries WHERE id = ?", [summary_id])


def _summaries_of(connection: sqlite3.Connection, conversation_id: str) -> list[Summary]:
    rows = connection.execute(
        "SELECT summaries.* FROM summaries JOIN messages ON messages.id = through_id"
        " WHERE summaries.conversation_id = ? ORDER BY messages.sequence",
        [conversation_id],
    )
    return [_summary_from(row) for row in rows]


def _require_summary(connection: sqlite3.Connection, summary_id: str) -> Summary:
    row = connection.execute("SELECT * FROM summaries WHERE id = ?", [summary_id]).fetchone()
    if row is None:
        raise ConversationGone()
    return _summary_from(row)


def _summary_from(row: sqlite3.Row) -> Summary:
    return Summary(
        id=as_text(row["id"]),
        conversation_id=as_text(row["conversation_id"]),
        through_id=as_text(row["through_id"]),
        text=as_text(row["text"]),
        model=as_text(row["model"]),
        edited=bool(row["edited"]),
        pinned=bool(row["pinned"]),
        created_at=as_text(row["created_at"]),
    )
