"""A thread that works pauses now and then, and not more."""

from __future__ import annotations

import pytest

from chatbot_app.workers.way_giver import PAUSE_SECONDS, WORK_SECONDS, WayGiver


def test_it_pauses_once_for_each_stretch_of_work() -> None:
    now = 0.0
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        pauses.append(now)

    give_way = WayGiver(clock=lambda: now, sleep=sleep)
    for _ in range(100):
        now += WORK_SECONDS / 4 + 1e-9
        give_way()
    assert len(pauses) == 25
    assert pauses[1] - pauses[0] == pytest.approx(WORK_SECONDS + PAUSE_SECONDS, rel=1e-3)
