"""Arguments of the command line, and the way to the command; what a command needs it imports itself."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from chatbot_app import __version__
from chatbot_app.command_line_options import add_document_commands, add_filters, positive
from chatbot_app.core.errors import AlreadyRunning, AppError, UsageError
from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.paths import choose_portable, is_portable, require_portable_dir
from chatbot_app.core.trust import AnswerMode

COMMANDS = (
    "ask", "import", "documents", "search", "quote", "check", "embedding", "models", "servers", "doctor"
)  # fmt: skip
_USAGE = "chatbot-app [OPTIONS] [FILE …]\n       chatbot-app [OPTIONS] COMMAND …"


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep conversations and settings in DIR (default: CHATBOT_DATA_DIR, else the platform's place)",
    )
    common.add_argument(
        "--portable",
        action="store_true",
        default=argparse.SUPPRESS,
        help="keep everything in a folder beside the program; so does a file named “portable” there",
    )
    common.add_argument("--version", action="version", version=f"chatbot-app {__version__}")
    return common


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of commands; `--data-dir`, `--portable` and `--version` are understood by every one."""
    common = _common_options()
    parser = argparse.ArgumentParser(
        prog="chatbot-app",
        usage=_USAGE,
        parents=[common],
        description="A desktop chatbot that answers from your own documents. Without a command it opens the "
        "window; files that are named are put into its library.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="chatbot-app")

    ask = commands.add_parser("ask", parents=[common], help="answer one question in the terminal")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print one JSON object instead of streaming text")
    ask.add_argument("--model", metavar="M", help="the model, where the server has several")
    ask.add_argument("--server", metavar="S", help="name of a server (see: servers list)")
    ask.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help='a JSON list of earlier messages: [{"role": "user", "content": "…"}, …]',
    )
    ask.add_argument(
        "--strategy",
        choices=[strategy.value for strategy in HistoryStrategy],
        help="what gives way where the history is longer than the window (default: oldest-exchanges)",
    )
    ask.add_argument("--system", metavar="TEXT", help="the system prompt, in the place of the history's")
    ask.add_argument("--max-tokens", type=positive, metavar="N", help="tokens of the answer at most")
    ask.add_argument("--dry-run", action="store_true", help="print what would be sent, and send nothing")
    ask.add_argument("--documents", action="store_true", help="answer from the library, with its sources")
    ask.add_argument("--collection", metavar="C", help="answer from the documents of this collection")
    add_filters(ask)
    ask.add_argument(
        "--mode",
        choices=[mode.value for mode in AnswerMode],
        help="answer from documents with quotes, with the model's answer, or with both (default: by model)",
    )

    add_document_commands(commands, common)

    models = commands.add_parser("models", parents=[common], help="the model files of the built-in server")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", parents=[common], help="print the files and whether they are whole")
    fetch = actions.add_parser("fetch", parents=[common], help="download what is missing")
    fetch.add_argument("--quiet", action="store_true", help="say nothing where nothing is missing")

    servers = commands.add_parser("servers", parents=[common], help="the servers that answer")
    actions = servers.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", parents=[common], help="print them; * marks the default")
    add = actions.add_parser("add", parents=[common], help="add one")
    add.add_argument("name")
    add.add_argument("url")
    add.add_argument("--key-env", metavar="VAR", help="take the key from this environment variable")
    add.add_argument(
        "--model", metavar="M", default="", help="the model to use where a conversation names none"
    )
    add.add_argument("--default", action="store_true", help="make it the default")
    for action, words in (("remove", "forget one and its key"), ("test", "ask one for its models")):
        actions.add_parser(action, parents=[common], help=words).add_argument("name")

    commands.add_parser("doctor", parents=[common], help="check everything that the program needs")
    return parser


def build_window_parser() -> argparse.ArgumentParser:
    """Return the parser of a call that opens the window, with files or without."""
    parser = argparse.ArgumentParser(prog="chatbot-app", usage=_USAGE, parents=[_common_options()])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.set_defaults(command=None)
    return parser


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the options of a call; one that is neither a command nor names files ends the program, status 2."""
    parser = build_parser()
    first = _first_operand(words)
    if first is None or first in COMMANDS:
        options = parser.parse_args(words)
        options.files = getattr(options, "files", [])
        return options
    options = build_window_parser().parse_args(words)
    if first != "--" and not Path(first).exists() and Path(first).name == first and "." not in first:
        parser.error(f"“{first}” is neither a command nor a file that is there")
    return options


def _first_operand(words: Sequence[str]) -> str | None:
    """Return the first word that is no option, "--" where that comes before it, None where there is neither."""
    rest = iter(words)
    for word in rest:
        if word == "--data-dir":
            next(rest, None)
        elif word == "--" or not word.startswith("-"):
            return word
    return None


def run(words: Sequence[str]) -> int:
    """Run one command and return the exit status."""
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
        match options.command:
            case None:
                return open_window(data_dir, [path.absolute() for path in options.files])
            case "ask" | "models" | "servers":
                from chatbot_app import command_line_chat

                return command_line_chat.run(options, data_dir)
            case "import" | "documents" | "search":
                from chatbot_app import command_line_documents

                return command_line_documents.run(options, data_dir)
            case "quote" | "check":
                from chatbot_app import command_line_trust

                return command_line_trust.run(options, data_dir)
            case "embedding":
                from chatbot_app import command_line_embedding

                return command_line_embedding.run(options, data_dir)
            case _:
                from chatbot_app.doctor import examine

                return examine(data_dir)
    except AppError as error:
        print(f"chatbot-app: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read has seen enough ("| head"); what is still buffered must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _require_portable(*, has_window: bool) -> None:
    try:
        require_portable_dir()
    except AppError as error:
        if has_window:
            from chatbot_app.ui.launch_problem import show_launch_problem

            show_launch_problem(error)
        raise


def open_window(data_dir: Path | None, files: Sequence[Path] = ()) -> int:
    """Open the window, put `files` into its library and return when it is closed.

    A window that is open already comes forward and takes the files.
    """
    from chatbot_app.application import create_application, import_qt

    for path in files:
        if not path.exists():
            print(f"chatbot-app: {path} is not there.", file=sys.stderr)
    try:
        application = create_application(data_dir, staged=True)
    except AlreadyRunning as error:
        from chatbot_app.core.paths import default_data_dir
        from chatbot_app.workers.single_instance import raise_first_instance

        import_qt()
        if raise_first_instance(data_dir or default_data_dir(), files):
            return 0
        from chatbot_app.ui.launch_problem import show_launch_problem

        show_launch_problem(error)
        raise
    except AppError as error:
        from chatbot_app.ui.launch_problem import show_launch_problem

        show_launch_problem(error)
        raise
    from chatbot_app.crash_report import CrashReport
    from chatbot_app.log_file import keep_log

    keep_log(application.services.paths, mask=lambda text: application.services.mask(text))
    report = CrashReport(application.services.paths)
    report.open()
    application.catch_faults(report.left_behind)
    application.open_files(list(files))
    status = application.run()
    report.close()
    if any(thread is not threading.main_thread() and not thread.daemon for thread in threading.enumerate()):
        # A look-up of a name that hangs cannot be cancelled; everything of ours is closed, so leave it behind.
        logging.shutdown()
        os._exit(status)
    return status
