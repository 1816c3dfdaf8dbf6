"""The inspector shows every part with its tokens, its fate and the reason, and copies the exact request."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.ui.context.inspector import ContextInspector

PLAN = PromptPlan(
    (
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be brief.", 6, True, "system prompt"),
        PlanPart(PartKind.HISTORY, Role.USER, "<b>old</b> question", 7, False, "oldest, over budget", "q0"),
        PlanPart(PartKind.HISTORY, Role.ASSISTANT, "old answer", 5, False, "oldest, over budget", "a0"),
        PlanPart(PartKind.QUESTION, Role.USER, "New question?", 8, True, "the question", "q1"),
    ),
    window=2048,
    reply_reserve=512,
    overhead_tokens=3,
    exact=True,
    window_source="server",
)


@pytest.fixture
def inspector(qtbot: QtBot) -> ContextInspector:
    inspector = ContextInspector()
    qtbot.addWidget(inspector)
    inspector.show_plan(PLAN, GenerationSettings(temperature=0.4), "a-model")
    return inspector


def rows(inspector: ContextInspector) -> list[list[str]]:
    tree = inspector.findChild(QTreeWidget, "inspector_parts")
    assert tree is not None
    items = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items if item is not None]


def test_every_part_is_listed_in_order_with_its_reason(inspector: ContextInspector) -> None:
    shown = rows(inspector)
    assert [row[1] for row in shown] == ["6", "7", "5", "8"]
    assert [row[2] for row in shown] == ["yes", "no", "no", "yes"]
    assert shown[1][3] == "oldest, over budget"


def test_the_sum_is_said(inspector: ContextInspector) -> None:
    summary = inspector.findChild(QLabel, "inspector_summary")
    assert summary is not None
    assert summary.text() == "17 of 2048 tokens, 512 kept free for the answer. 2 parts were left out."


def test_the_text_of_a_part_is_shown_literally(inspector: ContextInspector) -> None:
    tree = inspector.findChild(QTreeWidget, "inspector_parts")
    text = inspector.findChild(QPlainTextEdit, "inspector_text")
    assert tree is not None
    assert text is not None
    second = tree.topLevelItem(1)
    assert second is not None
    tree.setCurrentItem(second)
    assert text.toPlainText() == "<b>old</b> question"


def test_the_request_is_copied_as_it_was_sent(inspector: ContextInspector) -> None:
    button = inspector.findChild(QPushButton, "copy_request_button")
    assert button is not None
    button.click()
    copied = json.loads(QApplication.clipboard().text())
    assert copied == {"model": "a-model", "messages": PLAN.messages(), "temperature": 0.4}
