"""Launch and idle memory with the laboratory and without its door, in turn: no difference beyond noise.

Each is a whole process with an empty data folder; processor time and memory of its own (USS) are read a second after the
window is whole. Last comes what the first opening takes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

RUNS = 5

PROGRAM = """
import json, sys, time
from pathlib import Path
import psutil
from chatbot_app.application import create_application
if sys.argv[2] == "without":
    import chatbot_app.ui.laboratory_door as door
    from PySide6.QtCore import QObject
    class NoDoor(QObject):
        def __init__(self, window, services, lanes, parent):
            super().__init__(parent)
        def shutdown(self):
            pass
        def __getattr__(self, name):
            return lambda *a, **k: None
    door.LaboratoryDoor = NoDoor
application = create_application(Path(sys.argv[1]))
from PySide6.QtWidgets import QApplication
def live(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
def memory():
    return psutil.Process().memory_full_info().uss / 1e6
live(1)
loaded = [name for name in sys.modules if name.startswith(("chatbot_app.lab", "chatbot_app.ui.lab."))]
said = {"cpu": time.process_time(), "memory": memory(), "loaded": loaded}
if sys.argv[2] == "opened":
    application.window.laboratory_requested.emit()
    live(3)
    said["memory opened"] = memory()
application.shutdown()
print(json.dumps(said))
"""


def start(how: str) -> dict[str, float]:
    """Start the program "with", "without" or with the laboratory "opened", and return what it says."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", PROGRAM, folder, how]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return dict(json.loads(said.strip().splitlines()[-1]))


def main() -> None:
    """Print the medians."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    start("with")  # byte code
    found: dict[str, list[dict[str, float]]] = {"with": [], "without": []}
    for _ in range(RUNS):
        for how, runs in found.items():
            runs.append(start(how))
    for how, runs in found.items():
        cpu, memory = ([run[name] for run in runs] for name in ("cpu", "memory"))
        print(
            f"{how:8} {statistics.median(cpu):.2f} s of a processor ({min(cpu):.2f} to {max(cpu):.2f}), "
            f"{statistics.median(memory):.1f} MB ({min(memory):.1f} to {max(memory):.1f}), "
            f"loaded of it: {runs[0]['loaded'] or 'nothing'}"
        )
    opened = start("opened")
    print(f"opened   {opened['memory opened'] - opened['memory']:.1f} MB more, with its first page")


if __name__ == "__main__":
    main()
