"""ChatGPT's export as it comes: branches, hidden and deleted nodes, pictures, code, tools, and what strangers make of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.carried import Arrival
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.benchmarks.chatgpt_export import conversations, write_export
from tests.unit.chat.transfer.support import alternates, carry_in, carry_in_value, shown
from tests.unit.storage.support import exchange


def node(parent: str | None, role: str, text: Any, **more: Any) -> dict[str, Any]:
    content = text if isinstance(text, dict) else {"content_type": "text", "parts": [text]}
    message = {"author": {"role": role}, "content": content, "recipient": "all", "metadata": {}, **more}
    return {"message": message, "parent": parent, "children": []}


def conversation(mapping: dict[str, Any], current: str | None = None, **more: Any) -> dict[str, Any]:
    return {"conversation_id": "c-1", "title": "Tides", "mapping": mapping, "current_node": current, **more}


def test_an_archive_comes_in_whole_and_once(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "anything.bin"
    write_export(path, 24, longest=200)
    first = carry_in(database, path)
    assert first.arrivals == {Arrival.NEW: 24}
    assert first.formats == {"ChatGPT": 24}
    assert first.earliest < first.latest
    assert carry_in(database, path).arrivals == {Arrival.KNOWN: 24}
    listed = store.list_conversations()
    assert [c.title.split(":")[0] for c in listed] == [f"Conversation {n}" for n in range(24, 0, -1)]
    assert max(c.message_count for c in listed) > 150
    assert all(alternates(store, c.id) for c in listed)
    texts = [m.text for c in listed for m in store.tree(c.id)]
    assert any("```python\nprint(6 * 7)\n```" in text and "```text\n42\n```" in text for text in texts)
    assert any("*Picture: file-Abc000001-beach.png, 640 × 480*" in text for text in texts)
    assert any("([Tides](https://example.org/tides))" in text for text in texts)
    assert not any("\ue200" in text for text in texts)
    assert any(m.reasoning.startswith("Thinking") for c in listed for m in store.tree(c.id))
    assert sum(c.archived for c in listed) == 1


def test_branches_variants_and_the_end_that_was_shown(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    mapping = {
        "root": {"message": None, "parent": None, "children": ["q"]},
        "q": node("root", "user", "Why?"),
        "a1": node("q", "assistant", "So.", metadata={"model_slug": "gpt-4"}),
        "a2": node("q", "assistant", "Otherwise."),
        "q2": node("a1", "user", "More?"),
        "b": node("q2", "assistant", "Yes."),
        "r": node("a2", "user", "Else?"),
    }
    carry_in_value(database, tmp_path, conversation(mapping, "b"))
    assert shown(store) == ["Why?", "So.", "More?", "Yes."]
    found = store.list_conversations()[0]
    path = store.path(found.id)
    assert [store.message(one).text for one in store.children(path[0].id)] == ["So.", "Otherwise."]
    assert path[1].model == "gpt-4"
    last = store.message(store.leaf_below(store.children(path[0].id)[1]))
    assert (last.text, last.status) == ("", MessageStatus.INTERRUPTED)  # “Else?” had no answer


def test_steps_become_one_answer_and_hidden_ones_are_said(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    hidden = {"is_visually_hidden_from_conversation": True}
    mapping = {
        "s": node(None, "system", "You are…"),
        "m": node("s", "user", {"content_type": "user_editable_context", "user_profile": "secret"}),
        "q": node("m", "user", "6 × 7?"),
        "c": node("q", "assistant", {"content_type": "code", "text": "6 * 7"}, recipient="python"),
        "t": node("c", "tool", {"content_type": "execution_output", "text": "42"}),
        "h": node("t", "tool", "unseen", metadata=hidden),
        "z": node("h", "assistant", "nothing", weight=0.0),
        "a": node("z", "assistant", "It is 42."),
    }
    summary = carry_in_value(database, tmp_path, conversation(mapping, "a"))
    question, answer = shown(store)
    assert question == "6 × 7?"
    assert answer.startswith("*Call of python:*\n\n```python\n6 * 7\n```\n\n*Result of the tool:*")
    assert answer.endswith("It is 42.")
    assert list(summary.left_out.values()) == [4]
    assert "hidden" in next(iter(summary.left_out))


def test_a_conversation_that_grew_gets_its_answer(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    mapping = {"q": node(None, "user", "Why?")}
    carry_in_value(database, tmp_path, conversation(dict(mapping), "q"))
    assert shown(store) == ["Why?", ""]
    mapping |= {
        "a": node("q", "assistant", "So."),
        "q2": node("a", "user", "More?"),
        "b": node("q2", "assistant", "Yes."),
    }
    assert carry_in_value(database, tmp_path, conversation(mapping, "b")).arrivals == {Arrival.GROWN: 1}
    assert shown(store) == ["Why?", "So.", "More?", "Yes."]
    found = store.list_conversations()[0]
    assert len(list(store.tree(found.id))) == 4  # nothing stands in for the answer any more
    mine = exchange(store, found.id, found.leaf_id, "Mine?", "Mine.")
    mapping |= {"q3": node("b", "user", "Again?"), "d": node("q3", "assistant", "No.")}
    carry_in_value(database, tmp_path, conversation(mapping, "d"))
    assert store.conversation(found.id).leaf_id == mine.id
    assert len(list(store.tree(found.id))) == 8


def test_an_answer_at_the_top_and_two_questions_in_a_row(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    mapping = {
        "g": node(None, "assistant", "Hello!"),
        "q": node("g", "user", "One?"),
        "q2": node("q", "user", "Two?"),
        "a": node("q2", "assistant", "Both."),
    }
    carry_in_value(database, tmp_path, conversation(mapping, "a"))
    assert shown(store) == ["…", "Hello!", "One?", "", "Two?", "Both."]
    assert alternates(store, store.list_conversations()[0].id)


HOSTILE: list[Any] = [
    conversation({}),
    conversation({"a": None, "b": 5, "c": [], "d": {"message": "x"}}),
    conversation({"a": node("a", "user", "self"), "b": node("c", "user", "x"), "c": node("b", "user", "y")}, "b"),
    conversation({"a": node("gone", "user", "orphan"), "b": node("a", "nobody", "x")}, "gone"),
    conversation({"a": node(None, "user", {"content_type": "text", "parts": [None, 5, {}, [], {"content_type": []}]})}),
    conversation({"a": node(None, "user", "\ud800 \x00 \uffff"), "b": node("a", "assistant", "\udfff")}, "b"),
    conversation({"a": node(None, "user", "x", create_time=1e300), "b": node("a", "user", "y", create_time="soon")}),
    conversation({"a": node(None, "user", "x", metadata=[], author=7), "b": node(None, "user", "y", metadata={"attachments": [1, {"name": 4}]})}),
    conversation({"h": {"message": None, "parent": "i"}, "i": {"message": None, "parent": "h"}, "a": node("h", "user", "x")}),
    conversation({"a": node(None, "user", "x")}, conversation_id=[], title={}, create_time=True, update_time="x"),
    {"mapping": {"a": node(None, "user", "x")}, "current_node": 4},
    conversation({"a": {"message": {"author": {"role": ["user"]}, "content": {"parts": ["x"]}}, "children": [1, "a", "q"]}}),
    conversation({"a": node(None, "assistant", "x", metadata={"content_references": [{"matched_text": "\ue200", "alt": 3}]})}),
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_what_strangers_write_is_read_as_far_as_it_goes(
    store: ConversationStore, database: Database, tmp_path: Path, value: Any
) -> None:
    good = {
        **conversation({"q": node(None, "user", "Good?"), "a": node("q", "assistant", "Yes.")}, "a"),
        "title": "Good",
    }
    carry_in_value(database, tmp_path, value, {**good, "conversation_id": "good"})
    assert shown(store, "Good") == ["Good?", "Yes."]
    assert all(alternates(store, c.id) for c in store.list_conversations())


def test_answers_that_share_their_steps_do_not_grow_without_bounds(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    mapping: dict[str, Any] = {"q": node(None, "user", "Why?")}
    above = "q"
    for number in range(300):
        mapping[f"s{number}"] = node(above, "assistant", f"step {number}")
        mapping[f"v{number}"] = node(f"s{number}", "assistant", "variant")
        above = f"s{number}"
    summary = carry_in_value(database, tmp_path, conversation(mapping, above))
    assert summary.new_messages == 301
    assert any("too many variants" in reason for reason in summary.left_out)


def test_a_file_that_breaks_off_gives_what_it_has(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    text = json.dumps(list(conversations(6, longest=20)))
    path = tmp_path / "half.json"
    path.write_text(text[: len(text) // 2])
    summary = carry_in(database, path)
    assert 0 < summary.conversations < 6
    assert any("cut off" in reason for reason in summary.left_out)


def test_archives_that_are_damaged_locked_or_full_of_bombs(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    write_export(good, 3, longest=20)
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd.json", json.dumps(conversation({"q": node(None, "user", "Up?")})))
        archive.writestr("spaces.json", " " * 3_000_000)
        archive.writestr("nested.json", "[" * 300_000)
        archive.writestr("a/b/c.json", b"\xff\xfe\x00\xd8" * 10)
    data = bytearray(good.read_bytes())
    place = data.find(b"conversations.json") + 200
    data[place : place + 50] = bytes(50)
    good.write_bytes(data)
    summary = carry_in(database, good, bad)
    assert any("damaged" in reason for reason in summary.left_out)
    assert shown(store, "Tides") == ["Up?", ""]
    assert not (tmp_path.parent / "etc").exists()
