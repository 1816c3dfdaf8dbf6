"""Two branches side by side: from where they part, and never more than a window can show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chatbot_app.chat.branch_comparison import (
    ENOUGH_CHARACTERS,
    MOST_CHARACTERS,
    MOST_MESSAGES,
    TwoBranches,
    compare,
    read_branches,
)
from chatbot_app.core.messages import Message, Role
from tests.unit.storage.support import exchange, open_database, open_store


def test_branches_are_compared_from_where_they_part_to_their_newest_message(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation()
        first = exchange(store, conversation.id, None, "First?", "Yes.")
        left = exchange(store, conversation.id, first.id, "Left?", "To the left.")
        right = exchange(store, conversation.id, first.id, "Right?", "To the right.")
        exchange(store, conversation.id, right.id, "More?", "No.")
        compared = compare(read_branches(store, conversation.id, left.id, right.id))
        assert (compared.shared, len(compared.rows), compared.left_out) == (2, 4, 0)
        ours, theirs = compared.rows[1]
        assert ours is not None
        assert theirs is not None
        assert ours.pieces == (("To the ", False), ("left", True), (".", False))
        assert theirs.pieces == (("To the ", False), ("right", True), (".", False))
        ours, theirs = compared.rows[2]
        assert ours is None
        assert theirs is not None
        assert theirs.pieces == (("More?", False),)
        assert compare(read_branches(store, conversation.id, right.id, right.id)).rows == ()


def test_endless_branches_and_texts_are_cut_and_say_so() -> None:
    one = Message("m", "c", None, 1, Role.USER, "word")
    compared = compare(TwoBranches([one] * (MOST_MESSAGES + 5), [], 0))
    assert (len(compared.rows), compared.left_out) == (MOST_MESSAGES, 5)
    long = replace(one, text="x" * (MOST_CHARACTERS + 7))
    compared = compare(TwoBranches([long] * 30, [long] * 30, 0))
    assert len(compared.rows) == ENOUGH_CHARACTERS // MOST_CHARACTERS // 2 + 1
    side = compared.rows[0][0]
    assert side is not None
    assert side.left_out == 7
