"""A conversation in the window while a text of 200 MB is imported: what its questions wait for.

    .venv/bin/python -m tests.benchmarks.bench_asking_beside_import [MB]

The real application offscreen; a question every two seconds to a scripted server in a process of its own, the documents
are searched for each. Printed for the window at rest and during the import: the longest wait of anybody but the import
for the store's write lock (goal 100 ms), the longest such transaction with its processor time, the median and longest time
from Enter to the question in the store, and to the end of the answer. Then all questions are counted.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

from chatbot_app.application import Application, create_application
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.servers import Server
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.storage.database import Database
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from tests.benchmarks.bench_store_lock import write_text
from tests.benchmarks.bench_streaming import wait
from tests.scripted_server import ScriptedServer, sse_answer

MEGABYTES = 199  # 200 is the limit of one file
EVERY_SECONDS = 2.0
AT_REST = 15  # questions
LONGEST_SECONDS = 3600.0
GOAL_SECONDS = 0.1
IMPORTING = "the import"  # the name of its thread


class Waits:
    """Times all write transactions of a process, apart for the threads that import."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.start()
        inner = Database.write

        @contextmanager
        def timed(database: Database, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
            asked = time.perf_counter()
            with inner(database, lasting=lasting) as connection:
                began, work = time.perf_counter(), time.thread_time()
                yield connection
                busy = time.thread_time() - work
            self._note(began - asked, time.perf_counter() - began, busy)

        read = Importer.import_file

        def noted(importer: Importer, *what: Any, **how: Any) -> Iterator[Any]:
            threading.current_thread().name = IMPORTING
            yield from read(importer, *what, **how)

        Database.write = timed  # type: ignore[method-assign]
        Importer.import_file = noted  # type: ignore[method-assign]

    def start(self) -> None:
        self.longest: dict[str, list[float]] = {}

    def _note(self, *figures: float) -> None:
        name = threading.current_thread().name
        with self._lock:
            known = self.longest.setdefault(name, [0.0, 0.0, 0.0])
            self.longest[name] = [max(pair) for pair in zip(known, figures, strict=True)]

    def told(self) -> Iterator[str]:
        for name, (waited, held, busy) in sorted(self.longest.items()):
            yield (
                f"    {name:<24} waited {1000 * waited:5.0f} ms for the lock at most, held it {1000 * held:5.0f} ms"
                f" ({1000 * busy:4.0f} of processor)"
            )


def serve() -> None:
    """Be the server, which answers at once."""
    with ScriptedServer(sse_answer(["It is ", "as it ", "was."])) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()  # until the benchmark ends


def ask(application: Application, number: int) -> tuple[float, float]:
    """Ask one question; return the seconds until it is stored, and until its answer is whole."""
    chat, store = application.controllers.chat, application.services.conversations
    before = stored(application)
    started = time.perf_counter()
    application.controllers.asking.send(f"What is the wonder of the valley, number {number}?")
    wait(lambda: stored(application) > before, 60)
    kept = time.perf_counter() - started
    wait(lambda: not chat.is_answering(chat.conversation_id), 120)
    assert store.path(chat.conversation_id or "")[-1].text, "no answer"
    return kept, time.perf_counter() - started


def stored(application: Application) -> int:
    with application.services.database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM messages WHERE role = 'user'").fetchone()[0])


def show(name: str, times: list[tuple[float, float]], waits: Waits) -> None:
    kept, whole = ([pair[place] for pair in times] for place in (0, 1))
    print(
        f"{name}: {len(times)} questions; Enter to stored, median {1000 * statistics.median(kept):.0f} ms,"
        f" longest {1000 * max(kept):.0f}; to the whole answer, median {1000 * statistics.median(whole):.0f} ms,"
        f" longest {1000 * max(whole):.0f}"
    )
    print("\n".join(waits.told()), flush=True)


def fill(data_dir: Path, base_url: str) -> None:
    with Database(DataPaths(data_dir)) as database:
        servers = ServerStore(database, settings := SettingsStore(database))
        servers.add(Server("scripted", "Scripted", base_url, default_model="scripted"))
        servers.set_default("scripted")
        settings.set("chat.automatic_titles", False)


def main(megabytes: int) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.bench_asking_beside_import", "serve"]
    waits = Waits()
    with (
        tempfile.TemporaryDirectory() as place,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        assert server.stdin is not None
        fill(Path(place), server.stdout.readline().strip())
        text = Path(place, "wonders.txt")
        write_text(text, megabytes * 1_000_000)
        application = create_application(Path(place))
        wait(lambda: False, 5.0)  # what is loaded in idle time after the launch
        application.controllers.chat.start_new(GenerationSettings(server_id="scripted"))
        waits.start()
        show("at rest", [ask(application, number) for number in range(AT_REST)], waits)
        waits.start()
        panel: Any = application.window.knowledge_panel
        status = panel.status
        began = time.perf_counter()
        panel.user_actions.files_offered.emit([text])
        times: list[tuple[float, float]] = []

        def is_over() -> bool:
            return 0 < status.progress.total <= status.progress.done

        while not is_over() and time.perf_counter() < began + LONGEST_SECONDS:
            wait(lambda: False, EVERY_SECONDS)
            times.append(ask(application, AT_REST + len(times)))
        show(f"import of {megabytes} MB, {time.perf_counter() - began:.0f} s", times, waits)
        found = application.services.library.documents.documents()
        print(
            f"{found[0].passages if found else 0} passages; {stored(application)} of {AT_REST + len(times)} questions"
        )
        longest = max(figures[0] for name, figures in waits.longest.items() if name != IMPORTING)
        print(f"goal: nobody waits for more than 100 ms: {1000 * longest:.0f} ms")
        application.shutdown()
        server.stdin.close()
    return int(longest > GOAL_SECONDS)


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == ["serve"] else main(int(sys.argv[1]) if sys.argv[1:] else MEGABYTES))
