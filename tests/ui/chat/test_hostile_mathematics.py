"""Whatever TeX a message holds, the window goes on, no core is held, and the text can be read (FAULTS 58).

Times are those of the thread and of the process that draws, not of the clock, and the limits are ten times what
is promised: `python -m tests.benchmarks.bench_hostile_maths` prints how far from the promise it is.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.mathematics import MESSAGE_SECONDS
from chatbot_app.ui.chat.transcript import Transcript
from chatbot_app.workers.formulas import Drawn, Formula
from tests.tex_grammar import messages
from tests.ui.chat.support import answer, streaming

STEP_SECONDS = 0.5  # of the thread of the window; promised are 0.05
ROOT = Path(__file__).resolve().parents[3]


class Spent:
    """What the process that draws said it took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def take(self, _formula: Formula, drawn: Drawn) -> None:
        self.seconds += drawn.seconds


def test_no_string_of_tex_holds_the_window_or_a_core(transcript: Transcript, qtbot: QtBot) -> None:
    spent = Spent()
    transcript.drawing.renderer.process.answered.connect(spent.take)

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=messages())
    def holds(text: str) -> None:
        spent.seconds = 0.0
        worst = 0.0

        def step() -> bool:
            nonlocal worst
            begun = time.thread_time()
            QCoreApplication.processEvents()
            worst = max(worst, time.thread_time() - begun)
            return transcript.is_settled

        transcript.clear()
        transcript.begin_answer(streaming())
        for position in range(0, len(text), 2_000):
            transcript.append_text("a", text[position : position + 2_000])
            step()
        transcript.set_message(answer(text))
        qtbot.waitUntil(step, timeout=60_000)
        assert worst < STEP_SECONDS
        assert spent.seconds < 2 * MESSAGE_SECONDS
        view = transcript.view_of("a")
        assert view is not None
        assert view.body.block_views() or not text.strip()

    holds()


def test_the_window_never_draws_a_formula_itself() -> None:
    code = (
        "import sys\n"
        "import chatbot_app.ui.chat.transcript, chatbot_app.workers.formula_process\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('ziamath', 'latex2mathml', 'ziafont')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
