"""Who answers is seen, and changed with mouse and keyboard: favourites first, what runs marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.servers import BUILT_IN_SERVER, Server, ServerKind
from chatbot_app.ui.models.known_models import KnownModels
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.models.model_menu import ModelMenu, ModelMenuActions

OLLAMA = Server("o", "Ollama & <b>friends</b>", "http://localhost:11434/v1", ServerKind.OLLAMA)
VLLM = Server("v", "vLLM", "http://localhost:8000/v1", ServerKind.VLLM, default_model="big")
KNOWN = KnownModels(
    servers=(BUILT_IN_SERVER, OLLAMA, VLLM),
    models={"built-in": ("SmolLM2-135M-Instruct", "qwen"), "v": ("big", "small")},
    own={"built-in": "SmolLM2-135M-Instruct"},
    running=frozenset({"qwen"}),
    favourites=(("o", "llama3"), ("built-in", "qwen"), ("gone", "x")),
    chosen=("built-in", ""),
)


@pytest.fixture
def actions(qtbot: QtBot) -> ModelMenuActions:
    owner = QWidget()
    qtbot.addWidget(owner)
    made = ModelMenuActions(owner)
    made.owner = owner  # type: ignore[attr-defined]
    return made


def menu_of(actions: ModelMenuActions, known: KnownModels = KNOWN) -> ModelMenu:
    return ModelMenu(known, actions, actions.owner)  # type: ignore[attr-defined]


def words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def submenu(menu: QMenu, server_id: str) -> QMenu:
    found = menu.findChild(QMenu, f"models_of_{server_id}")
    assert found is not None
    return found


def test_favourites_come_first_and_what_runs_is_marked(actions: ModelMenuActions) -> None:
    assert words(menu_of(actions)) == [
        "Favourites",
        "llama3\tOllama && <b>friends</b>",
        "qwen\tloaded",
        "On this computer",
        "SmolLM2-135M-Instruct",
        "qwen\tloaded",
        "Servers",
        "Ollama && <b>friends</b>",
        "vLLM",
        "Keep SmolLM2-135M-Instruct among the favourites",
        "Use a better model…",
        "Models…",
        "Servers…",
    ]


def test_what_answers_now_is_ticked(actions: ModelMenuActions) -> None:
    ticked = [one.text() for one in menu_of(actions).actions() if one.isChecked()]
    assert ticked == ["SmolLM2-135M-Instruct"]
    by_server = menu_of(actions, replace(KNOWN, chosen=("v", "")))
    assert [one.text() for one in by_server.actions() if one.isChecked()] == ["vLLM"]
    assert [one.text() for one in submenu(by_server, "v").actions() if one.isChecked()] == [
        "Its default: big",
        "big\tloaded",
    ]


def test_a_model_of_a_server_is_chosen_in_its_menu(qtbot: QtBot, actions: ModelMenuActions) -> None:
    menu = menu_of(actions)
    with qtbot.waitSignal(actions.model_chosen) as chosen:
        action(submenu(menu, "v"), "small\tloaded").trigger()
    assert chosen.args == ["v", "small"]
    with qtbot.waitSignal(actions.model_chosen) as chosen:
        action(menu, "llama3\tOllama && <b>friends</b>").trigger()
    assert chosen.args == ["o", "llama3"]
    with qtbot.waitSignal(actions.model_chosen) as chosen:
        action(submenu(menu, "o"), "Its own choice").trigger()
    assert chosen.args == ["o", ""]


def test_a_server_is_asked_when_its_menu_is_opened_and_shown_when_it_answers(
    qtbot: QtBot, actions: ModelMenuActions
) -> None:
    asked: list[str] = []
    actions.list_wanted.connect(asked.append)
    menu = menu_of(actions)
    assert asked == []
    of_ollama = submenu(menu, "o")
    of_ollama.aboutToShow.emit()
    assert asked == ["o"]
    assert words(of_ollama) == ["Its own choice", "Asking for its models…"]
    menu.show_models(replace(KNOWN, models={**KNOWN.models, "o": ("a", "b")}), "o")
    assert words(of_ollama) == ["Its own choice", "a", "b"]
    menu.show_models(replace(KNOWN, problems={"o": "Ollama cannot be reached."}), "o")
    assert words(of_ollama) == ["Its own choice", "Ollama cannot be reached."]
    menu.show_models(replace(KNOWN, models={"o": ()}), "o")
    assert words(of_ollama) == ["Its own choice", "It has no model yet."]


def test_a_server_with_thousands_of_models_leads_to_the_settings(
    qtbot: QtBot, actions: ModelMenuActions
) -> None:
    many = tuple(f"vendor/model-{number}" for number in range(3000))
    menu = menu_of(actions, replace(KNOWN, models={**KNOWN.models, "o": many}))
    listed = words(submenu(menu, "o"))
    assert len(listed) < 40
    assert listed[-1] == "All 3000 models, in Settings…"
    with qtbot.waitSignal(actions.settings_requested):
        submenu(menu, "o").actions()[-1].trigger()


def test_names_of_strangers_are_one_line_and_literal(actions: ModelMenuActions) -> None:
    strange = "a\nb & c" + "x" * 500
    menu = menu_of(actions, replace(KNOWN, models={"built-in": (strange,)}, favourites=()))
    [name] = [text for text in words(menu) if text.startswith("a")]
    assert "\n" not in name
    assert "&&" in name
    assert len(name) < 60


def test_the_favourite_is_kept_and_taken_back(qtbot: QtBot, actions: ModelMenuActions) -> None:
    menu = menu_of(actions)
    with qtbot.waitSignal(actions.favourite_toggled) as toggled:
        action(menu, "Keep SmolLM2-135M-Instruct among the favourites").trigger()
    assert toggled.args == ["built-in", "SmolLM2-135M-Instruct", True]
    menu = menu_of(actions, replace(KNOWN, chosen=("built-in", "qwen")))
    with qtbot.waitSignal(actions.favourite_toggled) as toggled:
        action(menu, "Keep qwen among the favourites").trigger()
    assert toggled.args == ["built-in", "qwen", False]


def test_the_ways_to_others(qtbot: QtBot, actions: ModelMenuActions) -> None:
    menu = menu_of(actions)
    for text, signal in (
        ("Use a better model…", actions.better_model_requested),
        ("Models…", actions.models_requested),
        ("Servers…", actions.servers_requested),
    ):
        with qtbot.waitSignal(signal):
            action(menu, text).trigger()


def test_the_button_names_who_answers_and_the_keyboard_opens_it(qtbot: QtBot) -> None:
    button = ModelButton("model_button", widest=12)
    qtbot.addWidget(button)
    button.show()
    assert button.accessibleName()
    button.show_model("this computer", "SmolLM2-135M-Instruct.Q4_1.gguf")
    assert button.text() == "SmolLM2-135M"
    assert button.accessibleName() == "Answered by SmolLM2-135M-Instruct.Q4_1.gguf on this computer"
    button.show_model("Work & play", "")
    assert button.text() == "Work && play"
    with qtbot.waitSignal(button.menu_requested):
        QTest.keyClick(button, Qt.Key.Key_Space)
    button.show_model("S", "a-model-with-a-very-long-name-indeed-that-goes-on-and-on")
    wide = button.sizeHint().width()
    button.set_short(True)
    assert button.text() == ""
    assert button.accessibleName()
    assert button.sizeHint().width() < wide


def test_a_server_that_is_asked_for_no_model_answers_with_its_first_one() -> None:
    known = replace(KNOWN, models={"o": ("first", "second")}, chosen=("o", ""))
    assert known.current == ("o", "first")
    assert replace(KNOWN, chosen=("o", "")).current == ("o", "")
    assert replace(KNOWN, chosen=("v", "")).current == ("v", "big")
    assert replace(KNOWN, chosen=("v", "other")).current == ("v", "other")
