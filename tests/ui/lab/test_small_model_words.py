"""No sentence of the child is shown raw: the window has words of its own, in the person's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chatbot_app.lab.small import comparing
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.refusals import SENTENCES, Refused, Why, to_event
from chatbot_app.lab.small.training_plan import TrainingPlan
from chatbot_app.ui.lab import small_model_words
from chatbot_app.ui.lab.build_compare_tab import CompareTab
from chatbot_app.ui.lab.build_cost_tab import CostTab
from chatbot_app.ui.lab.build_learn_tab import LearnTab
from chatbot_app.ui.lab.build_write_tab import WriteTab
from chatbot_app.ui.lab.curve_plot import CurvePlot
from chatbot_app.workers.small_models import SmallModelProcess

VALUES: dict[Why, dict[str, Any]] = {
    Why.VOCABULARY: {"least": 64, "most": 4096},
    Why.DIGITS: {"most": 3},
    Why.MEMORY_NEEDED: {"gigabytes": "9.1"},
    Why.HEADS: {"heads": 3, "width": 128},
    Why.KEY_HEADS: {"key_heads": 3, "heads": 4},
    Why.SYSTEM: {"reason": "a {strange} reason"},
}


def refused(why: Why) -> Refused:
    return Refused(why, **VALUES.get(why, {}))


class Foreign(QTranslator):
    """A language in which every text stands in brackets."""

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return f"⟦{text}⟧"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def foreign(qtbot: QtBot) -> Iterator[None]:
    language = Foreign()
    QCoreApplication.installTranslator(language)
    yield
    QCoreApplication.removeTranslator(language)


def no_plan() -> TrainingPlan:
    raise refused(Why.HEADS)


def text(tab: QWidget, name: str) -> str:
    return cast(QLabel, tab.findChild(QLabel, name)).text()


@pytest.mark.parametrize("why", list(Why))
def test_the_window_has_the_sentence_of_every_reason(why: Why) -> None:
    assert small_model_words.refusal_words(refused(why)) == str(refused(why))
    assert set(SENTENCES) == set(Why)


def test_every_model_that_is_compared_has_words() -> None:
    for group in comparing.GROUPS.values():
        words = [small_model_words.variant_words(variant.name) for variant in group]
        assert len(set(words)) == len(group)


@pytest.mark.usefixtures("foreign")
def test_what_the_child_sends_is_shown_in_the_language_of_the_window(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = SmallModelProcess()
    monkeypatch.setattr(process, "ask", lambda **_: None)  # what it sends is told here
    learn, write = LearnTab(process), WriteTab(process)
    compare, cost = CompareTab(process, no_plan), CostTab(process, no_plan)
    for tab in (learn, write, compare, cost):
        qtbot.addWidget(tab)
    model = KeptModel(cast(Any, "folder"), "name", TrainingPlan())
    places = (
        (learn, "build_status"),
        (write, "write_note"),
        (compare, "compare_result"),
        (cost, "cost_note"),
    )
    for why in Why:
        learn.learn(model)
        process.happened.emit(to_event("not_saved", refused(why)))
        assert text(learn, "build_unsaved").count("⟦") == 2
        process.happened.emit(to_event("failed", refused(why)))
        for tab, name in places:
            assert text(tab, name).startswith("⟦"), (why, name)
            assert text(tab, name).endswith("⟧"), (why, name)
    curves = cast(CurvePlot, compare.findChild(CurvePlot, "compare_curves"))
    for group in comparing.GROUPS.values():
        for variant in group:
            process.happened.emit({"event": "compared_with", "name": variant.name, "parameters": 9})
            point = {
                "event": "point",
                "name": variant.name,
                "step": 1,
                "loss": 1.0,
                "training": 1.0,
                "exact": None,
            }
            process.happened.emit(point)
    assert all(name.startswith("⟦") for name in curves.names)
    for group in comparing.GROUPS.values():
        assert not any(f"⟦{variant.name}:" in text(compare, "compare_result") for variant in group)
    process.happened.emit({"event": "diverged", "name": "no-mask", "step": 3})
    assert "⟦⟦no mask⟧: its loss grew beyond all numbers⟧" in text(compare, "compare_result")
    compare.compare("")
    cast(QPushButton, cost.findChild(QPushButton, "cost_start")).click()
    assert text(compare, "compare_result") == text(cost, "cost_note") == f"⟦{refused(Why.HEADS)}⟧"
    process.deleteLater()


def test_what_a_switch_does_is_said_against_the_model_that_has_it(qtbot: QtBot) -> None:
    process = SmallModelProcess()
    tab = CompareTab(process, no_plan)
    qtbot.addWidget(tab)
    names = [variant.name for variant in comparing.GROUPS["parts"]]
    for name in names:
        process.happened.emit({"event": "compared_with", "name": name, "parameters": 1234})
    point = {"event": "point", "step": 5, "training": 1.0, "exact": None}
    process.happened.emit({**point, "name": "no-skip-connections", "loss": 2.5})
    assert "against" not in text(tab, "compare_result")  # the whole model has no loss yet
    process.happened.emit({**point, "name": "whole", "loss": 2.25})
    process.happened.emit({**point, "name": "no-layer-norm", "loss": 2.0})
    process.happened.emit({"event": "diverged", "name": "neither", "step": 3})
    assert text(tab, "compare_result").splitlines() == [
        "without layer norm: loss 2.000 (1.000 where it learns), 1,234 parameters, -0.250 against “with both”",
        "with both: loss 2.250 (1.000 where it learns), 1,234 parameters",
        "without skip connections: loss 2.500 (1.000 where it learns), 1,234 parameters, +0.250 against “with both”",
        "without both: its loss grew beyond all numbers",
    ]
    curves = cast(CurvePlot, tab.findChild(CurvePlot, "compare_curves"))
    assert set(curves.names) == {"with both", "without layer norm", "without skip connections"}
    group = cast(QComboBox, tab.findChild(QComboBox, "compare_group"))
    group.setCurrentIndex(group.findData("heads"))
    assert (curves.names, text(tab, "compare_result")) == ([], "")  # those were of other models
    process.deleteLater()


def test_what_is_not_saved_is_said_until_it_is(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that goes on writes over the line of its state, and an end that was not saved is no saved one."""
    process = SmallModelProcess()
    monkeypatch.setattr(process, "ask", lambda **_: None)  # what it sends is told here
    learn = LearnTab(process)
    qtbot.addWidget(learn)
    learn.show()
    unsaved = cast(QLabel, learn.findChild(QLabel, "build_unsaved"))
    model = KeptModel(cast(Any, "folder"), "name", TrainingPlan())
    learn.learn(model)
    full = Refused(Why.SYSTEM, reason="No space left on device")
    process.happened.emit(to_event("not_saved", full))
    process.happened.emit({"event": "step", "step": 1200, "loss": 1.0, "left": 60.0})
    assert unsaved.isVisible()
    assert "No space left on device" in unsaved.text()
    assert "1,200" in text(learn, "build_status")
    process.happened.emit({"event": "saved", "step": 1200})
    assert not unsaved.isVisible()
    process.happened.emit(to_event("not_saved", full))
    process.happened.emit({"event": "stopped", "step": 1300, "is_saved": False})
    assert unsaved.isVisible()
    assert "not saved" in text(learn, "build_status")
    process.deleteLater()
