"""Formulas in messages: drawn elsewhere, within a budget, and readable where they are not drawn."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.formula_pictures import (
    KEPT_BYTES,
    MAX_KEPT,
    KeptPictures,
    Picture,
    picture_of,
)
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.transcript import Transcript
from chatbot_app.workers.formula_process import FormulaProcess
from chatbot_app.workers.formulas import Drawn, Formula, Refusal
from tests.ui.chat.support import answer, blocks, settle, shown_text, streaming

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -10 {0} 12" width="{0}" height="12"><rect width="5" height="5"/></svg>'


class FakeProcess(QObject):
    """Draws at `answer_one`, for as many seconds as it is told."""

    def __init__(self, seconds: float = 0.01, *, at_once: bool = False) -> None:
        super().__init__()
        self.asked: list[tuple[Formula, float]] = []
        self.seconds = seconds
        self.process = FormulaProcess(self, command=[sys.executable, "-c", ""])
        self.answered = self.process.answered
        self.waiting: list[Formula] = []

    def draw(self, formula: Formula, limit: float) -> None:
        self.asked.append((formula, limit))
        self.waiting.append(formula)

    def answer_one(self, **values: Any) -> None:
        formula = self.waiting.pop(0)
        drawn = Drawn(**({"svg": SVG.format(20), "seconds": self.seconds} | values))
        self.answered.emit(formula, drawn)


def formula(tex: str) -> Formula:
    return Formula(tex, True, 16.0, "#123456", 1.0)


def renderer_with(process: FakeProcess) -> MathRenderer:
    return MathRenderer(process, process=process)  # type: ignore[arg-type]


@pytest.fixture
def process(qtbot: QtBot) -> FakeProcess:
    return FakeProcess()


def serve_all(qtbot: QtBot, renderer: MathRenderer, process: FakeProcess) -> None:
    def step() -> bool:
        if process.waiting:
            process.answer_one()
        return renderer.is_idle

    qtbot.waitUntil(step, timeout=20_000)


def show(transcript: Transcript, qtbot: QtBot, text: str) -> list[BlockView]:
    transcript.show_conversation([answer(text)], has_older=False)
    settle(qtbot, transcript)
    return blocks(transcript)


# --- the renderer ----------------------------------------------------------------------------------------


def test_the_formulas_of_one_message_take_no_more_than_their_budget(
    qtbot: QtBot, process: FakeProcess
) -> None:
    process.seconds = 0.7  # as much as a hostile one may
    renderer = renderer_with(process)
    hostile, other = FormulaBudget(), FormulaBudget()
    formulas = [formula(f"x_{n}") for n in range(50)]
    for one in formulas:
        assert renderer.picture(one, hostile) is None
    serve_all(qtbot, renderer, process)
    assert sum(limit for _, limit in process.asked) < 3  # promised; 0.7 × 2 taken
    assert len(process.asked) <= 4
    pictures = [renderer.picture(one, hostile) for one in formulas]
    assert all(isinstance(one, Picture) for one in pictures)
    assert [one.refusal for one in pictures if one][-1] is Refusal.MANY
    assert renderer.picture(formulas[-1], other) is None  # another message still may
    serve_all(qtbot, renderer, process)


def test_what_was_drawn_is_kept_and_costs_nothing_again(qtbot: QtBot, process: FakeProcess) -> None:
    renderer = renderer_with(process)
    for _ in range(2):
        budget = FormulaBudget()
        renderer.picture(formula("x"), budget)
        serve_all(qtbot, renderer, process)
    assert len(process.asked) == 1
    assert renderer.picture(formula("x"), budget) is not None


def test_what_is_kept_is_bounded(qtbot: QtBot) -> None:
    kept = KeptPictures()
    for number in range(MAX_KEPT + 10):
        kept.keep(formula(f"x_{number}"), Picture(None, refusal=Refusal.DEEP))
    assert len(kept) == MAX_KEPT
    assert kept.of(formula("x_9")) is None
    assert kept.of(formula("x_10")) is not None
    large = picture_of(Drawn(SVG.format(7_000)), 6.0)
    assert large.image is not None
    for number in range(40):
        kept.keep(formula(f"y_{number}"), large)
    assert kept.size <= KEPT_BYTES
    assert 1 <= len(kept) < MAX_KEPT


def test_a_picture_too_large_for_any_screen_is_not_painted() -> None:
    assert picture_of(Drawn(SVG.format(9_000)), 1.0).refusal is Refusal.LARGE
    assert picture_of(Drawn(SVG.format(7_900).replace("12", "7900")), 1.0).refusal is Refusal.LARGE
    assert picture_of(Drawn("<svg"), 1.0).refusal is Refusal.WRONG


def test_a_message_that_is_gone_costs_nothing_more(qtbot: QtBot, process: FakeProcess) -> None:
    renderer = renderer_with(process)
    budget = FormulaBudget()
    for number in range(50):
        renderer.picture(formula(f"x_{number}"), budget)
    qtbot.waitUntil(lambda: len(process.waiting) == 2)
    del budget
    serve_all(qtbot, renderer, process)
    assert len(process.asked) == 2


def test_many_formulas_are_told_in_few_steps(qtbot: QtBot, process: FakeProcess) -> None:
    process.seconds = 0.0
    renderer = renderer_with(process)
    told: list[frozenset[Formula]] = []
    renderer.pictures_drawn.connect(told.append)
    budget = FormulaBudget()
    for number in range(300):
        renderer.picture(formula(f"x_{number}"), budget)
    serve_all(qtbot, renderer, process)
    assert sum(len(one) for one in told) == 300
    assert len(told) < 60


# --- in a message ----------------------------------------------------------------------------------------

DEEP = "\\frac{1}{" * 23 + "x" + "}" * 23
TOO_DEEP = "\\begin{cases}a&" * 40 + "x" + "\\end{cases}" * 40
REFUSED = {
    "block": f"Before.\n\n$${TOO_DEEP}$$\n\nAfter.",
    "inline": f"Before ${TOO_DEEP}$ after.",
    "brackets": f"Before \\({TOO_DEEP}\\) after.",
    "table": f"| a | b |\n|---|---|\n| ${'{' * 70 + '}' * 70}$ | x |\n",
    "list": f"- one\n- ${TOO_DEEP}$\n",
}


@pytest.mark.parametrize("way", list(REFUSED))
def test_what_is_too_deep_stands_as_its_source_with_a_sentence(
    transcript: Transcript, qtbot: QtBot, way: str
) -> None:
    show(transcript, qtbot, REFUSED[way])
    shown = shown_text(transcript)
    source = "{" * 70 if way == "table" else TOO_DEEP
    assert source in shown
    assert "(too deep to be drawn)" in shown
    assert transcript.text_of("a") == REFUSED[way]


def test_the_fraction_of_23_levels_is_drawn(transcript: Transcript, qtbot: QtBot) -> None:
    """It hung the window for ever (issue 12, B1)."""
    (view,) = show(transcript, qtbot, f"$${DEEP}$$")
    assert "\ufffc" in view.text_views()[0].document.toPlainText()
    assert view.text_views()[0].plain_text().strip("$\n") == DEEP


def test_while_a_formula_is_drawn_its_source_stands_there(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation([answer("Before $x_{17}$ after.")], has_older=False)
    assert shown_text(transcript) == "Before $x_{17}$ after."
    settle(qtbot, transcript)
    assert "\ufffc" in blocks(transcript)[0].text_views()[0].document.toPlainText()


def test_a_formula_that_streams_is_drawn_once(transcript: Transcript, qtbot: QtBot) -> None:
    asked: list[Formula] = []
    transcript.drawing.renderer.process.answered.connect(lambda one, _: asked.append(one))
    transcript.begin_answer(streaming())
    text = "Let $$\\frac{a}{b}+c$$ and more $y^2$ words."
    for character in text:
        transcript.append_text("a", character)
        transcript.flush()
    transcript.set_message(answer(text))
    settle(qtbot, transcript)
    assert sorted(one.tex for one in asked) == ["\\frac{a}{b}+c", "y^2"]
