"""What went from one thing to another."""

from __future__ import annotations

from chatbot_app.knowledge.values.changes import changed_to, moved_to, turned_round, way_of_change
from chatbot_app.knowledge.values.values import values_of

RAISED = "The timeout was raised from 10 to 30 seconds."


def test_what_moved_is_where_it_went() -> None:
    source = "The meeting is moved from Tuesday to Thursday."
    assert moved_to("The meeting was moved to Tuesday.", source) == "Thursday"
    assert moved_to("The meeting was moved to Thursday.", source) is None
    assert moved_to("The meeting was moved from Tuesday to Thursday.", source) is None


def test_the_old_value_is_not_todays() -> None:
    said = "The timeout is 10 seconds."
    values = values_of(RAISED)
    assert changed_to(said, values_of(said), RAISED, values, values[0]) == "30 seconds"
    said = "The timeout was 10 seconds."
    assert changed_to(said, values_of(said), RAISED, values, values[0]) is None


def test_two_values_in_the_other_order_are_turned_round() -> None:
    values = values_of(RAISED)
    for said, found in (("It rose from 30 to 10 seconds.", "10 to 30 seconds"), (RAISED, None)):
        assert turned_round(said, values_of(said), RAISED, values) == found
    assert turned_round("It is long.", [], RAISED, values) is None


def test_a_share_in_parentheses_is_a_fall() -> None:
    for row, way in (("Mac; Change: (7)%", -1), ("Mac; Change: 8 %", 1), ("Mac; Share: 8 %", 0)):
        [share] = values_of(row)
        assert way_of_change(row, share) == way
