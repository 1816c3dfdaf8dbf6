"""The wait before another try is counted in words."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.retry_countdown import RetryCountdown


def test_it_counts_in_whole_words(qtbot: QtBot) -> None:
    now = [10.0]
    countdown = RetryCountdown(clock=lambda: now[0])
    said: list[tuple[str, str]] = []
    countdown.changed.connect(lambda answer_id, words: said.append((answer_id, words)))
    countdown.start("a", 2.5, "It is busy.")
    for moment, expected in (
        (10.0, "It is busy. Trying again in 3 seconds."),
        (11.0, "It is busy. Trying again in 2 seconds."),
        (12.0, "It is busy. Trying again in 1 second."),
        (12.6, "It is busy. Trying again now…"),
    ):
        now[0] = moment
        qtbot.waitUntil(lambda expected=expected: said[-1] == ("a", expected))
    assert len(said) == 4


def test_it_says_no_more_once_something_arrived(qtbot: QtBot) -> None:
    now = [0.0]
    countdown = RetryCountdown(clock=lambda: now[0])
    said: list[str] = []
    countdown.changed.connect(lambda _, words: said.append(words))
    countdown.start("a", 9, "It is busy.")
    countdown.stop("another")
    now[0] = 1.0
    qtbot.waitUntil(lambda: len(said) == 2)
    countdown.stop("a")
    now[0] = 5.0
    countdown.start("b", 1, "It is slow.")
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said[-1] == "It is slow. Trying again in 1 second."
