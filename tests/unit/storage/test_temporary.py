"""Temporary conversations are conversations like all others, and no byte of them reaches the folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.errors import ConversationGone, StoreError
from chatbot_app.core.feedback import FEEDBACK
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.answer_metadata import keep_with_answer
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.changes import store_version
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.storage.temporary_conversations import TemporaryConversations
from chatbot_app.storage.token_counts import TokenCountStore
from tests.traces import SECRET, holding
from tests.unit.storage.support import Clock, exchange, numbered_ids, open_store


@pytest.fixture
def temporary(database: Database, store: ConversationStore) -> TemporaryConversations:
    return TemporaryConversations(database, store, new_id=numbered_ids("new"))


def whole_chat(database: Database, store: ConversationStore, conversation_id: str) -> Message:
    """Use everything that keeps a text; return the first answer."""
    settings = GenerationSettings(system_prompt=f"{SECRET} system")
    store.set_settings(conversation_id, settings)
    first = exchange(store, conversation_id, None, f"{SECRET}?", f"{SECRET}!")
    plan = PromptPlan(
        (PlanPart(PartKind.SYSTEM, Role.SYSTEM, f"{SECRET} plan", 3, True, "always"),), 4096, 512
    )
    store.save_plan(first.id, plan)
    exchange(store, conversation_id, first.id, f"{SECRET} again", "yes")
    edited = store.add_edited_answer(first.id, f"{SECRET} edited")
    other = store.begin_answer(conversation_id, first.parent_id or "")
    assert store.save_partial(other.id, f"{SECRET} streaming", "thinking")
    store.rename(conversation_id, f"{SECRET} title")
    store.set_pinned(first.id, True)
    store.set_excluded(edited.id, True)
    name_branch(database, edited.id, f"{SECRET} branch")
    keep_with_answer(database, first.id, f"{SECRET}!", FEEDBACK, {"rating": "up", "note": SECRET})
    summaries = SummaryStore(database, now=Clock(), new_id=numbered_ids("summary"))
    summary = summaries.save(conversation_id, first.id, f"{SECRET} summary")
    summaries.edit(summary.id, f"{SECRET} summary, edited")
    assert [one.text for one in summaries.all(conversation_id)] == [f"{SECRET} summary, edited"]
    vectors = ExchangeVectorStore(database)
    vectors.add("stamp", [first.parent_id or ""], [SECRET.encode()], np.ones((1, 4), np.float32))
    assert vectors.digests(conversation_id, "stamp") == {first.parent_id: SECRET.encode()}
    return first


def test_a_whole_chat_leaves_no_byte(
    database: Database, store: ConversationStore, temporary: TemporaryConversations, data_dir: Path
) -> None:
    conversation = temporary.begin()
    first = whole_chat(database, store, conversation.id)
    assert {is_temporary(message.id) for message in store.tree(conversation.id)} == {True}
    assert [message.text for message in store.path(conversation.id, first.id)] == [f"{SECRET}?", f"{SECRET}!"]
    plan = store.plan(first.id)
    assert plan is not None
    assert plan.parts[0].text == f"{SECRET} plan"
    assert store.places([first])[first.id] == (1, 3)
    assert [one.title for one in temporary.list()] == [f"{SECRET} title"]
    assert holding(data_dir) == []
    assert store.list_conversations() == []
    assert store.search(SECRET) == []
    assert store.trash() == []
    temporary.close(conversation.id)
    assert temporary.list() == []
    assert holding(data_dir) == []
    with pytest.raises(ConversationGone):
        store.message(first.id)


def test_what_comes_too_late_is_lost_and_written_nowhere(
    store: ConversationStore, temporary: TemporaryConversations, data_dir: Path
) -> None:
    conversation = temporary.begin()
    _question, answer = store.begin_exchange(conversation.id, None, "?")
    temporary.close(conversation.id)
    with pytest.raises(ConversationGone):
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, text=SECRET, finish_reason="stop")
    assert store.save_partial(answer.id, SECRET) is False
    with pytest.raises(ConversationGone):
        store.begin_exchange(conversation.id, None, SECRET)
    assert holding(data_dir) == []


def test_several_are_open_and_one_is_closed(
    store: ConversationStore, temporary: TemporaryConversations
) -> None:
    one, other = temporary.begin(), temporary.begin()
    answer = exchange(store, other.id, None, "question", "answer")
    temporary.close(one.id)
    assert [open_one.id for open_one in temporary.list()] == [other.id]
    assert store.message(answer.id).text == "answer"


def test_the_file_takes_nothing_temporary_whoever_writes_it(database: Database) -> None:
    insert = "INSERT INTO conversations (id, created_at, updated_at, activity) VALUES (?, '', '', 1)"
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(insert, ["temporary-x"])
    with database.write() as connection:
        connection.execute(insert, ["lasting"])
    for ids in (["temporary-m", "lasting"], ["m", "temporary-x"]):
        with pytest.raises(StoreError), database.write() as connection:
            connection.execute(
                "INSERT INTO messages (id, conversation_id, role, status, created_at)"
                " VALUES (?, ?, 'user', 'complete', '')",
                ids,
            )
    with pytest.raises(StoreError), database.temporary.write() as connection:
        connection.execute(insert, ["lasting"])


def test_counts_of_tokens_are_not_kept_from_then_on(
    database: Database, temporary: TemporaryConversations
) -> None:
    counts = TokenCountStore(database)
    counts.add_token_counts("o200k", {b"before": 3})
    temporary.begin()
    counts.add_token_counts("o200k", {b"secret": 4})
    assert counts.token_counts("o200k", [b"before", b"secret"]) == {b"before": 3}


def test_numbers_are_never_those_of_the_file(
    store: ConversationStore, temporary: TemporaryConversations
) -> None:
    lasting = exchange(store, store.create_conversation().id, None, "question", "answer")
    fleeting = exchange(store, temporary.begin().id, None, "question", "answer")
    assert fleeting.sequence > lasting.sequence + 1_000_000


def test_each_change_is_noticed(
    database: Database, store: ConversationStore, temporary: TemporaryConversations
) -> None:
    seen = [store_version(database)]
    conversation = temporary.begin()
    seen.append(store_version(database))
    exchange(store, conversation.id, None, "question", "answer")
    seen.append(store_version(database))
    temporary.close(conversation.id)
    seen.append(store_version(database))
    assert len(set(seen)) == len(seen)


def test_a_history_that_can_only_be_read_has_temporary_ones_still(data_dir: Path, database: Database) -> None:
    from chatbot_app.storage.database import Access
    from tests.unit.storage.support import open_database

    database.close()
    with open_database(data_dir, Access.READER) as reader:
        store = open_store(reader)
        temporary = TemporaryConversations(reader, store, new_id=numbered_ids("new"))
        conversation = temporary.begin()
        exchange(store, conversation.id, None, "question", "answer")
        assert len(store.path(conversation.id)) == 2
