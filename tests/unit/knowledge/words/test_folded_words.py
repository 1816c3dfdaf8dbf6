"""Texts are casefolded where their words are looked up ("größte" is "grösste"): lists of words have to be, too."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import chatbot_app.knowledge
from chatbot_app.knowledge.words.question_language import question_language, small_words

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(chatbot_app.knowledge.__path__, "chatbot_app.knowledge.")
)
SHORTEST = 3  # letters: single signs and "µm" are looked up as they are written


def words_in(value: object) -> Iterator[str]:
    """Yield the lower-case words of a set, a sequence or the keys of a table."""
    if isinstance(value, str):
        if value.isalpha() and value == value.lower() and len(value) >= SHORTEST:
            yield value
    elif isinstance(value, dict | set | frozenset | tuple | list):
        for one in list(value):
            yield from words_in(one)


def test_no_module_keeps_a_word_that_no_casefolded_text_has() -> None:
    found = {
        (name, word)
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        for word in words_in(value)
    }
    assert len(found) > 2000
    assert {place for place in found if place[1] != place[1].casefold()} == set()


def test_words_of_questions_are_known_as_texts_have_them() -> None:
    words = [
        word
        for language in ("de", "fr", "es", "it", "pt", "nl", "sv", "ru")
        for word in small_words(language)
    ]
    assert [word for word in words if word != word.casefold()] == []
    assert "heisst" in words


@pytest.mark.parametrize("question", ["Straße?", "STRAẞE?", "Heißt Straße rue?"])
def test_the_letter_that_casefolding_takes_away_tells_the_language(question: str) -> None:
    assert question_language(question) == "de"
