"""Arguments of the commands that ask a model what follows a raw text."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from chatbot_app.core.escapes import unescaped

_TEXT = "the text, as it stands; “-” reads it from standard input"


def add_completion_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `next` and `complete`; `commands` is what argparse's `add_subparsers` returns."""
    following = commands.add_parser(
        "next", parents=[common], help="print what may follow a text, with probabilities"
    )
    _add_model(following)
    following.add_argument(
        "--top", type=_number(int, 1, 1_000_000), default=40, metavar="N", help="so many tokens (default: 40)"
    )
    for name, kind, least, most, default, words in (
        ("temperature", float, 0.0, 10.0, 1.0, "divide the scores by X; 0 leaves the likeliest token"),
        ("top-k", int, 0, 1_000_000, 0, "keep the N likeliest tokens; 0 keeps all"),
        ("top-p", float, 0.0, 1.0, 1.0, "keep the fewest tokens that reach this probability together"),
        ("min-p", float, 0.0, 1.0, 0.0, "leave out what is less likely than this share of the likeliest"),
        ("repeat-penalty", float, 0.01, 10.0, 1.0, "lower tokens that stand among the last 64"),
        ("presence-penalty", float, -10.0, 10.0, 0.0, "subtract this from them"),
        ("frequency-penalty", float, -10.0, 10.0, 0.0, "subtract this as often as they stand there"),
    ):
        following.add_argument(
            f"--{name}",
            type=_number(kind, least, most),
            default=default,
            metavar="N" if kind is int else "X",
            help=words,
        )

    complete = commands.add_parser("complete", parents=[common], help="continue a text, without roles")
    _add_model(complete)
    complete.add_argument(
        "--max-tokens", type=_number(int, 1, 1_000_000), default=64, metavar="N", help="default: 64"
    )
    complete.add_argument("--temperature", type=_number(float, 0.0, 2.0), metavar="X")
    complete.add_argument("--top-p", type=_number(float, 0.0, 1.0), metavar="X")
    complete.add_argument("--seed", type=_number(int, 0, 2**31 - 1), metavar="N")
    complete.add_argument(
        "--stop",
        action="append",
        type=unescaped,
        metavar="TEXT",
        help="end before this text; can be repeated",
    )
    complete.add_argument("--echo", action="store_true", help="print the text before what follows it")


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("text", metavar="TEXT", help=_TEXT)
    command.add_argument("--model", metavar="M", help="the model, where the server has several")
    command.add_argument("--server", metavar="S", help="name of a server (see: servers list)")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _number(kind: type[int] | type[float], least: float, most: float) -> Callable[[str], float | int]:
    def number(text: str) -> float | int:
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least} and {most}")
        return value

    number.__name__ = kind.__name__  # argparse names it in "invalid int value"
    return number
