"""Servers of this computer are offered with one click, in words, and never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.servers import BUILT_IN_SERVER, Server, ServerKind
from chatbot_app.llm.found_servers import FoundServer
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.chat.welcome import Welcome, WelcomeStep
from chatbot_app.ui.settings.found_servers import FoundServers, models_of, words_of
from chatbot_app.ui.settings.servers_dialog import ServersDialog

OLLAMA = FoundServer("Ollama", "http://127.0.0.1:11434/v1", ServerKind.OLLAMA, ("a", "b", "c", "d"))
ONE = FoundServer("localhost:8080", "http://127.0.0.1:8080/v1", ServerKind.LLAMA_CPP, ("<b>m</b>",))
EMPTY = FoundServer("LM Studio", "http://127.0.0.1:1234/v1", ServerKind.LM_STUDIO)
LOCKED = FoundServer("Jan", "http://127.0.0.1:1337/v1", ServerKind.OTHER, needs_key=True)


@pytest.fixture
def strip(qtbot: QtBot) -> FoundServers:
    made = FoundServers()
    qtbot.addWidget(made)
    return made


def ways(welcome: Welcome) -> list[PaintedButton]:
    """Return the ways to begin, from the top."""
    shown = [button for button in welcome.findChildren(PaintedButton) if not button.isHidden()]
    return sorted(shown, key=PaintedButton.y)


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def test_nothing_found_takes_no_room(strip: FoundServers) -> None:
    assert strip.isHidden()
    strip.show_found([OLLAMA])
    assert not strip.isHidden()
    strip.show_found([])
    assert strip.isHidden()


def test_each_is_offered_in_a_sentence(strip: FoundServers) -> None:
    strip.show_found([OLLAMA, ONE, EMPTY, LOCKED])
    assert said(strip) == [
        "Ollama runs on this computer, with 4 models.",
        "localhost:8080 runs on this computer, with one model.",
        "LM Studio runs on this computer and has no model yet.",
        "Jan runs on this computer and asks for a key.",
    ]
    assert (
        words_of(replace(OLLAMA, loaded=("c",)))
        == "Ollama runs on this computer, with 4 models. c is loaded."
    )
    assert models_of(replace(OLLAMA, loaded=("c",))) == "c, a, b, …"
    assert models_of(replace(ONE, models=("/home/me/models/Qwen3-8B-Q4_K_M.gguf",))) == "Qwen3-8B-Q4_K_M.gguf"
    buttons = strip.findChildren(QPushButton)
    assert [one.text() for one in buttons] == ["Use it", "Use it", "Use it", "Enter the key…"]
    assert buttons[0].accessibleName() == "Use Ollama"


def test_a_click_chooses_the_one_beside_it(qtbot: QtBot, strip: FoundServers) -> None:
    strip.show_found([OLLAMA, LOCKED])
    with qtbot.waitSignal(strip.chosen) as chosen:
        strip.findChildren(QPushButton)[1].click()
    assert chosen.args == [LOCKED]


def test_in_the_dialog_a_server_that_asks_for_a_key_waits_for_it(qtbot: QtBot) -> None:
    dialog = ServersDialog()
    qtbot.addWidget(dialog)
    dialog.set_servers([BUILT_IN_SERVER], BUILT_IN_SERVER.id)
    dialog.show()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    server = Server("new", "Jan", LOCKED.base_url)
    dialog.ask_for_key(server)
    assert dialog.current_id() == "new"
    field = dialog.findChild(QLineEdit, "server_key_edit")
    assert field is not None
    assert field.hasFocus()
    dialog.ask_for_key(Server("another id", "Jan", LOCKED.base_url))  # a second click begins no second one
    assert dialog.current_id() == "new"
    with qtbot.waitSignal(dialog.server_saved) as saved:
        dialog.findChild(QPushButton, "server_save_button").click()  # type: ignore[union-attr]
    assert saved.args[0] == server


def test_the_welcome_offers_what_was_found_beside_the_other_ways(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    actions = TranscriptActions(place)
    welcome = Welcome(look_of(place), actions, place)
    welcome.resize(800, 700)
    welcome.offer_servers([("Ollama runs here. Use it", "a, b"), ("Jan", ""), ("third", "")])
    assert [button.objectName() for button in ways(welcome)] == [
        "welcome_try_model",
        "welcome_ask_document",
        "welcome_better_model",
        "welcome_found_server_0",
        "welcome_found_server_1",
        "welcome_add_server",
    ]
    chosen: list[object] = []
    actions.found_server_chosen.connect(chosen.append)
    actions.welcome_step_chosen.connect(chosen.append)
    ways(welcome)[4].click()
    ways(welcome)[2].click()
    assert chosen == [1, WelcomeStep.BETTER_MODEL]
    welcome.offer_servers([])
    assert len(ways(welcome)) == 4


@pytest.mark.parametrize("height", [900, 420, 260, 120])
def test_all_ways_of_the_welcome_are_seen_as_far_as_they_can_be(qtbot: QtBot, height: int) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    welcome = Welcome(look_of(place), TranscriptActions(place), place)
    welcome.offer_servers([("Ollama", "a"), ("Jan", "")])
    welcome.resize(700, height)
    offered = ways(welcome)
    assert [button.objectName() for button in offered[-3:]] == [
        "welcome_found_server_0",
        "welcome_found_server_1",
        "welcome_add_server",
    ]
    assert len({button.y() for button in offered}) == len(offered) == 6
    if height >= 420:
        last = offered[-1]
        assert last.y() + last.height() <= height
