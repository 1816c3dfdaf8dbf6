"""Only what can stand as a title is taken from a model."""

from __future__ import annotations

import pytest

from chatbot_app.chat.titles import usable_title


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ('"The Capital of France"', "The Capital of France"),
        ("Title: Blue skies", "Blue skies"),
        ("**Sorting in Python**\n\nHere is more.", "Sorting in Python"),
        ("# Rayleigh scattering.", "Rayleigh scattering"),
        ("法国的首都", "法国的首都"),
        ("", None),
        ("  \n ", None),
        ("I'm sorry, but as a language model I cannot write a title for this conversation, because", None),
        ("...", None),
    ],
)
def test_titles(reply: str, title: str | None) -> None:
    assert usable_title(reply) == title
