from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.card_page import Card, CardPage
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.fold_header import FoldHeader
from chatbot_app.ui.chat.jump_button import JumpButton
from chatbot_app.ui.chat.look import look_of


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    return widget


def _buttons(place: QWidget) -> list[QAbstractButton]:
    look = look_of(place)
    page = CardPage(look, "Title", ("Words.",), [Card("key", "card", "A card", "what it does")], place)
    page.resize(400, 300)
    return [
        ChatButton(look, "copy", "Copy", "copy_button", place),
        FoldHeader(look, "fold_header", place),
        JumpButton(look, "To the end", place),
        page.findChildren(QAbstractButton, "card")[0],
    ]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_every_painted_button_is_pressed_with_the_keyboard(place: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    for button in _buttons(place):
        button.show()
        presses = QSignalSpy(button.clicked)
        qtbot.keyClick(button, key)
        assert presses.count() == 1, button.objectName()


def test_one_that_is_disabled_is_not_pressed(place: QWidget, qtbot: QtBot) -> None:
    button = ChatButton(look_of(place), "copy", "Copy", "copy_button", place)
    button.show()
    button.setEnabled(False)
    presses = QSignalSpy(button.clicked)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert presses.count() == 0


def test_the_focus_is_seen(place: QWidget, qtbot: QtBot) -> None:
    for button in _buttons(place):
        button.resize(120, 40)
        button.show()
        without = button.grab().toImage()
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        assert button.grab().toImage() != without, button.objectName()
        button.clearFocus()
