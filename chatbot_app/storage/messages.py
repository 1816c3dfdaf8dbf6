"""The messages of the history: every change is one transaction, and order is a counter."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chatbot_app.core.compared import VOTE
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.feedback import FEEDBACK
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.message_forest import BRANCH_NAME
from chatbot_app.core.messages import FROM_DOCUMENTS, Message, MessageStatus, Notice, Timings, Usage
from chatbot_app.core.pictures import Picture
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.temporary import id_within
from chatbot_app.core.text import clean_text, first_words
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.lookups import (
    conversation_row,
    require_conversation,
    require_message,
    require_message_of,
    utc_text,
)
from chatbot_app.storage.message_pictures import keep_with
from chatbot_app.storage.message_reading import MessageReader
from chatbot_app.storage.message_rows import insert_answer, insert_question, show_newest
from chatbot_app.storage.rows import dump_notices, dump_value
from chatbot_app.storage.unsaved_answers import AnswerState


def _origin(answer: Message) -> dict[str, Any]:
    known = answer.metadata
    return {FROM_DOCUMENTS: True} if "retrieval" in known or FROM_DOCUMENTS in known else {}


def _of_person(connection: sqlite3.Connection, message_id: str) -> dict[str, Any]:
    known = require_message(connection, message_id).metadata
    return {name: known[name] for name in (FEEDBACK, VOTE, BRANCH_NAME) if name in known}


def _agree() -> None:
    """Let what was written last."""


class MessageStore(MessageReader):
    """The part of `ConversationStore` that is about messages; used through it."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        super().__init__(database)
        self._now = now
        self._new_id = new_id

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
        question_id: str | None = None,
        pictures: Sequence[Picture] = (),
        pictures_of: str = "",
        agree: Callable[[], None] = _agree,
    ) -> tuple[Message, Message]:
        """Store a question below `parent_id` and an empty streaming answer below it; show that branch.

        An edit is the same with the parent of the edited question. The first question of a conversation
        without a title names it, or its first picture where it has no words. `question_id` names the question before it is
        stored; `pictures` are stored with it, and so are those of the message `pictures_of`. `agree` is called
        when all is written and before it lasts: what it raises undoes everything. Raises ValueError where the
        parent is of another conversation.
        """
        text = clean_text(text)
        named = first_words(text or " ".join(clean_text(one.name) for one in pictures[:1]))
        with self._database.of(conversation_id).write() as connection:
            conversation = require_conversation(connection, conversation_id)
            if parent_id is not None:
                require_message_of(connection, conversation_id, parent_id)
            question_id = id_within(conversation_id, question_id or self._new_id())
            insert_question(connection, question_id, conversation_id, parent_id, text, moment=self._moment())
            keep_with(connection, question_id, pictures, pictures_of)
            answer_id = self._insert_answer(
                connection, conversation_id, question_id, settings, server_id, model
            )
            if conversation.title_is_automatic and not conversation.title:
                connection.execute(
                    "UPDATE conversations SET title = ? WHERE id = ?", [named, conversation_id]
                )
            show_newest(connection, conversation_id, answer_id, moment=self._moment())
            stored = require_message(connection, question_id), require_message(connection, answer_id)
            agree()
        return stored

    def begin_answer(
        self,
        conversation_id: str,
        question_id: str,
        *,
        settings: GenerationSettings | None = None,
        server_id: str | None = None,
        model: str | None = None,
        agree: Callable[[], None] = _agree,
    ) -> Message:
        """Store another empty streaming answer to a question, beside those it has; show that branch.

        `agree` is as in `begin_exchange`.
        """
        with self._database.of(conversation_id).write() as connection:
            conversation_row(connection, conversation_id)
            require_message_of(connection, conversation_id, question_id)
            answer_id = self._insert_answer(
                connection, conversation_id, question_id, settings, server_id, model
            )
            show_newest(connection, conversation_id, answer_id, moment=self._moment())
            stored = require_message(connection, answer_id)
            agree()
        return stored

    def add_edited_answer(self, answer_id: str, text: str) -> Message:
        """Store the person's version of an answer beside it; show that branch. The answer itself stays."""
        with self._database.of(answer_id).write() as connection:
            answer = require_message(connection, answer_id)
            if answer.parent_id is None:
                raise ValueError("an answer stands below its question")
            edited = self.begin_answer(
                answer.conversation_id,
                answer.parent_id,
                settings=answer.settings,
                server_id=answer.server_id,
                model=answer.model,
            )
            return self.finish_message(
                edited.id,
                status=MessageStatus.COMPLETE,
                text=text,
                finish_reason="edited",
                metadata={"edited_from": answer_id, **_origin(answer)},
            )

    def reopen(self, message_id: str, *, agree: Callable[[], None] = _agree) -> Message:
        """Let an ended answer stream on: its text stays, what ended it is forgotten.

        `agree` is as in `begin_exchange`.
        """
        with self._database.of(message_id).write() as connection:
            message = require_message(connection, message_id)
            conversation_row(connection, message.conversation_id)
            self._plans.keep_wording(connection, message_id)
            connection.execute(
                "UPDATE messages SET status = ?, finish_reason = NULL, notices = '[]' WHERE id = ?",
                [MessageStatus.STREAMING.value, message_id],
            )
            show_newest(connection, message.conversation_id, message_id, moment=self._moment())
            stored = require_message(connection, message_id)
            agree()
        return stored

    def save_answer(self, state: AnswerState) -> Message:
        """Store an answer as it is now, with its plan, in one transaction; return it as it is stored."""
        answer = state.answer
        with self._database.of(answer.id).write() as connection:
            stored = require_message(connection, answer.id)
            if (answer.server_id, answer.model) != (stored.server_id, stored.model):
                self.set_model(answer.id, answer.server_id, answer.model)
            if state.plan is not None:
                self.save_plan(answer.id, state.plan)
            if answer.status is MessageStatus.STREAMING:
                self.save_partial(answer.id, answer.text, answer.reasoning)
                return stored
            return self.finish_message(
                answer.id,
                status=answer.status,
                text=answer.text,
                reasoning=answer.reasoning,
                usage=answer.usage,
                timings=answer.timings,
                finish_reason=answer.finish_reason,
                notices=answer.notices,
                metadata=answer.metadata if state.has_metadata else None,
            )

    def save_partial(self, message_id: str, text: str, reasoning: str = "") -> bool:
        """Keep what has arrived of a streaming answer; False says that its conversation was deleted.

        In the trash the text is still kept; an answer that already ended stays as it is.
        """
        with self._database.of(message_id).write() as connection:
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
        notices: Sequence[Notice] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> Message:
        """Bring an answer to its last state, also in the trash. `metadata` None leaves what is known.

        Raises ValueError for `STREAMING`, and for `COMPLETE` without a `finish_reason`.
        """
        if status is MessageStatus.STREAMING:
            raise ValueError("an answer does not end as streaming")
        if status is MessageStatus.COMPLETE and finish_reason is None:
            raise ValueError("an answer is complete only when a finish_reason was seen")
        with self._database.of(message_id).write() as connection:
            self._plans.keep_wording(connection, message_id)
            if metadata is not None:
                metadata = {
                    **_of_person(connection, message_id),
                    **metadata,
                }  # it stays rated, voted for and named
            connection.execute(
                "UPDATE messages SET status = ?, text = ?, reasoning = ?, usage = ?, timings = ?,"
                " finish_reason = ?, notices = ?, metadata = coalesce(?, metadata) WHERE id = ?",
                [
                    status.value,
                    clean_text(text),
                    clean_text(reasoning),
                    dump_value(usage),
                    dump_value(timings),
                    None if finish_reason is None else clean_text(finish_reason),
                    dump_notices(notices),
                    None if metadata is None else dump_json(dict(metadata)),
                    message_id,
                ],
            )
            return require_message(connection, message_id)

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
        with self._database.of(message_id).write() as connection:
            require_message(connection, message_id)
            self._plans.save(connection, message_id, plan)

    # --- shared steps --------------------------------------------------------------------------------

    def _moment(self) -> str:
        return utc_text(self._now())

    def _insert_answer(
        self,
        connection: sqlite3.Connection,
        conversation_id: str,
        question_id: str,
        settings: GenerationSettings | None,
        server_id: str | None,
        model: str | None,
    ) -> str:
        answer_id = id_within(conversation_id, self._new_id())
        insert_answer(
            connection,
            answer_id,
            conversation_id,
            question_id,
            settings=settings,
            server_id=server_id,
            model=model,
            moment=self._moment(),
        )
        return answer_id

    def _change_message(self, message_id: str, assignments: str, *values: object) -> None:
        with self._database.of(message_id).write() as connection:
            changed = connection.execute(
                f"UPDATE messages SET {assignments} WHERE id = ?", [*values, message_id]
            )
            if not changed.rowcount:
                raise ConversationGone()
