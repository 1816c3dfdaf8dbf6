"""How long an export of 2,000 conversations takes to come in, and how long it keeps the store's only writer.

`python -m tests.benchmarks.bench_carry [CONVERSATIONS]`
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chatbot_app.chat.transfer.importing import ImportSummary, import_conversations, preview
from chatbot_app.chat.transfer.reading import ConversationReader
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.conversation_merging import ConversationMerger
from chatbot_app.storage.database import Database, utc_now
from tests.benchmarks.chatgpt_export import write_export


class WatchedDatabase(Database):
    """Notes how long each write transaction lasted."""

    held: list[float]  # seconds of the clock
    busy: list[float]  # of this thread's processor

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Any]:
        started, busy = time.perf_counter(), time.thread_time()
        with super().write(lasting=lasting) as connection:
            yield connection
        self.held.append(time.perf_counter() - started)
        self.busy.append(time.thread_time() - busy)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        size = write_export(path, count)
        print(f"{count} conversations, {size / 1e6:.0f} MB of JSON")
        database = WatchedDatabase(DataPaths(Path(folder) / "data"))
        database.held, database.busy = [], []
        with database:
            for words, step in (
                ("preview", preview),
                ("import", import_conversations),
                ("again", import_conversations),
            ):
                database.held.clear()
                database.busy.clear()
                started, busy = time.perf_counter(), time.process_time()
                summary = ImportSummary()
                for _ in step(ConversationReader([path]), ConversationMerger(database, now=utc_now), summary):
                    pass
                print(
                    f"{words}: {time.perf_counter() - started:.1f} s, {time.process_time() - busy:.1f} s of processor;"
                    f" {dict(summary.arrivals)} {summary.new_messages} new messages;"
                    f" writer held {max(database.held, default=0) * 1000:.0f} ms at most"
                    f" ({max(database.busy, default=0) * 1000:.0f} ms of processor), {len(database.held)} times"
                )
            print("left out:", summary.left_out)
        print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
