"""Prompts are kept, changed, renamed, forgotten and taken in from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot_app.core.errors import UsageError
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.storage.prompt_library import PromptLibrary
from tests.unit.storage.support import numbered_ids, open_database


@pytest.fixture
def library(tmp_path: Path) -> Iterator[PromptLibrary]:
    with open_database(tmp_path) as database:
        yield PromptLibrary(database, new_id=numbered_ids("prompt"))


def test_prompts_are_kept_changed_and_forgotten(library: PromptLibrary) -> None:
    kept = library.save(SavedPrompt(" /Sum\n up ", "Sum up {{text}}", (("a", "b\x00"),), step_by_step=True))
    other = library.save(SavedPrompt("ärger", "x"))
    assert (kept.name, kept.id) == ("Sum up", "prompt-1")
    assert library.list() == [replace(kept, examples=(("a", "b\ufffd"),)), other]
    changed = library.save(replace(kept, name="SUM UP", text="y", examples=(), step_by_step=False))
    assert library.list() == [changed, other]
    copy = library.duplicate(kept.id)
    assert copy == replace(changed, id="prompt-3", name="SUM UP 2")
    with pytest.raises(UsageError, match="any more"):
        library.duplicate("gone")
    library.remove([kept.id, copy.id, "gone"])
    assert library.list() == [other]


def test_what_cannot_be_kept_is_said(library: PromptLibrary) -> None:
    kept = library.save(SavedPrompt("Ärger", "x"))
    for prompt, words in (
        (SavedPrompt("ärger", "y"), "already"),
        (SavedPrompt(" / ", "y"), "needs a name"),
        (SavedPrompt("New", " \n"), "no text"),
        (SavedPrompt("New", "y", id="gone"), "any more"),
    ):
        with pytest.raises(UsageError, match=words):
            library.save(prompt)
    assert library.list() == [kept]


def test_prompts_from_elsewhere_come_once_and_replace_none(library: PromptLibrary) -> None:
    library.save(SavedPrompt("Sum up", "mine"))
    brought = [
        SavedPrompt("sum up", "theirs"),
        SavedPrompt("SUM UP", "a third"),
        SavedPrompt("Sum up", "mine"),
    ]
    assert library.take_in(brought) == 2
    assert library.take_in(brought) == 0
    assert [(prompt.name, prompt.text) for prompt in library.list()] == [
        ("Sum up", "mine"),
        ("sum up 2", "theirs"),
        ("SUM UP 3", "a third"),
    ]
