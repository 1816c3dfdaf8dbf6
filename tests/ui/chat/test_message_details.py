"""What stands around an answer: its facts, its versions, its sources, its thoughts, what is waited for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import MessageStatus, Timings, Usage
from chatbot_app.ui.chat.answer_facts import lines_of
from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.chat.editor_field import LINE_MOST, EditorField
from chatbot_app.ui.chat.look import sized
from chatbot_app.ui.chat.progress_line import SILENT_SECONDS, ProgressLine
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.chat.transcript import Transcript
from tests.ui.chat.conftest import Clock
from tests.ui.chat.support import answer, button, question, settle, streaming

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def field_of(transcript: Transcript, name: str) -> EditorField:
    view = transcript.view_of(name)
    assert view is not None
    view.edit()
    return view.findChildren(EditorField)[-1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
@pytest.mark.parametrize("modifier", [NONE, SHIFT, Qt.KeyboardModifier.ControlModifier])
def test_enter_means_the_same_in_the_composer_and_in_the_editor(
    qtbot: QtBot, transcript: Transcript, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    transcript.show_conversation([question("one")], has_older=False)
    settle(qtbot, transcript)
    editor, composer = field_of(transcript, "q"), ComposerEdit()
    qtbot.addWidget(composer)
    composer.set_all("one")
    sent: list[str] = []
    composer.submitted.connect(lambda: sent.append("composer"))
    transcript.user_actions.edit_requested.connect(lambda *asked: sent.append("editor"))
    composer.moveCursor(composer.textCursor().MoveOperation.End)
    qtbot.keyClick(composer, key, modifier)
    text = composer.toPlainText()
    qtbot.keyClick(editor, key, modifier)
    assert (sent == ["composer", "editor"]) == (modifier != SHIFT)
    assert (text, editor.whole_text()) == (("one\n",) * 2 if modifier == SHIFT else ("one",) * 2)


def test_enter_that_ends_an_input_method_is_not_an_answer(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.show_conversation([answer("text")], has_older=False)
    settle(qtbot, transcript)
    editor = field_of(transcript, "a")
    sent: list[object] = []
    editor.submitted.connect(lambda: sent.append(1))
    QApplication.sendEvent(editor, QInputMethodEvent("か", []))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert sent == []


def test_the_editor_takes_a_line_without_end_in_rows_and_gives_it_back(qtbot: QtBot) -> None:
    for text in ("x" * 100_000, "a b " * 30_000, "short\n\n" + "字" * 5_000 + "\nend", "\n" * 9_000):
        field = EditorField(text)
        qtbot.addWidget(field)
        assert field.whole_text() == text
        qtbot.waitUntil(lambda: field.is_filled)  # noqa: B023
        assert field.whole_text() == text
        block, longest = field.document().begin(), 0
        while block.isValid():
            longest = max(longest, block.length())
            block = block.next()
        assert longest <= LINE_MOST + 8
        field.selectAll()
        assert field.createMimeDataFromSelection().text() == text
    # A break that is typed at a seam, and a seam that is deleted, do what they would in the whole line.
    field = EditorField("y" * (LINE_MOST + 10))
    qtbot.addWidget(field)
    cursor = field.textCursor()
    cursor.setPosition(LINE_MOST + 4)  # the start of the second row
    field.setTextCursor(cursor)
    qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert field.whole_text() == "y" * LINE_MOST + "\n" + "y" * 10


def test_the_facts_of_an_answer_are_never_cut(qtbot: QtBot, transcript: Transcript) -> None:
    shown = answer(
        "Done.",
        model="a-model-with-a-name-of-its-own-7b-instruct",
        usage=Usage(10, 30),
        timings=Timings(0.5, 3.5),
    )
    transcript.show_conversation([shown], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    for width in (900, 700, 460, 320):
        transcript.resize(width, 460)
        settle(qtbot, transcript)
        assert "  ·  ".join(view.footer.lines) == view.footer.facts
        assert view.footer.area.bottom() < view.height()
    metrics = QFontMetricsF(view.font())
    for line in lines_of(f"{'m' * 300}  ·  30 tokens", metrics, 200):
        assert metrics.horizontalAdvance(line) <= 200


def test_the_versions_of_a_question_stand_below_its_bubble(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.show_conversation([question("Why?"), answer("So.")], has_older=False)
    for name in ("q", "a"):
        transcript.set_siblings(name, 2, 2)
    settle(qtbot, transcript)
    view = transcript.view_of("q")
    assert view is not None
    following = button(view, "next_sibling_button")
    right = following.mapTo(view, QPoint(following.width(), 0)).x()
    assert abs(right - view.bubble.area.right()) <= following.width() // 2
    previous = button(view, "previous_sibling_button")
    assert all(
        previous.x() >= other.x() or other is following
        for other in previous.parentWidget().findChildren(QWidget)  # type: ignore[union-attr]
    )


@pytest.mark.parametrize("width", [900, 700, 420, 300])
def test_what_was_searched_covers_no_words(qtbot: QtBot, transcript: Transcript, width: int) -> None:
    metadata = {"retrieval": {"searched": "turbine", "shown": 3}}
    transcript.resize(width, 460)
    transcript.show_conversation([answer("I do not know.", metadata=metadata)], has_older=False)
    transcript.setFont(sized(transcript.font(), 1.5))
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    sources = view.findChildren(SourcesView)[-1]
    inspect = button(sources, "inspect_retrieval_button")
    words = QFontMetricsF(sources.heading_font()).horizontalAdvance(sources.heading)
    assert inspect.y() > 0 or words < inspect.x()
    assert inspect.geometry().bottom() <= sources.height()


def test_an_answer_without_thoughts_shows_none(qtbot: QtBot, transcript: Transcript, clock: Clock) -> None:
    transcript.begin_answer(streaming())
    for nothing in ("", "\n"):
        transcript.append_reasoning("a", nothing)
    clock.now += 3
    transcript.append_text("a", "Four.")
    transcript.set_message(answer("Four.", timings=Timings(0.5, 3.5)))
    settle(qtbot, transcript)
    assert transcript.findChild(QWidget, "reasoning_button") is None


def test_how_long_it_thought_is_shown_after_opening_again(qtbot: QtBot, transcript: Transcript) -> None:
    known = answer("Four.", reasoning="Two and two.", timings=Timings(0.5, 9.5, 7.2))
    transcript.show_conversation([known, answer("Five.", "b", reasoning="Hm.")], has_older=False)
    settle(qtbot, transcript)
    words = [
        button(view, "reasoning_button").text()  # type: ignore[arg-type]
        for view in (transcript.view_of("a"), transcript.view_of("b"))
    ]
    assert words == ["Thought for 7 s", "Thoughts"]


def test_an_answer_that_is_come_back_to_claims_no_time(
    qtbot: QtBot, transcript: Transcript, clock: Clock
) -> None:
    transcript.begin_answer(answer("", reasoning="Earlier thoughts", status=MessageStatus.STREAMING))
    assert button(transcript, "reasoning_button").text() == "Thinking"
    transcript.append_text("a", "Now.")
    assert button(transcript, "reasoning_button").text() == "Thoughts"
    transcript.set_message(answer("Now.", reasoning="Earlier thoughts", timings=Timings(1, 30, 25)))
    assert button(transcript, "reasoning_button").text() == "Thought for 25 s"


def test_a_silent_server_is_named_with_the_time_and_a_way_out(
    qtbot: QtBot, transcript: Transcript, clock: Clock
) -> None:
    transcript.begin_answer(streaming())
    line = transcript.findChild(ProgressLine)
    assert line is not None
    stop = line.findChild(QWidget, "stop_waiting_button")
    assert stop is not None
    assert stop.isHidden()
    clock.now += SILENT_SECONDS + 8
    line.tick()
    assert line.words() == "Preparing to answer: 12 s"
    transcript.remarks.set_prompt_tokens("a", 3400)
    assert line.words() == "No answer from the server yet: 12 s  ·  prompt of 3,400 tokens"
    with qtbot.waitSignal(transcript.user_actions.stop_requested):
        button(line, "stop_waiting_button").click()
    transcript.remarks.set_status_line("a", "The server is busy. Trying again in 5 seconds.")
    assert line.words() == "The server is busy. Trying again in 5 seconds."
    transcript.append_text("a", "Here")
    line.tick()
    assert stop.isHidden()
    assert "12 s" in line.words()
    assert "No answer" not in line.words()
