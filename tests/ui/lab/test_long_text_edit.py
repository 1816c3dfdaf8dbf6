"""A field that takes a megabyte at once, and gives all of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.ui.lab.long_text_edit import LongTextField

MEGABYTE = "a" * 1_000_000  # a line without a space takes Qt minutes


@pytest.fixture
def field(qtbot: QtBot) -> LongTextField:
    field = LongTextField("field", "Text")
    qtbot.addWidget(field)
    field.show()
    return field


def test_a_short_text_is_an_ordinary_one(field: LongTextField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field.edit, "Hello")
    assert field.edit.toPlainText() == "Hello"
    assert not field.edit.isReadOnly()


@pytest.mark.parametrize("way", ["set", "paste"])
def test_a_long_text_is_held_whole_and_shown_in_part(field: LongTextField, qtbot: QtBot, way: str) -> None:
    field.edit.setPlainText("😀before")
    field.edit.moveCursor(field.edit.textCursor().MoveOperation.End)
    if way == "set":
        field.edit.setPlainText("😀before" + MEGABYTE)
    else:
        data = QMimeData()
        data.setText(MEGABYTE)
        field.edit.insertFromMimeData(data)
    assert field.edit.toPlainText() == "😀before" + MEGABYTE
    assert len(QPlainTextEdit.toPlainText(field.edit)) < 5_000
    assert field.edit.isReadOnly()
    clear = field.findChild(QPushButton, "field_clear")
    assert clear is not None
    assert clear.isVisible()
    clear.click()
    assert field.edit.toPlainText() == ""
    assert not field.edit.isReadOnly()
    qtbot.keyClicks(field.edit, "on")
    assert field.edit.toPlainText() == "on"
