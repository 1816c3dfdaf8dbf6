"""The summary stands below what it covers, and can be edited, pinned and deleted there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import Summary
from chatbot_app.ui.chat.summary_card import SummaryCard
from chatbot_app.ui.chat.transcript import Transcript
from tests.ui.chat.support import button, long_conversation, settle

SUMMARY = Summary("s", "c", "m1", "**Goal**: a week in Lisbon.\n\n- two children\n- a dog", "tiny")


def shown(transcript: Transcript, qtbot: QtBot, summary: Summary = SUMMARY) -> SummaryCard:
    transcript.show_conversation(long_conversation(4), has_older=False)
    transcript.set_summary(summary)
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    card = transcript.findChild(SummaryCard)
    assert card is not None
    return card


def words(card: SummaryCard) -> str:
    assert card.body is not None
    views = [text for block in card.body.block_views() for text in block.text_views()]
    return "\n".join(view.plain_text() for view in views)


def test_it_stands_below_the_last_message_it_covers(transcript: Transcript, qtbot: QtBot) -> None:
    card = shown(transcript, qtbot)
    above, below = transcript.view_of("m1"), transcript.view_of("m2")
    assert above is not None
    assert below is not None
    assert above.geometry().bottom() < card.y() < card.geometry().bottom() < below.y()
    assert "Goal: a week in Lisbon." in words(card)
    assert "written by tiny" in card.accessibleName()


def test_pinning_and_deleting_are_asked_for(transcript: Transcript, qtbot: QtBot) -> None:
    card = shown(transcript, qtbot)
    with qtbot.waitSignal(transcript.user_actions.summary_pin_toggled) as asked:
        button(card, "pin_summary_button").click()
    assert asked.args == ["s", True]
    transcript.set_summary(replace(SUMMARY, pinned=True))
    with qtbot.waitSignal(transcript.user_actions.summary_pin_toggled) as asked:
        button(card, "pin_summary_button").click()
    assert asked.args == ["s", False]
    with qtbot.waitSignal(transcript.user_actions.summary_removed) as asked:
        button(card, "delete_summary_button").click()
    assert asked.args == ["s"]
    transcript.set_summary(None)
    assert card.isHidden()


def test_it_is_edited_in_place(transcript: Transcript, qtbot: QtBot) -> None:
    card = shown(transcript, qtbot)
    button(card, "edit_summary_button").click()
    field = card.findChild(QPlainTextEdit, "message_edit_field")
    assert field is not None
    assert field.toPlainText() == SUMMARY.text
    field.setPlainText("My words")
    with qtbot.waitSignal(transcript.user_actions.summary_edited) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["s", "My words"]
    transcript.set_summary(replace(SUMMARY, text="My words", edited=True))
    settle(qtbot, transcript)
    assert words(card) == "My words"
    assert "edited by you" in card.accessibleName()


def test_one_that_is_being_written_says_so(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long_conversation(4), has_older=False)
    transcript.set_unseen(frozenset({"m0", "m1"}))
    transcript.set_summary_pending(True)
    settle(qtbot, transcript)
    card = transcript.findChild(SummaryCard)
    assert card is not None
    assert "is being written" in card.accessibleName()
    transcript.set_summary_pending(False)
    assert card.isHidden()
