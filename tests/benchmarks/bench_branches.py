"""What the map of branches costs: read beside the window, shown in it.

    .venv/bin/python -m tests.benchmarks.bench_branches

A conversation of 5,000 versions of one answer, and one of 2,000 questions of which each was asked twice, with texts of
2,000 characters and metadata of 4,000. *read* is CPU time of the store's thread, *show* and *again* that of the window's thread (the first
map, and the same rows once more), *paint* that of one picture of the panel; medians of 5, in ms.

On two cores, others working: wide 202, 2.2, 0.1 and 11.5 ms; deep 242, 1.6, 0.1 and 7.1. With whole messages read
(*whole*, reading alone) 255 and 313. With a model that counts its rows in Python, *show* took 18 and 17 ms.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from chatbot_app.chat.branch_map import read_map
from chatbot_app.chat.services import Services, create_services
from chatbot_app.ui.branches.branches_panel import BranchesPanel

_TEXT, _METADATA = "word " * 400, '{"quotes": "' + "q" * 4_000 + '"}'


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median CPU time of 5 runs."""
    spent = []
    for _ in range(5):
        began = time.process_time()
        work()
        spent.append(1_000 * (time.process_time() - began))
    return statistics.median(spent)


def insert(services: Services, conversation_id: str, rows: list[tuple[str, str | None, str]]) -> None:
    """Store messages of (id, parent, role)."""
    full = [(one, conversation_id, above, role, _TEXT, _METADATA) for one, above, role in rows]
    with services.database.write() as connection:
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at, metadata)"
            " VALUES (?, ?, ?, ?, ?, 'complete', '2026-01-01T00:00:00+00:00', ?)",
            full,
        )
    services.conversations.set_leaf(conversation_id, rows[-1][0])


def wide(name: str) -> list[tuple[str, str | None, str]]:
    """A question with 5,000 answers."""
    asked = f"{name} asked"
    answers: list[tuple[str, str | None, str]] = [(f"{name} {n}", asked, "assistant") for n in range(5_000)]
    return [(asked, None, "user"), *answers]


def deep(name: str) -> list[tuple[str, str | None, str]]:
    """2,000 questions below each other, each asked twice and answered once."""
    rows: list[tuple[str, str | None, str]] = []
    above: str | None = None
    for number in range(2_000):
        rows.append((f"{name} side {number}", above, "user"))
        rows.append((f"{name} {number}", above, "user"))
        above = f"{name} answer {number}"
        rows.append((above, f"{name} {number}", "assistant"))
    return rows


def main() -> None:
    """Print the figures."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        services = create_services(Path(folder))
        store = services.conversations
        for name, rows in (("wide", wide("wide")), ("deep", deep("deep"))):
            conversation = store.create_conversation()
            insert(services, conversation.id, rows)

            def read(conversation_id: str = conversation.id) -> None:
                read_map(store, services.database, conversation_id)

            def read_whole(conversation_id: str = conversation.id) -> None:
                for _ in store.tree(conversation_id):
                    pass

            found = read_map(store, services.database, conversation.id)
            panel = BranchesPanel()
            panel.resize(320, 700)
            panel.show()

            def show() -> None:
                panel.show_map(None)  # noqa: B023
                panel.show_map(found)  # noqa: B023

            def again() -> None:
                panel.show_map(found)  # noqa: B023

            figures = {"read": read, "show": show, "again": again, "paint": panel.grab, "whole": read_whole}
            words = ", ".join(f"{title} {milliseconds(work):.1f} ms" for title, work in figures.items())
            print(f"{name}: {len(found.runs):,} rows: {words}", flush=True)
            panel.close()
        services.close()


if __name__ == "__main__":
    main()
