"""Arguments of the commands on conversations."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_conversation_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands to the parser's subparsers."""
    conversations = commands.add_parser(
        "conversations", parents=[common], help="list conversations, and carry them out and in"
    )
    actions = conversations.add_subparsers(dest="action", required=True, metavar="ACTION")

    listing = actions.add_parser("list", parents=[common], help="print them, the one used last first")
    listing.add_argument("--json", action="store_true", help="print one JSON array")

    export = actions.add_parser(
        "export",
        parents=[common],
        help="write conversations into one file, or into a folder, a file each",
    )
    export.add_argument("path", type=Path, metavar="PATH", help="its ending says the format; or a folder")
    export.add_argument(
        "--id", dest="ids", action="append", metavar="ID", help="only this one; may be repeated (see: list)"
    )
    export.add_argument(
        "--format", choices=("md", "html", "pdf", "json"), help="of the files in a folder (default: md)"
    )
    export.add_argument("--json", action="store_true", help="print one JSON object")

    importing = actions.add_parser(
        "import",
        parents=[common],
        help="read conversations from files of this and other programs; what is here stays",
    )
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    importing.add_argument("--preview", action="store_true", help="say what would come, and store nothing")
    importing.add_argument("--json", action="store_true", help="print one JSON object")
