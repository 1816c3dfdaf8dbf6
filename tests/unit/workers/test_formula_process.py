"""The process that draws mathematics: one, late, limited, replaced, and gone when nobody needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from chatbot_app.workers.formula_process import FormulaProcess
from chatbot_app.workers.formulas import Drawn, Formula, Refusal

READY = "import sys, json, os\nprint(json.dumps({'ready': True, 'seconds': 0.5}), flush=True)\n"
# Ends at the formula "bad", as at a limit of the system; draws all others.
FRAIL = (
    READY
    + """
for line in sys.stdin:
    if json.loads(line)["tex"] == "bad":
        os._exit(9)
    print(json.dumps({"svg": "<svg/>", "seconds": 0.25}), flush=True)
"""
)
DEAF = READY + "import time\ntime.sleep(600)\n"
SHY = (
    READY
    + "for line in sys.stdin:\n    print(json.dumps({'svg': ' '.join(sorted(os.environ)), 'seconds': 0}), flush=True)\n"
)


def formula(tex: str) -> Formula:
    return Formula(tex, True, 16.0, "#123456", 1.0)


class Drawer:
    """A process under test and what it answered."""

    def __init__(self, owner: QObject, code: str | None = None, **settings: int) -> None:
        command = [sys.executable, "-c", code] if code is not None else None
        self.process = FormulaProcess(owner, command=command, **settings)
        self.answers: dict[str, Drawn] = {}
        self.process.answered.connect(self.take)

    def take(self, drawn_formula: Formula, drawn: Drawn) -> None:
        self.answers[drawn_formula.tex] = drawn


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QObject]:
    held = QObject()
    yield held
    held.deleteLater()


def test_nothing_runs_before_the_first_formula_and_one_process_draws_all(
    qtbot: QtBot, owner: QObject
) -> None:
    drawer = Drawer(owner)
    assert drawer.process.pid == 0
    drawer.process.draw(formula("x^2"), 0.8)
    pid = drawer.process.pid
    qtbot.waitUntil(lambda: "x^2" in drawer.answers, timeout=30_000)
    drawer.process.draw(formula("\\nosuchcommand"), 0.8)
    qtbot.waitUntil(lambda: len(drawer.answers) == 2, timeout=30_000)
    assert drawer.answers["x^2"].svg.startswith("<svg")
    assert drawer.answers["\\nosuchcommand"].refusal is Refusal.WRONG
    assert drawer.process.pid == pid


def test_a_formula_that_ends_the_process_is_refused_and_the_others_are_drawn(
    qtbot: QtBot, owner: QObject
) -> None:
    drawer = Drawer(owner, FRAIL)
    for tex in ("a", "bad", "b", "c"):
        drawer.process.draw(formula(tex), 0.5)
    qtbot.waitUntil(lambda: len(drawer.answers) == 4, timeout=30_000)
    assert drawer.answers["a"].seconds == 0.75  # with the start before it
    assert {tex: one.refusal for tex, one in drawer.answers.items()} == {
        "a": None,
        "bad": Refusal.DEEP,
        "b": None,
        "c": None,
    }
    assert drawer.answers["bad"].seconds >= 0.5  # charged to the message that brought it


def test_a_process_that_does_not_answer_is_ended(qtbot: QtBot, owner: QObject) -> None:
    drawer = Drawer(owner, DEAF, patience_ms=200)
    drawer.process.draw(formula("a"), 0.5)
    qtbot.waitUntil(lambda: "a" in drawer.answers, timeout=30_000)
    assert drawer.answers["a"].refusal is Refusal.DEEP


def test_a_process_that_cannot_be_started_is_tried_twice(qtbot: QtBot, owner: QObject) -> None:
    drawer = Drawer(owner, "import sys; sys.exit(3)")
    drawer.process.draw(formula("a"), 0.5)
    drawer.process.draw(formula("b"), 0.5)
    qtbot.waitUntil(lambda: len(drawer.answers) == 2, timeout=30_000)
    assert {one.refusal for one in drawer.answers.values()} == {Refusal.NO_PROCESS}
    drawer.process.draw(formula("c"), 0.5)
    assert drawer.process.pid == 0
    qtbot.waitUntil(lambda: "c" in drawer.answers)

    missing = FormulaProcess(owner, command=[str(Path(sys.executable).parent / "no-such-program")])
    with qtbot.waitSignal(missing.answered, timeout=30_000) as answered:
        missing.draw(formula("d"), 0.5)
    assert answered.args[1].refusal is Refusal.NO_PROCESS


def test_it_ends_when_idle_and_the_next_formula_starts_another(qtbot: QtBot, owner: QObject) -> None:
    drawer = Drawer(owner, FRAIL, idle_ms=50)
    drawer.process.draw(formula("a"), 0.5)
    pid = drawer.process.pid
    qtbot.waitUntil(lambda: drawer.process.pid == 0 and "a" in drawer.answers, timeout=30_000)
    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=30_000)
    drawer.process.draw(formula("b"), 0.5)
    qtbot.waitUntil(lambda: "b" in drawer.answers, timeout=30_000)


def test_it_ends_with_its_owner(qtbot: QtBot) -> None:
    owner = QObject()
    drawer = Drawer(owner, DEAF)
    drawer.process.draw(formula("a"), 0.5)
    process = drawer.process
    qtbot.waitUntil(lambda: process.pid > 0)
    pid = process.pid
    owner.deleteLater()
    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=30_000)


def test_no_key_or_proxy_is_in_its_environment(
    qtbot: QtBot, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "HTTPS_PROXY", "GITHUB_TOKEN", "SOMETHING_ELSE"):
        monkeypatch.setenv(name, "secret")
    drawer = Drawer(owner, SHY)
    drawer.process.draw(formula("a"), 0.5)
    qtbot.waitUntil(lambda: "a" in drawer.answers, timeout=30_000)
    names = set(drawer.answers["a"].svg.split())
    assert "PATH" in names
    assert not names & {"OPENAI_API_KEY", "HTTPS_PROXY", "GITHUB_TOKEN", "SOMETHING_ELSE"}
