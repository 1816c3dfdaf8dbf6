"""The models of this computer: what each is, what can be done with it, how it is run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLabel, QListView, QMessageBox, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.local_models import EngineSettings
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.local_page import LocalPage
from chatbot_app.ui.models.model_words import parameter_words, size_words, time_words
from tests.ui.models.support import (
    BUILT_IN_ROW,
    DOWNLOADED_ROW,
    FACTS,
    GONE_ROW,
    OWN_ROW,
    VECTORS_ROW,
)

ROWS = [BUILT_IN_ROW, DOWNLOADED_ROW, OWN_ROW, VECTORS_ROW]


@pytest.fixture
def actions() -> LocalActions:
    return LocalActions()


@pytest.fixture
def page(qtbot: QtBot, actions: LocalActions) -> LocalPage:
    made = LocalPage(actions)
    actions.setParent(made)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show_rows(ROWS, threads=8)
    made.show()
    return made


def text(page: QWidget, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None, name
    return "" if label.isHidden() else plain(label.text())


def plain(words: str) -> str:
    """Without places to break, and without what groups digits where somebody lives."""
    return words.replace("\u200b", "").replace(",", "")


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None, name
    return found


def test_every_model_says_what_it_is_and_how_it_runs(page: LocalPage) -> None:
    rows = page.findChild(QListView, "models_list").rows()  # type: ignore[union-attr]
    assert [(row.title, row.note, row.note_below) for row in rows] == [
        ("SmolLM2-135M-Instruct (default)", "loaded", "runs well"),
        ("Qwen2.5-7B-Instruct-Q4_K_M", "", "runs slowly"),
        ("my <b>model</b>", "", "does not fit"),
        ("bge", "", "runs well"),
    ]
    assert rows[1].below == "7.6 B  ·  Q4_K_M  ·  4.7 GB"
    assert rows[3].below.endswith("for vectors")
    assert "runs slowly" in rows[1].spoken()


def test_all_facts_of_the_chosen_one_are_there(page: LocalPage) -> None:
    page.choose("d1")
    assert text(page, "model_name") == "Qwen2.5-7B-Instruct-Q4_K_M"
    assert text(page, "model_fit") == "It takes 9.0 GB of which 2.0 GB are free now."
    facts = {
        name: text(page, f"model_fact_{name}")
        for name in ("size", "parameters", "quantisation", "window", "memory", "speed", "licence", "origin")
    }
    assert facts == {
        "size": "4.7 GB in 2 files",
        "parameters": "7.6 B",
        "quantisation": "Q4_K_M",
        "window": "32768 tokens trained 4096 tokens here",
        "memory": "9.0 GB",
        "speed": "11.3 tokens/s in its last answer",
        "licence": "apache-2.0",
        "origin": "Qwen/Qwen2.5-7B-Instruct-GGUF / qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf",
    }
    page.choose("o1")
    assert text(page, "model_fact_speed") == "Measured with its first answer"
    assert text(page, "model_fact_licence") == "The file names none"
    assert text(page, "model_fact_origin") == ""
    assert text(page, "model_fact_file") == "/home/me/my.gguf"


@pytest.mark.parametrize(
    ("name", "signal", "arguments"),
    [
        ("model_use_button", "use_requested", ["d1"]),
        ("model_load_button", "load_requested", ["d1"]),
        ("model_default_button", "default_requested", ["d1"]),
        ("model_folder_button", "folder_requested", ["d1"]),
    ],
)
def test_buttons_ask_for_the_chosen_one(
    qtbot: QtBot, page: LocalPage, actions: LocalActions, name: str, signal: str, arguments: list[str]
) -> None:
    page.choose("d1")
    with qtbot.waitSignal(getattr(actions, signal)) as asked:
        button(page, name).click()
    assert asked.args == arguments


def test_what_ships_stays_and_what_is_loaded_can_be_unloaded(
    qtbot: QtBot, page: LocalPage, actions: LocalActions
) -> None:
    assert not button(page, "model_remove_button").isEnabled()
    assert not button(page, "model_rename_button").isEnabled()
    assert not button(page, "model_folder_button").isEnabled()
    assert not button(page, "model_default_button").isEnabled()
    assert button(page, "model_load_button").text() == "Unload"
    with qtbot.waitSignal(actions.unload_requested):
        button(page, "model_load_button").click()
    page.show_rows([replace(BUILT_IN_ROW, is_asleep=True)])
    assert button(page, "model_load_button").text() == "Unload"
    assert "gave its memory back" in text(page, "model_state")
    assert page.findChild(QListView, "models_list").rows()[0].note == "asleep"  # type: ignore[union-attr]
    page.show_rows([replace(BUILT_IN_ROW, is_busy=True)])
    assert not button(page, "model_load_button").isEnabled()
    assert "Working…" in text(page, "model_state")


@pytest.mark.parametrize(
    ("model_id", "words", "says"),
    [("d1", "Delete…", "Its file is deleted"), ("o1", "Take off the list…", "The file is yours and stays")],
)
def test_before_a_model_goes_it_is_said_what_becomes_of_its_file(
    qtbot: QtBot, page: LocalPage, actions: LocalActions, model_id: str, words: str, says: str
) -> None:
    page.choose(model_id)
    assert button(page, "model_remove_button").text() == words
    button(page, "model_remove_button").click()
    box = page.findChild(QMessageBox, "model_removal_box")
    assert box is not None
    assert says in box.informativeText()
    assert box.textFormat() is Qt.TextFormat.PlainText
    with qtbot.waitSignal(actions.removal_requested) as asked:
        box.findChild(QPushButton, "model_removal_confirmed").click()  # type: ignore[union-attr]
    assert asked.args == [model_id]


def test_cancelling_removes_nothing(qtbot: QtBot, page: LocalPage, actions: LocalActions) -> None:
    page.choose("d1")
    button(page, "model_remove_button").click()
    box = page.findChild(QMessageBox, "model_removal_box")
    assert box is not None
    with qtbot.assertNotEmitted(actions.removal_requested):
        box.reject()


def test_a_name_is_asked_for(qtbot: QtBot, page: LocalPage, actions: LocalActions) -> None:
    page.choose("d1")
    button(page, "model_rename_button").click()
    dialog = page.findChild(QInputDialog, "model_rename_dialog")
    assert dialog is not None
    assert dialog.textValue() == "Qwen2.5-7B-Instruct-Q4_K_M"
    dialog.setTextValue("qwen")
    with qtbot.waitSignal(actions.rename_requested) as asked:
        dialog.accept()
    assert asked.args == ["d1", "qwen"]


def test_a_file_that_is_gone_says_so_and_cannot_be_used(page: LocalPage) -> None:
    page.show_rows([BUILT_IN_ROW, GONE_ROW])
    page.choose("o1")
    assert "not there any more" in text(page, "model_fit")
    for name in ("model_use_button", "model_load_button", "model_default_button"):
        assert not button(page, name).isEnabled()
    assert button(page, "model_remove_button").isEnabled()


def test_a_model_for_vectors_does_not_talk_but_searches_documents(
    qtbot: QtBot, page: LocalPage, actions: LocalActions
) -> None:
    page.choose("v1")
    use = button(page, "model_use_button")
    assert use.text() == "Search documents…"
    with (
        qtbot.waitSignal(actions.embedding_requested) as asked,
        qtbot.assertNotEmitted(actions.use_requested),
    ):
        use.click()
    assert asked.args == ["v1"]
    assert "for vectors" in text(page, "model_state")


def test_the_chosen_one_stays_chosen(page: LocalPage) -> None:
    page.choose("o1")
    page.show_rows([BUILT_IN_ROW, OWN_ROW])
    assert page.chosen_id() == "o1"
    page.show_rows([BUILT_IN_ROW])
    assert page.chosen_id() == "built-in"


def test_the_keyboard_walks_the_list(qtbot: QtBot, page: LocalPage) -> None:
    page.focus_list()
    QTest.keyClick(page.findChild(QListView, "models_list"), Qt.Key.Key_Down)
    assert page.chosen_id() == "d1"
    assert text(page, "model_name") == "Qwen2.5-7B-Instruct-Q4_K_M"


def test_a_dropped_file_is_offered(qtbot: QtBot, page: LocalPage, actions: LocalActions) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.gguf")])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(actions.files_offered) as offered:
        page.dropEvent(event)
    assert offered.args == [[Path("/tmp/a.gguf")]]


def test_engine_settings_name_their_defaults_and_go_back_to_them(
    qtbot: QtBot, page: LocalPage, actions: LocalActions
) -> None:
    page.choose("d1")
    button(page, "engine_fold_button").click()
    form = page.details.engine
    assert form.isVisible()
    assert plain(form.context.text()) == "Automatic (4096)"
    assert form.threads.text() == "Automatic (8)"
    assert form.gpu_layers.text() == "Automatic (as many as fit)"
    switches = (form.flash_attention, form.cache_type, form.ngram)
    assert [box.currentText() for box in switches] == [
        "Automatic (where the engine can)",
        "Automatic (f16)",
        "Automatic (off)",
    ]
    assert form.gpu_layers.maximum() == FACTS.layers + 1
    assert not form.reset.isEnabled()
    with qtbot.waitSignal(actions.settings_changed) as changed:
        form.context.setValue(2048)
        form.gpu_layers.setValue(0)
        form.cache_type.setCurrentIndex(form.cache_type.findData("q8_0"))
        form.template.setPlainText("{{ messages }}")
    assert changed.args == [
        "d1",
        EngineSettings(context=2048, gpu_layers=0, cache_type="q8_0", chat_template="{{ messages }}"),
    ]
    assert form.reset.isEnabled()
    with qtbot.waitSignal(actions.settings_changed) as changed:
        form.reset.click()
    assert changed.args == ["d1", EngineSettings()]
    assert plain(form.context.text()) == "Automatic (4096)"


def test_what_was_written_is_told_before_another_model_is_shown(
    qtbot: QtBot, page: LocalPage, actions: LocalActions
) -> None:
    page.choose("d1")
    told: list[object] = []
    actions.settings_changed.connect(lambda model_id, settings: told.append((model_id, settings.threads)))
    page.details.engine.threads.setValue(3)
    page.choose("o1")
    assert told == [("d1", 3)]
    assert page.details.engine.threads.number() is None
    page.choose("d1")  # the row as it was before: the store has not answered yet


def test_showing_a_model_again_keeps_what_is_being_written(page: LocalPage) -> None:
    page.choose("d1")
    page.details.engine.context.setValue(1024)
    page.show_rows(ROWS, threads=8)
    assert page.details.engine.context.number() == 1024


def test_the_time_after_which_idle_models_go_is_set(
    qtbot: QtBot, page: LocalPage, actions: LocalActions
) -> None:
    with qtbot.assertNotEmitted(actions.idle_minutes_changed):
        page.show_idle_minutes(15)
    minutes = page.findChild(QSpinBox, "idle_minutes")
    assert minutes is not None
    assert minutes.text() == "15 min"
    with qtbot.waitSignal(actions.idle_minutes_changed) as changed:
        minutes.setValue(0)
    assert changed.args == [0]
    assert minutes.text() == "Never"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 KB"),
        (900, "1 KB"),
        (94_000_000, "94 MB"),
        (4_683_073_536, "4.7 GB"),
        (230_000_000_000, "230 GB"),
    ],
)
def test_sizes_in_words(count: int, words: str) -> None:
    assert size_words(count) == words


def test_other_numbers_in_words() -> None:
    assert parameter_words(134_515_008) == "135 M"
    assert parameter_words(0) == ""
    assert [time_words(seconds) for seconds in (0.4, 42, 300, 7200)] == ["a moment", "42 s", "5 min", "2 h"]
