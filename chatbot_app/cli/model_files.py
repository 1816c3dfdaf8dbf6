"""The model files that the program comes with: printed, and fetched where they are missing."""

from __future__ import annotations

import sys
from typing import Any


def list_model_files() -> int:
    """Print the known model files; 1 where one is missing or damaged."""
    from chatbot_app.llm.model_files import model_file_states

    states = model_file_states()
    for state in states:
        print(
            f"{state.condition:8} {state.file.size / 1e6:6.1f} MB  {state.file.name}  ({state.file.purpose})"
        )
        if state.path is not None:
            print(f"         {state.path}")
        elif state.file.is_optional:
            print(f"         not installed: {state.file.without}")
    return 0 if all(state.is_well for state in states) else 1


def states_as_json() -> tuple[int, list[dict[str, Any]]]:
    """Return the exit status of `list_model_files`, and what it prints JSON-ready."""
    from chatbot_app.llm.model_files import model_file_states

    states = model_file_states()
    files = [
        {
            "name": state.file.name,
            "purpose": state.file.purpose,
            "bytes": state.file.size,
            "state": state.condition,
            "path": str(state.path) if state.path is not None else None,
        }
        for state in states
    ]
    return (0 if all(state.is_well for state in states) else 1), files


def fetch_model_files(*, quiet: bool) -> int:
    """Download what is missing, with a progress bar; run it again to go on where it ended."""
    from chatbot_app.llm.model_fetching import fetch_models as fetch
    from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting, FileReady

    shown = sys.stderr.isatty()
    tenth = -1
    for event in fetch():
        match event:
            case DownloadProgressed(name, received, total) if total and shown:
                done = 30 * received // total
                bar = "█" * done + "░" * (30 - done)
                print(
                    f"\r{name}  {bar} {received / 1e6:5.1f} of {total / 1e6:.1f} MB", end="", file=sys.stderr
                )
            case DownloadProgressed(name, received, total) if total and 10 * received // total > tenth:
                tenth = 10 * received // total
                print(f"{name}: {10 * tenth} %", file=sys.stderr)
            case DownloadWaiting(name):
                print(f"{name}: another process is fetching it, waiting", file=sys.stderr)
            case FileReady(name, path, fetched) if fetched or not quiet:
                print(f"{'' if not (shown and fetched) else chr(13)}{name} is ready: {path}", file=sys.stderr)
    return 0
