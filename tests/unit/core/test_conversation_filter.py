"""Filters among words: what is one, what is not, and which one is being typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.conversation_filter import (
    Condition,
    ConversationFilter,
    Field,
    filter_being_typed,
    parse_filter,
    written,
)

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "words", "conditions"),
    [
        ("eiffel folder:Work", "eiffel", [Condition(Field.FOLDER, "Work")]),
        ('folder:"My work" tower', "tower", [Condition(Field.FOLDER, "My work")]),
        ("-tag:old", "", [Condition(Field.TAG, "old", True)]),
        ("BEFORE:2026-11 x", "x", [Condition(Field.BEFORE, "2026-11-01")]),
        ("after:2026 before:5.11.2026", "before:5.11.2026", [Condition(Field.AFTER, "2026-01-01")]),
        ("after:yesterday", "", [Condition(Field.AFTER, "2026-11-26")]),
        ("after:2w", "", [Condition(Field.AFTER, "2026-11-13")]),
        ("has:Sources is:pinned", "", [Condition(Field.HAS, "sources"), Condition(Field.IS, "pinned")]),
        ("model:llama-3.2:latest", "", [Condition(Field.MODEL, "llama-3.2:latest")]),
    ],
)
def test_filters_are_taken_out_of_the_words(typed: str, words: str, conditions: list[Condition]) -> None:
    assert parse_filter(typed, TODAY) == ConversationFilter(words, tuple(conditions))


@pytest.mark.parametrize(
    "typed",
    [
        "http://example.org",
        "std::vector",
        "is:green",
        "before:soon",
        "before:2026-13",
        "after:9999y",
        "tag:",
        "-x",
        "a:b",
    ],
)
def test_what_is_no_filter_stays_as_it_was_typed(typed: str) -> None:
    assert parse_filter(f"  {typed}  two ", TODAY) == ConversationFilter(f"  {typed}  two ")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", (0, "", None)),
        ("eiffel fo", (7, "fo", None)),
        ("folder:Wo", (0, "folder", "wo")),
        ('x -folder:"My wo', (2, "folder", "my wo")),
        ('folder:"My work" ta', (17, "ta", None)),
    ],
)
def test_the_word_that_is_being_typed_is_found(typed: str, found: tuple[int, str, str | None]) -> None:
    assert filter_being_typed(typed, len(typed)) == found


@given(st.text(max_size=60), st.text(alphabet='":-foldertagbeforemodelhasis 0129', max_size=60))
def test_any_text_can_be_typed(one: str, other: str) -> None:
    for text in (one, other):
        parse_filter(text, TODAY)
        filter_being_typed(text, len(text))


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip().strip('"').strip()))
def test_what_is_written_is_read_again(value: str) -> None:
    value = " ".join(value.replace('"', "").split())
    if value:
        assert parse_filter(written(Field.FOLDER, value), TODAY).conditions == (
            Condition(Field.FOLDER, value),
        )
