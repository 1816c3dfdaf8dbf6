"""Files of JSON Lines that commands read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import UsageError


def read_queries(path: Path) -> list[tuple[Any, str]]:
    """Return the ids and queries of a file of {"id": …, "query": …} lines. Raises UsageError."""
    queries = []
    for number, entry in read_records(path, ("id", "query"), '{"id": 1, "query": "…"}'):
        if not isinstance(entry["query"], str):
            raise UsageError(detail=f"The query in line {number} of {path} is not a text.")
        queries.append((entry["id"], entry["query"]))
    return queries


def read_records(path: Path, names: Sequence[str], form: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, object) of a JSON Lines file ("-": standard input) whose objects hold all `names`.

    `form` shows what a line looks like. Raises UsageError.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = content.decode("utf-8-sig").split("\n")  # JSON may hold the other ends of lines
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(detail=f"{path} cannot be read: {exc}") from exc
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict) or not all(name in entry for name in names):
            raise UsageError(detail=f"Line {number} of {path} is not like {form}.")
        yield number, entry
