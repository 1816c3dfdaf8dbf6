"""The inspector shows every part with its tokens, its fate and the reason, and copies the exact request."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Role
from chatbot_app.core.model_verdicts import ModelCheck, ModelVerdict
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.trust import Verdict
from chatbot_app.llm.window_table import table_date
from chatbot_app.ui.context.inspected import Inspected
from chatbot_app.ui.context.inspector import ContextInspector

PLAN = PromptPlan(
    (
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be brief.", 6, True, "system prompt"),
        PlanPart(
            PartKind.HISTORY, Role.USER, "<b>old</b> question", 7, False, "oldest, over budget", "q0", True
        ),
        PlanPart(PartKind.HISTORY, Role.ASSISTANT, "old answer", 5, False, "oldest, over budget", "a0", True),
        PlanPart(PartKind.PINNED, Role.USER, "my name", 3, True, "pinned by you", "q2"),
        PlanPart(PartKind.QUESTION, Role.USER, "New question?", 8, True, "the question", "q1"),
    ),
    window=2048,
    reply_reserve=512,
    overhead_tokens=3,
    exact=True,
    window_source="server",
)
SETTINGS = GenerationSettings(temperature=0.4)
SENT = Inspected(PLAN, SETTINGS, "a-model")
NEXT = replace(SENT, is_next=True)


@pytest.fixture
def inspector(qtbot: QtBot) -> ContextInspector:
    inspector = ContextInspector()
    qtbot.addWidget(inspector)
    inspector.show_plan(SENT)
    return inspector


def find(inspector: ContextInspector, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = inspector.findChild(kind, name)
    assert found is not None, name
    return found


def rows(inspector: ContextInspector) -> list[list[str]]:
    model = find(inspector, QTreeView, "inspector_parts").model()
    return [[model.index(row, column).data() for column in range(5)] for row in range(model.rowCount())]


def select(inspector: ContextInspector, row: int) -> None:
    tree = find(inspector, QTreeView, "inspector_parts")
    tree.setCurrentIndex(tree.model().index(row, 0))


def text(inspector: ContextInspector) -> str:
    return find(inspector, QPlainTextEdit, "inspector_text").toPlainText()


def test_every_part_is_listed_in_order_with_its_reason(inspector: ContextInspector) -> None:
    shown = rows(inspector)
    assert [row[0] for row in shown] == [
        "System prompt",
        "History · question",
        "History · answer",
        "Pinned · question",
        "Question",
    ]
    assert [row[1] for row in shown] == ["6", "7", "5", "3", "8"]
    assert [row[2] for row in shown] == ["yes", "no", "no", "yes", "yes"]
    assert shown[1][3] == "oldest, over budget"
    spoken = find(inspector, QTreeView, "inspector_parts").model().index(1, 0)
    assert spoken.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "History · question, 7 tokens, not sent, oldest, over budget"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("server", "from the server"),
        ("trained", "what the model was trained with"),
        ("memory", "as far as the memory of this machine goes"),
        ("table", f"from the table of {table_date()}"),
        ("person", "named by you"),
        ("assumed", "assumed"),
    ],
)
def test_the_header_says_how_much_of_which_window(
    inspector: ContextInspector, source: str, words: str
) -> None:
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, window_source=source)))
    shown = find(inspector, QLabel, "inspector_summary").text()
    assert "20 of 1536 tokens; 512 are kept free" in shown.replace(",", "")
    assert "12 tokens were left out" in shown
    assert "Window of a-model: " in shown
    assert f"tokens, {words}" in shown
    spin = find(inspector, QSpinBox, "window_spin")
    assert spin.isVisibleTo(inspector) == (source in ("table", "person", "assumed"))
    assert find(inspector, QPushButton, "forget_window_button").isVisibleTo(inspector) == (source == "person")


def test_the_text_of_a_part_is_shown_literally(inspector: ContextInspector) -> None:
    select(inspector, 1)
    assert text(inspector) == "<b>old</b> question"


def test_the_request_is_shown_and_copied_as_it_is_sent(inspector: ContextInspector) -> None:
    find(inspector, QPushButton, "copy_request_button").click()
    copied = QApplication.clipboard().text()
    assert json.loads(copied) == {"model": "a-model", "messages": PLAN.messages(), "temperature": 0.4}
    find(inspector, QTabWidget, "inspector_tabs").setCurrentIndex(1)
    assert find(inspector, QPlainTextEdit, "inspector_request").toPlainText() == copied


def test_the_next_prompt_changes_and_what_is_selected_stays(inspector: ContextInspector) -> None:
    inspector.show_plan(NEXT)
    assert inspector.windowTitle() == "The next prompt"
    assert text(inspector) == "New question?"
    select(inspector, 2)
    longer = replace(PLAN.parts[-1], text="New question? And", tokens=10)
    passage = PlanPart(PartKind.PASSAGE, Role.USER, "A passage", 20, True, "passage 1")
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, parts=(*PLAN.parts[1:-1], passage, longer))))
    assert text(inspector) == "old answer"
    select(inspector, 4)
    inspector.show_plan(NEXT)
    assert text(inspector) == "New question?"
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, parts=(*PLAN.parts[:-1], longer))))
    assert text(inspector) == "New question? And"


def test_a_message_is_pinned_excluded_and_gone_to(qtbot: QtBot) -> None:
    marks = {"q0": (False, False), "q2": (True, False)}
    inspector = ContextInspector(marks_of=marks.get)
    qtbot.addWidget(inspector)
    inspector.show_plan(NEXT)
    pin = find(inspector, QPushButton, "pin_part_button")
    exclude = find(inspector, QPushButton, "exclude_part_button")
    go = find(inspector, QPushButton, "go_to_message_button")
    select(inspector, 0)
    assert [one.isEnabled() for one in (pin, exclude, go)] == [False, False, False]
    select(inspector, 1)
    with qtbot.waitSignal(inspector.pin_toggled) as asked:
        pin.click()
    assert asked.args == ["q0", True]
    with qtbot.waitSignal(inspector.exclude_toggled) as asked:
        exclude.click()
    assert asked.args == ["q0", True]
    with qtbot.waitSignal(inspector.message_requested) as asked:
        go.click()
    assert asked.args == ["q0"]
    marks["q0"] = (False, True)
    inspector.refresh_marks()
    assert exclude.text() == "Include again"
    select(inspector, 3)
    with qtbot.waitSignal(inspector.pin_toggled) as asked:
        pin.click()
    assert asked.args == ["q2", False]
    select(inspector, 2)  # not known from outside: what the plan says counts
    assert pin.text() == "Pin"


def test_what_a_model_was_sent_to_check_an_answer_is_shown_and_copied(inspector: ContextInspector) -> None:
    tabs = find(inspector, QTabWidget, "inspector_tabs")
    asked = find(inspector, QPlainTextEdit, "inspector_check")
    place = tabs.indexOf(asked)
    assert not tabs.isTabVisible(place)
    passage = PlanPart(PartKind.PASSAGE, Role.USER, "[1] Ships\nThe ship is old.", 8, True, "found")
    verdict = ModelVerdict(0, 11, Verdict.SUPPORTED, 1, "The ship is old.", asked="It is old.")
    check = ModelCheck("another", 1, (verdict,), "Compare.", {"max_tokens": "max_completion_tokens"})
    plan = replace(PLAN, parts=(*PLAN.parts[:-1], passage, PLAN.parts[-1]))
    inspector.show_plan(replace(SENT, plan=plan, check=check))
    assert tabs.isTabVisible(place)
    tabs.setCurrentWidget(asked)
    [request] = json.loads(asked.toPlainText())
    assert request["model"] == "another"
    assert request["messages"][0]["content"] == "Compare."
    assert json.loads(request["messages"][1]["content"]) == {
        "sources": [{"number": 1, "title": "Ships", "text": "The ship is old."}],
        "statement": "It is old.",
    }
    assert request["max_completion_tokens"] == 4_000
    find(inspector, QPushButton, "copy_request_button").click()
    assert QApplication.clipboard().text() == asked.toPlainText()
    inspector.show_plan(NEXT)
    assert not tabs.isTabVisible(place)


def test_a_window_is_named_and_forgotten(qtbot: QtBot, inspector: ContextInspector) -> None:
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, window_source="person")))
    spin = find(inspector, QSpinBox, "window_spin")
    assert spin.value() == 2048
    spin.setValue(32768)
    with qtbot.waitSignal(inspector.window_named) as named:
        find(inspector, QPushButton, "name_window_button").click()
    assert named.args == [32768]
    with qtbot.waitSignal(inspector.window_forgotten):
        find(inspector, QPushButton, "forget_window_button").click()


def test_everything_is_reached_with_the_keyboard_and_named(qtbot: QtBot, inspector: ContextInspector) -> None:
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, window_source="assumed")))
    select(inspector, 1)
    inspector.show()
    qtbot.waitExposed(inspector)
    nameless = [
        widget
        for widget in inspector.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not (widget.objectName() and widget.accessibleName())
    ]
    assert nameless == []
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    find(inspector, QSpinBox, "window_spin").setFocus()
    reached = set()
    for _ in range(14):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert {"inspector_parts", "go_to_message_button", "pin_part_button", "inspector_text"} <= reached
    assert {"copy_request_button", "close_inspector_button", "name_window_button"} <= reached


def test_thousands_of_parts_do_not_stop_the_window(qtbot: QtBot, inspector: ContextInspector) -> None:
    many = tuple(
        PlanPart(PartKind.HISTORY, Role.USER, f"question {n}", 9, n > 4_000, "earlier exchange", f"m{n}")
        for n in range(5_000)
    )
    inspector.show()
    inspector.show_plan(replace(NEXT, plan=replace(PLAN, parts=(*many, PLAN.parts[-1]))))
    assert find(inspector, QTreeView, "inspector_parts").model().rowCount() == 5_001
    assert text(inspector) == "New question?"
