"""The form of a small model: what it shows is what is built."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from chatbot_app.lab.small.model_shape import Kind
from chatbot_app.lab.small.presets import preset
from chatbot_app.lab.small.training_plan import Source
from chatbot_app.ui.lab.build_form import BuildForm


def test_cross_attention_is_a_switch_of_models_that_have_it(qtbot: QtBot) -> None:
    form = BuildForm()
    qtbot.addWidget(form)
    form.show()
    cross = cast(QCheckBox, form.findChild(QCheckBox, "build_cross"))
    assert not cross.isVisible()
    plan = preset(Source.BOOK)
    for is_on in (False, True):
        shape = replace(plan.shape, kind=Kind.ENCODER_DECODER, has_cross_attention=is_on)
        form.show_plan(replace(plan, shape=shape))
        assert cross.isVisible()
        assert cross.isChecked() is is_on
        assert form.plan().shape == replace(shape, vocabulary=1)
