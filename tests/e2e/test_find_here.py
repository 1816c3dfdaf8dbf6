"""Ctrl+F finds in the open conversation, also in messages that are no widgets, and Enter goes to the next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from chatbot_app.core.messages import MessageStatus
from chatbot_app.ui.chat.look import sized
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.chat.transcript import Transcript
from tests.e2e.person import Launch

pytestmark = pytest.mark.xdist_group("e2e")


def marked(transcript: Transcript) -> list[TextView]:
    """The texts in which something is marked."""
    return [view for view in transcript.findChildren(TextView) if view.marked_places()]


def test_words_are_found_in_the_whole_conversation(launch: Launch) -> None:
    person = launch()
    wait, application = person.qtbot.waitUntil, person.application
    store = application.services.conversations
    conversation, leaf, ids = store.create_conversation(), None, []
    for number in range(90):
        _question, answer = store.begin_exchange(conversation.id, leaf, f"Question {number}?")
        text = f"Of **Quaggas and\nzebras**, part {number}." if number in (2, 50, 89) else f"Answer {number}."
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, finish_reason="stop", text=text)
        leaf = answer.id
        ids.append(leaf)
    application.controllers.chat.open(conversation.id)
    transcript = person.transcript
    wait(lambda: ids[89] in transcript.message_ids() and transcript.is_settled)
    assert ids[2] not in transcript.message_ids()

    application.window.find_here_requested.emit()
    line, count = person.find(QLineEdit, "find_line"), person.find(QLabel, "find_count")
    wait(line.hasFocus)
    person.qtbot.keyClicks(line, "quaggas AND zebras")
    person.qtbot.keyClick(line, Qt.Key.Key_Return)
    wait(lambda: count.text() == "2 of 3 messages")  # the first of those that are shown
    person.qtbot.keyClick(line, Qt.Key.Key_Return)
    wait(lambda: count.text() == "3 of 3 messages")
    person.qtbot.keyClick(line, Qt.Key.Key_Return)  # and round
    wait(lambda: count.text() == "1 of 3 messages" and ids[2] in transcript.message_ids())
    person.qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    wait(lambda: count.text() == "3 of 3 messages")
    wait(lambda: bool(marked(transcript)))
    earlier = marked(transcript)
    transcript.setFont(sized(transcript.font(), 1.4))  # as another theme, it makes every message anew
    wait(lambda: bool(marked(transcript)) and not set(marked(transcript)) & set(earlier))
    person.qtbot.keyClicks(line, " not there")
    wait(lambda: count.text() == "Nothing found")
    person.qtbot.keyClick(line, Qt.Key.Key_Escape)
    wait(lambda: not person.find(QWidget, "find_bar").isVisible())
    assert person.composer.hasFocus()
