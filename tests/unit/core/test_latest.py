"""Of several requests for one thing only the latest counts."""

from __future__ import annotations

from chatbot_app.core.latest import Latest


def test_only_the_latest_request_counts() -> None:
    latest = Latest()
    first = latest.begin()
    assert first()
    second = latest.begin()
    assert not first()
    assert second()
    assert second(), "also when it is asked twice"


def test_what_is_forgotten_does_not_count() -> None:
    latest = Latest()
    only = latest.begin()
    latest.forget()
    assert not only()
    assert latest.begin()()


def test_two_things_do_not_disturb_each_other() -> None:
    one, other = Latest(), Latest()
    asked = one.begin()
    other.begin()
    assert asked()


def test_a_request_can_be_watched_by_what_belongs_to_it() -> None:
    latest = Latest()
    latest.begin()
    watched = latest.watch()
    assert watched()
    latest.begin()
    assert not watched()
