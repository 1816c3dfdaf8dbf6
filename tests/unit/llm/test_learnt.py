"""Only successes are remembered."""

from __future__ import annotations

from chatbot_app.llm.learnt import LONGEST_WAIT, UNSAID_SECONDS, Learnt


def test_a_success_is_kept_and_belongs_to_its_model() -> None:
    learnt: Learnt[int] = Learnt(lambda: 0.0)
    learnt.keep("model", 5)
    assert learnt.find("model") == 5
    assert learnt.find("another") is None
    assert learnt.values() == [5]
    learnt.forget("model")
    assert learnt.find("model") is None


def test_a_server_that_is_down_is_asked_again_ever_more_rarely() -> None:
    now = [0.0]
    learnt: Learnt[int] = Learnt(lambda: now[0])
    waits = []
    for _ in range(7):
        assert learnt.may_ask("model")
        learnt.missed("model", was_reached=False)
        start = now[0]
        while not learnt.may_ask("model"):
            now[0] += 0.5
        waits.append(now[0] - start)
    assert waits == [1, 2, 4, 8, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]
    learnt.keep("model", 1)
    learnt.forget("model")
    learnt.missed("model", was_reached=False)
    now[0] += 1
    assert learnt.may_ask("model")


def test_what_a_server_did_not_say_is_asked_again_later_or_when_somebody_sends() -> None:
    now = [0.0]
    learnt: Learnt[int] = Learnt(lambda: now[0])
    learnt.missed("model", was_reached=True)
    assert learnt.was_reached("model")
    now[0] = UNSAID_SECONDS - 1
    assert not learnt.may_ask("model")
    learnt.forget_tries()
    assert learnt.may_ask("model")
