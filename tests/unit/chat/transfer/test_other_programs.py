"""Conversations of Claude, Open WebUI and LM Studio, and lists of messages: each found by its content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.carried import Arrival
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.chat.transfer.support import alternates, carry_in, carry_in_value, shown

CLAUDE = {
    "uuid": "11111111-0000-4000-8000-000000000000",
    "name": "Tides",
    "created_at": "2024-05-01T10:00:00.123456Z",
    "updated_at": "2024-05-02T10:00:00Z",
    "account": {"uuid": "x"},
    "chat_messages": [
        {
            "uuid": "m1",
            "text": "Why?",
            "content": [{"type": "text", "text": "Why?"}],
            "sender": "human",
            "created_at": "2024-05-01T10:00:01Z",
            "attachments": [{"file_name": "notes.txt", "file_size": 3, "extracted_content": "low ``` tide"}],
            "files": [{"file_name": "beach.png"}],
            "parent_message_uuid": "00000000-0000-4000-8000-000000000000",
        },
        {
            "uuid": "m2",
            "text": "",
            "content": [
                {"type": "thinking", "thinking": "The moon."},
                {"type": "tool_use", "name": "search", "input": {"q": "moon"}},
                {"type": "tool_result", "name": "search", "content": [{"type": "text", "text": "It pulls."}]},
                {"type": "text", "text": "It pulls."},
                {"type": "voice_of_tomorrow"},
            ],
            "sender": "assistant",
            "created_at": "2024-05-01T10:00:05Z",
            "parent_message_uuid": "m1",
        },
        {"uuid": "m3", "text": "Other.", "sender": "assistant", "parent_message_uuid": "m1", "created_at": "2024-05-01T10:00:06Z"},
    ],
}  # fmt: skip
OPEN_WEBUI = {
    "id": "w-1",
    "title": "Tides",
    "created_at": 1714557600,
    "updated_at": 1714557700,
    "archived": True,
    "meta": {"tags": ["sea", "moon"]},
    "chat": {
        "title": "Tides",
        "params": {"system": "Be brief."},
        "history": {
            "currentId": "b",
            "messages": {
                "q": {"id": "q", "parentId": None, "childrenIds": ["a", "b"], "role": "user", "content": "Why?", "timestamp": 1714557600, "files": [{"type": "file", "name": "a.pdf"}]},
                "a": {"id": "a", "parentId": "q", "role": "assistant", "content": "So.", "model": "llama3", "timestamp": 1714557610},
                "b": {"id": "b", "parentId": "q", "role": "assistant", "content": "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 seconds</summary>\n> The moon.\n</details>\nIt pulls. ![x](data:image/png;base64,AAAA)", "timestamp": 1714557620},
            },
        },
    },
}  # fmt: skip
LM_STUDIO = {
    "name": "Tides",
    "createdAt": 1714557600123,
    "systemPrompt": "Be brief.",
    "messages": [
        {"versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Why?"}]}], "currentlySelected": 0},
        {
            "versions": [
                {"type": "multiStep", "role": "assistant", "steps": [{"type": "contentBlock", "content": [{"type": "text", "text": "No."}]}]},
                {
                    "type": "multiStep",
                    "role": "assistant",
                    "senderInfo": {"senderName": "qwen"},
                    "steps": [
                        {"type": "contentBlock", "content": [{"type": "text", "text": "The moon."}], "style": {"type": "thinking"}},
                        {"type": "contentBlock", "content": [{"type": "text", "text": "It pulls."}], "genInfo": {"indexedModelIdentifier": "qwen3-4b"}},
                        {"type": "debugInfoBlock", "debugInfo": "x"},
                    ],
                },
            ],
            "currentlySelected": 1,
        },
    ],
}  # fmt: skip
MESSAGES = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"function": {"name": "search", "arguments": '{"q": 1}'}}],
        },
        {"role": "tool", "content": "It pulls."},
        {"role": "assistant", "content": "It pulls.", "reasoning_content": "The moon."},
    ]
}


@pytest.mark.parametrize("value", [CLAUDE, OPEN_WEBUI, LM_STUDIO, MESSAGES])
@pytest.mark.parametrize("form", ["lines", "array", "pretty"])
def test_each_is_found_by_its_content_and_comes_once(
    store: ConversationStore, database: Database, tmp_path: Path, value: Any, form: str
) -> None:
    texts = {
        "lines": json.dumps(value) + "\n",
        "array": json.dumps([value]),
        "pretty": "\ufeff" + json.dumps(value, indent=2),
    }
    path = tmp_path / "export"
    path.write_text(texts[form], encoding="utf-8")
    assert carry_in(database, path).arrivals == {Arrival.NEW: 1}
    assert carry_in(database, path).arrivals == {Arrival.KNOWN: 1}
    found = store.list_conversations()[0]
    assert alternates(store, found.id)
    answers = [m for m in store.tree(found.id) if m.role == "assistant"]
    best = next(m for m in answers if "It pulls." in m.text)
    assert best.reasoning == "The moon."
    assert store.path(found.id)[0].text.endswith("Why?")
    assert (found.settings.system_prompt == "Be brief.") is (value is not CLAUDE)


def test_what_claude_attaches_and_does_stands_in_the_text(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    summary = carry_in_value(database, tmp_path, CLAUDE)
    question = shown(store)[0]
    assert "*File: notes.txt*\n\n````text\nlow ``` tide\n````" in question
    assert "*File: beach.png*" in question
    found = store.list_conversations()[0]
    assert (found.created_at, found.updated_at) == (
        "2024-05-01T10:00:00.123+00:00",
        "2024-05-02T10:00:00.000+00:00",
    )
    assert len(summary.left_out) == 2


def test_open_webui_keeps_its_tags_and_the_branch(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    carry_in_value(database, tmp_path, OPEN_WEBUI)
    found = store.list_conversations()[0]
    assert (found.tags, found.archived) == (("moon", "sea"), True)
    assert shown(store)[-1] == "It pulls. *Picture x*"


def test_lists_of_messages_in_every_form(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    def said(question: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": question}, {"role": "assistant", "content": f"{question}!"}]

    one, lines, share = (tmp_path / name for name in ("one", "lines", "share"))
    one.write_text(json.dumps(said("a"), indent=1))
    lines.write_text(
        json.dumps(said("b")) + "\n" + json.dumps(said("c")) + "\n" + json.dumps({"messages": said("b")})
    )
    share.write_text(
        json.dumps([{"conversations": [{"from": "human", "value": "d"}, {"from": "gpt", "value": "d!"}]}])
    )
    assert carry_in(database, one, lines, share).arrivals == {Arrival.NEW: 5}
    titles = sorted(c.title for c in store.list_conversations())
    assert titles == ["a", "b", "b", "c", "d"]
    grown = {"messages": [*said("c"), *said("more")]}
    lines.write_text(json.dumps(grown))
    assert carry_in(database, lines).arrivals == {Arrival.GROWN: 1}
    assert shown(store, "c") == ["c", "c!", "more", "more!"]


HOSTILE: list[Any] = [
    {"chat_messages": [None, 5, {"sender": []}, {"sender": "human", "text": 4, "content": [None, {"type": []}]}]},
    {"chat_messages": [], "uuid": 5, "name": [], "created_at": {}},
    {"chat_messages": [{"sender": "human", "text": "x", "uuid": "a", "parent_message_uuid": "a"}]},
    {"chat_messages": [{"sender": "human", "text": "x", "attachments": 3, "files": [3, {"file_name": []}]}] * 3},
    {"chat": {"history": {"messages": {"a": None, "b": {"role": "user", "content": 5, "parentId": "b"}}, "currentId": []}}},
    {"chat": {"messages": [None, {"role": "user", "content": {"a": 1}}], "tags": [1, {}], "params": []}},
    {"history": {"messages": {"a": {"role": "assistant", "content": "<details type=\"reasoning\" x>" * 50}}}},
    {"messages": [{"versions": [None, {}, {"role": "user", "content": [None, {"type": "text", "text": []}]}]}, 5, {"versions": 3}]},
    {"messages": [{"versions": [{"role": "assistant", "steps": [None, {"style": 4, "content": 3}]}], "currentlySelected": "x"}]},
    {"messages": [{"role": "user", "content": [5, None, {"type": "image_url"}, {"type": {}}]}, {"role": {}, "content": ""}, 3]},
    {"messages": [{"role": "assistant", "content": "x", "tool_calls": [None, {"function": 3}], "created_at": 1e400}]},
    [{"role": "user", "content": "x"}, None, {"role": "assistant", "content": {"a": "b"}}],
    {"conversations": [{"from": "system", "value": "x"}]},
    "text", 5, None, [], {}, [[[]]], {"mapping": 3}, {"format": "chatbot-app conversation"},
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_what_strangers_write_is_read_as_far_as_it_goes(
    store: ConversationStore, database: Database, tmp_path: Path, value: Any
) -> None:
    good = {
        "title": "Good",
        "messages": [{"role": "user", "content": "Good?"}, {"role": "assistant", "content": "Yes."}],
    }
    carry_in_value(database, tmp_path, value, good)
    assert shown(store, "Good") == ["Good?", "Yes."]
    assert all(alternates(store, c.id) for c in store.list_conversations())
