"""Launch to a usable window, beside an empty QMainWindow started in turn: goal at most 2 ×.

Both are whole processes; the clock runs from the start of the process until the window has been painted, the
composer takes text and the event loop answers. After that the program loads the rest in steps between which
the loop answers; "whole" is their end. The data folder holds a history of 300 conversations.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

RUNS = 9
ROOT = Path(__file__).parents[2]

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
app = QApplication([])
window = QMainWindow()
window.show()
app.processEvents()
QTimer.singleShot(0, lambda: (print("usable", flush=True), app.quit()))
app.exec()
"""

OURS = """
import json, sys, time
from pathlib import Path
from chatbot_app.application import create_application  # before Qt, as `chatbot_app.__main__` does
from PySide6.QtCore import QTimer
application = create_application(Path(sys.argv[1]), staged=True)
from PySide6.QtWidgets import QApplication
QApplication.processEvents()
def usable():
    print(json.dumps(sorted(sys.modules)), flush=True)
    if len(sys.argv) > 2:  # go on until the window is whole
        longest, last = 0.0, time.perf_counter()
        while application.next_stage():
            QApplication.processEvents()
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
        print(longest, flush=True)
    application.window.close()
QTimer.singleShot(0, usable)
application.run()
"""

LATE = ("openai", "tiktoken", "onnxruntime", "tokenizers", "xllamacpp", "ziamath", "keyring")


def fill(data_dir: Path, conversations: int = 300) -> None:
    """Write a history of short conversations."""
    from chatbot_app.core.generation import GenerationSettings
    from chatbot_app.core.paths import DataPaths
    from chatbot_app.storage.conversations import ConversationStore
    from chatbot_app.storage.database import Database

    numbers = count()
    with Database(DataPaths(data_dir)) as database:
        store = ConversationStore(
            database, now=lambda: datetime.now(UTC), new_id=lambda: f"id{next(numbers)}"
        )
        for number in range(conversations):
            conversation = store.create_conversation(GenerationSettings())
            store.begin_exchange(
                conversation.id,
                None,
                f"Question {number}",
                settings=GenerationSettings(),
                server_id="built-in",
                model="m",
            )


def start(script: str, *arguments: str) -> tuple[list[float], list[str]]:
    """Start a process; return the seconds until each line that it prints, and the lines."""
    started = time.perf_counter()
    seconds, lines = [], []
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            seconds.append(time.perf_counter() - started)
            lines.append(line)
    return seconds, lines


def main() -> None:
    """Print the medians and their ratio."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # As after `make setup`: byte code is there, also where the environment forbids writing it.
    compileall.compile_dir(str(ROOT / "chatbot_app"), quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        for _ in range(2):
            start(BARE)
            start(OURS, folder)
        bare, ours, whole, stages, loaded = [], [], [], [], set[str]()
        for _ in range(RUNS):
            bare.append(start(BARE)[0][0])
            seconds, lines = start(OURS, folder)
            ours.append(seconds[0])
            loaded |= set(json.loads(lines[0]))
            seconds, lines = start(OURS, folder, "whole")
            whole.append(seconds[1])
            stages.append(float(lines[1]))
    ratios = [b / a for a, b in zip(bare, ours, strict=True)]
    for name, times in (
        ("empty QMainWindow", bare),
        ("the program, usable", ours),
        ("the program, whole", whole),
    ):
        print(
            f"{name:20} median {statistics.median(times) * 1000:5.0f} ms  ({min(times):.3f} to {max(times):.3f} s)"
        )
    print(f"{'usable / empty':20} median {statistics.median(ratios):5.2f}     goal at most 2.00")
    print(f"longest step between the two: median {statistics.median(stages) * 1000:.0f} ms")
    print(
        f"loaded before the window: {[name for name in LATE if name in loaded] or 'none'} of {', '.join(LATE)}"
    )


if __name__ == "__main__":
    main()
