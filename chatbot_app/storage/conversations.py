"""The history: conversations with their titles, settings and trash, above their messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from chatbot_app.core.conversation_filter import Condition, parse_filter
from chatbot_app.core.errors import ConversationGone, SearchIndexDamaged
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, SearchHit
from chatbot_app.core.pictures import Picture
from chatbot_app.core.text import clean_text
from chatbot_app.storage.lookups import (
    WITH_COUNT,
    conversation_row,
    next_activity,
    require_conversation,
    require_message_of,
)
from chatbot_app.storage.message_pictures import PictureStore
from chatbot_app.storage.message_rows import show_branch
from chatbot_app.storage.messages import MessageStore
from chatbot_app.storage.purging import Kind, Purged, erase_words, purge_rows
from chatbot_app.storage.rows import conversation_from, dump_settings
from chatbot_app.storage.search import Query, parse_query, search_messages, search_titles


class ConversationStore(MessageStore):
    """The history. Methods raise ConversationGone where a conversation or message is deleted or missing,
    and StoreError (DiskFull, StoreReadOnly, …) where nothing could be saved.
    """

    def create_conversation(
        self, settings: GenerationSettings | None = None, conversation_id: str | None = None
    ) -> Conversation:
        """Add an empty conversation without a title; `conversation_id` names it beforehand."""
        conversation_id, moment = conversation_id or self._new_id(), self._moment()
        with self._database.of(conversation_id).write() as connection:
            connection.execute(
                "INSERT INTO conversations (id, settings, created_at, updated_at, activity)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    conversation_id,
                    dump_settings(settings or GenerationSettings()),
                    moment,
                    moment,
                    next_activity(connection),
                ],
            )
            return require_conversation(connection, conversation_id)

    def begin_conversation(
        self,
        conversation_id: str,
        text: str,
        settings: GenerationSettings,
        *,
        server_id: str | None = None,
        model: str | None = None,
        question_id: str | None = None,
        pictures: Sequence[Picture] = (),
        agree: Callable[[], None],
    ) -> tuple[Message, Message]:
        """Add a conversation together with its first question, as `begin_exchange` does."""
        with self._database.of(conversation_id).write():
            self.create_conversation(settings, conversation_id)
            return self.begin_exchange(
                conversation_id,
                None,
                text,
                settings=settings,
                server_id=server_id,
                model=model,
                question_id=question_id,
                pictures=pictures,
                agree=agree,
            )

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation that is not in the trash."""
        with self._database.of(conversation_id).read() as connection:
            return require_conversation(connection, conversation_id)

    @property
    def pictures(self) -> PictureStore:
        """The pictures of messages."""
        return PictureStore(self._database)

    def list_conversations(self, limit: int = 200, offset: int = 0) -> list[Conversation]:
        """Return conversations, the one used last first."""
        with self._database.read() as connection:
            rows = connection.execute(
                WITH_COUNT + "WHERE deleted_at IS NULL ORDER BY activity DESC LIMIT ? OFFSET ?",
                [limit, offset],
            )
            return [conversation_from(row) for row in rows]

    def newest_activity(self) -> int:
        """Return a number that grows with every use of a conversation, 0 where there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT activity FROM conversations WHERE deleted_at IS NULL AND typeof(activity) = 'integer'"
                " ORDER BY activity DESC LIMIT 1"
            ).fetchone()
            return int(row[0]) if row is not None else 0

    def used_after(self, activity: int) -> list[Conversation]:
        """Return conversations that were used after a number of `newest_activity`, the one used last at the end."""
        with self._database.read() as connection:
            rows = connection.execute(
                WITH_COUNT + "WHERE deleted_at IS NULL AND activity > ? ORDER BY activity", [activity]
            )
            return [conversation_from(row) for row in rows]

    def rename(self, conversation_id: str, title: str, *, automatic: bool = False) -> Conversation:
        """Set the title; an automatic one never replaces a person's."""
        title = " ".join(clean_text(title).split())
        with self._database.of(conversation_id).write() as connection:
            conversation = require_conversation(connection, conversation_id)
            if not automatic or conversation.title_is_automatic:
                connection.execute(
                    "UPDATE conversations SET title = ?, title_is_automatic = ?, updated_at = ? WHERE id = ?",
                    [title, automatic, self._moment(), conversation_id],
                )
            return require_conversation(connection, conversation_id)

    def set_settings(self, conversation_id: str, settings: GenerationSettings) -> None:
        """Keep the settings that the next message will use."""
        self._change(conversation_id, "settings = ?", dump_settings(settings))

    def set_leaf(self, conversation_id: str, message_id: str | None) -> None:
        """Show the branch that ends at `message_id`; None shows an empty conversation."""
        with self._database.of(conversation_id).write() as connection:
            conversation_row(connection, conversation_id)
            if message_id is not None:
                require_message_of(connection, conversation_id, message_id)
            show_branch(connection, conversation_id, message_id, moment=self._moment())

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the trash, whole."""
        self._change(conversation_id, "deleted_at = ?", self._moment())

    def delete_all(self, conversation_ids: Sequence[str]) -> None:
        """Move several to the trash, or none where one is gone."""
        with self._database.write():
            for conversation_id in conversation_ids:
                self.delete(conversation_id)

    def restore(self, conversation_id: str) -> Conversation:
        """Bring a conversation back from the trash, to the place where it was."""
        with self._database.of(conversation_id).write() as connection:
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", [conversation_id])
            return require_conversation(connection, conversation_id)

    def restore_all(self, conversation_ids: Sequence[str]) -> list[Conversation]:
        """Bring several back at once; those that are gone for good are left out. Raises ConversationGone where all are."""
        restored = []
        with self._database.write():
            for conversation_id in conversation_ids:
                with suppress(ConversationGone):
                    restored.append(self.restore(conversation_id))
        if not restored:
            raise ConversationGone()
        return restored

    def trash(self) -> list[Conversation]:
        """Return the conversations in the trash, the one used last first."""
        with self._database.read() as connection:
            rows = connection.execute(WITH_COUNT + "WHERE deleted_at IS NOT NULL ORDER BY activity DESC")
            return [conversation_from(row) for row in rows]

    def purge(self, conversation_id: str | None = None) -> int:
        """Delete one conversation of the trash, or all of them, for good; return how many.

        Messages, plans and full-text rows are overwritten in the file. What is left in the gaps of its pages
        and in backups is noted, and taken away by `storage.trash.Trash.scrub`.
        """
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT id FROM conversations WHERE deleted_at IS NOT NULL AND id = coalesce(?, id)",
                [conversation_id],
            ).fetchall()
            purged = [Purged(Kind.CONVERSATION, row["id"]) for row in rows]
            if not purged:
                return 0
            purge_rows(connection, purged)
        erase_words(self._database)
        self._database.truncate_log()
        return len(purged)

    def search(self, query: str, limit: int = 50) -> list[SearchHit]:
        """Return titles, then messages that match any text a person may type; the trash is left out.

        Filters (`core.conversation_filter`) among the words keep to some conversations; alone, they find these.
        """
        asked = parse_filter(query, self._now().astimezone().date())
        parsed = parse_query(asked.words)
        if not parsed.match and not parsed.literals and not asked.conditions:
            return []
        try:
            return self._search(parsed, limit, asked.conditions)
        except SearchIndexDamaged:
            with self._database.write():  # makes the index anew, from the texts
                pass
            return self._search(parsed, limit, asked.conditions)

    def _search(self, parsed: Query, limit: int, filters: Sequence[Condition]) -> list[SearchHit]:
        with self._database.read() as connection:
            titles = search_titles(connection, parsed, limit, filters)
            if not parsed.match and not parsed.literals:
                return titles
            return titles + search_messages(connection, parsed, limit - len(titles), filters)

    def _change(self, conversation_id: str, assignment: str, value: object) -> None:
        with self._database.of(conversation_id).write() as connection:
            changed = connection.execute(
                f"UPDATE conversations SET {assignment}, updated_at = ? WHERE id = ? AND deleted_at IS NULL",
                [value, self._moment(), conversation_id],
            )
            if not changed.rowcount:
                raise ConversationGone()
