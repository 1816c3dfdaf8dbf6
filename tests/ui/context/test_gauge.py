"""The gauge says with words, not only colours, how full the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.ui.context.gauge import ContextGauge
from chatbot_app.ui.theme import LIGHT, apply_theme


def plan(history: int = 100, *, left_out: bool = False, window: int = 1000, reserve: int = 200) -> PromptPlan:
    parts = [
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, "s", 50, True, ""),
        PlanPart(PartKind.HISTORY, Role.USER, "h", history, True, ""),
        PlanPart(PartKind.QUESTION, Role.USER, "q", 40, True, ""),
    ]
    if left_out:
        parts.append(PlanPart(PartKind.HISTORY, Role.USER, "old", 900, False, "too old"))
    return PromptPlan(tuple(parts), window, reserve, overhead_tokens=10, exact=True)


@pytest.fixture
def gauge(qtbot) -> ContextGauge:
    made = ContextGauge()
    qtbot.addWidget(made)
    return made


def test_tokens_and_share_are_in_words(gauge: ContextGauge) -> None:
    gauge.set_plan(plan())
    assert "200 of 800 tokens (25 %)" in gauge.toolTip()
    for line in (
        "System prompt: 60",
        "History: 100",
        "Question: 40",
        "Reserved for the answer: 200",
        "Free: 600",
    ):
        assert line in gauge.toolTip()
        assert line in gauge.accessibleDescription()


def test_an_estimate_says_so(gauge: ContextGauge) -> None:
    shown = plan()
    gauge.set_plan(PromptPlan(shown.parts, shown.window, shown.reply_reserve, exact=False))
    assert "about 190" in gauge.toolTip()


def test_segments_are_what_is_sent(gauge: ContextGauge) -> None:
    gauge.set_plan(plan(left_out=True))
    assert gauge.segments() == [
        ("part_system", 60),
        ("part_history", 100),
        ("part_question", 40),
        ("part_reply", 200),
    ]


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        (None, "ok"),
        (plan(), "ok"),
        (plan(539), "ok"),
        (plan(540), "full"),
        (plan(left_out=True), "cut"),
        (plan(2000), "cut"),
        (plan(window=100), "cut"),
    ],
)
def test_states(gauge: ContextGauge, shown: PromptPlan | None, state: str) -> None:
    gauge.set_plan(shown)
    assert gauge.state() == state


def test_what_was_left_out_is_counted(gauge: ContextGauge) -> None:
    gauge.set_plan(plan(left_out=True))
    assert "Parts left out: 1" in gauge.toolTip()
    gauge.set_plan(None)
    assert gauge.segments() == []
    assert "Nothing" in gauge.accessibleDescription()


def test_the_bar_is_painted_in_the_colours_of_its_parts(gauge: ContextGauge, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    gauge.set_plan(plan(500))
    gauge.resize(gauge.sizeHint())
    gauge.show()
    image = gauge.grab().toImage()
    row = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert {LIGHT.part_history, LIGHT.part_reply} <= row


def test_it_is_clicked_by_mouse_and_keyboard(qtbot, gauge: ContextGauge) -> None:
    with qtbot.waitSignal(gauge.clicked):
        QTest.mouseClick(gauge, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(gauge.clicked):
        QTest.keyClick(gauge, Qt.Key.Key_Space)
