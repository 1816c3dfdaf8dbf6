"""The page of attention in the real window, with the model that answers and the one that finds passages."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox, QTabWidget

from chatbot_app.core.local_models import ModelFacts
from chatbot_app.ui.lab.attention_head_view import AttentionHeadView
from chatbot_app.ui.lab.attention_model_view import AttentionModelView
from chatbot_app.ui.lab.attention_neuron_view import AttentionNeuronView
from chatbot_app.ui.lab.laboratory_window import LaboratoryWindow
from chatbot_app.ui.lab.long_text_edit import LongTextEdit
from chatbot_app.ui.theme import ThemeMode, apply_text_size, apply_theme
from tests.decoder_files import write_decoder
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory

pytestmark = pytest.mark.xdist_group("e2e")


def said(person: Person, name: str = "attention_said") -> str:
    return person.find(QLabel, name).text()


def write(person: Person, text: str, name: str = "attention_text") -> None:
    person.find(LongTextEdit, name).setPlainText(text)


def attention_children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):  # it has just ended, and nobody has taken note of it yet
            found += [child] if "--attention" in child.cmdline() else []
    return found


def open_page(person: Person) -> LaboratoryWindow:
    laboratory = open_laboratory(person)
    laboratory.open_at("attention")
    return laboratory


def test_a_text_is_seen_head_by_head_and_number_by_number(launch: Launch, qapp) -> None:
    person = launch()
    laboratory = open_page(person)
    wait, click = person.qtbot.waitUntil, person.qtbot.keyClick
    heads = person.find(AttentionHeadView, "attention_head_view")
    wait(lambda: "30 layers of 9 heads; tokens: 9. A token sees itself" in said(person))
    assert heads.panels[0].tokens[-1] == " She"
    assert nameless(laboratory) == []

    person.find(QSpinBox, "attention_layer").setValue(7)
    person.find(QSpinBox, "attention_head").setValue(3)
    heads.setFocus()
    for _ in range(3):
        click(heads, Qt.Key.Key_Down)
    assert heads.current == (0, 0, 2)
    assert "“asked” looks at " in said(person, "attention_pointed")
    weights = heads.panels[0].weights[0]
    assert f"{100 * weights[2].max():.0f} %" in said(person, "attention_pointed")

    views = person.find(QTabWidget, "attention_views")
    views.setCurrentIndex(1)
    model = person.find(AttentionModelView, "attention_model_view")
    assert model.current == (7, 3)
    model.setFocus()
    click(model, Qt.Key.Key_Right)
    click(model, Qt.Key.Key_Up)
    click(model, Qt.Key.Key_Return)
    assert views.currentIndex() == 0
    assert (
        person.find(QSpinBox, "attention_layer").value(),
        person.find(QSpinBox, "attention_head").value(),
    ) == (6, 4)
    views.setCurrentIndex(1)
    person.qtbot.mouseClick(model, Qt.MouseButton.LeftButton, pos=model.area_of(0, 2).center())
    assert (
        person.find(QSpinBox, "attention_layer").value(),
        person.find(QSpinBox, "attention_head").value(),
    ) == (0, 2)

    views.setCurrentIndex(2)
    neurons = person.find(AttentionNeuronView, "attention_neuron_view")
    person.find(QComboBox, "attention_token").setCurrentIndex(4)
    neurons.setFocus()
    click(neurons, Qt.Key.Key_Up)
    pair = neurons.pair
    assert pair is not None
    assert "Layer 0, head 2: “nurse” → “the”" in said(person, "attention_explained")
    assert f"sum to {pair.product.sum():.2f}" in said(person, "attention_explained")
    assert f"makes {100 * pair.weights[3]:.1f} %" in said(person, "attention_explained")

    person.find(QCheckBox, "attention_compare").setChecked(True)
    wait(lambda: len(heads.panels) == 3)
    assert heads.panels[2].tokens[-1] == " She/He"
    first, second, change = (panel.weights for panel in heads.panels)
    np.testing.assert_allclose(change, second - first, atol=1e-6)
    assert not change[:, :8].any()  # what stands before the pronoun cannot know it
    assert np.abs(change[:, 8]).max() > 0

    for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
        apply_theme(qapp, mode)
        for tab in range(3):
            views.setCurrentIndex(tab)
            assert not laboratory.grab().isNull()
    apply_text_size(qapp, 1.5)
    assert not laboratory.grab().isNull()
    apply_text_size(qapp, 1.0)
    assert len(attention_children()) == 1
    laboratory.close()
    wait(lambda: not attention_children())  # and with it all that the model took


def test_both_masks_any_text_and_models_that_are_none(launch: Launch, tmp_path: Path) -> None:
    person = launch()
    models = person.application.services.models
    for name, architecture in (("Tiny", "llama"), ("Strange", "mamba")):
        models.add(write_decoder(tmp_path / f"{name}.gguf", architecture), ModelFacts(), name=name)
    open_page(person)
    wait = person.qtbot.waitUntil
    box = person.find(QComboBox, "attention_models")
    wait(lambda: box.count() == 4)
    heads = person.find(AttentionHeadView, "attention_head_view")
    mask = person.find(QCheckBox, "attention_mask")

    box.setCurrentIndex(3)
    wait(lambda: "Every token sees every other" in said(person))
    assert heads.panels[0].tokens[0] == "[CLS]"
    assert heads.panels[0].weights.all()
    mask.setChecked(True)
    wait(lambda: "what stands before it" in said(person))
    assert not np.triu(heads.panels[0].weights[0], 1).any()

    box.setCurrentIndex(box.findText("Tiny"))
    wait(lambda: "6 layers of 4 heads" in said(person))
    assert not mask.isVisible()
    write(person, "")
    wait(lambda: said(person).startswith("Write a text"))
    assert heads.panels == ()
    write(person, "😀 x")
    wait(lambda: [len(panel.tokens) for panel in heads.panels] == [6])
    write(person, "a b" * 400_000)
    wait(lambda: "Only the first 128 tokens" in said(person))

    box.setCurrentIndex(box.findText("Strange"))
    wait(lambda: "its architecture is “mamba”" in said(person))
    assert heads.panels == ()
    box.setCurrentIndex(box.findText("Tiny"))
    wait(lambda: "6 layers of 4 heads" in said(person))
    write(person, "the window is closed while this is computed")
