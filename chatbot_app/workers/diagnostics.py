"""One text about the program and this machine for a report of a fault: no keys, nothing that anybody wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from chatbot_app import __version__
from chatbot_app.core.errors import StoreError
from chatbot_app.core.paths import APPLICATION_NAME, DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.facts import store_facts
from chatbot_app.workers.doctor import findings
from chatbot_app.workers.log_file import last_lines, redact

LOG_LINES = 80
_LONGEST_REPORT = 20_000  # characters of what a native crash left

Fact = tuple[str, str]


def write_diagnostics(
    database: Database,
    window: Sequence[Fact],
    *,
    now: datetime,
    mask: Callable[[str], str] = lambda text: text,
    crash: str = "",
) -> str:
    """Return the text. It takes some tenths of a second: model files are read to their end.

    `window` are facts that only the window knows, `mask` takes out the keys that are known, `crash` is what the
    run before left when it crashed.
    """
    sections = (
        (
            "Program",
            [(name, found if ok else f"BAD: {found}") for ok, name, found in _program(database.paths)],
        ),
        ("Window", window),
        ("Store", list(_store(database))),
    )
    head = f"{APPLICATION_NAME} {__version__}, diagnostics of {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    lines = [head, "No keys, no questions, no answers and no text of documents are in here."]
    for title, facts in sections:
        lines += ["", f"[{title}]", *(f"{name:24} {found}" for name, found in facts)]
    if crash:
        lines += ["", "[Crash of the run before]", crash[:_LONGEST_REPORT].rstrip()]
    lines += ["", "[Log]", *(last_lines(database.paths, LOG_LINES) or ["nothing"])]
    return hide_home(redact("\n".join(lines), mask)) + "\n"


def hide_home(text: str, home: Path | None = None) -> str:
    """Return `text` with ~ in the place of the person's home folder, whose name is often theirs."""
    folder = home or Path.home()
    for form in {str(folder), str(folder.resolve()), str(folder).replace("\\", "\\\\")}:
        if len(form) > 1:
            text = re.sub(re.escape(form) + r"(?![\w.-])", "~", text)
    return text


def _program(paths: DataPaths) -> Iterator[tuple[bool, str, str]]:
    return findings(paths, thorough=False)


def _store(database: Database) -> Iterator[Fact]:
    yield "opened for", database.mode.name.lower().replace("_", " ")
    if database.notice is not None:
        yield "notice", type(database.notice).__name__
    try:
        facts = store_facts(database)
        size = database.paths.database.stat().st_size
    except (StoreError, OSError) as error:
        yield "counts", f"cannot be read: {type(error).__name__}"
        return
    yield "schema", facts.schema
    yield "size", f"{size / 1_000_000:.1f} MB"
    yield "conversations", f"{facts.conversations} with {facts.messages} messages"
    yield "documents", f"{facts.documents} with {facts.passages} passages"
