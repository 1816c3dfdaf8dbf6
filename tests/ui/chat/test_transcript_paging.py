"""Which messages of a long conversation are widgets."""

from __future__ import annotations

from chatbot_app.ui.chat.transcript_paging import PAGE, SHOWN_AT_FIRST, SHOWN_MOST, Paging


def shown(paging: Paging) -> tuple[int, int]:
    return paging.first, paging.last


def test_a_conversation_opens_at_its_end() -> None:
    paging = Paging()
    assert shown(paging) == (0, 0)
    assert paging.is_at_end
    paging.open(400)
    assert shown(paging) == (400 - SHOWN_AT_FIRST, 400)
    paging.open(3)
    assert shown(paging) == (0, 3)


def test_older_messages_come_above_and_newer_ones_go_unless_they_are_kept() -> None:
    paging = Paging()
    paging.open(SHOWN_AT_FIRST)
    paging.prepend(40)
    assert shown(paging) == (40, 40 + SHOWN_AT_FIRST), "the same ones"
    paging.page_up(keep_end=False)
    assert shown(paging) == (40 - PAGE, 40 - PAGE + SHOWN_MOST)
    assert not paging.is_at_end
    paging.go_to_end()
    paging.page_up(keep_end=True)
    assert paging.is_at_end
    assert paging.last - paging.first == SHOWN_AT_FIRST + PAGE


def test_a_new_message_is_a_widget_only_below_one_that_is() -> None:
    paging = Paging()
    paging.open(SHOWN_MOST)
    for _ in range(SHOWN_MOST):
        paging.append()
    assert paging.is_at_end
    assert paging.last - paging.first == SHOWN_MOST
    paging.page_up(keep_end=False)
    before = shown(paging)
    paging.append()
    assert shown(paging) == before
    paging.page_down()
    paging.page_down()
    assert paging.is_at_end
    assert paging.last - paging.first == SHOWN_MOST


def test_going_to_a_message_shows_those_around_it() -> None:
    paging = Paging()
    paging.open(400)
    before = shown(paging)
    paging.go_to(399)
    assert shown(paging) == before, "it is shown already"
    paging.go_to(200)
    assert paging.holds(200)
    assert paging.holds(170)
    assert not paging.holds(399)
    paging.go_to(0)
    assert shown(paging) == (0, SHOWN_AT_FIRST)
