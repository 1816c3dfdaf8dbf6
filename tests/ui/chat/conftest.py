"""A transcript in a window, and messages for it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.step_allowance import StepAllowance
from chatbot_app.ui.chat.transcript import Transcript


class Clock:
    """A clock that stands until it is moved; seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def transcript(qtbot: QtBot, clock: Clock) -> Transcript:
    """A transcript whose steps are bounded by what they draw alone: on a machine that is busy the same is drawn."""
    shown = Transcript(clock=clock, step=StepAllowance(clock=clock))
    qtbot.addWidget(shown)
    shown.resize(800, 600)
    shown.show()
    return shown
