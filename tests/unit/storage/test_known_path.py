"""A branch that is read again is what a fresh reader would read, whatever changed meanwhile."""

from __future__ import annotations

import random
from pathlib import Path

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.database import Database
from tests.unit.storage.support import Statements, exchange, failing_connection, open_database, open_store


def _assert_same(database: Database, store: object, conversation_id: str) -> None:
    fresh = open_store(database)
    assert store.path(conversation_id) == fresh.path(conversation_id)  # type: ignore[attr-defined]


def test_any_change_is_seen(data_dir: Path) -> None:
    chance = random.Random(11)
    with open_database(data_dir) as database:
        store, other = open_store(database), open_store(database, "other")
        conversation_id = store.create_conversation(GenerationSettings()).id
        leaves = [exchange(store, conversation_id, None, "q", "a").id]
        open_answers: list[str] = []
        for number in range(250):
            writer = chance.choice([store, other])
            message = store.message(chance.choice(leaves))
            action = chance.randrange(8)
            if action <= 2:
                leaves.append(exchange(writer, conversation_id, message.id, f"q{number}", f"a{number}").id)
            elif action == 3:
                writer.set_pinned(message.id, not message.pinned)
            elif action == 4:
                writer.set_excluded(message.id, not message.excluded)
            elif action == 5:
                writer.set_leaf(conversation_id, chance.choice(leaves))
            elif action == 6 and message.status is not MessageStatus.STREAMING:
                writer.reopen(message.id)
                open_answers.append(message.id)
            elif open_answers:
                ended = open_answers.pop()
                writer.save_partial(ended, f"partial {number}")
                _assert_same(database, store, conversation_id)
                writer.finish_message(ended, status=MessageStatus.STOPPED, text=f"ended {number}")
            _assert_same(database, store, conversation_id)


def test_one_more_exchange_reads_only_what_is_new(data_dir: Path) -> None:
    """Counted in rows that SQLite returns: the statements that read are the same however long the branch is."""
    statements = Statements()
    seen: dict[int, int] = {}
    with open_database(data_dir, connection_class=failing_connection(statements)) as database:
        store = open_store(database)
        conversation_id = store.create_conversation(GenerationSettings()).id
        leaf = None
        for number in range(1, 61):
            leaf = exchange(store, conversation_id, leaf, "q", "a").id
            statements.restart()
            messages = store.path(conversation_id, leaf)
            seen[number] = statements.seen
            assert len(messages) == 2 * number
            assert messages[:-2] == store.path(conversation_id, leaf)[:-2]
    assert seen[60] == seen[3]
