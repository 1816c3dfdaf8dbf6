"""Rows of conversations that come from files, as they were when they were written there."""

from __future__ import annotations

import sqlite3

from chatbot_app.core.carried import CarriedFolder
from chatbot_app.core.messages import Conversation, Message, Summary
from chatbot_app.core.text import clean_text
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.rows import dump_notices, dump_settings, dump_value


def folder_of(connection: sqlite3.Connection, folder: CarriedFolder) -> str:
    """Return the id of the folder here that is meant, made where there is none."""
    row = connection.execute(
        "SELECT id FROM folders WHERE id = ? OR name = ? ORDER BY id = ? DESC",
        [folder.id, folder.name, folder.id],
    ).fetchone()
    if row is not None:
        return str(row["id"])
    connection.execute(
        "INSERT INTO folders (id, name, settings, position)"
        " VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM folders))",
        [folder.id, folder.name, dump_settings(folder.settings) or "{}"],
    )
    return folder.id


def insert_conversation(connection: sqlite3.Connection, conversation: Conversation, *, now: str) -> None:
    """Add a conversation without messages, which come next; `now` stands where the file says no time."""
    connection.execute(
        "INSERT INTO conversations (id, title, title_is_automatic, settings, created_at, updated_at, activity,"
        " folder_id, pinned, archived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            conversation.id,
            clean_text(conversation.title),
            conversation.title_is_automatic,
            clean_text(dump_settings(conversation.settings) or "{}"),
            conversation.created_at or conversation.updated_at or now,
            conversation.updated_at or conversation.created_at or now,
            conversation.activity,
            conversation.folder_id,
            conversation.pinned,
            conversation.archived,
        ],
    )
    connection.executemany(
        "INSERT INTO conversation_tags VALUES (?, ?) ON CONFLICT DO NOTHING",
        [[conversation.id, tag] for tag in conversation.tags],
    )


def insert_message(connection: sqlite3.Connection, message: Message, *, now: str) -> None:
    """Add a message that has ended; its conversation and its parent are there, or come in the same transaction.

    `now` stands where the file says no time.
    """
    connection.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, text, reasoning, status, created_at, server_id,"
        " model, settings, usage, timings, finish_reason, notices, pinned, excluded, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            message.id,
            message.conversation_id,
            message.parent_id,
            message.role.value,
            clean_text(message.text),
            clean_text(message.reasoning),
            message.status.value,
            message.created_at or now,
            _clean_or_none(message.server_id),
            _clean_or_none(message.model),
            dump_settings(message.settings),
            dump_value(message.usage),
            dump_value(message.timings),
            _clean_or_none(message.finish_reason),
            dump_notices(message.notices),
            message.pinned,
            message.excluded,
            dump_json(message.metadata),
        ],
    )


def insert_summary(connection: sqlite3.Connection, summary: Summary, *, now: str) -> None:
    """Add a summary, unless one reaches down to the same message already, or has its id."""
    connection.execute(
        "INSERT OR IGNORE INTO summaries (id, conversation_id, through_id, text, model, edited, pinned, created_at)"
        " SELECT ?, ?, id, ?, ?, ?, ?, ? FROM messages WHERE id = ? AND conversation_id = ?",
        [
            summary.id,
            summary.conversation_id,
            clean_text(summary.text),
            clean_text(summary.model),
            summary.edited,
            summary.pinned,
            summary.created_at or now,
            summary.through_id,
            summary.conversation_id,
        ],
    )


def _clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean_text(text)
