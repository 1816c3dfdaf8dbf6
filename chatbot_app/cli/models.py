"""The commands on the model files of the built-in server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    return list_models() if options.action == "list" else fetch_models(quiet=options.quiet)


def list_models() -> int:
    """Print the known model files; 1 where one is missing or damaged."""
    from chatbot_app.llm.model_files import model_file_states

    states = model_file_states()
    for state in states:
        condition = "missing" if state.path is None else "ok" if state.intact else "damaged"
        print(f"{condition:8} {state.file.size / 1e6:6.1f} MB  {state.file.name}  ({state.file.purpose})")
        if state.path is not None:
            print(f"         {state.path}")
    return 0 if all(state.intact for state in states) else 1


def fetch_models(*, quiet: bool) -> int:
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
