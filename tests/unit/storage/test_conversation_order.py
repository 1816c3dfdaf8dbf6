"""Folders, tags, pinned and archived conversations, and searches that keep to some of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.conversation_order import ConversationOrder, Folder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import exchange, numbered_ids


@pytest.fixture
def order(database: Database) -> ConversationOrder:
    return ConversationOrder(database, new_id=numbered_ids("folder"))


def begin(store: ConversationStore, title: str, answer: str = "Answer.", model: str = "small") -> str:
    conversation = store.create_conversation()
    store.rename(conversation.id, title)
    _question, streaming = store.begin_exchange(conversation.id, None, f"About {title}?", model=model)
    store.finish_message(streaming.id, status=MessageStatus.COMPLETE, finish_reason="stop", text=answer)
    return conversation.id


def found(store: ConversationStore, query: str) -> list[str]:
    return sorted({hit.title for hit in store.search(query)})


def test_folders_hold_conversations_and_lose_none(store: ConversationStore, order: ConversationOrder) -> None:
    settings = GenerationSettings(system_prompt="Be brief.", model="small")
    work, home = order.add_folder("  Work\n", settings), order.add_folder("home")
    one, two = begin(store, "One"), begin(store, "Two")
    moved = order.move([one, two, "gone"], work.id)
    assert [(conversation.title, conversation.folder_id) for conversation in moved] == [
        ("One", work.id),
        ("Two", work.id),
    ]
    store.delete(two)
    assert order.folders() == [home, Folder(work.id, "Work", settings, conversations=1)]
    order.fold(work.id, folded=True)
    order.rename_folder(work.id, "WORK")  # its own name in other letters
    order.set_folder_settings(work.id, None)
    assert order.folders()[1] == Folder(work.id, "WORK", None, True, 1)
    assert [conversation.title for conversation in order.remove_folder(work.id)] == ["One"]
    assert store.conversation(one).folder_id is None
    assert store.restore(two).folder_id is None
    assert order.folders() == [home]


def test_names_that_cannot_be_used_are_said(order: ConversationOrder) -> None:
    order.add_folder("Work")
    with pytest.raises(UsageError, match="needs a name"):
        order.add_folder(" \x1f\n")
    with pytest.raises(UsageError, match="already"):
        order.add_folder("work")
    other = order.add_folder("x" * 300)
    assert len(other.name) == 100
    with pytest.raises(UsageError, match="already"):
        order.rename_folder(other.id, "WORK")
    for change in (
        lambda: order.move([], "gone"),
        lambda: order.rename_folder("gone", "x"),
        lambda: order.fold("gone", folded=True),
    ):
        with pytest.raises(UsageError, match="no such folder"):
            change()


def test_tags_pins_and_the_archive(store: ConversationStore, order: ConversationOrder) -> None:
    one, two = begin(store, "One"), begin(store, "Two")
    order.tag([one, two], add=["#Travel", "to do", "travel"])
    [changed] = order.tag([two], add=["Zoo"], remove=["TRAVEL"])
    assert changed.tags == ("to do", "Zoo")
    assert order.tags() == [("to do", 2), ("Travel", 1), ("Zoo", 1)]
    assert [conversation.pinned for conversation in order.pin([one], pinned=True)] == [True]
    assert [conversation.archived for conversation in order.archive([two], archived=True)] == [True]
    store.delete(two)
    assert order.tags() == [("to do", 1), ("Travel", 1)]
    assert order.tag([two], add=["late"]) == []
    assert store.restore(two).tags == ("to do", "Zoo")
    listed = {conversation.title: conversation for conversation in store.list_conversations()}
    assert (listed["One"].pinned, listed["One"].tags, listed["Two"].archived) == (
        True,
        ("to do", "Travel"),
        True,
    )


def test_nothing_of_a_purged_conversation_is_left(
    store: ConversationStore, order: ConversationOrder, database: Database, data_dir: Path
) -> None:
    one = begin(store, "One")
    order.tag([one], add=["Kryptonym"])
    store.delete(one)
    store.purge(one)
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM conversation_tags").fetchone()[0] == 0
    assert b"Kryptonym" not in (data_dir / "chatbot.sqlite3").read_bytes()


def test_filters_keep_a_search_to_some_conversations(
    store: ConversationStore, order: ConversationOrder
) -> None:
    work, other = order.add_folder("My work"), order.add_folder("Other")
    tower = begin(store, "Tower", "330 metres", "SmolLM2-135M")
    code = begin(store, "Code", "```c\nint metres;\n```", "llama-3.2")
    plain = begin(store, "Plain", "metres", "llama-3.1")
    store.finish_message(
        store.begin_exchange(plain, None, "With sources?")[1].id,
        status=MessageStatus.COMPLETE,
        finish_reason="stop",
        text="Yes.",
        metadata={"sources": [{"number": 1}], "quotes": []},
    )
    order.move([tower], work.id)
    order.move([code], other.id)
    order.pin([code], pinned=True)
    order.archive([plain], archived=True)
    order.tag([tower, code], add=["to do"])
    everything = ["Code", "Plain", "Tower"]
    for query, expected in {
        "metres": everything,
        'metres folder:"my work"': ["Tower"],
        'folder:"My work" folder:other': ["Code", "Tower"],
        "folder:wor": ["Tower"],
        "folder:none": ["Plain"],
        "metres -folder:other": ["Plain", "Tower"],
        "tag:#to": [],
        'tag:"to do" -is:pinned': ["Tower"],
        "model:llama": ["Code", "Plain"],
        "model:llama-3.1 model:smol": ["Plain", "Tower"],
        "metres model:smol": ["Tower"],
        "has:sources": ["Plain"],
        "has:code": ["Code"],
        "has:branches": ["Plain"],
        "is:archived": ["Plain"],
        "-is:archived metres": ["Code", "Tower"],
        "before:2026-03-01": [],
        "before:2026-03-03 metres": everything,
        "after:2026-03": everything,
        "after:2026-04 metres": [],
        "-after:2026-04": everything,
        "folder:%": [],
        "nothing model:llama": [],
    }.items():
        assert found(store, query) == expected, query


def test_what_filters_alone_find_shows_its_first_question(store: ConversationStore) -> None:
    begin(store, "Tower")
    [hit] = store.search("model:small")
    assert (hit.title, hit.message_id, hit.snippet) == ("Tower", None, "About Tower?")


def test_the_models_that_answered_are_told_once(store: ConversationStore, order: ConversationOrder) -> None:
    for model in ("b", "a", "b"):
        begin(store, "x", model=model)
    exchange(store, store.create_conversation().id, None, "q", "a")
    assert order.models() == ["a", "b"]
