"""A pattern that is compiled at its first use finds what `re` finds."""

from __future__ import annotations

import re

import pytest

from chatbot_app.core.late_pattern import LatePattern

TEXT = "Two walruses, a Walrus and one quokka"


def test_it_finds_what_the_library_finds() -> None:
    late, plain = LatePattern("walrus(es)?", re.IGNORECASE), re.compile("walrus(es)?", re.IGNORECASE)
    first, wanted = late.search(TEXT), plain.search(TEXT)
    assert first is not None
    assert wanted is not None
    assert first.span() == wanted.span()
    assert [found.span() for found in late.finditer(TEXT)] == [found.span() for found in plain.finditer(TEXT)]
    assert late.sub("seal", TEXT) == "Two seal, a seal and one quokka"
    assert late.search("penguin") is None


def test_it_is_compiled_once_and_not_before_it_is_used() -> None:
    wrong = LatePattern("(")
    with pytest.raises(re.error):
        wrong.search(TEXT)
    right = LatePattern("q")
    assert right.compiled is right.compiled
