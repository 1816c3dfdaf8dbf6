"""What hostile mathematics costs the window and a core: `python -m tests.benchmarks.bench_hostile_maths`.

Each case is a message of up to 20,000 characters that is opened and read until nothing waits. "step" is the
longest work of the thread of the window between two events, "window" all of its work, "core" what the process
that draws took: user and system time, its start included. Asserts nothing. Promised: 50 ms a step, 2 s a core.
"""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtWidgets import QApplication

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.ui.chat.transcript import Transcript
from tests.tex_grammar import LONGEST, WRAPPERS


def filled(pieces: list[str]) -> str:
    """Return pieces, each numbered where it holds `#`, up to the longest message."""
    parts: list[str] = []
    size = number = 0
    while size < LONGEST:
        part = pieces[number % len(pieces)].replace("#", str(number))
        parts.append(part)
        size += len(part)
        number += 1
    return "".join(parts)[:LONGEST]


CASES = {
    "one formula 23 deep": "$$" + "\\frac{1}{" * 23 + "x" + "}" * 23 + "$$",
    "formulas 23 deep": filled(["$$" + "\\frac{1}{" * 23 + "x_{#}" + "}" * 23 + "$$\n\n"]),
    "formulas 40 deep": filled(["$" + "\\sqrt{1+" * 40 + "x_{#}" + "}" * 40 + "$ "]),
    "every nesting 12 deep": filled([f"$${a * 12}x_{{#}}{b * 12}$$\n\n" for a, b in WRAPPERS]),
    "every nesting 40 deep": filled([f"$${a * 40}x_{{#}}{b * 40}$$\n\n" for a, b in WRAPPERS]),
    "environments 40 deep": filled(
        ["$$" + "\\begin{cases}a&" * 40 + "x_{#}" + "\\end{cases}" * 40 + "$$\n\n"]
    ),
    "different small formulas": filled(["$x_{#}$ "]),
    "the same small formula": "$x_1$ " * (LONGEST // 6),
    "long formulas": filled(["$" + "a_{#}^2+" * 100 + "$ "]),
    "a table of formulas": "|a|b|c|\n|-|-|-|\n" + filled(["|$x_{#}$|$y_{#}$|$\\frac{#}{2}$|\n"]),
    "a matrix": "$$\\begin{pmatrix}" + "a_1&" * 300 + "\\end{pmatrix}$$",
    "dollars": "$" * LONGEST,
    "brackets": "\\[\n" * (LONGEST // 3),
    "backslashes": "$" + "\\" * (LONGEST - 2) + "$",
    "braces": "$$" + "{" * (LONGEST - 4) + "$$",
}


def main() -> int:
    """Print a line for each case."""
    application = QApplication(sys.argv[:1])
    print(f"{'case':28} {'characters':>10} {'step':>8} {'window':>8} {'core':>8}")
    for name, text in CASES.items():
        transcript = Transcript()
        transcript.resize(800, 700)
        transcript.show()
        application.processEvents()
        worst = window = core = 0.0
        shown = False
        end = time.monotonic() + 120
        while time.monotonic() < end and not (shown and transcript.is_settled):
            begun = time.thread_time()
            if not shown:
                message = Message("a", "c", None, 1, Role.ASSISTANT, text, MessageStatus.COMPLETE)
                transcript.show_conversation([message], has_older=False)
                shown = True
            application.processEvents()
            took = time.thread_time() - begun
            worst, window = max(worst, took), window + took
            if (pid := transcript.drawing.renderer.process.pid) and psutil.pid_exists(pid):
                times = psutil.Process(pid).cpu_times()
                core = max(core, times.user + times.system)
            time.sleep(0.0005)
        late = "" if transcript.is_settled else "  not settled after two minutes"
        print(
            f"{name:28} {len(text):10,} {worst * 1e3:5.0f} ms {window:6.2f} s {core:6.2f} s{late}", flush=True
        )
        transcript.deleteLater()
        application.sendPostedEvents()
        application.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
