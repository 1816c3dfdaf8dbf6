"""Rows of messages that are sent here, and what they change of their conversation's, within a transaction that is open."""

from __future__ import annotations

import sqlite3

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus, Role
from chatbot_app.storage.lookups import next_activity
from chatbot_app.storage.rows import dump_settings


def insert_question(
    connection: sqlite3.Connection,
    question_id: str,
    conversation_id: str,
    parent_id: str | None,
    text: str,
    *,
    moment: str,
) -> None:
    """Add a question below a message, or at the start of a conversation."""
    connection.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            question_id,
            conversation_id,
            parent_id,
            Role.USER.value,
            text,
            MessageStatus.COMPLETE.value,
            moment,
        ],
    )


def insert_answer(
    connection: sqlite3.Connection,
    answer_id: str,
    conversation_id: str,
    question_id: str,
    *,
    settings: GenerationSettings | None,
    server_id: str | None,
    model: str | None,
    moment: str,
) -> None:
    """Add an empty streaming answer to a question."""
    connection.execute(
        "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at,"
        " settings, server_id, model) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?)",
        [
            answer_id,
            conversation_id,
            question_id,
            Role.ASSISTANT.value,
            MessageStatus.STREAMING.value,
            moment,
            dump_settings(settings),
            server_id,
            model,
        ],
    )


def show_newest(connection: sqlite3.Connection, conversation_id: str, leaf_id: str, *, moment: str) -> None:
    """Show the branch that ends at a message, and bring its conversation before all others."""
    connection.execute(
        "UPDATE conversations SET activity = ? WHERE id = ?", [next_activity(connection), conversation_id]
    )
    show_branch(connection, conversation_id, leaf_id, moment=moment)


def show_branch(
    connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None, *, moment: str
) -> None:
    """Show the branch that ends at a message; None shows an empty conversation."""
    connection.execute(
        "UPDATE conversations SET leaf_id = ?, updated_at = ? WHERE id = ?",
        [leaf_id, moment, conversation_id],
    )
