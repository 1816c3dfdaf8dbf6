"""JSON of our own goes out and comes in again: the same rows, no duplicates, and what is here stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.transfer.export_files import write_conversations
from chatbot_app.chat.transfer.own_json import BesideConversations
from chatbot_app.core.carried import Arrival
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.summaries import SummaryStore
from tests.unit.chat.transfer.support import carry_in
from tests.unit.storage.support import (
    Clock,
    exchange,
    numbered_ids,
    open_database,
    open_store,
)

SOURCE = {
    "number": 1, "document_id": "d", "document": "Report.pdf", "path": "/r.pdf", "page": 3, "heading": "", "start": 0,
    "end": 5, "score": 0.5, "text": "It is", "added": True, "answer_start": 0, "answer_end": 13, "marker_start": 10,
    "marker_end": 13, "quote_start": 0, "quote_end": 5, "fields": {},
}  # fmt: skip


def fill(store: ConversationStore, database: Database) -> list[str]:
    """Store two conversations with all that a conversation can have; return their ids."""
    first = store.create_conversation(GenerationSettings(temperature=0.5, stop=("\x00",), collections=("c",)))
    question, streaming = store.begin_exchange(
        first.id, None, "Is it  \U0001f40b?", settings=GenerationSettings(seed=3), server_id="s", model="m"
    )
    answer = store.finish_message(
        streaming.id,
        status=MessageStatus.COMPLETE,
        text="It is so. [1]",
        reasoning="hm",
        usage=Usage(3, 4, None),
        timings=Timings(0.25, 1.5),
        finish_reason="stop",
        notices=[Notice("ParameterDropped", "Left out.")],
        metadata={"sources": [SOURCE], "deep": {"a": [1, None, True]}},
    )
    more = exchange(store, first.id, answer.id, "More?", "Yes.")
    store.set_pinned(question.id, True)
    store.set_excluded(more.id, True)
    parts = (
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be kind.", 3, True, "system prompt"),
        PlanPart(PartKind.HISTORY, Role.USER, question.text, 5, True, "fits", question.id),
        PlanPart(
            PartKind.HISTORY, Role.ASSISTANT, "It is so.", 5, False, "left", answer.id, over_budget=True
        ),
        PlanPart(PartKind.QUESTION, Role.USER, "More?", 2, True, "newest", more.parent_id),
    )
    store.save_plan(more.id, PromptPlan(parts, 4096, 512, 7, True, "server"))
    other = store.begin_answer(first.id, more.parent_id or "")
    store.finish_message(other.id, status=MessageStatus.STOPPED, text="No")
    store.set_leaf(first.id, more.id)
    store.rename(first.id, "A “title”")
    SummaryStore(database, now=Clock(), new_id=numbered_ids("summary")).save(
        first.id, answer.id, "Short.", model="m"
    )
    second = store.create_conversation()
    exchange(store, second.id, None, "Short?", "Yes.")
    store.create_conversation()  # an empty one
    order = ConversationOrder(database)
    folder = order.add_folder("Work", GenerationSettings(system_prompt="Be brief."))
    order.move([first.id], folder.id)
    order.pin([first.id], pinned=True)
    order.archive([second.id], archived=True)
    order.tag([first.id, second.id], add=["whales", "Sea"])
    return [conversation.id for conversation in store.list_conversations()]


def export(store: ConversationStore, database: Database, ids: Sequence[str], path: Path) -> Path:
    summaries = SummaryStore(database, now=Clock(), new_id=numbered_ids("summary"))
    beside = BesideConversations.of(summaries, ConversationOrder(database))
    for _ in write_conversations(store, beside, ids, path):
        pass
    return path


def rows(store: ConversationStore, database: Database) -> dict[str, list[Any]]:
    """Return all that conversations consist of, row by row; counters that nobody sees are left out."""
    with database.read() as connection:
        conversations = connection.execute("SELECT * FROM conversations ORDER BY activity").fetchall()
        messages = connection.execute("SELECT * FROM messages ORDER BY conversation_id, sequence").fetchall()
        summaries = connection.execute("SELECT * FROM summaries ORDER BY id").fetchall()
        folders = connection.execute("SELECT * FROM folders").fetchall()
        tags = connection.execute("SELECT * FROM conversation_tags").fetchall()

    def plain(rows: list[Any], *without: str) -> list[dict[str, Any]]:
        return [{key: row[key] for key in row.keys() if key not in without} for row in rows]  # noqa: SIM118

    plans = {row["id"]: store.plan(row["id"]) for row in messages}
    return {
        "conversations": plain(conversations, "number", "revision"),
        "messages": plain(messages, "sequence"),
        "summaries": plain(summaries),
        "folders": plain(folders),
        "tags": plain(tags),
        "plans": [(message_id, plan) for message_id, plan in plans.items() if plan is not None],
    }


def test_export_and_import_into_an_empty_folder_give_the_same_rows(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    path = export(store, database, fill(store, database), tmp_path / "all.json")
    with open_database(tmp_path / "there") as there:
        summary = carry_in(there, path)
        assert (summary.arrivals, summary.new_messages) == ({Arrival.NEW: 3}, 7)
        assert not summary.left_out
        copied = open_store(there)
        assert rows(copied, there) == rows(store, database)
        assert [c.id for c in copied.list_conversations()] == [c.id for c in store.list_conversations()]
        assert [hit.snippet for hit in copied.search("short")]


def test_a_second_import_changes_nothing(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    path = export(store, database, fill(store, database), tmp_path / "all.json")
    before = rows(store, database)
    summary = carry_in(database, path, path)
    assert summary.arrivals == {Arrival.KNOWN: 6}
    assert rows(store, database) == before


def test_what_grew_comes_and_what_was_changed_here_stays(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    conversation = store.create_conversation()
    first = exchange(store, conversation.id, None, "One?", "1")
    early = export(store, database, [conversation.id], tmp_path / "early.json")
    second = exchange(store, conversation.id, first.id, "Two?", "2")
    late = export(store, database, [conversation.id], tmp_path / "late.json")
    with open_database(tmp_path / "there") as there:
        copied = open_store(there, "new")
        carry_in(there, early)
        copied.rename(conversation.id, "Mine")
        assert carry_in(there, late).arrivals == {Arrival.GROWN: 1}
        assert [m.text for m in copied.path(conversation.id)] == ["One?", "1", "Two?", "2"]
        assert copied.conversation(conversation.id).title == "Mine"
    with open_database(tmp_path / "elsewhere") as there:
        copied = open_store(there, "new")
        carry_in(there, early)
        mine = exchange(copied, conversation.id, first.id, "Other?", "Mine.")
        carry_in(there, late)
        assert copied.conversation(conversation.id).leaf_id == mine.id  # the branch that is read stays
        assert copied.message(second.id).text == "2"


def test_what_lies_in_the_trash_stays_there(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    conversation = store.create_conversation()
    exchange(store, conversation.id, None, "One?", "1")
    path = export(store, database, [conversation.id], tmp_path / "one.json")
    store.delete(conversation.id)
    assert carry_in(database, path).arrivals == {Arrival.IN_TRASH: 1}
    assert not store.list_conversations()


def test_files_of_the_first_version_are_read(
    database: Database, store: ConversationStore, tmp_path: Path
) -> None:
    question = Message("q", "c", None, 1, Role.USER, "Why?")
    answer = Message("a", "c", "q", 2, Role.ASSISTANT, "So.", MessageStatus.COMPLETE, finish_reason="stop")
    plan = PromptPlan((PlanPart(PartKind.QUESTION, Role.USER, "Why?", 2, True, "newest", "q"),), 100, 10)
    value = {
        "format": "chatbot-app conversation",
        "version": 1,
        "conversation": {
            "id": "c",
            "title": "Old",
            "settings": {},
            "leaf_id": "a",
            "title_is_automatic": False,
        },
        "messages": [asdict(question), {**asdict(answer), "prompt_plan": plan.to_dict()}],
    }
    path = tmp_path / "old.txt"  # its content says what it is
    path.write_text(json.dumps(value, indent=1), encoding="utf-8-sig")
    assert carry_in(database, path).arrivals == {Arrival.NEW: 1}
    assert [m.text for m in store.path("c")] == ["Why?", "So."]
    assert store.plan("a") == plan


def test_conversations_take_their_place_by_date(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    def dated(name: str, day: str) -> dict[str, Any]:
        moment = f"{day}T10:00:00.000+00:00"
        head = {"id": name, "title": name, "created_at": moment, "updated_at": moment, "activity": 5}
        return {"format": "chatbot-app conversation", "version": 2, "conversation": head, "messages": []}

    for name, day in (("a", "2020-01-01"), ("c", "2022-01-01")):
        (tmp_path / f"{name}.json").write_text(json.dumps(dated(name, day)))
        carry_in(database, tmp_path / f"{name}.json")
    newest = store.create_conversation().id
    path = tmp_path / "more.json"
    path.write_text(
        json.dumps([dated("d", "2024-01-01"), dated("0", "2019-01-01"), dated("b", "2021-01-01")])
    )
    carry_in(database, path)
    assert [c.id for c in store.list_conversations()] == [newest, "d", "c", "b", "a", "0"]


def test_a_large_conversation_is_stored_in_portions(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    conversation = store.create_conversation()
    leaf: str | None = None
    with database.write():
        for number in range(120):
            leaf = exchange(store, conversation.id, leaf, f"q{number}", f"a{number}").id
    path = export(store, database, [conversation.id], tmp_path / "long.json")
    with open_database(tmp_path / "there") as there:
        assert carry_in(there, path).new_messages == 240
        assert rows(open_store(there), there) == rows(store, database)


HOSTILE: list[Callable[[dict[str, Any]], object]] = [
    lambda value: value["messages"].append(None),
    lambda value: value["messages"].append({"id": 3, "role": []}),
    lambda value: value["messages"][0].update(parent_id="id-3", text=5, created_at="x" * 10),
    lambda value: value["messages"][1].update(
        metadata=json.loads("[" * 200 + "]" * 200), settings=[1], usage={"a": {}}
    ),
    lambda value: value["messages"][1].update(metadata={"a": json.loads('{"a":' * 200 + "1" + "}" * 200)}),
    lambda value: value["messages"][1].update(
        text="\ud800\x00", model="\udfff", status="streaming", notices=[5, {}]
    ),
    lambda value: value.update(messages={"a": 1}),
    lambda value: value.update(conversation=None),
    lambda value: value["conversation"].update(
        id="damaged-1", activity=10**400, leaf_id=7, title=None, settings=8
    ),
    lambda value: value["messages"][3].update(prompt_plan={"kinds": [], "parts": [[0, 0, 1]]}),
    lambda value: value["messages"][3].update(prompt_plan={"parts": [{"kind": "history"}]}),
    lambda value: value["messages"][3]["prompt_plan"].update(window=10**400, parts=[[0, 0, 10**9]]),
    lambda value: value["prompts"][0].update(tokens=10**30, message_id=[]),
    lambda value: value.update(
        summaries=[1, {"through_id": "nobody"}, {"through_id": value["messages"][0]["id"]}]
    ),
]


@pytest.mark.parametrize("spoil", HOSTILE)
def test_a_damaged_file_is_read_as_far_as_it_goes(
    store: ConversationStore, database: Database, tmp_path: Path, spoil: Callable[[dict[str, Any]], object]
) -> None:
    ids = fill(store, database)
    path = export(store, database, ids[-1:], tmp_path / "one.json")
    value = json.loads(path.read_text())
    spoil(value)
    path.write_text(json.dumps(value))
    with open_database(tmp_path / "there") as there:
        carry_in(there, path)
        copied = open_store(there)
        for conversation in copied.list_conversations():
            for message in copied.tree(conversation.id):
                copied.plan(message.id)


def test_ids_of_another_conversations_messages_are_not_taken(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    mine = store.create_conversation()
    exchange(store, mine.id, None, "Mine?", "Mine.")
    path = export(store, database, [mine.id], tmp_path / "one.json")
    text = path.read_text().replace(f'"{mine.id}"', '"stranger"')
    path.write_text(text)
    before = list(store.tree(mine.id))
    assert carry_in(database, path).arrivals == {Arrival.NEW: 1}
    assert carry_in(database, path).arrivals == {Arrival.KNOWN: 1}
    assert list(store.tree(mine.id)) == before
    assert [m.text for m in store.path("stranger")] == ["Mine?", "Mine."]
