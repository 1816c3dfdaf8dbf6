"""Arguments of the command that makes data sets for training."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

FORMAT_NAMES = ("openai", "alpaca", "sharegpt", "preferences", "openai-preferences")
KIND_NAMES = ("backtranslation", "questions", "feedback")
MOST_PASSAGES = 100_000
ANSWER_NAMES = ("good", "up", "edited", "all")


def add_data_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to the parser's subparsers."""
    data = commands.add_parser(
        "data", parents=[common], help="make data sets for training from conversations and documents"
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
    _add_masking(export)
    _add_test_share(export, "conversations, 0 to 1, that go into a test file")
    export.add_argument("--preview", action="store_true", help="count, and write nothing")
    export.add_argument("--json", action="store_true", help="print one JSON object")
    _add_make(actions, common)


def _add_make(actions: Any, common: argparse.ArgumentParser) -> None:
    make = actions.add_parser(
        "make", parents=[common], help="let a model make rows of documents, and write the accepted ones"
    )
    make.add_argument(
        "--kind",
        choices=KIND_NAMES,
        required=True,
        help="backtranslation: what a model would have been asked, and the passage; questions: a question and an answer "
        "that the passage bears out; feedback: a better and a worse answer, by a principle",
    )
    make.add_argument("--out", type=Path, required=True, metavar="FILE", help="with a split FILE names two")
    make.add_argument("--collection", metavar="C", help="only documents of this collection (default: all)")
    make.add_argument("--model", metavar="M", help="the model, where the server has several")
    make.add_argument("--server", metavar="S", help="name of a server (see: servers list)")
    make.add_argument(
        "--format",
        choices=("prompt-completion", *FORMAT_NAMES),
        help="the form of a row (default: prompt-completion; of feedback: preferences)",
    )
    make.add_argument(
        "--passages", type=_count, default=100, metavar="N", help="at most, of all documents (default: 100)"
    )
    make.add_argument(
        "--each", type=_count, default=1, metavar="N", help="questions of a passage, 1 to 5 (default: 1)"
    )
    make.add_argument(
        "--no-rating", action="store_true", help="do not let the model rate how well a passage answers"
    )
    make.add_argument(
        "--principle",
        dest="principles",
        action="append",
        metavar="TEXT",
        help="by which the better answer is found; may be repeated (default: three of ours)",
    )
    make.add_argument(
        "--without-passage", action="store_true", help="the question alone is the prompt, without its passage"
    )
    _add_masking(make)
    _add_test_share(make, "rows, 0 to 1, that go into a test file, whole documents at a time")
    make.add_argument(
        "--resume",
        action="store_true",
        help="go on with the newest data set of this kind and collection, and write what is accepted in it",
    )
    make.add_argument("--json", action="store_true", help="print one JSON object")


def _add_masking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mask",
        action="store_true",
        help="mask addresses, telephone and account numbers that are recognised",
    )
    parser.add_argument(
        "--mask-name",
        dest="names",
        action="append",
        metavar="NAME",
        help="mask this name too; may be repeated",
    )


def _add_test_share(parser: argparse.ArgumentParser, of_what: str) -> None:
    parser.add_argument(
        "--test-share", type=_share, default=0.0, metavar="S", help=f"the share of {of_what} (default: 0)"
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_PASSAGES:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from 1 to {MOST_PASSAGES}")
    return int(text)


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
