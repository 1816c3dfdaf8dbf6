"""The composer sends, grows, recalls, takes files, and never loses text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.composer_edit import WINDOW_SHARE, ComposerEdit


@pytest.fixture
def composer(qtbot) -> Composer:
    window = QWidget()
    window.resize(420, 600)
    column = QVBoxLayout(window)
    column.addStretch(1)
    made = Composer(window)
    column.addWidget(made)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return made


def edit_of(composer: Composer) -> ComposerEdit:
    edit = composer.findChild(QPlainTextEdit, "composer")
    assert isinstance(edit, ComposerEdit)
    return edit


def hint_of(composer: Composer) -> str:
    label = composer.findChild(QLabel, "composer_hint")
    assert isinstance(label, QLabel)
    return label.text()


def test_enter_sends_and_keeps_the_text_until_the_owner_clears_it(qtbot, composer: Composer) -> None:
    QTest.keyClicks(edit_of(composer), "  Why?  ")
    with qtbot.waitSignal(composer.message_submitted) as sent:
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Return)
    assert sent.args == ["Why?"]
    assert composer.text() == "  Why?  "
    composer.clear_text()
    assert composer.text() == ""


def test_the_keypad_and_the_button_send_too(qtbot, composer: Composer) -> None:
    composer.set_text("one")
    with qtbot.waitSignal(composer.message_submitted):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    with qtbot.waitSignal(composer.message_submitted):
        composer.send_button.click()


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier])
def test_shift_enter_breaks_the_line(qtbot, composer: Composer, modifier: Qt.KeyboardModifier) -> None:
    QTest.keyClicks(edit_of(composer), "a")
    with qtbot.assertNotEmitted(composer.message_submitted):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Return, modifier)
    QTest.keyClicks(edit_of(composer), "b")
    assert composer.text() == "a\nb"


@pytest.mark.parametrize("text", ["", "   ", "\n\n \t"])
def test_an_empty_message_is_not_sent_and_says_so(qtbot, composer: Composer, text: str) -> None:
    composer.set_text(text)
    with qtbot.assertNotEmitted(composer.message_submitted):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Return)
    assert hint_of(composer) == "Write a message first."
    QTest.keyClicks(edit_of(composer), "x")
    assert hint_of(composer) == ""


def test_enter_that_chooses_a_candidate_does_not_send(qtbot, composer: Composer) -> None:
    edit = edit_of(composer)
    composer.set_text("x")
    QApplication.sendEvent(edit, QInputMethodEvent("にほ", []))
    with qtbot.assertNotEmitted(composer.message_submitted):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    composer.set_text("")
    done = QInputMethodEvent("", [])
    done.setCommitString("日本")
    QApplication.sendEvent(edit, done)
    with qtbot.waitSignal(composer.message_submitted) as sent:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert sent.args == ["日本"]


def test_up_recalls_only_from_the_start(qtbot, composer: Composer) -> None:
    with qtbot.waitSignal(composer.recall_requested):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Up)
    composer.set_text("a\nb")
    with qtbot.assertNotEmitted(composer.recall_requested):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Up)
    edit_of(composer).moveCursor(edit_of(composer).textCursor().MoveOperation.Start)
    with qtbot.waitSignal(composer.recall_requested):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Up)


def test_recalling_can_be_undone(composer: Composer) -> None:
    QTest.keyClicks(edit_of(composer), "draft")
    composer.recall_text("earlier question")
    assert composer.text() == "earlier question"
    edit_of(composer).undo()
    assert composer.text() == "draft"


def test_a_failed_question_comes_back_before_what_was_written_since(composer: Composer) -> None:
    composer.restore_text("failed")
    assert composer.text() == "failed"
    composer.restore_text("failed")
    assert composer.text() == "failed"
    composer.set_text("next")
    composer.restore_text("failed")
    assert composer.text() == "failed\n\nnext"


def test_send_and_stop_take_turns_in_the_same_place(qtbot, composer: Composer) -> None:
    place = composer.send_button.mapTo(composer, QPoint(0, 0))
    assert composer.send_button.isVisible()
    assert not composer.stop_button.isVisible()
    composer.set_answering(True)
    QApplication.processEvents()
    assert composer.stop_button.isVisible()
    assert not composer.send_button.isVisible()
    assert composer.stop_button.mapTo(composer, QPoint(0, 0)) == place
    with qtbot.waitSignal(composer.stop_requested):
        composer.stop_button.click()


def test_escape_stops_an_answer_and_nothing_else(qtbot, composer: Composer) -> None:
    composer.set_text("kept")
    with qtbot.assertNotEmitted(composer.stop_requested):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Escape)
    composer.set_answering(True)
    with qtbot.waitSignal(composer.stop_requested):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Escape)
    assert composer.text() == "kept"


def test_while_an_answer_comes_one_can_write_but_not_send(qtbot, composer: Composer) -> None:
    composer.set_answering(True)
    QTest.keyClicks(edit_of(composer), "next")
    with qtbot.assertNotEmitted(composer.message_submitted):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Return)
    assert composer.text() == "next"
    assert "Stop it" in hint_of(composer)
    composer.set_answering(False)
    with qtbot.waitSignal(composer.message_submitted):
        QTest.keyClick(edit_of(composer), Qt.Key.Key_Return)


def test_a_blocked_composer_says_why(qtbot, composer: Composer) -> None:
    composer.set_blocked("The history is open for reading only.")
    composer.set_text("x")
    with qtbot.assertNotEmitted(composer.message_submitted):
        composer.send_button.click()
    assert hint_of(composer) == "The history is open for reading only."
    composer.set_blocked("")
    with qtbot.waitSignal(composer.message_submitted):
        composer.send_button.click()


def test_it_grows_with_its_lines_up_to_a_share_of_the_window(qtbot, composer: Composer) -> None:
    edit = edit_of(composer)
    one = edit.height()
    composer.set_text("a\nb\nc")
    three = edit.height()
    spacing = edit.fontMetrics().lineSpacing()
    assert three == one + 2 * spacing
    composer.set_text("\n".join("x" * 200))
    most = edit.height()
    assert three < most <= composer.window().height() * WINDOW_SHARE + 1
    composer.window().resize(420, 300)
    qtbot.waitUntil(lambda: edit.height() < most)
    composer.clear_text()
    assert edit.height() == one


def test_a_long_line_wraps_and_grows(composer: Composer) -> None:
    one = edit_of(composer).height()
    composer.set_text("word " * 60)
    assert edit_of(composer).height() > one


@pytest.mark.parametrize(
    "text", ["The quick brown fox jumps over the lazy dog.\n" * 23_000, "word " * 200_000, "x" * 1_000_000]
)
def test_a_megabyte_is_pasted_whole(qtbot, composer: Composer, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    edit_of(composer).insertFromMimeData(data)
    QApplication.processEvents()
    with qtbot.waitSignal(composer.message_submitted) as sent:
        composer.send_button.click()
    assert sent.args[0] == text.strip()
    composer.clear_text()
    assert edit_of(composer).wordWrapMode() == QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def test_formatted_text_is_pasted_plain_and_clean(composer: Composer) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b><img src='file:///etc/passwd'>")
    data.setText("bo\x00ld")
    edit_of(composer).insertFromMimeData(data)
    assert composer.text() == "bo\ufffdld"


def test_dropped_files_are_handed_on_and_leave_the_text_alone(
    qtbot, composer: Composer, tmp_path: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf")), QUrl("https://example.org/b.pdf")])
    with qtbot.waitSignal(composer.files_dropped) as dropped:
        edit_of(composer).insertFromMimeData(data)
    assert dropped.args == [[tmp_path / "a.pdf"]]
    assert composer.text() == ""
    where = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *where)
    composer.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(composer.files_dropped):
        composer.dropEvent(QDropEvent(QPointF(5, 5), *where, QEvent.Type.Drop))


def test_the_first_letter_in_an_empty_composer_is_told_at_once(qtbot, composer: Composer) -> None:
    heard = []
    composer.writing_began.connect(lambda: heard.append(composer.text()))
    QTest.keyClicks(edit_of(composer), "hello")
    assert heard == ["h"]
    composer.clear_text()
    QTest.keyClicks(edit_of(composer), "x")
    assert heard == ["h", "x"]


def test_typing_is_reported_once_after_a_pause(qtbot, composer: Composer) -> None:
    heard: list[str] = []
    composer.text_changed_debounced.connect(heard.append)
    QTest.keyClicks(edit_of(composer), "abc")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["abc"]


def test_accessories_stand_below_the_text(qtbot, composer: Composer) -> None:
    label = QLabel("gauge")
    composer.add_accessory(label)
    QApplication.processEvents()
    assert label.isVisible()
    assert label.mapTo(composer, QPoint(0, 0)).y() > edit_of(composer).mapTo(composer, QPoint(0, 0)).y()


def test_tab_leaves_the_text_for_the_button(qtbot, composer: Composer) -> None:
    composer.window().activateWindow()
    composer.focus_text()
    qtbot.waitUntil(edit_of(composer).hasFocus)
    QTest.keyClick(edit_of(composer), Qt.Key.Key_Tab)
    assert composer.send_button.hasFocus()
    composer.set_answering(True)
    assert composer.stop_button.hasFocus()
