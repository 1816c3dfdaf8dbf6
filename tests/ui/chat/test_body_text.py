"""The text of a message is kept as it came, beside what is shown of it, once where both are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.body_text import BodyText

PIECES = st.lists(st.text(st.sampled_from("ab \n\r\u202e\u200d\u2028\x00é字"), max_size=12), max_size=12)


@given(PIECES, st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_came_is_given_back_letter_for_letter(pieces: list[str], feeds: list[bool]) -> None:
    text = BodyText(literal=False)
    for piece, is_fed in zip(pieces, feeds, strict=False):
        text.append(piece)
        if is_fed:
            text.feed()
        assert text.original.startswith("".join(pieces[:1]))
    assert text.original == "".join(pieces)
    text.finish()
    while not text.is_fed:
        text.feed()
    assert text.original == "".join(pieces)
    assert visible_text(text.whole) == text.whole


def test_hidden_signs_are_seen_and_still_copied_as_they_were() -> None:
    text = BodyText(literal=True)
    text.append("before ")
    text.feed()
    text.append("\u202ehidden")
    assert "\u202e" not in text.whole
    assert text.original == "before \u202ehidden"
