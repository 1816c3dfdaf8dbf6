"""Notices show literally, offer their action, and Undo ends by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from chatbot_app.core.errors import KeyRejected
from chatbot_app.core.messages import Notice
from chatbot_app.ui.banner import Banner
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.severity import Severity


def make(qtbot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    return bar


def banner(bar: NoticeBar, name: str) -> Banner:
    found = bar.findChild(Banner, name)
    assert isinstance(found, Banner)
    return found


def test_it_takes_no_room_until_something_is_said(qtbot) -> None:
    bar = make(qtbot)
    assert bar.isHidden()
    bar.show_notice(KeyRejected(server="OpenAI").notice(), Severity.DANGER)
    assert bar.isVisible()
    assert banner(bar, "notice").words() == "OpenAI rejected the key. Open Servers and enter the key again."
    bar.clear_notice()
    assert bar.isHidden()


def test_the_action_is_asked_for_once_and_closes_the_notice(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(KeyRejected(server="OpenAI").notice())
    button = bar.findChild(QPushButton, "notice_action")
    assert button.text() == "Open Servers…"
    with qtbot.waitSignal(bar.action_requested) as asked:
        button.click()
    assert asked.args == ["open-servers"]
    assert bar.isHidden()


def test_a_notice_without_an_action_has_no_button_and_closes(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(Notice("ParameterDropped", "top_k was left out."), Severity.INFO)
    assert bar.findChild(QPushButton, "notice_action").isHidden()
    with qtbot.waitSignal(bar.dismissed):
        bar.findChild(IconButton, "notice_close").click()
    assert bar.isHidden()


def test_escape_closes(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(Notice("X", "Something."))
    with qtbot.waitSignal(bar.dismissed):
        QTest.keyClick(bar.findChild(IconButton, "notice_close"), Qt.Key.Key_Escape)


def test_html_is_shown_literally(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(Notice("X", "<img src=x> <b>bold</b>", "<a href='file:///'>next</a>"))
    labels = [label for label in banner(bar, "notice").findChildren(QLabel) if label.text()]
    assert {label.text() for label in labels} == {"<img src=x> <b>bold</b>", "<a href='file:///'>next</a>"}
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_hidden_characters_are_shown(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(Notice("X", "a\u202eb\x1b[31m"))
    assert "\u202e" not in banner(bar, "notice").words()
    assert "\x1b" not in banner(bar, "notice").words()


def test_undo_hands_back_its_token_and_leaves_the_notice(qtbot) -> None:
    bar = make(qtbot)
    bar.show_notice(Notice("X", "Something."))
    bar.show_undo("Conversation deleted.", 5, "c-1")
    with qtbot.waitSignal(bar.undo_requested) as asked:
        bar.findChild(QPushButton, "undo_action").click()
    assert asked.args == ["c-1"]
    assert banner(bar, "undo").isHidden()
    assert not banner(bar, "notice").isHidden()


def test_the_offer_to_undo_ends_by_itself(qtbot) -> None:
    bar = make(qtbot)
    with qtbot.assertNotEmitted(bar.undo_requested):
        bar.show_undo("Conversation deleted.", 0.01)
        qtbot.waitUntil(bar.isHidden)
