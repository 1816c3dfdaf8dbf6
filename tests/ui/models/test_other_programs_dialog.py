"""Folders of other programs are looked into when the person says so, and files stay where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLabel,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from chatbot_app.chat.model_keeper import FoundFile
from chatbot_app.core.local_models import ModelFacts
from chatbot_app.llm.local.other_programs import ModelFolder
from chatbot_app.ui.models.other_programs_dialog import OtherProgramsDialog
from tests.ui.models.support import FACTS

FOUND = [
    FoundFile(Path("/lm/a.gguf"), FACTS),
    FoundFile(Path("/lm/b.gguf"), FACTS, is_listed=True),
    FoundFile(Path("/lm/c.gguf"), ModelFacts(), problem="The model file /lm/c.gguf is not whole."),
]


@pytest.fixture
def dialog(qtbot: QtBot) -> OtherProgramsDialog:
    made = OtherProgramsDialog()
    qtbot.addWidget(made)
    return made


def button(dialog: OtherProgramsDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def test_folders_are_offered_and_only_ticked_ones_looked_into(
    qtbot: QtBot, dialog: OtherProgramsDialog
) -> None:
    assert not button(dialog, "look_button").isEnabled()
    dialog.show_folders([ModelFolder("LM Studio", Path("/lm")), ModelFolder("Jan", Path("/jan & co"))])
    boxes = dialog.findChildren(QCheckBox)
    assert boxes[0].text().startswith("LM Studio")
    assert "&&" in boxes[1].text()
    boxes[1].setChecked(False)
    with qtbot.waitSignal(dialog.look_requested) as asked:
        button(dialog, "look_button").click()
    assert asked.args == [[Path("/lm")]]


def test_a_folder_of_ones_own_is_offered_too(dialog: OtherProgramsDialog) -> None:
    for _ in range(2):
        button(dialog, "other_folder_button").click()
        chooser = dialog.findChild(QFileDialog, "other_folder_dialog")
        assert chooser is not None
        chooser.fileSelected.emit("/mine")
    assert len(dialog.findChildren(QCheckBox)) == 1
    assert button(dialog, "look_button").isEnabled()


def test_what_is_found_can_be_added_unless_it_is_there_or_unusable(
    qtbot: QtBot, dialog: OtherProgramsDialog
) -> None:
    dialog.show_found(FOUND)
    listed = dialog.findChild(QListWidget, "found_models_list")
    assert listed is not None
    texts = [listed.item(row).text() for row in range(3)]
    assert "Q4_K_M" in texts[0]
    assert "on the list already" in texts[1]
    assert "not whole" in texts[2]
    assert button(dialog, "add_found_button").text() == "Add one model"
    with qtbot.waitSignal(dialog.add_requested) as asked:
        button(dialog, "add_found_button").click()
    assert asked.args == [[Path("/lm/a.gguf")]]


def test_unticking_leaves_a_model_out(dialog: OtherProgramsDialog) -> None:
    dialog.show_found(FOUND)
    listed = dialog.findChild(QListWidget, "found_models_list")
    assert listed is not None
    listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not button(dialog, "add_found_button").isEnabled()


def test_nothing_found_says_so(dialog: OtherProgramsDialog) -> None:
    dialog.show_found([])
    label = dialog.findChild(QLabel, "other_programs_said")
    assert label is not None
    assert label.text() == "No model files lie there."
