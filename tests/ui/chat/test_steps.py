"""How much the window's thread does at a time: allowances, turns of the event loop, another style."""

from __future__ import annotations

import pytest
from PySide6.QtGui import (
    QColor,
    QPalette,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.ui.chat import block_stack
from chatbot_app.ui.chat.block_stack import BlockItem, BlockStack
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.code_chunks import LINE_SHOWN, ROW_SHOWN
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.editor_field import EditorField
from chatbot_app.ui.chat.highlighting import load_lexer
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.step_allowance import BUILT_A_STEP, StepAllowance
from chatbot_app.ui.chat.transcript import Transcript
from chatbot_app.ui.palettes import DARK, LIGHT
from chatbot_app.ui.theme import apply_theme
from tests.ui.chat.conftest import Clock
from tests.ui.chat.support import answer, settle, shown_text


def built_weight(transcript: Transcript) -> int:
    view = transcript.view_of("a")
    assert view is not None
    return sum(item.cost for item in view.body.items if item.view is not None)


def test_a_step_ends_by_the_time_of_the_thread_as_well_as_by_weight(clock: Clock) -> None:
    step = StepAllowance(most=100, seconds=0.01, clock=clock)
    assert step.take(500), "the first of a step never waits"
    assert not step.take(1)
    assert step.is_short
    step.begin()
    assert step.take(10)
    assert step.has_room
    clock.now += 0.02
    assert not step.has_room
    assert not step.take(1), "everything was slower than it was thought to be"
    step.begin()
    assert step.take(10)


def test_several_movements_in_one_turn_of_the_event_loop_are_one_step(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation([answer("x " * 600 + "\n\n" + ("y " * 900 + "\n\n") * 300)], has_older=False)
    settle(qtbot, transcript)
    before, bar = built_weight(transcript), transcript.verticalScrollBar()
    for part in (0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0):
        bar.setValue(round(bar.maximum() * part))
    assert built_weight(transcript) - before < 2 * BUILT_A_STEP
    settle(qtbot, transcript)
    assert "x x x" in shown_text(transcript)


def test_another_theme_styles_no_block_twice_and_draws_all_of_them(
    transcript: Transcript, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, "light")
    try:
        transcript.show_conversation([answer("# x\n" * 300)], has_older=False)
        settle(qtbot, transcript)
        assert len(transcript.findChildren(BlockView)) > 10
        shown = transcript.view_of("a")
        assert shown is not None
        shown.body.blocks.drop(next(item for item in shown.body.items if item.view is not None))
        apply_theme(qapp, "dark")
        assert not transcript.findChildren(BlockView)
        assert not transcript.viewport().updatesEnabled(), "what was drawn is seen until there is more"
        settle(qtbot, transcript)
        assert transcript.viewport().updatesEnabled()
        assert shown_text(transcript).startswith("x\nx\n")
        view = transcript.findChildren(BlockView)[0]
        text = view.text_views()[0]
        assert text.palette().color(QPalette.ColorRole.Text) == QColor(DARK.text)
    finally:
        apply_theme(qapp, "light")
    settle(qtbot, transcript)
    assert transcript.drawing.look.colors is LIGHT


def test_heights_far_away_are_estimated_once_for_a_width(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[MarkdownBlock] = []
    monkeypatch.setattr(block_stack, "estimate", lambda look, block, width: asked.append(block) or 20)
    stack = BlockStack(transcript.drawing)
    items = [BlockItem(MarkdownBlock(MarkdownKind.TEXT, "x", name="paragraph")) for _ in range(50)]
    stack.replace(0, items)
    bottom = stack.place(400, lambda item: None)
    for position in range(50):
        stack.touch(position)
        assert stack.place(400, lambda item: None) == bottom
    assert len(asked) == 50
    stack.place(300, lambda item: None)
    assert len(asked) == 100


def test_a_row_of_code_is_short_where_its_letters_are_costly(transcript: Transcript, qtbot: QtBot) -> None:
    for text in ("x" * 5_000, "字" * 5_000, "short\n" + "ש" * 700 + "\n" + "y" * LINE_SHOWN):
        view = CodeView(transcript.drawing.look, transcript.drawing.idle)
        qtbot.addWidget(view)
        view.set_code(text, "", closed=True)
        qtbot.waitUntil(lambda: transcript.drawing.idle.is_idle)
        rows = "\n".join(chunk.plain_text() for chunk in view.chunks).split("\n")
        assert "".join(rows) == text.replace("\n", "")
        for row in rows:
            assert len(row) <= LINE_SHOWN
            if not row.isascii():
                assert len(row) <= max(ROW_SHOWN, LINE_SHOWN // 4)


def test_the_editor_takes_marks_that_stand_on_each_other_in_short_rows(qtbot: QtBot) -> None:
    text = "a" + "\u0301\u0323" * 20_000 + "\nend"
    field = EditorField(text)
    qtbot.addWidget(field)
    assert field.document().characterCount() < 8_000
    assert field.whole_text() == text
    qtbot.waitUntil(lambda: field.is_filled)
    assert field.whole_text() == text
    assert field.document().begin().length() < 1_000


def test_code_without_a_coloured_word_is_read_in_short_steps(transcript: Transcript, qtbot: QtBot) -> None:
    for _ in load_lexer("cpp"):
        pass
    idle = IdleWork(transcript)
    view = CodeView(transcript.drawing.look, idle)
    qtbot.addWidget(view)
    view.set_code("|b" * 400 + ("\n" + "|b" * 400) * 20, "cpp", closed=True)
    steps = iter(range(1_000))
    idle.run_until_idle(lambda: next(steps) < 0)
    assert next(steps) > 50, "a step for every hundred tokens, whatever their colour"
