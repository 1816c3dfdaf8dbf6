"""Text from outside can always be stored and drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.text import clean_text, first_words, shortened


def test_what_cannot_be_stored_is_replaced() -> None:
    assert clean_text("a\ud800b\x00c\uffffd") == "a\ufffdb\ufffdc\ufffdd"


def test_what_joins_letters_and_emoji_stays() -> None:
    text = "می‌خواهم 👩‍👩‍👧 ñ"
    assert clean_text(text) == text


@given(st.text(st.characters(codec=None), max_size=200))
def test_the_result_is_always_utf8(text: str) -> None:
    clean_text(text).encode("utf-8")


def test_first_words_are_one_short_line_cut_at_a_word() -> None:
    title = first_words("Explain,\n\n  please, how the   immune system tells friend from foe in detail", 40)
    assert title == "Explain, please, how the immune system…"
    assert first_words("short") == "short"
    assert len(first_words("x" * 1_000_000)) <= 48


def test_what_is_shortened_says_that_it_goes_on_and_never_exceeds_the_limit() -> None:
    assert shortened("four", 4) == "four"
    assert shortened("fives", 4) == "fiv…"
