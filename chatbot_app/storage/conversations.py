"""Conversations and their messages: every change is one transaction, and order is a counter."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import (
    Conversation,
    Message,
    MessageStatus,
    Notice,
    Role,
    SearchHit,
    Timings,
    Usage,
)
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.text import clean_text, first_words
from chatbot_app.storage import message_tree
from chatbot_app.storage.database import Database
from chatbot_app.storage.rows import (
    conversation_from,
    dump_json,
    dump_notices,
    dump_plan,
    dump_settings,
    dump_value,
    load_plan,
)
from chatbot_app.storage.search import parse_query, search_messages, search_titles

_WITH_COUNT = """
    SELECT conversations.*,
        (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS message_count
    FROM conversations
"""


class ConversationStore:
    """The history. Methods raise ConversationGone where a conversation or message is deleted or missing,
    and StoreError (DiskFull, StoreReadOnly, …) where nothing could be saved.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    # --- conversations -------------------------------------------------------------------------------

    def create_conversation(self, settings: GenerationSettings | None = None) -> Conversation:
        """Add an empty conversation without a title."""
        conversation_id, moment = self._new_id(), self._moment()
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO conversations (id, settings, created_at, updated_at, activity)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    conversation_id,
                    dump_settings(settings or GenerationSettings()),
                    moment,
                    moment,
                    _next_activity(connection),
                ],
            )
            return _conversation(connection, conversation_id)

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation that is not in the trash."""
        with self._database.read() as connection:
            return _conversation(connection, conversation_id)

    def list_conversations(self, limit: int = 200, offset: int = 0) -> list[Conversation]:
        """Return conversations, the one used last first."""
        with self._database.read() as connection:
            rows = connection.execute(
                _WITH_COUNT + "WHERE deleted_at IS NULL ORDER BY activity DESC LIMIT ? OFFSET ?",
                [limit, offset],
            )
            return [conversation_from(row) for row in rows]

    def rename(self, conversation_id: str, title: str, *, automatic: bool = False) -> Conversation:
        """Set the title; an automatic one never replaces a person's."""
        title = " ".join(clean_text(title).split())
        with self._database.write() as connection:
            conversation = _conversation(connection, conversation_id)
            if not automatic or conversation.title_is_automatic:
                connection.execute(
                    "UPDATE conversations SET title = ?, title_is_automatic = ?, updated_at = ? WHERE id = ?",
                    [title, automatic, self._moment(), conversation_id],
                )
            return _conversation(connection, conversation_id)

    def set_settings(self, conversation_id: str, settings: GenerationSettings) -> None:
        """Keep the settings that the next message will use."""
        self._change(conversation_id, "settings = ?", dump_settings(settings))

    def set_leaf(self, conversation_id: str, message_id: str | None) -> None:
        """Show the branch that ends at `message_id`; None shows an empty conversation."""
        with self._database.write() as connection:
            _require_conversation(connection, conversation_id)
            if message_id is not None:
                _require_message_of(connection, conversation_id, message_id)
            self._set_leaf(connection, conversation_id, message_id)

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the trash, whole."""
        self._change(conversation_id, "deleted_at = ?", self._moment())

    def restore(self, conversation_id: str) -> Conversation:
        """Bring a conversation back from the trash, to the place where it was."""
        with self._database.write() as connection:
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", [conversation_id])
            return _conversation(connection, conversation_id)

    def trash(self) -> list[Conversation]:
        """Return the conversations in the trash, the one used last first."""
        with self._database.read() as connection:
            rows = connection.execute(_WITH_COUNT + "WHERE deleted_at IS NOT NULL ORDER BY activity DESC")
            return [conversation_from(row) for row in rows]

    def purge(self, conversation_id: str | None = None) -> int:
        """Delete one conversation of the trash, or all of them, for good; return how many.

        Messages, plans and full-text rows are overwritten on disk. Backups keep what they have.
        """
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT id FROM conversations WHERE deleted_at IS NOT NULL AND id = coalesce(?, id)",
                [conversation_id],
            ).fetchall()
            purged = [(row["id"],) for row in rows]
            if not purged:
                return 0
            connection.executemany("UPDATE conversations SET leaf_id = NULL WHERE id = ?", purged)
            connection.executemany("DELETE FROM messages WHERE conversation_id = ?", purged)
            connection.executemany("DELETE FROM conversations WHERE id = ?", purged)
            # A deleted row leaves its words in the index until segments are merged.
            for index in ("message_index", "title_index"):
                connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        self._database.truncate_log()
        return len(purged)

    # --- an exchange ---------------------------------------------------------------------------------

    def begin_exchange(
        self,
        conversation_id: str,
        parent_id: str | None,
        text: str,
        *,
        settings: GenerationSettings | None = None,
        server_id: str | None = None,
        model: str | None = None,
    ) -> tuple[Message, Message]:
        """Store a question below `parent_id` and an empty streaming answer below it; show that branch.

        An edit is the same with the parent of the edited question. The first question of a conversation
        without a title names it. Raises ValueError where the parent is of another conversation.
        """
        text = clean_text(text)
        with self._database.write() as connection:
            conversation = _conversation(connection, conversation_id)
            if parent_id is not None:
                _require_message_of(connection, conversation_id, parent_id)
            question_id = self._insert(
                connection, conversation_id, parent_id, Role.USER, MessageStatus.COMPLETE, text=text
            )
            answer_id = self._insert(
                connection,
                conversation_id,
                question_id,
                Role.ASSISTANT,
                MessageStatus.STREAMING,
                settings=settings,
                server_id=server_id,
                model=model,
            )
            if conversation.title_is_automatic and not conversation.title:
                connection.execute(
                    "UPDATE conversations SET title = ? WHERE id = ?", [first_words(text), conversation_id]
                )
            self._touch(connection, conversation_id, answer_id)
            return _message(connection, question_id), _message(connection, answer_id)

    def begin_answer(
        self,
        conversation_id: str,
        question_id: str,
        *,
        settings: GenerationSettings | None = None,
        server_id: str | None = None,
        model: str | None = None,
    ) -> Message:
        """Store another empty streaming answer to a question, beside those it has; show that branch."""
        with self._database.write() as connection:
            _require_conversation(connection, conversation_id)
            _require_message_of(connection, conversation_id, question_id)
            answer_id = self._insert(
                connection,
                conversation_id,
                question_id,
                Role.ASSISTANT,
                MessageStatus.STREAMING,
                settings=settings,
                server_id=server_id,
                model=model,
            )
            self._touch(connection, conversation_id, answer_id)
            return _message(connection, answer_id)

    def reopen(self, message_id: str) -> Message:
        """Let an ended answer stream on: its text stays, what ended it is forgotten."""
        with self._database.write() as connection:
            message = _message(connection, message_id)
            _require_conversation(connection, message.conversation_id)
            connection.execute(
                "UPDATE messages SET status = ?, finish_reason = NULL, notices = '[]' WHERE id = ?",
                [MessageStatus.STREAMING.value, message_id],
            )
            self._touch(connection, message.conversation_id, message_id)
            return _message(connection, message_id)

    def save_partial(self, message_id: str, text: str, reasoning: str = "") -> bool:
        """Keep what has arrived of a streaming answer; False says that its conversation was deleted.

        In the trash the text is still kept; an answer that already ended stays as it is.
        """
        with self._database.write() as connection:
            connection.execute(
                "UPDATE messages SET text = ?, reasoning = ? WHERE id = ? AND status = ?",
                [clean_text(text), clean_text(reasoning), message_id, MessageStatus.STREAMING.value],
            )
            alive = connection.execute(
                "SELECT 1 FROM messages JOIN conversations ON conversations.id = conversation_id"
                " WHERE messages.id = ? AND deleted_at IS NULL",
                [message_id],
            ).fetchone()
            return alive is not None

    def finish_message(
        self,
        message_id: str,
        *,
        status: MessageStatus,
        text: str,
        reasoning: str = "",
        usage: Usage | None = None,
        timings: Timings | None = None,
        finish_reason: str | None = None,
        notices: Iterable[Notice] = (),
    ) -> Message:
        """Bring an answer to its last state, also in the trash.

        Raises ValueError for `STREAMING`, and for `COMPLETE` without a `finish_reason`.
        """
        if status is MessageStatus.STREAMING:
            raise ValueError("an answer does not end as streaming")
        if status is MessageStatus.COMPLETE and finish_reason is None:
            raise ValueError("an answer is complete only when a finish_reason was seen")
        with self._database.write() as connection:
            connection.execute(
                "UPDATE messages SET status = ?, text = ?, reasoning = ?, usage = ?, timings = ?,"
                " finish_reason = ?, notices = ? WHERE id = ?",
                [
                    status.value,
                    clean_text(text),
                    clean_text(reasoning),
                    dump_value(usage),
                    dump_value(timings),
                    None if finish_reason is None else clean_text(finish_reason),
                    dump_notices(notices),
                    message_id,
                ],
            )
            return _message(connection, message_id)

    def interrupt_streaming(self) -> int:
        """Mark answers that a dead process left streaming as interrupted, text kept; return how many."""
        with self._database.write() as connection:
            return connection.execute(
                "UPDATE messages SET status = ? WHERE status = ?",
                [MessageStatus.INTERRUPTED.value, MessageStatus.STREAMING.value],
            ).rowcount

    def set_model(self, message_id: str, server_id: str | None, model: str | None) -> None:
        """Record which server and model really answer."""
        self._change_message(message_id, "server_id = ?, model = ?", server_id, model)

    def set_pinned(self, message_id: str, pinned: bool) -> None:
        """Keep a message in every prompt, or no longer."""
        self._change_message(message_id, "pinned = ?", pinned)

    def set_excluded(self, message_id: str, excluded: bool) -> None:
        """Leave a message out of every prompt, or no longer."""
        self._change_message(message_id, "excluded = ?", excluded)

    def save_plan(self, message_id: str, plan: PromptPlan) -> None:
        """Keep what was sent for an answer."""
        with self._database.write() as connection:
            _message(connection, message_id)
            connection.execute(
                "INSERT INTO prompt_plans (message_id, plan) VALUES (?, ?)"
                " ON CONFLICT (message_id) DO UPDATE SET plan = excluded.plan",
                [message_id, dump_plan(plan)],
            )

    def plan(self, message_id: str) -> PromptPlan | None:
        """Return what was sent for an answer, None where nothing is known."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT plan FROM prompt_plans WHERE message_id = ?", [message_id]
            ).fetchone()
        return None if row is None else load_plan(row["plan"])

    # --- the tree ------------------------------------------------------------------------------------

    def message(self, message_id: str) -> Message:
        """Return a message, also one of a conversation in the trash."""
        with self._database.read() as connection:
            return _message(connection, message_id)

    def path(
        self, conversation_id: str, leaf_id: str | None = None, *, limit: int | None = None
    ) -> list[Message]:
        """Return the newest `limit` messages of the branch that ends at `leaf_id`, oldest first.

        Without `leaf_id` it is the branch that is shown.
        """
        with self._database.read() as connection:
            conversation = _conversation_row(connection, conversation_id)
            if leaf_id is not None:
                _require_message_of(connection, conversation_id, leaf_id)
            leaf_id = leaf_id or conversation["leaf_id"]
            return [] if leaf_id is None else message_tree.path_to(connection, leaf_id, limit)

    def path_before(self, message_id: str, limit: int) -> list[Message]:
        """Return up to `limit` messages above `message_id`, without it, oldest first."""
        with self._database.read() as connection:
            parent_id = _message(connection, message_id).parent_id
            return [] if parent_id is None else message_tree.path_to(connection, parent_id, limit)

    def children(self, message_id: str) -> list[str]:
        """Return the ids of the messages directly below, in the order of sending."""
        with self._database.read() as connection:
            return message_tree.child_ids(connection, message_id)

    def siblings(self, message_id: str) -> list[str]:
        """Return the ids of all variants of a message, itself among them, in the order of sending."""
        with self._database.read() as connection:
            return message_tree.sibling_ids(connection, _message(connection, message_id))

    def leaf_below(self, message_id: str) -> str:
        """Return the id of the newest message at or below: where a switch to this variant leads."""
        with self._database.read() as connection:
            return message_tree.newest_below(connection, message_id)

    def search(self, query: str, limit: int = 50) -> list[SearchHit]:
        """Return titles, then messages that match any text a person may type; the trash is left out."""
        parsed = parse_query(query)
        if not parsed.match and not parsed.literals:
            return []
        with self._database.read() as connection:
            titles = search_titles(connection, parsed, limit)
            return titles + search_messages(connection, parsed, limit - len(titles))

    # --- shared steps --------------------------------------------------------------------------------

    def _moment(self) -> str:
        moment = self._now()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds")

    def _insert(
        self,
        connection: sqlite3.Connection,
        conversation_id: str,
        parent_id: str | None,
        role: Role,
        status: MessageStatus,
        *,
        text: str = "",
        settings: GenerationSettings | None = None,
        server_id: str | None = None,
        model: str | None = None,
    ) -> str:
        message_id = self._new_id()
        connection.execute(
            "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at,"
            " settings, server_id, model, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                message_id,
                conversation_id,
                parent_id,
                role.value,
                text,
                status.value,
                self._moment(),
                dump_settings(settings),
                server_id,
                model,
                dump_json({}),
            ],
        )
        return message_id

    def _touch(self, connection: sqlite3.Connection, conversation_id: str, leaf_id: str) -> None:
        connection.execute(
            "UPDATE conversations SET activity = ? WHERE id = ?",
            [_next_activity(connection), conversation_id],
        )
        self._set_leaf(connection, conversation_id, leaf_id)

    def _set_leaf(self, connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None) -> None:
        connection.execute(
            "UPDATE conversations SET leaf_id = ?, updated_at = ? WHERE id = ?",
            [leaf_id, self._moment(), conversation_id],
        )

    def _change(self, conversation_id: str, assignment: str, value: object) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                f"UPDATE conversations SET {assignment}, updated_at = ? WHERE id = ? AND deleted_at IS NULL",
                [value, self._moment(), conversation_id],
            )
            if not changed.rowcount:
                raise ConversationGone()

    def _change_message(self, message_id: str, assignments: str, *values: object) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                f"UPDATE messages SET {assignments} WHERE id = ?", [*values, message_id]
            )
            if not changed.rowcount:
                raise ConversationGone()


def _next_activity(connection: sqlite3.Connection) -> int:
    newest = connection.execute(
        "SELECT max(coalesce((SELECT max(activity) FROM conversations WHERE deleted_at IS NULL), 0),"
        " coalesce((SELECT max(activity) FROM conversations WHERE deleted_at IS NOT NULL), 0))"
    ).fetchone()
    return int(newest[0]) + 1


def _conversation_row(connection: sqlite3.Connection, conversation_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        _WITH_COUNT + "WHERE id = ? AND deleted_at IS NULL", [conversation_id]
    ).fetchone()
    if row is None:
        raise ConversationGone()
    return row


def _conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    return conversation_from(_conversation_row(connection, conversation_id))


def _require_conversation(connection: sqlite3.Connection, conversation_id: str) -> None:
    _conversation_row(connection, conversation_id)


def _message(connection: sqlite3.Connection, message_id: str) -> Message:
    message = message_tree.find_message(connection, message_id)
    if message is None:
        raise ConversationGone()
    return message


def _require_message_of(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> None:
    if _message(connection, message_id).conversation_id != conversation_id:
        raise ValueError(f"message {message_id} is of another conversation")
