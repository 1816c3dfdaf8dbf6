"""Arguments of the command that makes data sets for training."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

FORMAT_NAMES = ("openai", "alpaca", "sharegpt", "preferences")
ANSWER_NAMES = ("good", "up", "edited", "all")


def add_data_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to the parser's subparsers."""
    data = commands.add_parser(
        "data", parents=[common], help="make data sets for training from conversations"
    )
    actions = data.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser(
        "export", parents=[common], help="write rated and edited answers as JSON Lines that trainers read"
    )
    export.add_argument("path", type=Path, metavar="FILE", help="the file; with a split FILE names two")
    export.add_argument("--format", choices=FORMAT_NAMES, required=True, help="the form of a row")
    export.add_argument(
        "--answers",
        choices=ANSWER_NAMES,
        default="good",
        help="up: with a thumb up; edited: written anew by you; good: either (default); all: but those with a thumb down. "
        "Preferences are pairs of these, whatever is chosen here",
    )
    export.add_argument("--folder", metavar="NAME", help="only conversations of this folder")
    export.add_argument(
        "--id", dest="ids", action="append", metavar="ID", help="only this conversation; may be repeated"
    )
    export.add_argument("--since", type=_day, metavar="DATE", help="only answers from this day on")
    export.add_argument("--until", type=_day, metavar="DATE", help="only answers until this day")
    export.add_argument(
        "--branches", choices=("all", "shown"), default="all", help="of each conversation (default: all)"
    )
    export.add_argument(
        "--with-documents", action="store_true", help="also answers from documents, without the passages"
    )
    export.add_argument(
        "--mask",
        action="store_true",
        help="mask addresses, telephone and account numbers that are recognised",
    )
    export.add_argument(
        "--mask-name",
        dest="names",
        action="append",
        metavar="NAME",
        help="mask this name too; may be repeated",
    )
    export.add_argument(
        "--test-share",
        type=_share,
        default=0.0,
        metavar="S",
        help="the share of conversations, 0 to 1, that go into a test file (default: 0)",
    )
    export.add_argument("--preview", action="store_true", help="count, and write nothing")
    export.add_argument("--json", action="store_true", help="print one JSON object")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day of the form 2026-01-31") from None


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no share between 0 and 1")
    return share
