"""Characters that hide or reorder text."""

from __future__ import annotations

from chatbot_app.core.visible_text import MARKS_IN_A_ROW, visible_text


def test_ordinary_text_is_untouched() -> None:
    text = "Tabs\tand\nlines, é, 日本語, עברית, می‌خواهم, 👩‍👩‍👧, 🏴󠁧󠁢󠁥󠁮󠁧󠁿, e\u0301"
    assert visible_text(text) == text


def test_escape_sequences_become_pictures() -> None:
    assert visible_text("\x1b[2J\x07") == "␛[2J␇"


def test_bidi_overrides_are_named() -> None:
    assert visible_text("a\u202eb\u2066c") == "a⟨U+202E⟩b⟨U+2066⟩c"


def test_tag_characters_are_counted() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    assert visible_text("hi" + hidden) == "hi⟨6 hidden characters from U+E0069⟩"


def test_a_flood_of_marks_is_cut() -> None:
    assert visible_text("a" + "\u0301" * 500_000) == "a" + "\u0301" * MARKS_IN_A_ROW + "…"


def test_line_ends_of_every_kind_become_one() -> None:
    assert visible_text("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
