"""The gauge says with words, not only colours, how full the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.ui.context.gauge import ContextGauge
from chatbot_app.ui.context.gauge_popover import GaugePopover
from chatbot_app.ui.palettes import DARK, LIGHT
from chatbot_app.ui.theme import apply_theme
from tests.ui.test_theme import contrast


def plan(history: int = 100, *, left_out: bool = False, window: int = 1000, reserve: int = 200) -> PromptPlan:
    parts = [
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, "s", 50, True, ""),
        PlanPart(PartKind.HISTORY, Role.USER, "h", history, True, ""),
        PlanPart(PartKind.QUESTION, Role.USER, "q", 40, True, ""),
    ]
    if left_out:
        parts.append(
            PlanPart(PartKind.HISTORY, Role.USER, "old", 900, False, "oldest, over budget", over_budget=True)
        )
    return PromptPlan(tuple(parts), window, reserve, overhead_tokens=10, exact=True)


@pytest.fixture
def gauge(qtbot) -> ContextGauge:
    made = ContextGauge()
    qtbot.addWidget(made)
    return made


def test_tokens_and_share_are_in_words(gauge: ContextGauge) -> None:
    gauge.set_plan(plan())
    words = gauge.accessibleDescription()
    assert "200 of 800 tokens (25 %)" in words
    for line in (
        "System prompt: 60 (6 %)",
        "History: 100 (10 %)",
        "Question: 40 (4 %)",
        "Reserved for the answer: 200 (20 %)",
        "Free: 600 (60 %)",
    ):
        assert line in words


def test_hovering_and_tabbing_open_the_parts_above_the_gauge(qtbot, gauge: ContextGauge) -> None:
    gauge.set_plan(plan())
    gauge.show()
    QApplication.sendEvent(gauge, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), gauge.mapToGlobal(QPoint())))
    popover = gauge.findChild(GaugePopover)
    assert popover is not None
    assert popover.isVisible()
    assert ("History", "100", "10 %") in popover.rows()
    gauge.set_plan(plan(300))
    assert ("History", "300", "30 %") in popover.rows()
    QApplication.sendEvent(gauge, QEvent(QEvent.Type.Leave))
    assert not popover.isVisible()
    gauge.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(gauge, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert popover.isVisible()
    gauge.hide()
    assert not popover.isVisible()


def test_every_kind_of_part_has_a_colour_of_its_own(gauge: ContextGauge) -> None:
    parts = tuple(PlanPart(kind, Role.USER, "", 10, True, "") for kind in PartKind)
    gauge.set_plan(PromptPlan(parts, 1000, 100, exact=True))
    inks = [ink for ink, _ in gauge.segments()]
    assert len(inks) == len(set(inks)) == len(PartKind) + 1
    for shown in (LIGHT, DARK):
        assert len({getattr(shown, ink) for ink in inks}) == len(inks)
        for ink in inks:
            for ground in (shown.raised, shown.surface):
                assert contrast(getattr(shown, ink), ground) >= 3, ink


def test_an_estimate_says_so(gauge: ContextGauge) -> None:
    shown = plan()
    gauge.set_plan(PromptPlan(shown.parts, shown.window, shown.reply_reserve, exact=False))
    assert "about 190" in gauge.accessibleDescription()


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
    assert "Left out for want of room: 900 tokens in 1 " in gauge.accessibleDescription()
    gauge.set_plan(None)
    assert gauge.segments() == []
    assert "not known yet" in gauge.accessibleDescription()


def test_what_the_person_excluded_is_no_alarm(gauge: ContextGauge) -> None:
    shown = plan()
    excluded = PlanPart(PartKind.HISTORY, Role.USER, "x", 900, False, "excluded by you")
    gauge.set_plan(PromptPlan((excluded, *shown.parts), 1000, 200, exact=True))
    assert gauge.state() == "ok"


def test_too_long_says_by_how_much(gauge: ContextGauge) -> None:
    gauge.set_plan(plan(2000))
    assert f"Too long for this model, by {QLocale().toString(1300)} tokens" in gauge.accessibleDescription()


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


def test_an_estimate_is_marked_beside_the_bar(gauge: ContextGauge) -> None:
    shown = plan()
    gauge.set_plan(PromptPlan(shown.parts, shown.window, shown.reply_reserve, exact=False))
    assert gauge.words().startswith("≈ ")
    gauge.set_plan(shown)
    assert not gauge.words().startswith("≈ ")
