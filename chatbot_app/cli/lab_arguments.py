"""Arguments of the commands of the laboratory."""

from __future__ import annotations

import argparse
from typing import Any


def add_lab_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add them; `commands` is what argparse's `add_subparsers` returns."""
    tokens = commands.add_parser("tokens", parents=[common], help="show a text as a model reads it")
    tokens.add_argument("text", metavar="TEXT", help="the text; “-” reads it from the standard input")
    tokens.add_argument(
        "--tokenizer",
        metavar="NAME",
        default="built-in",
        help="gpt2, r50k_base, p50k_base, cl100k_base, o200k_base, built-in, embedding, the name of a model (see: models "
        "list), or a tokenizer.json or GGUF file (default: built-in)",
    )
    tokens.add_argument(
        "--ordinary", action="store_true", help="read what spells a special token as ordinary text"
    )
    tokens.add_argument("--json", action="store_true", help="print one JSON object")

    attention = commands.add_parser("attention", parents=[common], help="print what each token looks at")
    attention.add_argument("text", metavar="TEXT", help="the text; “-” reads it from the standard input")
    attention.add_argument("--layer", type=int, default=0, metavar="L", help="a layer, from 0 (default: 0)")
    attention.add_argument(
        "--head", type=int, default=0, metavar="H", help="a head of it, from 0 (default: 0)"
    )
    attention.add_argument(
        "--model",
        metavar="M",
        help="the name of a model of this computer (see: models list) or of one that learned on “Build one”, a GGUF file, or"
        " “embedding” (default: the built-in one)",
    )
    attention.add_argument(
        "--part",
        choices=("cross", "decoder", "encoder"),
        metavar="P",
        help="of a model with an encoder and a decoder: cross, decoder or encoder (default: cross)",
    )
    attention.add_argument(
        "--causal", action="store_true", help="let an embedding model look back only, as a model that writes"
    )
    attention.add_argument("--json", action="store_true", help="print one JSON object")

    embed = commands.add_parser(
        "embed", parents=[common], help="print the vectors of texts, and how near they are"
    )
    embed.add_argument(
        "texts", nargs="+", metavar="TEXT", help="a text; “-” reads one a line from the standard input"
    )
    embed.add_argument(
        "--query", action="store_true", help="as questions: some models want another text before these"
    )
    embed.add_argument("--json", action="store_true", help="print one JSON object")
