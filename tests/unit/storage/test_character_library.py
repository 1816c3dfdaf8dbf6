"""Characters are kept, changed, copied, forgotten and taken in; no conversation changes with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.characters import Character, settings_of
from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.storage.character_library import LONGEST_DESCRIPTION, CharacterLibrary
from chatbot_app.storage.database import Database
from tests.unit.storage.support import numbered_ids, open_store


@pytest.fixture
def library(database: Database) -> CharacterLibrary:
    return CharacterLibrary(database, new_id=numbered_ids("character"))


def test_characters_are_kept_changed_copied_and_forgotten(library: CharacterLibrary) -> None:
    settings = GenerationSettings(
        system_prompt="a\x00", temperature=0.2, collections=("c",), character_id="x"
    )
    kept = library.save(Character(" The\nTutor ", settings, "d" * 999, (("i", "o\x00"),)))
    assert (kept.name, kept.id, len(kept.description)) == ("The Tutor", "character-1", LONGEST_DESCRIPTION)
    assert kept.settings == replace(settings, system_prompt="a\ufffd", character_id=None)
    assert library.list() == [kept]
    changed = library.save(replace(kept, name="THE TUTOR", description="", examples=()))
    copy = library.duplicate(kept.id)
    assert copy == replace(changed, id="character-2", name="THE TUTOR 2")
    assert library.list() == [changed, copy]
    library.remove([kept.id, "gone"])
    assert library.list() == [copy]


def test_what_cannot_be_kept_is_said(library: CharacterLibrary) -> None:
    kept = library.save(Character("Ärger"))
    for character, words in (
        (Character("ärger"), "already"),
        (Character(" / "), "needs a name"),
        (Character("New", id="gone"), "any more"),
    ):
        with pytest.raises(UsageError, match=words):
            library.save(character)
    with pytest.raises(UsageError, match="any more"):
        library.duplicate("gone")
    assert library.list() == [kept]


def test_characters_from_elsewhere_come_once_and_replace_none(library: CharacterLibrary) -> None:
    library.save(Character("Tutor", description="mine"))
    brought = [
        Character("tutor", description="theirs"),
        Character("Tutor", description="mine"),
        Character("Bob", description="mine"),  # another one, whatever they share
        Character("tutor", description="a third"),
    ]
    assert library.take_in(brought) == 3
    assert library.take_in(brought) == 0
    assert [one.name for one in library.list()] == ["Bob", "Tutor", "tutor 2", "tutor 3"]


def test_forgetting_one_changes_no_conversation(database: Database, library: CharacterLibrary) -> None:
    store = open_store(database)
    kept = library.save(
        Character("Tutor", GenerationSettings(system_prompt="Teach."), examples=(("a", "b"),))
    )
    conversation = store.create_conversation(settings_of(kept))
    library.remove([kept.id])
    assert store.conversation(conversation.id) == conversation
    assert conversation.settings.character_id == kept.id
