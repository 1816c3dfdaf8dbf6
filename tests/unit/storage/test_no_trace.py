"""Nothing of a conversation that was deleted for good is left, in whatever column it was kept.

Every column that can hold words or bytes is named here: a new one fails the first test until it is said what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot_app.core.carried import CarriedConversation, CarriedPicture
from chatbot_app.core.feedback import FEEDBACK
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice, Role
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.pictures import Picture
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.token_cache import text_digest
from chatbot_app.storage.answer_metadata import keep_with_answer
from chatbot_app.storage.backup_files import BackupReason
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.draft_file import DraftFile, KeptDrafts, Sent
from chatbot_app.storage.draft_pictures import DraftPicture, DraftPictureFolder
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from chatbot_app.storage.message_pictures import save_pictures
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.purging import DRAFTS_SETTING, INDICES, Kind
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.storage.token_counts import TokenCountStore
from chatbot_app.storage.trash import Trash
from tests.tiny_png import png
from tests.unit.storage.support import Clock, numbered_ids, open_database, open_store

# Columns with words of a conversation, or with bytes made of them.
OF_CONVERSATIONS = {
    "conversations": {"title", "settings"},
    "conversation_tags": {"tag"},
    "messages": {"text", "reasoning", "model", "settings", "notices", "metadata"},
    "message_pictures": {"data"},
    "prompt_plans": {"plan"},
    "plan_parts": {"digest"},
    "plan_texts": {"digest", "text"},
    "summaries": {"text", "model"},
    "exchange_vectors": {"digest", "vector"},
    "token_counts": {"digest"},
    "settings": {"value"},  # drafts
}
# In the same tables: ids, moments, and words of the program's own.
PLAIN = {
    "id",
    "conversation_id",
    "message_id",
    "question_id",
    "parent_id",
    "leaf_id",
    "through_id",
    "folder_id",
    "server_id",
    "created_at",
    "updated_at",
    "deleted_at",
    "role",
    "status",
    "finish_reason",
    "media_type",
    "usage",
    "timings",
    "tokenizer",
    "key",
}
PLAIN_OF_TABLE = {"exchange_vectors": {"model"}}  # the stamp of an embedding model
# They know nothing of what conversations say.
ELSEWHERE = {
    *("collection_documents", "collections", "document_copies", "document_fields", "document_text_parts"),
    *("documents", "embedding_models", "import_jobs", "passages", "vector_blocks", "vectors"),
    *("watched_files", "watched_folders", "library"),
    *("data_jobs", "data_tasks", "data_rows"),  # made of documents, and go with their passages
    *("characters", "folders", "local_models", "model_windows", "presets", "prompts", "servers"),
    *("purges", "trash_clock", "trash_entries"),  # ids and times
    "_sqlite_migrations",
}

SECRET = "Zwiebelfisch"
OTHER = "Quastenflosser"
STAMP = "embedding model"


def words_columns(database: Database) -> dict[str, set[str]]:
    """Return by table the columns that can hold words or bytes; full-text tables are those of `INDICES`."""
    with database.read() as connection:
        tables = [
            row["name"]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
            )
        ]
        return {
            table: {
                row["name"]
                for row in connection.execute(f"PRAGMA table_info({table})")
                if row["type"].upper() not in ("INTEGER", "REAL")
            }
            for table in tables
            if not table.startswith(INDICES)
        }


def test_each_column_is_known_to_hold_words_of_conversations_or_not(database: Database) -> None:
    unknown = {}
    for table, columns in words_columns(database).items():
        if table not in ELSEWHERE:
            known = OF_CONVERSATIONS.get(table, set()) | PLAIN | PLAIN_OF_TABLE.get(table, set())
            unknown[table] = columns - known
    assert {table: columns for table, columns in unknown.items() if columns} == {}
    with database.read() as connection:
        indices = connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'"
        ).fetchall()
    assert {row["name"] for row in indices} == set(INDICES)


def converse(database: Database, store: ConversationStore, word: str) -> str:
    """Use everything in which a word of a conversation is kept; return the conversation."""
    settings = GenerationSettings(system_prompt=f"{word} system")
    conversation = store.create_conversation(settings)
    question, streaming = store.begin_exchange(
        conversation.id, None, f"{word} asked", settings=settings, server_id="s", model=f"{word} model"
    )
    store.save_plan(streaming.id, plan_of(word, [question]))
    answer = store.finish_message(streaming.id, status=MessageStatus.STOPPED, text=f"{word} answered")
    following, later = store.begin_exchange(conversation.id, answer.id, f"{word} asked again")
    store.save_plan(later.id, plan_of(word, [question, answer, following]))
    store.finish_message(later.id, status=MessageStatus.COMPLETE, text=f"{word} said", finish_reason="stop")
    store.reopen(answer.id)  # what the plan holds is kept as it was
    store.finish_message(
        answer.id,
        status=MessageStatus.STOPPED,
        text=f"{word} answered, and went on",
        reasoning=f"{word} thought",
        notices=[Notice("Stopped", f"{word} was told")],
    )
    edited = store.add_edited_answer(later.id, f"{word} edited")
    name_branch(database, edited.id, f"{word} branch")
    keep_with_answer(
        database, answer.id, f"{word} answered, and went on", FEEDBACK, {"rating": "up", "note": word}
    )
    store.rename(conversation.id, f"{word} title")
    ConversationOrder(database).tag([conversation.id], add=[f"{word} tag"])
    summaries = SummaryStore(database, now=Clock(), new_id=numbered_ids(f"summary of {word}"))
    summaries.save(conversation.id, answer.id, f"{word} summed up", model=f"{word} model")
    picture = CarriedPicture(f"{word}.png", lambda: picture_of(word))
    carried = CarriedConversation(conversation, (), pictures={question.id: (picture,)})
    assert save_pictures(database, carried, Portions(sleep=lambda _: None)) == 1
    vector = np.frombuffer(word.ljust(16, "!")[:16].encode(), "<f4")[None]
    ExchangeVectorStore(database).add(STAMP, [question.id], [text_digest(f"{word} embedded")], vector)
    TokenCountStore(database).add_token_counts("o200k", {text_digest(f"{word} counted"): 3})
    drafts = f'{{"{conversation.id}": "{word} drafted"}}'
    SettingsStore(database).set(DRAFTS_SETTING, drafts)
    return conversation.id


def picture_of(word: str) -> bytes:
    """Return what passes for a picture: kept are the bytes that came."""
    return png(3, 2) + word.encode() * 3


def plan_of(word: str, messages: list[Message]) -> PromptPlan:
    parts = [PlanPart(PartKind.SYSTEM, Role.SYSTEM, f"{word} was planned", 3, True, "always")]
    parts += [
        PlanPart(PartKind.HISTORY, message.role, message.text, 3, True, "fits", message.id)
        for message in messages
    ]
    parts[-1] = replace(parts[-1], kind=PartKind.QUESTION)
    return PromptPlan(tuple(parts), 4096, 512)


def values(database: Database) -> Iterator[tuple[str, str, bytes]]:
    """Yield table, column and bytes of everything that conversations have in the store."""
    with database.read() as connection:
        for table, columns in OF_CONVERSATIONS.items():
            for row in connection.execute(f"SELECT * FROM {table}"):
                for column in columns & set(row.keys()):
                    value: Any = row[column]
                    if value is not None:
                        yield table, column, value if isinstance(value, bytes) else str(value).encode()


def test_nothing_is_left_of_what_was_purged(data_dir: Path) -> None:
    paths = DataPaths(data_dir)
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id = converse(database, store, SECRET)
        written = {(table, column, value) for table, column, value in values(database)}
        empty = {
            (table, column)
            for table, columns in OF_CONVERSATIONS.items()
            for column in columns
            if not any((table, column) == (one, other) and len(value) >= 8 for one, other, value in written)
        }
        assert empty == set()  # all that is looked for below was there
        draft_file = DraftFile(paths.drafts)
        drafts = {conversation_id: f"{SECRET} drafted", "other": f"{OTHER} drafted"}
        draft_file.write(KeptDrafts(drafts, {"question": Sent(conversation_id, f"{SECRET} sent")}))
        draft_pictures = DraftPictureFolder(paths.draft_pictures)
        attached = [
            DraftPicture(key, Picture(key[:8].lower(), f"{word}.png", "image/png", 4, 3, png(4, 3, red)))
            for key, word, red in ((conversation_id, SECRET, 200), ("other", OTHER, 3))
        ]
        draft_pictures.write(attached)
        BackupStore(database, now=Clock()).create(BackupReason.DAILY)
        assert any(SECRET.encode() in path.read_bytes() for path in paths.backups.iterdir())
        other_id = converse(database, store, OTHER)

        store.delete(conversation_id)
        trash = Trash(database, now=Clock())
        assert trash.purge(Kind.CONVERSATION, [conversation_id])
        assert trash.scrub().done

        shared = {value for _, _, value in values(database)} | {b"{}", b"[]"}
        gone = {value for _, _, value in written if len(value) >= 8} - shared
        assert store.path(other_id)[0].text == f"{OTHER} asked"
        assert database.integrity_check() == []
        spellings = [SECRET, SECRET.lower(), SECRET.upper()]
        gone |= {word.encode(code) for word in spellings for code in ("utf-8", "utf-16-le")}
        for path in [path for path in data_dir.rglob("*") if path.is_file()]:
            content = path.read_bytes()
            assert [value for value in gone if value in content] == [], path.name
        assert draft_pictures.read() == attached[1:]
        kept = draft_file.read()
        assert kept == KeptDrafts({"other": f"{OTHER} drafted"}, {})


@pytest.mark.parametrize("content", ["", "no JSON", '{"drafts": 3}'])
def test_a_damaged_file_of_drafts_hinders_nothing(data_dir: Path, content: str) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation()
        store.delete(conversation.id)
        DataPaths(data_dir).drafts.write_text(content)
        trash = Trash(database, now=Clock())
        assert trash.purge(Kind.CONVERSATION, [conversation.id])
        assert trash.scrub().done
