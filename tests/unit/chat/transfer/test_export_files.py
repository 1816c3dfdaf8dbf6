"""Exports: the shown branch for people, the whole tree for programs, all of it or nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chatbot_app.chat.transfer.export_files import suggested_name, write_export
from chatbot_app.core.errors import ConversationGone, ExportFailed
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus, Notice, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import exchange


@pytest.fixture
def conversation_id(store: ConversationStore) -> str:
    conversation = store.create_conversation(GenerationSettings(temperature=0.5))
    answer = exchange(store, conversation.id, None, "What is\n<b>Ökonomie</b>?", "An *answer*.")
    part = PlanPart(PartKind.QUESTION, Role.USER, "q", 1, True, "newest")
    store.save_plan(answer.id, PromptPlan((part,), 100, 10))
    _question, cut = store.begin_exchange(conversation.id, answer.id, "More?", model="tiny_model")
    notice = Notice("StreamCut", "It may be cut off.")
    store.finish_message(cut.id, status=MessageStatus.INTERRUPTED, text="Well", notices=[notice])
    store.begin_exchange(conversation.id, None, "Another branch")
    store.set_leaf(conversation.id, cut.id)
    store.rename(conversation.id, "A <img src=x> title")
    return conversation.id


def test_markdown_shows_the_branch_that_is_shown(
    store: ConversationStore, conversation_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.md"
    write_export(store, conversation_id, path)
    assert path.read_text(encoding="utf-8") == (
        "# A \\<img src=x\\> title\n"
        "\n## Question\n\nWhat is\n<b>Ökonomie</b>?\n"
        "\n## Answer\n\nAn *answer*.\n"
        "\n## Question\n\nMore?\n"
        "\n## Answer (tiny\\_model)\n\nWell\n"
        "\n*(interrupted. It may be cut off.)*\n"
    )


def test_json_holds_the_whole_tree(store: ConversationStore, conversation_id: str, tmp_path: Path) -> None:
    path = tmp_path / "out.JSON"
    write_export(store, conversation_id, path)
    exported = json.loads(path.read_text(encoding="utf-8"))
    assert exported["conversation"]["settings"]["temperature"] == 0.5
    assert [message["text"] for message in exported["messages"]] == [
        "What is\n<b>Ökonomie</b>?",
        "An *answer*.",
        "More?",
        "Well",
        "Another branch",
        "",
    ]
    assert exported["messages"][1]["prompt_plan"]["window"] == 100
    assert exported["messages"][3]["notices"][0]["kind"] == "StreamCut"
    assert exported["messages"][1]["parent_id"] == exported["messages"][0]["id"]


def test_a_long_tree_is_read_in_pages(store: ConversationStore, database: Database) -> None:
    conversation = store.create_conversation(GenerationSettings())
    with database.write():
        for number in range(205):
            exchange(store, conversation.id, None, f"q{number}", f"a{number}")
    assert [m.text for m in store.tree(conversation.id)] == [
        t for n in range(205) for t in (f"q{n}", f"a{n}")
    ]


def test_a_failed_export_leaves_the_old_file(
    store: ConversationStore, conversation_id: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportFailed, match="absent"):
        write_export(store, conversation_id, tmp_path / "absent" / "out.md")
    old = tmp_path / "old.md"
    old.write_text("old")
    store.delete(conversation_id)
    with pytest.raises(ConversationGone):
        write_export(store, conversation_id, old)
    assert old.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"data", "old.md"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tides and the moon", "Tides and the moon.md"),
        ("", "Conversation.md"),
        ("...", "Conversation.md"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("CON", "Conversation CON.md"),
        ("nul.txt", "Conversation nul.txt.md"),
        ("line\nbreak\x00\x1b[31m\u202eesrever", "line break [31m esrever.md"),
        (" trailing dot. ", "trailing dot.md"),
        ("\U0001f40b" * 200, "\U0001f40b" * 30 + ".md"),
        ("x" * 5000, "x" * 120 + ".md"),
    ],
)
def test_the_proposed_name_is_the_title_and_fits_every_system(tmp_path: Path, title: str, name: str) -> None:
    assert suggested_name(title, tmp_path) == name
    (tmp_path / name).write_text("the person's own")
    other = suggested_name(title, tmp_path)
    assert other != name
    assert not (tmp_path / other).exists()


def test_a_persons_own_file_beside_the_export_is_left_alone(
    store: ConversationStore, conversation_id: str, tmp_path: Path
) -> None:
    own = tmp_path / "out.md.partial"
    own.write_text("theirs")
    write_export(store, conversation_id, tmp_path / "out.md")
    assert own.read_text() == "theirs"
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"out.md", "out.md.partial"}


def test_what_a_killed_export_left_is_removed_by_a_later_one(
    store: ConversationStore, conversation_id: str, tmp_path: Path
) -> None:
    old, young = (tmp_path / f".chatbot-export-{name}.partial" for name in ("old", "young"))
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (1_000_000, 1_000_000))
    write_export(store, conversation_id, tmp_path / "out.md")
    assert not old.exists()
    assert young.exists()  # perhaps being written
