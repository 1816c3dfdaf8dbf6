"""Counts, summaries, vectors of exchanges and windows: kept, replaced, and gone with what they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message
from chatbot_app.core.token_cache import TokenCache, count_cached, text_digest
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Access, Database
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from chatbot_app.storage.model_windows import ModelWindowStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.storage.token_counts import TokenCountStore
from tests.unit.storage.support import Clock, exchange, numbered_ids, open_database


@pytest.fixture
def summaries(database: Database) -> SummaryStore:
    return SummaryStore(database, now=Clock(), new_id=numbered_ids("summary"))


def talk(store: ConversationStore, exchanges: int) -> list[Message]:
    conversation = store.create_conversation(GenerationSettings())
    parent = None
    for number in range(exchanges):
        parent = exchange(store, conversation.id, parent, f"question {number}", f"answer {number}").id
    return store.path(conversation.id)


def test_counts_come_back_by_tokenizer(database: Database) -> None:
    counts = TokenCountStore(database)
    many = {text_digest(str(number)): number for number in range(1200)}
    counts.add_token_counts("a", many)
    counts.add_token_counts("b", {text_digest("1"): 7})
    assert counts.token_counts("a", [*many, text_digest("unknown")]) == many
    assert counts.token_counts("b", list(many)) == {text_digest("1"): 7}


def test_counts_are_pruned_above_their_number(database: Database) -> None:
    counts = TokenCountStore(database, limit=10)
    for start in range(0, 40, 4):
        counts.add_token_counts("a", {text_digest(str(n)): n for n in range(start, start + 4)})
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM token_counts").fetchone()[0] <= 10
    assert counts.token_counts("a", [text_digest("39")])
    counts.clear()
    assert not counts.token_counts("a", [text_digest("39")])


def test_only_lasting_texts_reach_the_store_and_each_is_counted_once(database: Database) -> None:
    counted: list[str] = []

    def count_texts(texts: list[str]) -> list[int]:
        counted.extend(texts)
        return [len(text) for text in texts]

    store = TokenCountStore(database)
    first = TokenCache("t", store)
    assert count_cached(count_texts, first, ["draft"]) == [5]
    assert count_cached(count_texts, first, ["one", "one", "three", ""], lasting=True) == [3, 3, 5, 0]
    second = TokenCache("t", store, limit=2)
    assert count_cached(count_texts, second, ["", "three", "one", "draft"], lasting=True) == [0, 5, 3, 5]
    assert sorted(counted) == ["", "draft", "draft", "one", "three"]


def test_a_store_that_cannot_be_written_is_done_without(data_dir: Path, database: Database) -> None:
    with open_database(data_dir, Access.READER) as reader:
        cache = TokenCache("t", TokenCountStore(reader))
        for _ in range(2):
            assert count_cached(lambda texts: [1 for _ in texts], cache, ["x", "y"], lasting=True) == [1, 1]


def test_the_summary_of_a_branch_is_the_one_that_stands_for_most(
    store: ConversationStore, summaries: SummaryStore
) -> None:
    path = talk(store, 4)
    conversation_id = path[0].conversation_id
    ids = [message.id for message in path]
    later = summaries.save(conversation_id, ids[5], "later", model="m")
    earlier = summaries.save(conversation_id, ids[1], "earlier", model="m")
    assert summaries.all(conversation_id) == [earlier, later]
    assert summaries.newest(conversation_id, ids) == later
    assert summaries.newest(conversation_id, ids[:4]) == earlier
    assert summaries.newest(conversation_id, []) is None


def test_what_the_person_edited_or_pinned_is_not_written_over(
    store: ConversationStore, summaries: SummaryStore
) -> None:
    path = talk(store, 2)
    conversation_id, through = path[0].conversation_id, path[1].id
    summary = summaries.save(conversation_id, through, "first", model="m")
    replaced = summaries.save(conversation_id, through, "second", model="n")
    assert (replaced.id, replaced.text, replaced.model) == (summary.id, "second", "n")
    edited = summaries.edit(summary.id, "mine")
    assert edited.edited
    assert summaries.save(conversation_id, through, "third", model="m") == edited
    assert summaries.set_pinned(summary.id, True).pinned
    summaries.remove(summary.id)
    with pytest.raises(ConversationGone):
        summaries.edit(summary.id, "gone")


def test_summaries_and_vectors_go_with_their_messages(
    database: Database, store: ConversationStore, summaries: SummaryStore
) -> None:
    path = talk(store, 2)
    conversation_id = path[0].conversation_id
    summaries.save(conversation_id, path[1].id, "text")
    vectors = ExchangeVectorStore(database)
    vectors.add("m", [path[0].id], [b"1"], np.eye(1, 4, dtype=np.float32))
    store.delete(conversation_id)
    store.purge(conversation_id)
    with database.read() as connection:
        for table in ("summaries", "exchange_vectors"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_vectors_come_back_in_order_and_are_replaced(database: Database, store: ConversationStore) -> None:
    path = talk(store, 3)
    conversation_id = path[0].conversation_id
    questions = [message.id for message in path[::2]]
    vectors = ExchangeVectorStore(database)
    matrix = np.eye(4, dtype=np.float32)
    vectors.add("m", [*reversed(questions), "gone"], [b"c", b"b", b"a", b"x"], matrix)
    vectors.add("m", [questions[0]], [b"A"], -matrix[:1])
    ids, found = vectors.vectors(conversation_id, "m")
    assert ids == questions
    assert found.dtype == np.float32
    assert np.array_equal(found, np.stack([-matrix[0], matrix[1], matrix[0]]))
    assert vectors.digests(conversation_id, "m") == dict(zip(questions, [b"A", b"b", b"c"], strict=True))
    assert vectors.vectors(conversation_id, "n")[0] == []


def test_a_window_is_kept_by_server_and_model(database: Database) -> None:
    windows = ModelWindowStore(database)
    windows.set("s", "m", 4096)
    windows.set("s", "m", 8192)
    assert (windows.get("s", "m"), windows.get("s", "other")) == (8192, None)
    assert windows.all() == {("s", "m"): 8192}
    windows.remove("s", "m")
    assert windows.get("s", "m") is None
    with pytest.raises(ValueError):
        windows.set("s", "m", 0)
