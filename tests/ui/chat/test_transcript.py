"""The transcript as a whole: streaming, scrolling, paging, what it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import Message, MessageStatus, Notice, Timings, Usage
from chatbot_app.ui.chat.empty_state import EmptyState
from chatbot_app.ui.chat.look import sized
from chatbot_app.ui.chat.message_banner import MessageBanner
from chatbot_app.ui.chat.transcript import Transcript
from chatbot_app.ui.chat.transcript_paging import SHOWN_AT_FIRST, SHOWN_MOST
from chatbot_app.ui.chat.window_line import WindowLine
from tests.ui.chat.conftest import Clock
from tests.ui.chat.support import (
    answer,
    blocks,
    button,
    long_conversation,
    question,
    settle,
    shown_text,
    streaming,
)


def test_an_empty_conversation_offers_three_suggestions(transcript: Transcript, qtbot: QtBot) -> None:
    with qtbot.waitSignal(transcript.user_actions.suggestion_chosen) as chosen:
        button(transcript, "suggestion_3").click()
    assert chosen.args[0] == "Summarise this text in its own sentences:\n\n"
    for name, words in (("suggestion_1", "number in brackets"), ("suggestion_2", "kept")):
        with qtbot.waitSignal(transcript.user_actions.sample_question_chosen) as chosen:
            button(transcript, name).click()
        assert words in chosen.args[0]
    transcript.add_message(question("Hello"))
    empty = transcript.findChild(QWidget, "empty_state")
    assert empty is not None
    assert empty.isHidden()
    transcript.clear()
    assert not empty.isHidden()


def test_streamed_text_appears_and_only_the_last_block_is_drawn_again(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.add_message(question("Why?"))
    transcript.begin_answer(streaming())
    transcript.append_text("a", "First paragraph.\n\nSecond")
    qtbot.waitUntil(lambda: "Second" in shown_text(transcript))
    first = blocks(transcript)[0]
    document = first.text_views()[0].document
    transcript.append_text("a", " one, **bold**.")
    qtbot.waitUntil(lambda: "Second one, bold." in shown_text(transcript))
    assert blocks(transcript)[0] is first
    assert first.text_views()[0].document is document
    assert transcript.text_of("a") == "First paragraph.\n\nSecond one, **bold**."


def test_the_end_of_an_answer_shows_its_facts(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin_answer(streaming())
    transcript.append_text("a", "Done.")
    transcript.set_message(
        answer("Done.", model="tiny", usage=Usage(10, 30), timings=Timings(0.5, 3.5), finish_reason="stop")
    )
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    assert view.footer.facts == "tiny  ·  30 tokens  ·  10.0 tokens/s  ·  first token after 0.5 s"
    assert not view.is_streaming


def test_progress_shows_time_and_speed(transcript: Transcript, clock: Clock) -> None:
    transcript.begin_answer(streaming())
    view = transcript.view_of("a")
    assert view is not None
    clock.now += 2
    assert view.content.arriving.progress_text() == "2 s"
    transcript.append_text("a", "one")
    clock.now += 2
    for _ in range(99):
        transcript.append_text("a", " more")
    assert view.content.arriving.progress_text() == "4 s  ·  50 tokens/s"
    transcript.remarks.set_status_line("a", "Waiting 3 s, then trying again…")
    assert view.content.arriving.progress_text() == "Waiting 3 s, then trying again…"
    transcript.append_text("a", " text")
    assert "Waiting" not in view.content.arriving.progress_text()


@pytest.mark.parametrize(
    ("state", "words", "names", "signals"),
    [
        ({"status": MessageStatus.STOPPED}, "stopped", ["continue_button"], ["continue_requested"]),
        (
            {"status": MessageStatus.INTERRUPTED},
            "may be cut off",
            ["continue_button", "regenerate_button"],
            ["continue_requested", "regenerate_requested"],
        ),
        (
            {
                "status": MessageStatus.FAILED,
                "notices": (Notice("Offline", "No net.", "Check it.", "retry"),),
            },
            "No net. Check it.",
            ["retry_button"],
            ["regenerate_requested"],
        ),
        (
            {
                "status": MessageStatus.FAILED,
                "notices": (Notice("KeyRejected", "Key!", "Enter it.", "open-servers"),),
            },
            "Key! Enter it.",
            ["open_servers_button", "retry_button"],
            ["remedy_requested", "regenerate_requested"],
        ),
        ({"finish_reason": "length"}, "Length limit reached", ["continue_button"], ["continue_requested"]),
    ],
)
def test_how_an_answer_ended_is_said_with_its_buttons(
    transcript: Transcript,
    qtbot: QtBot,
    state: dict[str, object],
    words: str,
    names: list[str],
    signals: list[str],
) -> None:
    transcript.begin_answer(streaming())
    transcript.append_text("a", "Part")
    transcript.set_message(answer("Part", **state))  # type: ignore[arg-type]
    settle(qtbot, transcript)
    banners = transcript.findChildren(MessageBanner)
    assert words in banners[-1].accessibleName()
    for name, signal in zip(names, signals, strict=True):
        with qtbot.waitSignal(getattr(transcript.user_actions, signal)) as asked:
            button(banners[-1], name).click()
        assert asked.args == (["open-servers"] if signal == "remedy_requested" else ["a"])


def test_the_toolbar_asks_for_everything(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([question("Q *text*"), answer("A **text**")], has_older=False)
    transcript.set_siblings("a", 2, 3)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    for name, signal, arguments in [
        ("regenerate_button", transcript.user_actions.regenerate_requested, ["a"]),
        ("pin_button", transcript.user_actions.pin_toggled, ["a", True]),
        ("exclude_button", transcript.user_actions.exclude_toggled, ["a", True]),
        ("previous_sibling_button", transcript.user_actions.sibling_requested, ["a", -1]),
        ("next_sibling_button", transcript.user_actions.sibling_requested, ["a", 1]),
        ("what_was_sent_button", transcript.user_actions.what_was_sent_requested, ["a"]),
    ]:
        with qtbot.waitSignal(signal) as asked:
            button(view, name).click()
        assert asked.args == arguments
    button(view, "copy_button").click()
    assert QGuiApplication.clipboard().text() == "A **text**"
    transcript.set_message(answer("A **text**", pinned=True))
    with qtbot.waitSignal(transcript.user_actions.pin_toggled) as asked:
        button(view, "pin_button").click()
    assert asked.args == ["a", False]


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({"model": "m", "metadata": {"logprobs": [[[1, "A", -0.1], []]]}}, True),
        ({"model": "m", "server_id": "built-in"}, True),
        ({"model": "m", "server_id": "other"}, False),
        ({"model": None, "server_id": "built-in"}, False),  # quotes: no model wrote it
        ({"model": "m", "server_id": "built-in", "status": MessageStatus.STREAMING}, False),
    ],
)
def test_alternatives_are_offered_below_an_answer_that_has_them(
    transcript: Transcript, qtbot: QtBot, changes: dict[str, Any], is_offered: bool
) -> None:
    transcript.show_conversation([question("Q"), answer("A")], has_older=False)
    settle(qtbot, transcript)
    transcript.set_message(replace(answer("A"), **changes))
    view = transcript.view_of("a")
    assert view is not None
    offered = view.findChild(QAbstractButton, "alternatives_button")
    assert offered is not None
    assert offered.isHidden() is not is_offered
    if is_offered:
        with qtbot.waitSignal(transcript.user_actions.alternatives_requested) as asked:
            offered.click()
        assert asked.args == ["a"]


def test_buttons_are_reached_with_the_keyboard_and_named(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([question("Q"), answer("A\n\n```py\nx\n```")], has_older=False)
    settle(qtbot, transcript)
    for widget in transcript.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.isHidden():
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()
    view = transcript.view_of("q")
    assert view is not None
    view.setFocus()
    reached = set()
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
    assert {"copy_button", "edit_button", "pin_button"} <= reached


def test_a_question_is_edited_in_place(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([question("Old words")], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("q")
    assert view is not None
    button(view, "edit_button").click()
    field = view.findChild(QPlainTextEdit, "message_edit_field")
    assert field is not None
    assert field.toPlainText() == "Old words"
    field.setPlainText("   ")
    assert not button(view, "send_edit_button").isEnabled()
    field.setPlainText("New words")
    with qtbot.waitSignal(transcript.user_actions.edit_requested) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["q", "New words"]
    button(view, "edit_button").click()
    field = view.findChildren(QPlainTextEdit, "message_edit_field")[-1]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not view.body.isHidden()


def test_the_view_follows_at_the_end_and_never_jumps_while_reading(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(long_conversation(20), has_older=False)
    transcript.begin_answer(streaming())
    bar = transcript.verticalScrollBar()
    transcript.append_text("a", "word\n\n" * 100)
    settle(qtbot, transcript)
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() - 900)
    settle(qtbot, transcript)
    before, reading = bar.value(), transcript.grab().toImage()
    transcript.append_text("a", "more\n\n" * 100)
    qtbot.waitUntil(lambda: bar.maximum() > before + 2_000)
    assert bar.value() == before
    area = transcript.viewport().rect().adjusted(0, 0, -40, -80)
    assert transcript.grab().toImage().copy(area) == reading.copy(area)
    jump = button(transcript, "jump_to_latest_button")
    assert jump.isVisible()
    jump.click()
    assert bar.value() == bar.maximum()
    assert not jump.isVisible()
    transcript.append_text("a", "end\n\n" * 50)
    settle(qtbot, transcript)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())


def test_older_messages_come_in_at_the_top_without_a_jump(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(80, 120), has_older=True)
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    with qtbot.waitSignal(transcript.older_requested) as asked:
        bar.setValue(300)
    assert asked.args == ["m120"]
    view = transcript.view_of("m121")
    assert view is not None
    place = view.mapTo(transcript.viewport(), view.rect().topLeft()).y()
    transcript.prepend_messages(long_conversation(60, 60))
    assert transcript.message_ids()[0] == "m60"
    assert abs(view.mapTo(transcript.viewport(), view.rect().topLeft()).y() - place) <= 1


def test_widgets_stay_within_the_window_of_messages(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(400), has_older=False)
    settle(qtbot, transcript)

    def shown() -> list[str]:
        return [name for name in transcript.message_ids() if transcript.view_of(name) is not None]

    assert shown() == [f"m{n}" for n in range(400 - SHOWN_AT_FIRST, 400)]
    bar = transcript.verticalScrollBar()
    while transcript.view_of("m200") is None:
        bar.setValue(0)
    assert len(shown()) <= SHOWN_MOST
    assert transcript.view_of("m399") is None
    assert transcript.text_of("m399").startswith("Message number 399")
    button(transcript, "jump_to_latest_button").click()
    assert transcript.view_of("m399") is not None
    assert len(shown()) <= SHOWN_MOST


def test_the_line_of_the_window_dims_what_is_above(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(6), has_older=False)
    transcript.set_unseen(frozenset({"m0", "m1", "older"}))
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    line = transcript.findChild(WindowLine)
    assert line is not None
    assert "no longer sees" in line.accessibleName()
    assert all(view.dimmed for view in blocks(transcript, "m0"))
    assert not any(view.dimmed for view in blocks(transcript, "m2"))
    assert stands_between(transcript, line, "m1", "m2")
    transcript.set_unseen(frozenset({"m0", "m1", "m2", "m3"}))
    assert stands_between(transcript, line, "m3", "m4")
    transcript.set_marks("m0", pinned=True, excluded=False)
    assert not any(view.dimmed for view in blocks(transcript, "m0"))
    transcript.set_unseen(frozenset())
    assert line.isHidden()
    assert not any(view.dimmed for view in blocks(transcript, "m2"))


def stands_between(transcript: Transcript, widget: QWidget, above: str, below: str) -> bool:
    first, second = transcript.view_of(above), transcript.view_of(below)
    assert first is not None
    assert second is not None
    return first.geometry().bottom() < widget.y() < widget.geometry().bottom() < second.y()


def test_what_is_read_stays_in_place_when_the_line_moves(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(30), has_older=False)
    settle(qtbot, transcript)
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    settle(qtbot, transcript)
    view = next(
        shown
        for n in range(30)
        if (shown := transcript.view_of(f"m{n}")) and shown.y() > transcript.verticalScrollBar().value()
    )
    before = view.mapTo(transcript, QPoint(0, 0)).y()
    for last in (4, 8, 6, 0):
        transcript.set_unseen(frozenset(f"m{n}" for n in range(last)))
        settle(qtbot, transcript)
        assert abs(view.mapTo(transcript, QPoint(0, 0)).y() - before) <= 1


def test_thoughts_are_folded_away_and_open(transcript: Transcript, qtbot: QtBot, clock: Clock) -> None:
    transcript.begin_answer(streaming())
    transcript.append_reasoning("a", "First I think.")
    clock.now += 4
    transcript.append_text("a", "Then I answer.")
    settle(qtbot, transcript)
    header = button(transcript, "reasoning_button")
    assert header.text() == "Thought for 4 s"
    view = transcript.view_of("a")
    assert view is not None
    height = view.height()
    assert view.content.arriving.reasoning_text() == ""
    header.click()
    qtbot.waitUntil(lambda: view.height() > height)
    assert view.content.arriving.reasoning_text() == "First I think."


def test_a_long_question_is_folded(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([question("line\n" * 200)], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("q")
    assert view is not None
    height = view.height()
    button(view, "expand_button").click()
    qtbot.waitUntil(lambda: view.height() > 3 * height)


def test_a_selection_spans_blocks_and_is_copied(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([answer("One *two*.\n\nThree.\n\n```\nfour\n```")], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    body = view.body
    first, last = blocks(transcript)[0], blocks(transcript)[-1]
    qtbot.mousePress(first.text_views()[0], Qt.MouseButton.LeftButton, pos=QPoint(1, 8))
    code = last.text_views()[0]
    qtbot.mouseMove(code, code.rect().bottomRight())
    qtbot.mouseRelease(code, Qt.MouseButton.LeftButton, pos=code.rect().bottomRight())
    body.selection.extend(code.mapTo(body, code.rect().bottomRight()))
    assert body.selected_text() == "One two.\nThree.\nfour"
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "One two.\nThree.\nfour"
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "One *two*.\n\nThree.\n\n```\nfour\n```"


def test_an_unknown_message_is_ignored(transcript: Transcript) -> None:
    transcript.append_text("gone", "text")
    transcript.set_message(answer("x", "gone"))
    transcript.set_siblings("gone", 1, 2)
    transcript.remarks.set_status_line("gone", "waiting")
    assert transcript.text_of("gone") == ""
    assert transcript.message_ids() == []


def test_a_change_of_palette_keeps_a_streaming_answer(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin_answer(streaming())
    transcript.append_text("a", "Half ")
    transcript.setFont(sized(transcript.font(), 1.3))
    transcript.append_text("a", "and half")
    qtbot.waitUntil(lambda: "Half and half" in shown_text(transcript))
    view = transcript.view_of("a")
    assert view is not None
    assert view.is_streaming


def test_another_text_size_keeps_the_place_of_the_reader(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(20), has_older=False)
    settle(qtbot, transcript)
    transcript.scroll_to("m8")
    settle(qtbot, transcript)
    transcript.setFont(sized(transcript.font(), 1.3))
    settle(qtbot, transcript)
    view = transcript.view_of("m8")
    assert view is not None
    assert 0 <= view.y() - transcript.verticalScrollBar().value() < 60


def test_the_suggestions_fill_the_view_also_in_another_text_size(transcript: Transcript) -> None:
    transcript.setFont(sized(transcript.font(), 1.3))
    empty = [one for one in transcript.findChildren(EmptyState) if not one.isHidden()]
    assert [one.size() for one in empty] == [transcript.viewport().size()]


def test_the_final_text_wins(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin_answer(streaming())
    transcript.append_text("a", "Draft")
    final: Message = answer("Another text", finish_reason="stop")
    transcript.set_message(final)
    settle(qtbot, transcript)
    assert shown_text(transcript) == "Another text"
    assert transcript.text_of("a") == "Another text"


def test_a_bubble_is_as_high_as_its_words(transcript: Transcript, qtbot: QtBot) -> None:
    # 33 characters: thought to need two lines of the bubble's width, and found to need one.
    transcript.show_conversation([question("Compare `lists`, tuples and sets.")], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("q")
    assert view is not None
    (block,) = blocks(transcript, "q")
    assert view.body.height() == block.height() == block.text_views()[0].height()


def test_an_answer_goes_on_while_its_message_is_far_away(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(300), has_older=False)
    transcript.begin_answer(streaming())
    transcript.append_text("a", "One ")
    transcript.scroll_to("m10")
    assert transcript.view_of("a") is None
    transcript.append_text("a", "two ")
    transcript.jump_to_latest()
    transcript.append_text("a", "three")
    qtbot.waitUntil(lambda: "One two three" in shown_text(transcript))
    assert transcript.text_of("a") == "One two three"
    view = transcript.view_of("a")
    assert view is not None
    assert view.is_streaming


def test_a_conversation_that_is_being_answered_can_be_opened(transcript: Transcript, qtbot: QtBot) -> None:
    half = answer("Half of it", status=MessageStatus.STREAMING)
    transcript.show_conversation([question("Q"), half], has_older=False)
    transcript.append_text("a", ", and the rest")
    qtbot.waitUntil(lambda: "Half of it, and the rest" in shown_text(transcript))
