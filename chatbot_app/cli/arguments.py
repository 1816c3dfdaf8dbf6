"""Arguments of a call: a command and its own, or files for the window."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from chatbot_app import __version__
from chatbot_app.cli.completion_arguments import add_completion_commands
from chatbot_app.cli.conversation_arguments import add_conversation_commands
from chatbot_app.cli.data_arguments import add_data_commands
from chatbot_app.cli.document_arguments import add_document_commands, add_filters
from chatbot_app.cli.lab_arguments import add_lab_commands
from chatbot_app.cli.model_arguments import add_model_commands
from chatbot_app.cli.setting_options import add_settings

COMMANDS = (
    "ask", "conversations", "data", "import", "documents", "search", "quote", "check", "embedding", "models", "servers",
    "doctor", "tokens", "next", "complete", "attention", "embed",
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
        "--picture",
        metavar="FILE",
        action="append",
        default=[],
        type=Path,
        help="a picture to send with the question (PNG, JPEG, GIF, WebP, BMP, TIFF); may be given several times",
    )
    ask.add_argument("--dry-run", action="store_true", help="print what would be sent, and send nothing")
    ask.add_argument("--documents", action="store_true", help="answer from the library, with its sources")
    ask.add_argument("--collection", metavar="C", help="answer from the documents of this collection")
    add_filters(ask)
    add_settings(ask)

    add_conversation_commands(commands, common)
    add_data_commands(commands, common)

    add_document_commands(commands, common)

    add_model_commands(commands, common)

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

    add_lab_commands(commands, common)
    add_completion_commands(commands, common)

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
    first = _first_operand(words)
    if words and (first is None or first in COMMANDS):
        options = build_parser().parse_args(words)
        options.files = getattr(options, "files", [])
        return options
    options = build_window_parser().parse_args(words)
    if (
        first not in (None, "--")
        and not Path(first).exists()
        and Path(first).name == first
        and "." not in first
    ):
        build_parser().error(f"“{first}” is neither a command nor a file that is there")
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
