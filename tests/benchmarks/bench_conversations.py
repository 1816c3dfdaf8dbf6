"""Ten thousand conversations with 300,000 messages: launch, list, search while typing, the longest opened, memory.

    .venv/bin/python -m tests.benchmarks.bench_conversations [--conversations 10000] [--keep FOLDER]

Beside each figure stands that of an empty history. Goals (issue 18): usable at most 20 % later than with none; list
without a stall over 16 ms; search under 50 ms median; the longest (5,000 messages) opened under 150 ms; below 250 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.bench_launch import OURS, start

LONGEST = 5_000  # messages of one of them
RUNS = 7
WORDS = (
    "lighthouse keeper of the northern coast wrote letters about tides storms ships harbour winter bread lease rent garden"
    " python packaging quarterly report revenue margin invoice tax school holiday train ticket recipe flour yeast oven"
    " music piano concert guitar bicycle repair chain wheel doctor appointment insurance claim mountain river valley"
).split()
QUERIES = ("l", "li", "lighth", "lighthouse", "lighthouse storms", "tax invoice", "folder:home tax", "has:sources train",
           "model:llama bread", "tag:later", "before:2025 piano", "zzzz", "is:pinned")  # fmt: skip

WINDOW = """
import json, os, statistics, sys, time
from pathlib import Path
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QListView
app, window = QApplication.instance(), application.window
window.resize(1280, 820)
def until(holds, seconds=60):
    end = time.perf_counter() + seconds
    while not holds():
        app.processEvents()
        assert time.perf_counter() < end
wanted, longest = int(sys.argv[2]), sys.argv[3]
view = window.findChild(QListView, "conversation_list")
until(lambda: view.model().rowCount() >= wanted)
store, figures = application.services.conversations, {}
idle = time.perf_counter() + 3
until(lambda: time.perf_counter() > idle)
def stall(step):
    began = time.thread_time()
    step(); app.processEvents()
    return 1000 * (time.thread_time() - began)
bar = view.verticalScrollBar()
steps = [stall(lambda part=part: bar.setValue(round(bar.maximum() * part / 60))) for part in range(61)]
figures["list, longest step of scrolling, CPU ms"] = max(steps)
side = window.conversation_list
hits = window.findChild(QListView, "search_hits").model()
figures["list, sorted by name, CPU ms"] = stall(lambda: side.wishes.sorting_requested.emit("name"))
figures["list, sorted by date, CPU ms"] = stall(lambda: side.wishes.sorting_requested.emit("date"))
first = store.list_conversations(limit=1)
if first:
    from dataclasses import replace
    figures["list, a row that moves to the top, CPU ms"] = stall(
        lambda: side.upsert(replace(store.list_conversations(limit=1, offset=wanted // 2)[0], activity=1 << 40)))
searches, shown = [], []
for query in json.loads(sys.argv[4]):
    began = time.perf_counter(); found = store.search(query); searches.append(1000 * (time.perf_counter() - began))
    shown.append(stall(lambda: side.show_search_hits(found)))
figures["search, median ms"] = statistics.median(searches)
figures["search, slowest ms"] = max(searches)
figures["search, longest step of the window, CPU ms"] = max(shown)
if longest:
    times = []
    for _ in range(5):
        window.new_conversation_requested.emit(); app.processEvents()
        began = time.perf_counter()
        application.controllers.chat.open(longest)
        until(lambda: application.controllers.chat.conversation_id == longest)
        app.processEvents(); window.grab()
        times.append(1000 * (time.perf_counter() - began))
    figures["the longest, opened and painted, median ms"] = statistics.median(times)
status = Path("/proc/self/status").read_text() if os.path.exists("/proc/self/status") else ""
figures["window's memory, MB"] = next((int(l.split()[1]) / 1000 for l in status.splitlines() if l.startswith("VmRSS")), 0)
print(json.dumps(figures), flush=True)
application.shutdown()
"""


def fill(data_dir: Path, conversations: int) -> str:
    """Write a history of mostly short conversations and one long one; return its id."""
    from chatbot_app.core.generation import GenerationSettings
    from chatbot_app.core.paths import DataPaths
    from chatbot_app.storage.conversation_order import ConversationOrder
    from chatbot_app.storage.conversations import ConversationStore
    from chatbot_app.storage.database import Database
    from chatbot_app.storage.rows import dump_settings

    chance = random.Random(18)
    settings = dump_settings(GenerationSettings())
    began = datetime(2023, 1, 1, tzinfo=UTC)
    lengths = [max(2, round(chance.lognormvariate(2.9, 0.8)) // 2 * 2) for _ in range(conversations - 1)]
    scale = (30 * conversations - LONGEST) / sum(lengths)
    lengths = [max(2, round(length * scale / 2) * 2) for length in lengths]
    lengths.insert(len(lengths) // 3, LONGEST)

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."

    def messages(number: int, length: int, moment: datetime) -> Iterator[tuple[object, ...]]:
        for place in range(length):
            is_answer = place % 2 == 1
            sources = '{"sources":[{"number":1}]}' if is_answer and chance.random() < 0.05 else "{}"
            yield (
                f"m{number}-{place}",
                f"c{number}",
                f"m{number}-{place - 1}" if place else None,
                "assistant" if is_answer else "user",
                text(60 if is_answer else 12),
                "complete",
                (moment + timedelta(minutes=place)).isoformat(timespec="milliseconds"),
                chance.choice(("llama-3.2", "SmolLM2-135M-Instruct", "gpt-4o")) if is_answer else None,
                settings if is_answer else None,
                sources,
            )

    with Database(DataPaths(data_dir)) as database:
        for number, length in enumerate(lengths):
            moment = began + timedelta(hours=2 * number)
            with database.write() as connection:
                connection.execute(
                    "INSERT INTO conversations (id, title, title_is_automatic, settings, created_at, updated_at, activity)"
                    " VALUES (?, ?, 0, ?, ?, ?, ?)",
                    [
                        f"c{number}",
                        text(5),
                        settings,
                        *2 * [moment.isoformat(timespec="milliseconds")],
                        number + 1,
                    ],
                )
                connection.executemany(
                    "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at, model,"
                    " settings, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    messages(number, length, moment),
                )
                connection.execute(
                    "UPDATE conversations SET leaf_id = ? WHERE id = ?",
                    [f"m{number}-{length - 1}", f"c{number}"],
                )
        order = ConversationOrder(database)
        names = [f"c{number}" for number in range(conversations)]
        for name in ("Home", "Work", "Study"):
            order.move(chance.sample(names, conversations // 10), order.add_folder(name).id)
        order.tag(chance.sample(names, conversations // 10), add=["later"])
        order.pin(names[-5:], pinned=True)
        assert (
            len(ConversationStore(database, now=lambda: began, new_id=str).list_conversations(limit=3)) == 3
        )
    return f"c{lengths.index(LONGEST)}"


def window(folder: str, conversations: int, longest: str) -> dict[str, float]:
    """Open the window on a history and return what it measured."""
    command = [sys.executable, "-c", WINDOW, folder, str(conversations), longest, json.dumps(QUERIES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise RuntimeError(done.stderr[-2000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    with tempfile.TemporaryDirectory() as temporary:
        full = options.keep or Path(temporary) / "full"
        longest_file = full / "longest.txt"
        if not longest_file.exists():
            full.mkdir(mode=0o700, parents=True, exist_ok=True)
            longest_file.write_text(fill(full, options.conversations))
        empty = Path(temporary) / "empty"
        empty.mkdir(mode=0o700)
        usable: dict[Path, list[float]] = {empty: [], full: []}
        for _ in range(RUNS + 1):
            for folder, seconds in usable.items():
                seconds.append(start(OURS, str(folder))[0][0])
        without, with_all = (1000 * statistics.median(usable[folder][1:]) for folder in (empty, full))
        print(
            f"{'usable, median ms':<50} {with_all:>9.1f}   none: {without:.1f}   ratio {with_all / without:.2f}"
        )
        baseline = window(str(empty), 0, "")
        for name, value in window(str(full), options.conversations, longest_file.read_text()).items():
            none = f"   none: {baseline[name]:.1f}" if name in baseline else ""
            print(f"{name:<50} {value:>9.1f}{none}")


if __name__ == "__main__":
    main()
