"""An answer from a document, checked by the connected model in the window: both verdicts, Stop, deletion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton

from chatbot_app.core.model_verdicts import model_check_of
from chatbot_app.core.trust import Verdict
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.model_check_line import ModelCheckLine
from tests.e2e.person import Launch, Person
from tests.e2e.test_trusted_answers import add, shown, view_of_newest
from tests.scripted_server import Answer, Request, ScriptedServer, no_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")

SHIP = "The ship Meridian was built in Hamburg in 1912. It carried tea and letters to Lisbon.\n"
ANSWER = "The ship Meridian was built in Hamburg in 1912 [1]. It carried tea and letters [1]."


def doubtful(request: Request) -> Answer:
    """Support the first statement, and not the second."""
    asked = json.loads(request.json["messages"][-1]["content"])
    found = {"sentence": "", "source": 0, "verdict": "unsupported"}
    if "1912" in asked["statement"]:
        found = {"sentence": "built in Hamburg in 1912", "source": 1, "verdict": "supported"}
    return sse_answer([json.dumps(found)])


def asked(launch: Launch, scripted: ScriptedServer, tmp_path: Path) -> Person:
    path = tmp_path / "ship.txt"
    path.write_text(SHIP)
    person = launch()
    person.find(QPushButton, "welcome_skip").click()
    add(person, path)
    scripted.set_answers(sse_answer([ANSWER]))
    person.ask("Where and when was the ship Meridian built?")
    return person


def click(view: MessageView, name: str) -> None:
    button = view.findChild(QAbstractButton, name)
    assert button is not None
    assert button.isVisible()
    button.click()


def test_the_connected_model_checks_what_is_stopped_stays_and_nothing_outlives_its_message(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = asked(launch, scripted, tmp_path)
    scripted.set_answers(doubtful, no_answer())
    view = view_of_newest(person)
    click(view, "check_with_model_button")
    person.qtbot.waitUntil(lambda: len(scripted.chat_requests) == 3, timeout=20_000)
    [line] = shown(view, ModelCheckLine)
    assert isinstance(line, ModelCheckLine)
    person.qtbot.waitUntil(lambda: line.words() == "scripted checks: 1 of 2 statements")
    # Left and come back to, it goes on where it is.
    chat = person.application.controllers.chat
    conversation_id = chat.conversation_id
    assert conversation_id is not None
    person.click("new_conversation_button")
    assert not person.transcript.message_ids()
    chat.open(conversation_id)
    person.qtbot.waitUntil(lambda: len(person.transcript.message_ids()) == 2, timeout=20_000)
    view = view_of_newest(person)
    [line] = shown(view, ModelCheckLine)
    assert line.words() == "scripted checks: 1 of 2 statements"  # type: ignore[attr-defined]
    # Escape in the composer stops it, as it stops an answer.
    person.qtbot.keyClick(person.composer, Qt.Key.Key_Escape)
    # The line may be made anew before, when what was stored of its message comes.
    stopped = ["By scripted, 1 of 2 statements: 1 supported"]
    person.qtbot.waitUntil(
        lambda: [one.words() for one in shown(view, ModelCheckLine)] == stopped,  # type: ignore[attr-defined]
        timeout=20_000,
    )
    assert scripted.client_left.wait(60)

    scripted.set_answers(doubtful)
    click(view, "check_with_model_button")
    person.qtbot.waitUntil(lambda: "1 not supported" in shown(view, ModelCheckLine)[0].words())  # type: ignore[attr-defined]
    kept = model_check_of(person.answers()[-1].metadata)
    assert kept is not None
    assert [one.verdict for one in kept.verdicts] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert "Hamburg" in kept.verdicts[0].sentence

    # Deleted in the middle of a check: it ends, and nothing of it comes back.
    scripted.set_answers(no_answer())
    scripted.client_left.clear()
    requests = len(scripted.chat_requests)
    click(view, "check_with_model_button")
    person.qtbot.waitUntil(lambda: len(scripted.chat_requests) > requests, timeout=20_000)
    person.application.window.conversation_list.wishes.deletion_requested.emit([conversation_id])
    assert scripted.client_left.wait(60)

    # A model that is called small is not asked.
    person.click("new_conversation_button")
    scripted.set_answers(sse_answer([ANSWER]))
    person.ask("Where and when was the ship Meridian built?")
    view = view_of_newest(person)
    check = view.findChild(QAbstractButton, "check_with_model_button")
    assert check is not None
    assert check.isVisible()
    person.find(QAbstractButton, "small_model_check").click()
    person.qtbot.waitUntil(lambda: not check.isVisible())
