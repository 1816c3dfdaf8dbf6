"""Which words two texts do not share."""

from __future__ import annotations

from chatbot_app.core.word_differences import MOST_WORDS, differences, pieces


def only(left: str, right: str) -> tuple[list[str], list[str]]:
    ours, theirs = differences(left, right)
    return [left[start:end] for start, end in ours], [right[start:end] for start, end in theirs]


def test_words_that_only_one_text_has_are_found() -> None:
    assert only("It lived in the south.", "It lived long in the north.") == (["south"], ["long", "north"])
    assert only("Same\n words", "Same words") == ([], [])
    assert only("", "All of it") == ([], ["All of it"])
    assert only("斑驢在南方", "斑驢在北方") == (["南"], ["北"])


def test_long_texts_are_matched_by_lines_and_endless_ones_not_at_all() -> None:
    lines = [f"Line {number} of many words" for number in range(MOST_WORDS // 2)]
    changed = [*lines[:5], "Another one", *lines[6:]]
    assert only("\n".join(lines), "\n".join(changed)) == ([lines[5]], ["Another one"])
    endless = "\n".join(["a"] * (MOST_WORDS + 1))
    assert differences(endless, "b") == ([(0, len(endless))], [(0, 1)])


def test_the_pieces_are_the_text() -> None:
    assert pieces("one two three", [(4, 7)]) == [("one ", False), ("two", True), (" three", False)]
    assert pieces("one", [(0, 3)]) == [("one", True)]
    assert pieces("", []) == []
