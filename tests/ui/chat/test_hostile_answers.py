"""Whatever an answer holds, a step of the window's thread does a counted amount of work.

Times are measured by tests/benchmarks/bench_hostile_answers.py; here work is counted (weight that is laid out, widgets
that are made), and the processor time of a turn has a limit ten times as high as the one that people notice.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QPlainTextEdit,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from chatbot_app.core.markdown_block import MarkdownKind
from chatbot_app.core.markdown_cuts import READ_AT_ONCE
from chatbot_app.core.text_weight import weight
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.body_text import BLOCKS_MOST, FED_AT_ONCE
from chatbot_app.ui.chat.look import sized
from chatbot_app.ui.chat.step_allowance import BUILT_A_STEP
from chatbot_app.ui.chat.transcript import Transcript
from tests.hostile_answers import KINDS, hostile, mixture
from tests.ui.chat.support import answer, button, question, settle, streaming

SIZE = 10_000
TURN_SECONDS = 0.5  # of processor time; the goal that the benchmark prints is a tenth
MIXTURES = [f"mixture {seed}" for seed in range(10)]


def text_of(kind: str, size: int = SIZE) -> str:
    return mixture(int(kind.split()[1]), size) if kind.startswith("mixture") else hostile(kind, 3, size)


def turn(until: Callable[[], bool]) -> float:
    """Run the event loop until something holds; return the longest turn in seconds of the thread's time."""
    longest, end = 0.0, time.monotonic() + 60
    while not until() and time.monotonic() < end:
        start = time.thread_time()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]
        longest = max(longest, time.thread_time() - start)
    assert until()
    return longest


def check(transcript: Transcript, name: str, longest: float) -> None:
    step = transcript.drawing.step
    # One block may be begun with the last of the allowance; a feed and the growing block come before it.
    assert step.heaviest <= 3 * BUILT_A_STEP, step.heaviest
    assert step.most_built <= 60
    assert longest < TURN_SECONDS
    view = transcript.view_of(name)
    assert view is not None
    items = view.body.items
    # The last feed may bring more blocks than are allowed: at most one for every two of its characters.
    assert len(items) <= BLOCKS_MOST + FED_AT_ONCE // 2
    for item in items:
        if item.block.kind in (MarkdownKind.TEXT, MarkdownKind.PLAIN) and item.block.name != "table":
            assert len(item.block.source) <= READ_AT_ONCE
            assert weight(item.block.source) <= 12_000, item.block
    shown = [item for item in items if item.view is not None]
    assert sum(item.cost for item in shown) <= 12 * BUILT_A_STEP


@pytest.mark.parametrize("kind", [*KINDS, *MIXTURES])
def test_every_step_is_bounded_while_it_streams_opens_and_changes(
    transcript: Transcript, qtbot: QtBot, kind: str
) -> None:
    text = text_of(kind)
    transcript.begin_answer(streaming())
    longest = 0.0
    for start in range(0, len(text), 2_000):
        transcript.append_text("a", text[start : start + 2_000])
        longest = max(longest, turn(lambda: True))
    transcript.set_message(answer(text))
    longest = max(longest, turn(lambda: transcript.is_settled))
    check(transcript, "a", longest)
    transcript.show_conversation([answer(text, "b")], has_older=False)
    longest = turn(lambda: transcript.is_settled)
    check(transcript, "b", longest)
    for change in (
        lambda: transcript.resize(500, 500),
        lambda: transcript.setFont(sized(transcript.font(), 1.3)),
        lambda: transcript.verticalScrollBar().setValue(0),
        lambda: transcript.resize(900, 700),
    ):
        before = time.thread_time()
        change()
        assert time.thread_time() - before < TURN_SECONDS
        longest = turn(lambda: transcript.is_settled)
        check(transcript, "b", longest)
    assert transcript.text_of("b") == text
    view = transcript.view_of("b")
    assert view is not None
    view.copy()
    assert QGuiApplication.clipboard().text() == visible_text(text)


def test_more_blocks_than_anyone_reads_are_shown_on_demand(transcript: Transcript, qtbot: QtBot) -> None:
    text = "# x\n" * (3 * BLOCKS_MOST)
    transcript.show_conversation([answer(text)], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    first = len(view.body.items)
    assert BLOCKS_MOST <= first <= BLOCKS_MOST + FED_AT_ONCE
    more = button(view, "show_all_button")
    assert "Show the rest" in more.toolTip() or "Show the rest" in more.accessibleName()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    settle(qtbot, transcript)
    assert len(view.body.items) > first
    view.body.select_all()
    assert view.body.selected_text() == text


def test_what_is_typed_and_opened_survives_another_theme(transcript: Transcript, qtbot: QtBot) -> None:
    shown = [question("Why?"), answer("So.", reasoning="Hm.")]
    transcript.show_conversation(shown, has_older=False)
    settle(qtbot, transcript)
    button(transcript.view_of("a"), "reasoning_button").click()  # type: ignore[arg-type]
    asked = transcript.view_of("q")
    assert asked is not None
    asked.edit()
    assert asked.editor is not None
    field = asked.editor.findChild(QPlainTextEdit, "message_edit_field")
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("Why not?")
    transcript.setFont(sized(transcript.font(), 1.2))
    settle(qtbot, transcript)
    asked, answered = transcript.view_of("q"), transcript.view_of("a")
    assert asked is not None
    assert answered is not None
    assert asked.editor is not None
    assert asked.editor.text() == "Why not?"
    assert answered.content.arriving.reasoning_text() == "Hm."


def test_an_answer_that_is_being_read_may_be_made_anew(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([answer(("word " * 80 + "\n\n") * 1_200)], has_older=False)
    old = transcript.view_of("a")
    assert old is not None
    transcript.drawing.idle.clear()
    reading = transcript.reading_ahead.steps()
    before = len(old.body.items)
    while len(old.body.items) == before:
        next(reading)
    assert not old.body.is_fed
    transcript.setFont(sized(transcript.font(), 1.3))
    qtbot.waitUntil(lambda: transcript.view_of("a") is not old)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]
    assert not isValid(old)
    for _ in reading:
        pass
    settle(qtbot, transcript)
