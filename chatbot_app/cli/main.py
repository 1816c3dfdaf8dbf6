"""Runs one call of the program: a command, or the window."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot_app.cli.arguments import parse
from chatbot_app.core.errors import AppError, UsageError
from chatbot_app.core.paths import choose_portable, is_portable, require_portable_dir

Command = Callable[[argparse.Namespace, Path | None], int]


def run(words: Sequence[str], open_window: Callable[[Path | None, Sequence[Path]], int]) -> int:
    """Run one call and return the exit status; `open_window` takes a data folder and files."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal or a pipe in an old encoding must not end the program over a character.
            stream.reconfigure(errors="backslashreplace")
    options = parse(words)
    data_dir: Path | None = getattr(options, "data_dir", None)
    try:
        if data_dir is None:
            if getattr(options, "portable", False):
                choose_portable()
            if is_portable():
                _require_portable(has_window=options.command is None)
        elif getattr(options, "portable", False):
            raise UsageError(detail="--portable and --data-dir say two different places: give one of them.")
        if options.command is None:
            return open_window(data_dir, [path.absolute() for path in options.files])
        return command_of(options.command)(options, data_dir)
    except AppError as error:
        print(f"chatbot-app: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read has seen enough ("| head"); what is still buffered must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def command_of(name: str) -> Command:
    """Return what runs a command; it alone is imported."""
    match name:
        case "ask":
            from chatbot_app.cli.ask import run
        case "import":
            from chatbot_app.cli.import_files import run
        case "conversations":
            from chatbot_app.cli.conversations import run
        case "data":
            from chatbot_app.cli.data import run
        case "documents":
            from chatbot_app.cli.documents import run
        case "search":
            from chatbot_app.cli.search import run
        case "quote":
            from chatbot_app.cli.quote import run
        case "check":
            from chatbot_app.cli.check import run
        case "embedding":
            from chatbot_app.cli.embedding import run
        case "models":
            from chatbot_app.cli.models import run
        case "servers":
            from chatbot_app.cli.servers import run
        case "tokens":
            from chatbot_app.cli.tokens import run
        case "embed":
            from chatbot_app.cli.embed import run
        case "attention":
            from chatbot_app.cli.attention import run
        case "next":
            from chatbot_app.cli.next_token import run
        case "complete":
            from chatbot_app.cli.complete import run
        case _:
            from chatbot_app.cli.doctor import run
    return run


def _require_portable(*, has_window: bool) -> None:
    try:
        require_portable_dir()
    except AppError as error:
        if has_window:
            from chatbot_app.ui.launch_problem import show_launch_problem

            show_launch_problem(error)
        raise
