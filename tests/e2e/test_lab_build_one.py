"""Build one, in the real window: a model learns, is paused, outlives the window, writes, and is compared."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import psutil
import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from chatbot_app.ui.lab.attention_head_view import AttentionHeadView
from chatbot_app.ui.lab.build_page import BuildPage
from chatbot_app.ui.lab.curve_plot import CurvePlot
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory
from tests.unit.lab.small.test_watched_model import SUMS, kept

pytestmark = pytest.mark.xdist_group("e2e")


def open_page(person: Person) -> BuildPage:
    laboratory = open_laboratory(person)
    laboratory.open_at("build_one")
    page = laboratory.page
    assert isinstance(page, BuildPage)
    return page


def set_number(person: Person, **values: int) -> None:
    for name, value in values.items():
        person.find(QSpinBox, name).setValue(value)


def small_sums(person: Person, steps: int) -> None:
    source = person.find(QComboBox, "build_source")
    source.setCurrentIndex(source.findText("Sums"))
    set_number(
        person,
        build_digits=1,
        build_layers=1,
        build_width=16,
        build_heads=2,
        build_batch=8,
        build_steps=steps,
    )


def status(person: Person) -> str:
    return person.find(QLabel, "build_status").text()


def children() -> list[Any]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it went while it was looked at
            if "--small-models" in child.cmdline():
                found.append(child)
    return found


def compare_measure_and_refuse(person: Person) -> None:
    tabs = person.find(QTabWidget, "build_tabs")
    tabs.setCurrentIndex(2)
    set_number(person, compare_steps=2)
    person.click("compare_start")
    result = person.find(QLabel, "compare_result")
    person.qtbot.waitUntil(lambda: result.text().count("parameters") == 3)
    person.qtbot.waitUntil(person.find(QPushButton, "compare_start").isEnabled)
    curves = person.find(CurvePlot, "compare_curves")
    assert {"GPT", "GRU", "encoder and decoder"} == set(curves.names)
    tabs.setCurrentIndex(3)
    person.click("cost_start")
    costs = person.find(CurvePlot, "cost_curves")
    person.qtbot.waitUntil(person.find(QPushButton, "cost_start").isEnabled)
    assert len(costs.names) == 3
    # What cannot be built is said in a sentence.
    tabs.setCurrentIndex(0)
    source = person.find(QComboBox, "build_source")
    source.setCurrentIndex(source.findText("My documents"))
    person.click("build_start")
    person.qtbot.waitUntil(lambda: "shorter" in status(person))
    models = person.find(QComboBox, "build_models")
    person.qtbot.waitUntil(lambda: models.count() == 2)
    models.setCurrentIndex(0)
    # A window that is closed before the model was made takes back what was wanted.
    start = person.find(QPushButton, "build_start")
    start.setEnabled(False)
    laboratory = person.find(QWidget, "laboratory_window")
    laboratory.close()
    assert start.isEnabled()
    laboratory.show()
    set_number(person, build_heads=3)
    person.click("build_start")
    assert status(person) == "3 heads do not divide a width of 128."


def test_a_model_learns_writes_is_deleted_and_others_are_compared(launch: Launch) -> None:
    person = launch()
    page = open_page(person)
    small_sums(person, 5)
    assert nameless(page) == []
    person.click("build_start")
    person.qtbot.waitUntil(lambda: status(person).startswith("Learned:"))
    curves = person.find(CurvePlot, "build_curves")
    assert len(curves.points("held out")) == 6
    assert "held out" in curves.accessibleDescription()
    assert "=" in person.find(QPlainTextEdit, "build_samples").toPlainText()
    models = person.find(QComboBox, "build_models")
    person.qtbot.waitUntil(lambda: models.currentText() == "GPT, sums, 1 × 16")
    tabs = person.find(QTabWidget, "build_tabs")
    tabs.setCurrentIndex(1)
    start = person.find(QPushButton, "write_start")
    person.qtbot.waitUntil(start.isEnabled)
    person.find(QLineEdit, "write_begin_with").setText("2 + 3 =😀")
    set_number(person, write_tokens=5)
    person.click("write_start")
    person.qtbot.waitUntil(lambda: person.find(QPlainTextEdit, "write_text").toPlainText() != "")
    person.qtbot.waitUntil(start.isEnabled)
    assert "😀" in person.find(QLabel, "write_note").text()
    assert person.find(QPlainTextEdit, "write_text").toPlainText().startswith("2 + 3 =")

    person.click("build_delete")
    box = person.find(QMessageBox, "build_delete_dialog")
    [delete] = [button for button in box.buttons() if button.text() == "Delete"]
    delete.click()
    person.qtbot.waitUntil(lambda: models.count() == 1)
    assert not list(person.application.services.paths.small_models.iterdir())
    compare_measure_and_refuse(person)


def test_what_an_encoder_read_is_looked_at_on_the_page_of_attention(launch: Launch) -> None:
    person = launch()
    kept(person.application.services.paths.small_models, SUMS, "Sums in two halves")
    open_page(person)
    look, kept_ones = person.find(QPushButton, "build_attention"), person.find(QComboBox, "build_models")
    person.qtbot.waitUntil(lambda: kept_ones.count() == 2)
    assert not look.isEnabled()  # a new model has learned nothing
    kept_ones.setCurrentIndex(1)
    person.click("build_attention")
    heads = person.find(AttentionHeadView, "attention_head_view")
    said = person.find(QLabel, "attention_said")
    person.qtbot.waitUntil(lambda: "what the encoder has read" in said.text())
    assert "What follows “=” the model wrote itself." in said.text()
    models, part = (person.find(QComboBox, name) for name in ("attention_models", "attention_part"))
    assert models.currentText() == "Sums in two halves (Build one)"
    assert part.currentText() == "Cross-attention"
    [panel] = heads.panels
    assert panel.asked == tuple("7 + 8 =")
    assert panel.tokens[0] == "↵"
    np.testing.assert_allclose(panel.weights.sum(-1), 1, atol=1e-5)
    assert nameless(person.find(QWidget, "laboratory_window")) == []
    part.setCurrentIndex(part.findText("Encoder"))
    person.qtbot.waitUntil(lambda: "Every token sees every other" in said.text())
    assert heads.panels[0].tokens == heads.panels[0].asked == tuple("7 + 8 =")
    models.setCurrentIndex(0)  # the built-in model has one kind alone, and reads sentences
    person.qtbot.waitUntil(lambda: heads.panels != () and heads.panels[0].tokens[-1] == " She")
    assert not part.isVisible()


def test_it_goes_on_after_a_pause_and_after_the_window(launch: Launch) -> None:
    person = launch()
    open_page(person)
    small_sums(person, 100_000)
    person.click("build_start")
    person.qtbot.waitUntil(lambda: "loss" in status(person))  # a step was made
    assert person.find(QPlainTextEdit, "build_samples").toPlainText() != ""
    person.click("build_pause")
    person.qtbot.waitUntil(lambda: status(person).startswith("Paused"))
    start = person.find(QPushButton, "build_start")
    person.qtbot.waitUntil(lambda: start.isEnabled() and start.text() == "Go on")
    person.click("build_start")
    person.qtbot.waitUntil(lambda: "parameters" in status(person))
    # The window is closed while it learns: the process saves and goes.
    person.find(QWidget, "laboratory_window").close()
    person.qtbot.waitUntil(lambda: children() == [])
    person.application.shutdown()

    again = launch()
    open_page(again)
    models = again.find(QComboBox, "build_models")
    again.qtbot.waitUntil(lambda: models.count() == 2)
    models.setCurrentIndex(1)
    assert "of 100,000 steps" in status(again)
    assert not status(again).startswith("Learned 0 ")
    again.click("build_start")
    again.qtbot.waitUntil(lambda: len(again.find(CurvePlot, "build_curves").points("held out")) >= 1)
    [child] = children()
    again.application.shutdown()
    again.qtbot.waitUntil(lambda: not psutil.pid_exists(child.pid))
