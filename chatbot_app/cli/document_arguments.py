"""Arguments of the commands on documents."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chatbot_app.core.local_models import POOLINGS


def add_document_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands to the parser's subparsers."""
    importing = commands.add_parser(
        "import", parents=[common], help="add files, or whole folders, to the library"
    )
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    importing.add_argument("--collection", metavar="C", help="put them into this collection, made if missing")
    importing.add_argument(
        "--vectors",
        action="store_true",
        help="make vectors also for documents so large that they are found by their words only until you ask",
    )
    importing.add_argument("--json", action="store_true", help="print one JSON object with a report per file")

    documents = commands.add_parser("documents", parents=[common], help="print what is in the library")
    documents.add_argument("--collection", metavar="C", help="only documents of this collection")
    add_filters(documents)
    documents.add_argument("--json", action="store_true", help="print one JSON array")

    search = commands.add_parser("search", parents=[common], help="find passages without asking a model")
    search.add_argument("query", nargs="?")
    search.add_argument(
        "--queries",
        type=Path,
        metavar="FILE",
        help='search for every line {"id": …, "query": …} of a JSON Lines file ("-": standard input)',
    )
    search.add_argument("-k", type=positive, default=5, metavar="N", help="passages per query (default: 5)")
    search.add_argument("--collection", metavar="C", help="search only documents of this collection")
    add_filters(search)
    search.add_argument("--json", action="store_true", help="print one JSON object per query")

    quote = commands.add_parser(
        "quote", parents=[common], help="find the sentences that answer a question, without asking a model"
    )
    quote.add_argument("query", nargs="?", metavar="question")
    quote.add_argument(
        "--queries",
        type=Path,
        metavar="FILE",
        help='quote for every line {"id": …, "query": …} of a JSON Lines file ("-": standard input)',
    )
    quote.add_argument("--collection", metavar="C", help="quote only documents of this collection")
    add_filters(quote)
    quote.add_argument("--json", action="store_true", help="print one JSON object per question")

    check = commands.add_parser(
        "check",
        parents=[common],
        help="test statements against passages; no model is asked, except with --with-model",
    )
    check.add_argument(
        "--statements",
        type=Path,
        metavar="FILE",
        required=True,
        help='test every line {"id": …, "statement": …, "passages": [text, …]} of a JSON Lines file'
        ' ("-": standard input)',
    )
    check.add_argument(
        "--with-model",
        action="store_true",
        help="ask the model of a server as well, statement by statement, and print its verdicts beside ours",
    )
    check.add_argument(
        "--server", metavar="NAME", help="the server that is asked with --with-model (default: yours)"
    )
    check.add_argument("--model", metavar="M", help="the model that is asked with --with-model")
    check.add_argument("--json", action="store_true", help="print one JSON object per statement")

    embedding = commands.add_parser(
        "embedding", parents=[common], help="print or choose the model that makes vectors of passages"
    )
    embedding.add_argument("server", nargs="?", help='name of a server (see: servers list), or "built-in"')
    embedding.add_argument(
        "model",
        nargs="?",
        help='an embedding model of that server; after "built-in" one of this computer (see: models list), a GGUF'
        " file, or an ONNX file or its folder",
    )
    before = (
        "what the model wants before a {} (default: as its files or its model card say; \\n is a line break)"
    )
    embedding.add_argument("--query-prefix", metavar="TEXT", help=before.format("question"))
    embedding.add_argument("--passage-prefix", metavar="TEXT", help=before.format("passage"))
    embedding.add_argument(
        "--pooling",
        choices=POOLINGS,
        default="",
        help="how one vector is made of a text (default: as the model says)",
    )
    embedding.add_argument(
        "--sentences",
        nargs=3,
        metavar=("TEXT", "SAME", "OTHER"),
        help="sentences of your own to try it with: one, one that says the same, and one that does not",
    )
    embedding.add_argument("--try", dest="only_try", action="store_true", help="try it, and change nothing")
    embedding.add_argument("--kept", action="store_true", help="list the vectors that are stored")
    embedding.add_argument(
        "--remove", metavar="STAMP", help="remove stored vectors, by what --kept calls them"
    )
    embedding.add_argument(
        "--cancel",
        action="store_true",
        help="forget a move that was begun; what it made is kept (see --kept)",
    )
    embedding.add_argument("--json", action="store_true", help="print JSON")


def add_filters(command: argparse.ArgumentParser) -> None:
    """Add what keeps to documents by their fields; each may be given several times, and one of them has to fit."""
    command.add_argument(
        "--company", metavar="NAME", action="append", default=[], help="only documents of this company"
    )
    command.add_argument(
        "--kind",
        metavar="KIND",
        action="append",
        default=[],
        help='only documents of this kind: "10-Q", "invoice", …',
    )
    command.add_argument(
        "--period",
        metavar="TIME",
        action="append",
        default=[],
        help='only documents about this time: 2022, "Q3 2023", 2023-07-01',
    )


def positive(text: str) -> int:
    """Return a number of at least 1. Raises ValueError."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value
