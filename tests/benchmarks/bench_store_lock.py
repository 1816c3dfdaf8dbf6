"""How long an import keeps others from writing: held write transactions, and what another writer waits.

A text of 1 MB and one of 20 MB are imported by the real parser without vectors, while another thread stores a line
twenty times a second, as a question or a part of an answer is. Printed: the longest write transaction of the import, the longest
wait of the other writer, and the memory that this process took more than before. Then the large document is
deleted, brought back and purged, with the same writer beside. Goal: no wait over 100 ms.

A busy machine lets everybody wait. So the same writer is measured alone before and after, and of the longest transaction
its processor time is printed too: what the code takes of it. Of a wait, the part for the lock is told from that for
the writer's own commit, which is the disk's. Arguments: the sizes in MB; 200 is the longest text that is read.

Before passages were made outside of the transaction (the same machine at rest, 1 MB): 0.7 s; 20 MB: 38 s on a busy one.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children.page_watch import taken_bytes
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.importing.events import DocumentSearchable, FileFinished
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passages import PassageStore

SIZES_MB = (1, 20)
GOAL_SECONDS = 0.1
ALONE_SECONDS = 5.0
TELL_SECONDS = 60.0
_LINE = "Paragraph {n} tells of the {n}th wonder of the valley, in words of its own, and of number {m}. "


class Timed(Database):
    """Measures its write transactions, by thread."""

    held: dict[int, tuple[float, float, float]]  # longest: wait for the lock, transaction, its processor time

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        asked = time.perf_counter()
        with super().write(lasting=lasting) as connection:
            started, work = time.perf_counter(), time.thread_time()
            yield connection
        took = (started - asked, time.perf_counter() - started, time.thread_time() - work)
        me = threading.get_ident()
        waited, held, busy = map(max, zip(self.held.get(me, (0.0, 0.0, 0.0)), took, strict=True))
        self.held[me] = waited, held, busy


class Beside:
    """Another writer: the longest time it took to store a line, and the most memory seen meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.longest = 0.0
        self.most_bytes = 0
        self.ident = 0
        self._told = time.monotonic()

    def __enter__(self) -> Beside:
        self._thread.start()
        assert self._thread.ident is not None
        self.ident = self._thread.ident
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            started = time.perf_counter()
            with self._database.write() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO settings (key, value) VALUES ('bench', ?)", [started]
                )
            self.longest = max(self.longest, time.perf_counter() - started)
            self.most_bytes = max(self.most_bytes, taken_bytes())
            if time.monotonic() > self._told + TELL_SECONDS:
                self._told = time.monotonic()
                print(
                    f"  … longest wait {1000 * self.longest:.0f} ms, {self.most_bytes / 1e6:.0f} MB",
                    flush=True,
                )


def measure(name: str, database: Timed, work: Callable[[], object]) -> float:
    """Do some work beside another writer, print how it went, return the longest wait."""
    return_free_memory()
    database.held = {}
    before = taken_bytes()
    started = time.perf_counter()
    with Beside(database) as beside:
        work()
    none = (0.0, 0.0, 0.0)
    _, held, busy = database.held.get(threading.get_ident(), none)
    waited, own, _ = database.held.get(beside.ident, none)
    print(
        f"{name:<18} {time.perf_counter() - started:7.1f} s   longest transaction {1000 * held:5.0f} ms"
        f" ({1000 * busy:4.0f} of processor)   longest wait of another {1000 * beside.longest:5.0f} ms"
        f" (lock {1000 * waited:5.0f}, its own commit {1000 * own:5.0f})"
        f"   memory +{(beside.most_bytes - before) / 1e6:4.0f} MB",
        flush=True,
    )
    return beside.longest


def write_text(path: Path, size: int) -> None:
    """Write paragraphs of about `size` characters, all different."""
    length = 0
    with path.open("w") as file:
        for n in count():
            line = _LINE.format(n=n, m=n * 7919 % 100_003) * (1 + n % 5) + "\n\n" * (n % 3 == 0)
            length += len(line)
            if length > size:
                return
            file.write(line)


def peak_bytes(pid: int | None) -> int:
    """Return the most memory that a process has taken so far; 0 where the system does not say it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(row.split()[1]) * 1024 for row in status.splitlines() if row.startswith("VmHWM")), 0)


def main(sizes: Sequence[int]) -> int:
    """Print the figures; 1 where somebody waited for longer than the goal, and than with nobody beside."""
    waits = []
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()
        database = Timed(DataPaths(Path(folder, "data")))
        database.held = {}
        documents = DocumentStore(
            database, now=lambda: datetime.now(UTC), new_id=lambda: f"id{next(numbers)}"
        )
        with ParserProcess([sys.executable, "-m", "chatbot_app.knowledge.children.parser"]) as parser:
            importer = Importer(documents, PassageStore(database), parser, None)
            alone = measure("nothing", database, lambda: time.sleep(ALONE_SECONDS))
            for size in sizes:
                path = Path(folder, f"{size}.txt")
                write_text(path, size * 1_000_000)
                peaks: list[int] = []

                def read(path: Path = path, peaks: list[int] = peaks) -> None:
                    for event in importer.import_file(path):
                        if isinstance(event, DocumentSearchable):
                            peaks.append(peak_bytes(parser.pid))
                        elif isinstance(event, FileFinished):
                            print(f"  {event.report.outcome}: {event.report.reason}", flush=True)

                waits.append(measure(f"import of {size} MB", database, read))
                print(f"  the reader's process took at most {max(peaks, default=0) / 1e6:.0f} MB", flush=True)
        large = documents.documents()[0]
        print(f"  of {large.passages} passages")
        settling = documents.settling()
        for name, change in (
            ("delete", documents.delete),
            ("restore", documents.restore),
            ("purge", documents.purge),
        ):

            def work(change: Callable[[str], object] = change) -> None:
                change(large.id)
                settling.finish()

            waits.append(measure(name, database, work))
        alone = max(alone, measure("nothing", database, lambda: time.sleep(ALONE_SECONDS)))
        database.close()
    return int(max(waits) > max(GOAL_SECONDS, alone))


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES_MB))
