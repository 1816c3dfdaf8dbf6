"""Launch to a usable window, beside an empty QMainWindow started in turn: goal at most 2 ×.

Both are whole processes; the clock runs from the start of the process until the window has been painted and
the event loop answers. The data folder holds a history of 300 conversations.
"""

from __future__ import annotations

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
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
from PySide6.QtWidgets import QApplication
QApplication.processEvents()
def usable():
    print("usable", flush=True)
    application.window.close()
QTimer.singleShot(0, usable)
application.run()
"""

LATE = ("openai", "tiktoken", "onnxruntime", "tokenizers", "xllamacpp", "ziamath", "keyring")

MODULES = OURS.replace(
    'print("usable", flush=True)', "print(json.dumps(sorted(sys.modules)), flush=True)"
).replace("import sys", "import json, sys", 1)


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


def seconds_until_usable(script: str, *arguments: str) -> float:
    """Start a process and return the seconds until it says that its window is usable."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - started
        process.communicate(timeout=20)
    return seconds


def main() -> None:
    """Print both medians and their ratio."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        fill(data_dir)
        for _ in range(2):
            seconds_until_usable(BARE)
            seconds_until_usable(OURS, folder)
        bare, ours = [], []
        for _ in range(RUNS):
            bare.append(seconds_until_usable(BARE))
            ours.append(seconds_until_usable(OURS, folder))
        ratios = [b / a for a, b in zip(bare, ours, strict=True)]
        loaded = json.loads(
            subprocess.run(
                [sys.executable, "-c", MODULES, folder], capture_output=True, text=True, check=True
            ).stdout.splitlines()[0]
        )
    print(
        f"empty QMainWindow   median {statistics.median(bare) * 1000:6.0f} ms  ({min(bare):.3f} to {max(bare):.3f} s)"
    )
    print(
        f"the program         median {statistics.median(ours) * 1000:6.0f} ms  ({min(ours):.3f} to {max(ours):.3f} s)"
    )
    print(f"ratio               median {statistics.median(ratios):6.2f}     goal at most 2.00")
    print(f"loaded at that time {[name for name in LATE if name in loaded] or 'none'} of {', '.join(LATE)}")


if __name__ == "__main__":
    main()
