"""The map of a conversation: folded runs, and lanes that stay few."""

from __future__ import annotations

from math import log2
from random import Random

from chatbot_app.core.message_forest import MapMessage, Run, lay_out
from chatbot_app.core.messages import Role


def message(name: str, parent: str | None, branch: str = "") -> MapMessage:
    return MapMessage(name, parent, Role.USER if name.startswith("q") else Role.ASSISTANT, name, branch)


def heads(rows: tuple[Run, ...]) -> list[tuple[str, int, int]]:
    return [(row.first.id, row.count, row.lane) for row in rows]


def test_a_conversation_without_a_fork_is_one_row() -> None:
    chain = [message(f"q{number}", f"q{number - 1}" if number else None) for number in range(5000)]
    (row,) = lay_out(chain, "q4999")
    assert (row.count, row.lane, row.is_shown, row.goes_on, row.variants) == (5000, 0, True, False, 1)


def test_branches_part_where_something_was_asked_or_answered_again() -> None:
    rows = lay_out(
        [
            message("q1", None),
            message("a1", "q1"),
            message("q2", "a1"),
            message("a2", "q2"),
            message("q3", "a2"),
            message("a3", "q3"),
            message("q2b", "a1"),  # asked again
            message("a2b", "q2b"),
            message("a3b", "q3"),  # answered again
        ],
        "a2b",
    )
    assert heads(rows) == [("q1", 2, 0), ("q2b", 2, 1), ("q2", 3, 0), ("a3", 1, 1), ("a3b", 1, 0)]
    assert [(row.place, row.variants) for row in rows] == [(1, 1), (2, 2), (1, 2), (1, 2), (2, 2)]
    assert [row.first.id for row in rows if row.is_shown] == ["q1", "q2b"]
    assert [(row.parent, row.parent_lane) for row in rows] == [(None, None), (0, 0), (0, 0), (2, 0), (2, 0)]
    assert rows[1].through == ((0, False),), "the line to q2 passes, and leads to nothing that is shown"
    assert rows[0].below_shown
    assert not rows[2].below_shown


def test_a_name_begins_a_row_and_several_beginnings_are_variants() -> None:
    rows = lay_out([message("q1", None), message("a1", "q1", "Named"), message("q1b", None)], None)
    assert heads(rows) == [("q1", 1, 0), ("a1", 1, 0), ("q1b", 1, 0)]
    assert [(row.place, row.variants) for row in rows] == [(1, 2), (1, 1), (2, 2)]


def test_damaged_trees_end_and_lose_nothing() -> None:
    knot = [message("q1", "a1"), message("a1", "q1"), message("q2", "gone"), message("q3", "q3")]
    rows = lay_out([*knot, knot[0]], "gone")
    assert sum(row.count for row in rows) == 4
    assert not any(row.is_shown for row in rows)
    assert lay_out([], None) == ()


def test_lanes_stay_few_and_lines_are_whole_in_any_tree() -> None:
    random = Random(5)
    for near in (1, 3, 50, 400):
        ids = ["q0"]
        messages = [message("q0", None)]
        for number in range(1, 400):
            messages.append(message(f"q{number}", random.choice(ids[-near:])))
            ids.append(f"q{number}")
        rows = lay_out(messages, ids[-1])
        assert sum(row.count for row in rows) == 400
        assert max(row.lane for row in rows) <= log2(len(rows))
        for number, row in enumerate(rows):
            if row.parent is None:
                continue
            assert row.parent < number
            for between in rows[row.parent + 1 : number]:  # the line down from the parent passes each of them
                assert row.parent_lane in [lane for lane, _ in between.through]
                assert between.lane > row.parent_lane
                if row.is_shown:
                    assert (row.parent_lane, True) in between.through


def test_a_fork_at_every_step_of_a_long_conversation_needs_two_lanes() -> None:
    messages = [message("q0", None)]
    for number in range(2500):
        messages += [message(f"a{number}", f"q{number}"), message(f"b{number}", f"q{number}")]
        messages.append(message(f"q{number + 1}", f"b{number}"))
    rows = lay_out(messages, "q2500")
    assert len(rows) == 5001
    assert max(row.lane for row in rows) == 1
