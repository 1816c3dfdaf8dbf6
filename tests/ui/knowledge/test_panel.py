"""The panel says what is not there yet and pretends nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLabel

from chatbot_app.ui.knowledge.panel import KnowledgePanel


def test_one_sentence_and_nothing_to_press(qtbot) -> None:
    panel = KnowledgePanel()
    qtbot.addWidget(panel)
    assert panel.objectName() == "knowledge_panel"
    assert [label.text() for label in panel.findChildren(QLabel)] == [
        "Answers from your own documents come with the next version."
    ]
    assert panel.findChildren(QAbstractButton) == []
