"""Databases that earlier versions of this program wrote open, are migrated after a backup, and hold what they held.

The files were written by the code of their time (the commit before the next step of the schema), each with two
conversations of three exchanges and one in the trash; from the fourth step on with a row in most tables.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from chatbot_app.core.characters import Character
from chatbot_app.core.made_data import DataKind, DataWish
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.data_jobs import DataJobStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.migrations import applied_migrations, migration_names
from chatbot_app.storage.prompt_library import PromptLibrary
from tests.unit.storage.support import (
    Clock,
    exchange,
    full_text_is_sound,
    numbered_ids,
    open_database,
    open_store,
)

FILES = sorted((Path(__file__).parents[2] / "data" / "schemas").glob("*.gz"))


def test_there_is_one_of_each_step() -> None:
    steps = {path.name.removeprefix("schema_")[:3] for path in FILES}
    known = {name[1:4] for name in migration_names()}
    # The fifth and the sixth step were written side by side; the newest has no next one yet.
    assert known - steps <= {"005", max(known)}


@pytest.fixture(params=FILES, ids=lambda path: path.name.partition(".")[0])
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def database(file: Path, data_dir: Path) -> Database:
    data_dir.mkdir(mode=0o700)
    (data_dir / DataPaths(data_dir).database.name).write_bytes(gzip.decompress(file.read_bytes()))
    return open_database(data_dir)


def test_it_opens_and_nothing_is_lost(database: Database, file: Path) -> None:
    is_ordered = file.name >= "schema_011"  # has folders and tags
    with database:
        assert database.damage is None
        assert database.integrity_check() == []
        assert full_text_is_sound(database)
        with database.read() as connection:
            assert set(applied_migrations(connection)) == set(migration_names())
        store = open_store(database, "later")
        conversations = store.list_conversations()
        assert [conversation.message_count for conversation in conversations] == [6, 6]
        for conversation, word in zip(conversations, ("walrus", "quokka"), strict=True):
            path = store.path(conversation.id)
            assert [message.text for message in path[::2]] == [f"{word} {turn}" for turn in range(3)]
            assert path[-1].text == f"{word} answer 2"
            assert {message.status for message in path} == {MessageStatus.COMPLETE}
            assert conversation.settings.temperature == 0.5
            assert (conversation.folder_id is not None, conversation.tags) == (
                is_ordered,
                (word,) if is_ordered else (),
            )
            assert not conversation.pinned
        assert len(store.trash()) == 1
        assert {hit.conversation_id for hit in store.search("walrus answer")} == {conversations[0].id}
        assert len(BackupStore(database, now=Clock()).list()) == 1
        # And it goes on.
        order = ConversationOrder(database, new_id=numbered_ids("folder"))
        order.move([conversations[0].id], order.add_folder("Sea").id)
        exchange(store, conversations[0].id, conversations[0].leaf_id, "a new question", "a new answer")
        assert {hit.title for hit in store.search("new folder:sea")} == {conversations[0].title}
        assert len(order.folders()) == (3 if is_ordered else 1)
        library = PromptLibrary(database, new_id=numbered_ids("prompt"))
        prompt = library.save(SavedPrompt("Sea", "Tell me of {{sea}}"))
        assert len(library.list()) == (3 if file.name >= "schema_013" else 1)
        assert prompt in library.list()
        characters = CharacterLibrary(database, new_id=numbered_ids("character"))
        character = characters.save(Character("Sea"))
        assert character in characters.list()
        documents = DocumentStore(database, now=Clock(), new_id=numbered_ids("document")).documents()
        assert len(documents) in (0, 2)
        jobs = DataJobStore(database, now=Clock(), new_id=numbered_ids("job"))
        assert jobs.jobs() == []
        job = jobs.begin(DataWish(DataKind.QUESTIONS, passages=5))
        assert (job.waiting if job is not None else 0) == (5 if documents else 0)


@pytest.mark.parametrize("file", FILES[-1:], indirect=True)
def test_characters_and_folders_that_named_no_documents_go_on_using_all(database: Database) -> None:
    with database:
        kept = CharacterLibrary(database, new_id=numbered_ids("character")).list()
        assert {character.settings.collections for character in kept} == {()}
        assert {character.settings.temperature for character in kept} == {0.5}
        order = ConversationOrder(database, new_id=numbered_ids("folder"))
        assert [folder.settings and folder.settings.collections for folder in order.folders()] == [(), ()]
        order.add_folder("Sea")  # with no settings of its own
        assert {folder.settings for folder in order.folders() if folder.name == "Sea"} == {None}
